#ifndef CMATCH_REQUIREMENT_H_
#define CMATCH_REQUIREMENT_H_

// What a GPU must have for a model to run on an engine, whichever GPU that is: found by checks over
// every compute capability that some GPU of the tables has.
//
//   CapabilityMatcher matcher(rules);
//   auto required = RequirementOf(matcher, mcd, ParseEngine("vllm@0.9.0"));
//   if (required && required->gpus.empty()) ...  // none would do: required->nearest says why

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "cmatch/build_ecp.h"
#include "cmatch/check.h"
#include "cmatch/report.h"

namespace cmatch {

struct GpuRequirement {
  ComputeCapability compute;
  std::string driver;                       // the least version; empty: any
  std::optional<std::int64_t> memory_mib;   // less fails a rule; unset: any
  std::optional<std::int64_t> comfort_mib;  // less makes a rule warn; unset: any

  friend bool operator==(const GpuRequirement&, const GpuRequirement&) = default;
};

struct Requirement {
  std::string model_id;
  std::string engine, version;
  std::string build;                 // empty: not known
  std::int64_t gpu_count = 1;        // tensor_parallel x pipeline_parallel, as launched
  std::vector<GpuRequirement> gpus;  // the capabilities on which nothing fails, ascending
  std::vector<Skipped> skipped;      // what could not be checked on the first of them
  std::optional<Report> nearest;     // where there is none: the report with the fewest failures
};

// Memory is looked for in whole MiB, and drivers among those that the tables name; both with the
// rules in use, whatever these are. Errors: as Bind() and BuildEcp(), where no capability can be
// judged.
std::expected<Requirement, Error> RequirementOf(const CapabilityMatcher& matcher, const Mcd& mcd,
                                                const EngineChoice& choice);

}  // namespace cmatch

#endif  // CMATCH_REQUIREMENT_H_
