#ifndef CMATCH_REMEDY_H_
#define CMATCH_REMEDY_H_

// What would do: the smallest changes to a request that was judged incompatible after which it is
// compatible, computed from the rules and tables and each of them verified by a check. Pure; safe
// from any thread. Costs some hundred checks (a few milliseconds to tens of milliseconds), so it is
// for one answer that somebody reads, not for a sweep over a fleet.
//
//   Report report = *matcher.check_compatibility(mcd, ecp);
//   if (!report.compatible) {
//     report.remedies = Remedies(matcher, {.mcd = mcd, .engine = choice, .gpu = gpu});
//   }

#include <optional>
#include <span>
#include <vector>

#include "cmatch/build_ecp.h"
#include "cmatch/check.h"
#include "cmatch/gpu_facts.h"
#include "cmatch/mcd.h"
#include "cmatch/report.h"

namespace cmatch {

struct RemedyRequest {
  Mcd mcd = {};
  // A profile that was given whole. Nothing about the worker can be changed then, unless it is just
  // what the tables give for what it names (`cmatch profile` writes such).
  std::optional<Ecp> ecp = {};
  // Else what the profile is built from.
  EngineChoice engine = {};
  GpuFacts gpu = {};
  // GPUs that could be taken instead; empty: the products of the tables. Must outlive the call.
  std::span<const GpuFacts> gpus = {};
};

// Tries single changes over what the tables hold: the largest context, each value of each launch
// setting, each build and its driver, each format and quantisation the worker takes, the releases
// on both sides of every boundary of the engine's rows and advisories, each GPU (the smallest
// first; one on which a rule on memory fails or cannot be judged is left out), the other engines as
// they come. A release or engine that an advisory warns of is left out beside one that none warns
// of. Everything else stays as asked. A change after which a rule that failed cannot be checked
// (other files hold other tensor types) says so, and stands behind those that leave no such doubt.
//
// Those after which nothing fails come first, one for each kind of change (two for releases: the
// nearest newer and older), in the order above. Where there is none: pairs of changes that do, then
// single ones that leave fewer rules failing, with the rules that remain. Empty where the request
// is compatible or cannot be judged, or where nothing helps.
std::vector<Remedy> Remedies(const CapabilityMatcher& matcher, const RemedyRequest& request);

}  // namespace cmatch

#endif  // CMATCH_REMEDY_H_
