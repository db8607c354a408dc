#include "cmatch/kinds.h"

#include <algorithm>

namespace cmatch {
namespace {

constexpr std::size_t kMaxDistance = 2;
constexpr std::size_t kMaxLength = 64;  // longer names are never near one another here

// Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string FoldKind(std::string_view kind) {
  std::string folded(kind);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  return folded;
}

bool IsFolded(std::string_view kind) {
  return std::none_of(kind.begin(), kind.end(),
                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
}

std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  std::string_view nearest;
  if (name.size() > kMaxLength) return nearest;
  // Of three characters, two others would be near almost anything.
  std::size_t best = std::min(name.size() < 4 ? 2 : kMaxDistance + 1, name.size());
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), name.size());
    const std::size_t shorter = std::min(candidate.size(), name.size());
    if (longer - shorter > kMaxDistance) continue;
    const std::size_t distance = Distance(name, candidate);
    if (distance >= best) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string_view NearestKind(std::string_view name,
                             const std::vector<std::string_view>& candidates) {
  const auto digits_of = [](std::string_view text) {
    std::string digits;
    for (const char c : text) {
      if (c >= '0' && c <= '9') digits += c;
    }
    return digits;
  };
  const std::string digits = digits_of(name);
  std::vector<std::string_view> alike;
  for (const std::string_view candidate : candidates) {
    if (digits_of(candidate) == digits) alike.push_back(candidate);
  }
  return Nearest(name, alike);
}

}  // namespace cmatch
