#ifndef CMATCH_BUILD_ECP_H_
#define CMATCH_BUILD_ECP_H_

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/ecp.h"
#include "cmatch/error.h"
#include "cmatch/gpu_facts.h"
#include "cmatch/rule_set.h"

namespace cmatch {

// The worker to be started: which engine, and how it is launched.
struct EngineChoice {
  std::string engine = {};   // "vllm"
  std::string version = {};  // empty: the table's default_version
  std::string build = {};    // empty: the first of default_build that the release has
  // "kv_cache" -> "fp8"; unset keys take the table's default
  std::map<std::string, std::string> launch = {};
  std::string worker_id = {};  // empty: ENGINE@VERSION/BUILD on GPU
  // tokens; unset: the engine's own limit, else INT64_MAX
  std::optional<std::int64_t> max_context = {};
};

// "NAME" or "NAME@VERSION".
EngineChoice ParseEngine(std::string_view text);

// Engine release and build x GPU x launch settings, from the tables (CMATCH-8021).
// Errors: kInvalidEcp, with what is covered and what is near: an unknown engine, a release outside
// the windows, an unknown build, launch key or value, a GPU without a compute capability, a
// capability that no GPU has.
std::expected<Ecp, Error> BuildEcp(const RuleSet& rules, const EngineChoice& choice,
                                   const GpuFacts& gpu);

// What the tables refuse of a profile that was given whole: an engine whose name is nearly one they
// know, and the release, build, launch settings, capability and counts of one they do know. Each
// `path` is the pointer of its member ("/build"); CapabilityMatcher::Bind() refuses the same.
std::vector<Problem> ProfileProblems(const RuleSet& rules, Ecp ecp);

}  // namespace cmatch

#endif  // CMATCH_BUILD_ECP_H_
