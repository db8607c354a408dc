#ifndef CMATCH_ENGINE_REMEDY_OPTIONS_H_
#define CMATCH_ENGINE_REMEDY_OPTIONS_H_

// The changes that Remedies() tries, each kind in the order in which one would take them.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/remedy.h"
#include "release_spans.h"

namespace cmatch::internal {

struct RemedyOption {
  RemedyChange change;
  std::optional<RemedyChange> first = {};  // comes with it: another quantisation in another format
  std::function<void(RemedyRequest&)> apply;
};

// A whole profile that is just what the tables give for the engine, release, build, GPU and
// settings that it names, as the request for it; any other request as it is.
RemedyRequest AsBuilt(const RuleSet& rules, const RemedyRequest& request);

// `worker` is the profile as asked; `report` its report.
std::vector<RemedyOption> ContextOptions(const RemedyRequest& request, const Ecp& worker,
                                         const Report& report);
std::vector<RemedyOption> QuantOptions(const RuleSet& rules, const RemedyRequest& request,
                                       const Ecp& worker);
std::vector<RemedyOption> FormatOptions(const RemedyRequest& request, const Ecp& worker);
// One list a launch key.
std::vector<std::vector<RemedyOption>> LaunchOptions(const RuleSet& rules,
                                                     const RemedyRequest& request,
                                                     const Ecp& worker);
std::vector<RemedyOption> BuildOptions(const RuleSet& rules, const RemedyRequest& request,
                                       const Ecp& worker);
std::vector<RemedyOption> DriverOptions(const RuleSet& rules, const RemedyRequest& request,
                                        const Ecp& worker);
std::vector<RemedyOption> GpuOptions(const RuleSet& rules, const RemedyRequest& request);
std::vector<RemedyOption> EngineOptions(const RuleSet& rules, const RemedyRequest& request,
                                        const Ecp& worker);

// Releases between two neighbouring boundaries of an engine's rows behave alike.
struct RemedySpan {
  ReleaseSpan releases;
  int side = 0;  // of the release asked for: -1 older, 1 newer, 0 holds it
};
// Ascending.
std::vector<RemedySpan> RemedySpans(const RuleSet& rules, const std::string& engine,
                                    const std::string& version);
// As the tables write it; "" where the span begins right after a release, with none that they name.
std::string_view FirstRelease(const ReleaseSpan& span);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_REMEDY_OPTIONS_H_
