#ifndef CMATCH_ECP_SOURCE_H_
#define CMATCH_ECP_SOURCE_H_

// Where Engine Capability Profiles and GPU facts come from (CMATCH-8003, CMATCH-8021), this
// machine's GPUs apart (gpu/).

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/ecp.h"
#include "cmatch/error.h"
#include "cmatch/gpu_facts.h"
#include "cmatch/rule_set.h"

namespace cmatch {

// A whole ECP as JSON. Errors: kInvalidEcp with every problem and its position.
std::expected<Ecp, Error> ReadEcp(std::string_view text, std::string_view name,
                                  const RuleSet& rules);

// A gpu-inventory document in any of its five shapes (docs/reference/inventory.md). Errors:
// kInvalidEcp.
std::expected<std::vector<GpuFacts>, Error> ReadInventory(std::string_view text,
                                                          std::string_view name,
                                                          const RuleSet& rules);

// A GPU as a person writes it: a product name ("RTX 4090"), with settings ("RTX 3080,vram=12GiB"),
// or settings alone ("cc=8.9,vram=24GiB,count=2,driver=550.54,name=..."). Errors: kInvalidEcp: no
// such product (with near names), a name that several products with different capabilities share, a
// bad setting.
std::expected<GpuFacts, Error> ParseGpu(std::string_view text, const RuleSet& rules);

}  // namespace cmatch

#endif  // CMATCH_ECP_SOURCE_H_
