#include "release_spans.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace cmatch::internal {
namespace {

// A place between releases: just before `version`, or just after it.
struct Cut {
  Version version;
  std::string_view text;
  bool after = false;
};

bool Before(const Cut& a, const Cut& b) {
  const int order = Compare(a.version, b.version);
  return order != 0 ? order < 0 : !a.after && b.after;
}

bool Same(const Cut& a, const Cut& b) {
  return a.after == b.after && Compare(a.version, b.version) == 0;
}

// ">=0.6.0": the cuts that a comparator makes.
void AddCuts(Versioning versioning, std::string_view word, std::vector<Cut>& cuts) {
  const std::size_t number = word.find_first_not_of("<>=");
  if (number == std::string_view::npos) return;
  const std::string_view op = word.substr(0, number);
  const std::string_view text = word.substr(number);
  const std::optional<Version> version = Version::Parse(versioning, text);
  if (!version) return;
  if (op != "<=" && op != ">") cuts.push_back({*version, text, false});
  if (op == "<=" || op == ">" || op == "==") cuts.push_back({*version, text, true});
}

// The number that `text` has from `at` on, plus one; separators are left out.
std::string Next(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] < '0' || text[at] > '9')) ++at;
  std::int64_t number = 0;
  std::from_chars(text.data() + at, text.data() + text.size(), number);
  return std::to_string(number + 1);
}

// The least release after `text`: nothing lies between them (PEP 440: post-releases follow their
// release, development releases come before what they lead to).
std::string Successor(Versioning versioning, std::string_view text) {
  text = text.substr(0, text.find('+'));
  if (versioning == Versioning::kBuild) return "b" + Next(text, 0);
  if (const std::size_t dev = text.find("dev"); dev != std::string_view::npos) {
    return std::string(text.substr(0, dev)) + "dev" + Next(text, dev);
  }
  if (const std::size_t post = text.find("post"); post != std::string_view::npos) {
    const std::size_t digits = text.find_first_of("0123456789", post);
    const std::string next = digits == std::string_view::npos ? "1" : Next(text, post);
    return std::string(text.substr(0, post)) + "post" + next + ".dev0";
  }
  return std::string(text) + ".post0.dev0";
}

std::optional<Version> FirstAt(Versioning versioning, const Cut& cut) {
  if (!cut.after) return cut.version;
  return Version::Parse(versioning, Successor(versioning, cut.text));
}

// True where the release lies before the cut.
bool Precedes(const Version& version, const Cut& cut) {
  const int order = Compare(version, cut.version);
  return order < 0 || (order == 0 && cut.after);
}

std::string From(const Cut& cut) { return (cut.after ? ">" : ">=") + std::string(cut.text); }
std::string To(const Cut& cut) { return (cut.after ? "<=" : "<") + std::string(cut.text); }

}  // namespace

std::vector<ReleaseSpan> CutReleases(Versioning versioning,
                                     const std::vector<std::string_view>& ranges) {
  std::vector<Cut> cuts;
  for (std::string_view range : ranges) {
    while (!range.empty()) {
      const std::string_view word = range.substr(0, range.find(' '));
      AddCuts(versioning, word, cuts);
      range.remove_prefix(std::min(word.size() + 1, range.size()));
    }
  }
  std::sort(cuts.begin(), cuts.end(), Before);
  cuts.erase(std::unique(cuts.begin(), cuts.end(), Same), cuts.end());

  std::vector<ReleaseSpan> spans;
  const auto add = [&](const std::optional<Version>& first, const Cut* low, const Cut* high) {
    if (!first || (high != nullptr && !Precedes(*first, *high))) return;
    spans.push_back({*first, low == nullptr ? "" : From(*low), high == nullptr ? "" : To(*high)});
  };
  const std::string_view lowest = versioning == Versioning::kBuild ? "b0" : "0.dev0";
  add(Version::Parse(versioning, lowest), nullptr, cuts.empty() ? nullptr : &cuts[0]);
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    add(FirstAt(versioning, cuts[i]), &cuts[i], i + 1 < cuts.size() ? &cuts[i + 1] : nullptr);
  }
  return spans;
}

void AddRanges(const Engine& engine, std::vector<std::string_view>& ranges) {
  const auto add = [&](const auto& rows) {
    for (const auto& row : rows) {
      if (!row.versions.Everything()) ranges.push_back(row.versions.text);
    }
  };
  add(engine.windows);
  add(engine.floor);
  add(engine.max_context);
  add(engine.builds);
  for (const Build& build : engine.builds) add(build.min_driver);
  add(engine.launch);
  for (const Dimension& dimension : engine.supports) {
    add(dimension.open);
    for (const KindSupport& row : dimension.kinds) add(row.entries);
  }
  for (const PathGroup& group : engine.paths) add(group.paths);
  std::sort(ranges.begin(), ranges.end());
  ranges.erase(std::unique(ranges.begin(), ranges.end()), ranges.end());
}

std::string RangeText(const ReleaseSpan& first, const ReleaseSpan& last) {
  const std::string& low = first.from;
  const std::string& high = last.to;
  if (low.starts_with(">=") && high.starts_with("<=") && low.substr(2) == high.substr(2)) {
    return "==" + low.substr(2);
  }
  return low + (low.empty() || high.empty() ? "" : " ") + high;
}

std::string RangesWhere(const std::vector<ReleaseSpan>& spans,
                        const std::function<bool(const Version&)>& holds) {
  std::string ranges;
  const auto lacks = [&](const ReleaseSpan& span) { return !holds(span.representative); };
  auto first = std::find_if_not(spans.begin(), spans.end(), lacks);
  while (first != spans.end()) {
    const auto end = std::find_if(first, spans.end(), lacks);
    ranges += (ranges.empty() ? "" : ", ") + RangeText(*first, *std::prev(end));
    first = std::find_if_not(end, spans.end(), lacks);
  }
  return ranges;
}

}  // namespace cmatch::internal
