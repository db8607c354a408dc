// The releases that the rows of an engine tell apart.

#include <algorithm>

#include "profile.h"
#include "program.h"
#include "remedy_options.h"

namespace cmatch::internal {
namespace {

struct Boundary {
  Version version;
  std::string text;
  bool alone = false;  // releases right after it are told apart from it
};

class Boundaries {
 public:
  // The words of a range stand in the order of its comparators (ParseVersionRange).
  void Add(const VersionRange& range) {
    std::string_view rest = range.text;
    for (const VersionRange::Comparator& comparator : range.comparators()) {
      rest.remove_prefix(std::min(rest.find_first_of("<>="), rest.size()));
      const std::string_view word = rest.substr(0, rest.find(' '));
      rest.remove_prefix(word.size());
      const std::size_t digits = std::min(word.find_first_not_of("<>="), word.size());
      const bool alone = comparator.op == VersionRange::Op::kEqual ||
                         comparator.op == VersionRange::Op::kLessEqual ||
                         comparator.op == VersionRange::Op::kGreater;
      Add(comparator.version, word.substr(digits), alone);
    }
  }
  template <typename Rows>
  void AddAll(const Rows& rows) {
    for (const auto& row : rows) Add(row.versions);
  }

  std::vector<Boundary> Sorted() {
    std::stable_sort(list_.begin(), list_.end(),
                     [](const Boundary& a, const Boundary& b) { return a.version < b.version; });
    return std::move(list_);
  }

 private:
  void Add(const Version& version, std::string_view text, bool alone) {
    const auto same = std::find_if(list_.begin(), list_.end(),
                                   [&](const Boundary& b) { return b.version == version; });
    if (same != list_.end()) {
      same->alone = same->alone || alone;
    } else {
      list_.push_back({version, std::string(text), alone});
    }
  }

  std::vector<Boundary> list_;
};

void AddRows(const Engine& engine, Boundaries& boundaries) {
  boundaries.AddAll(engine.windows);
  boundaries.AddAll(engine.floor);
  boundaries.AddAll(engine.max_context);
  boundaries.AddAll(engine.launch);
  boundaries.AddAll(engine.builds);
  for (const Build& build : engine.builds) boundaries.AddAll(build.min_driver);
  for (const Dimension& dimension : engine.supports) {
    for (const KindSupport& row : dimension.kinds) boundaries.AddAll(row.entries);
  }
  for (const PathGroup& group : engine.paths) boundaries.AddAll(group.paths);
}

}  // namespace

std::vector<RemedySpan> RemedySpans(const RuleSet& rules, const std::string& engine,
                                    const std::string& version) {
  const auto asked = FindRelease(rules, engine, version);
  if (!asked) return {};
  Boundaries boundaries;
  for (const Engine& file : rules.tables().engines) {
    if (file.name == asked->engine->name) AddRows(file, boundaries);
  }
  for (const CompiledAdvisory& compiled : rules.program().advisories) {
    if (compiled.advisory->engine == asked->engine->name) boundaries.Add(compiled.versions);
  }
  const std::vector<Boundary> sorted = boundaries.Sorted();
  std::vector<RemedySpan> spans;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Boundary& at = sorted[i];
    const Boundary* next = i + 1 < sorted.size() ? &sorted[i + 1] : nullptr;
    RemedySpan span;
    span.first = at.text;
    if (next != nullptr && !at.alone) span.past = next->text;
    span.joined = i > 0 && !sorted[i - 1].alone;
    if (*asked->version < at.version) {
      span.side = 1;
    } else if (at.alone ? at.version < *asked->version
                        : next != nullptr && !(*asked->version < next->version)) {
      span.side = -1;
    }
    spans.push_back(std::move(span));
  }
  return spans;
}

}  // namespace cmatch::internal
