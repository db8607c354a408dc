#ifndef CMATCH_ENGINE_RELEASE_SPANS_H_
#define CMATCH_ENGINE_RELEASE_SPANS_H_

// The releases of an engine, cut at every boundary that some row states: between two cuts all rows
// of both sets say one thing, so that one release stands for all.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/tables.h"
#include "cmatch/version.h"

namespace cmatch::internal {

// Releases from one cut to the next. `from` is ">=0.6.0" or ">0.6.0" and `to` "<0.9.0" or
// "<=0.9.0"; empty: no boundary on that side.
struct ReleaseSpan {
  Version representative;
  std::string from, to;
};

// Ascending, and only those that hold a release. Every range must be of `versioning`.
std::vector<ReleaseSpan> CutReleases(Versioning versioning,
                                     const std::vector<std::string_view>& ranges);

// Every range that an engine file states; of cuts that nothing else makes, none.
void AddRanges(const Engine& engine, std::vector<std::string_view>& ranges);

// The spans from `first` to `last` as a table would write them: ">=0.6.0 <0.9.0", "==0.6.6".
std::string RangeText(const ReleaseSpan& first, const ReleaseSpan& last);

// Those of ascending spans for whose release `holds`, neighbours in one: "<0.6.0, >=0.9.0".
std::string RangesWhere(const std::vector<ReleaseSpan>& spans,
                        const std::function<bool(const Version&)>& holds);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_RELEASE_SPANS_H_
