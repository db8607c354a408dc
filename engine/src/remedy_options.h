#ifndef CMATCH_ENGINE_REMEDY_OPTIONS_H_
#define CMATCH_ENGINE_REMEDY_OPTIONS_H_

// The changes that Remedies() tries, each kind in the order in which one would take them.

#include <functional>
#include <string>
#include <vector>

#include "cmatch/remedy.h"

namespace cmatch::internal {

struct RemedyOption {
  RemedyChange change;
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
  std::string first;  // its first release, as the tables write it
  std::string past;   // the first release after it; empty: none is known, or only `first` is meant
  bool joined = false;  // the span before ends where this one begins
  int side = 0;         // of the release asked for: -1 older, 1 newer, 0 holds it
};
// Ascending. Where a row is for one release alone, what follows that release is no span.
std::vector<RemedySpan> RemedySpans(const RuleSet& rules, const std::string& engine,
                                    const std::string& version);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_REMEDY_OPTIONS_H_
