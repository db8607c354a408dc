// The releases that the rows of an engine tell apart, beside the one asked for.

#include <algorithm>

#include "profile.h"
#include "program.h"
#include "remedy_options.h"

namespace cmatch::internal {

std::vector<RemedySpan> RemedySpans(const RuleSet& rules, const std::string& engine,
                                    const std::string& version) {
  const auto asked = FindRelease(rules, engine, version);
  if (!asked) return {};
  std::vector<std::string_view> ranges;
  for (const Engine& file : rules.tables().engines) {
    if (file.name == asked->engine->name) AddRanges(file, ranges);
  }
  for (const CompiledAdvisory& compiled : rules.program().advisories) {
    if (compiled.advisory->engine == asked->engine->name) {
      ranges.push_back(compiled.advisory->versions);
    }
  }
  std::vector<RemedySpan> spans;
  for (ReleaseSpan& span : CutReleases(asked->engine->versioning, ranges)) {
    const int side = *asked->version < span.representative ? 1 : -1;
    spans.push_back({std::move(span), side});
  }
  // The last of those that begin at or before the release holds it.
  const auto newer = std::find_if(spans.begin(), spans.end(),
                                  [](const RemedySpan& span) { return span.side > 0; });
  if (newer != spans.begin()) std::prev(newer)->side = 0;
  return spans;
}

std::string_view FirstRelease(const ReleaseSpan& span) {
  return span.from.starts_with(">=") ? std::string_view(span.from).substr(2) : std::string_view();
}

}  // namespace cmatch::internal
