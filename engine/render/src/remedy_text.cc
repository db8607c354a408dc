#include "remedy_text.h"

#include <array>
#include <string_view>
#include <utility>

namespace cmatch::internal {
namespace {

// The words before what would do instead, by the kind of change.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kWords = {{
    {"context", "with a context of "},
    {"launch", "with "},
    {"build", "with build "},
    {"driver", "with driver "},
    {"format", "converted to "},
    {"quant", "as "},
    {"release", "with release "},
    {"gpu", "on "},
    {"engine", "with "},
}};

std::string Describe(const RemedyChange& change) {
  std::string text;
  for (const auto& [what, words] : kWords) {
    if (what == change.what) text += words;
  }
  text += change.to;
  if (change.what == "context") text += " tokens";
  if (change.what == "driver") text += " or later";
  std::string others;
  for (const std::string& other : change.also) others += (others.empty() ? "" : ", ") + other;
  if (change.more != 0) others += ", " + std::to_string(change.more) + " more";
  if (!others.empty()) text += " (or " + others + ")";
  if (!change.option.empty()) text += ": " + change.option;
  return text;
}

std::string Listed(std::string_view words, const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text.empty() ? text : "; " + std::string(words) + " " + text;
}

}  // namespace

std::string Describe(const Remedy& remedy) {
  std::string text;
  for (const RemedyChange& change : remedy.changes) {
    text += (text.empty() ? "" : ", and ") + Describe(change);
  }
  return text + Listed("still fails:", remedy.remaining) +
         Listed("then not checked:", remedy.unchecked) +
         Listed("with a warning of", remedy.warnings);
}

}  // namespace cmatch::internal
