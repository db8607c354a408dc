#ifndef CMATCH_INVENTORY_COMPUTE_H_
#define CMATCH_INVENTORY_COMPUTE_H_

#include <optional>
#include <vector>

#include "cmatch/compute.h"
#include "json/json_edge.h"

namespace cmatch::internal {

// A compute capability as the host system's documents write it: [8, 6], "8.6",
// {"major": 8, "minor": 6}, or 86 (worker /health's `sm`: major x 10 + minor; 120 is 12.0).
// nullopt, with a problem, for anything else: 8.6 as a number cannot tell 8.1 from 8.10.
std::optional<ComputeCapability> ReadComputeNode(const JsonDocument& document, const JsonNode& node,
                                                 std::vector<Problem>* problems);

}  // namespace cmatch::internal

#endif  // CMATCH_INVENTORY_COMPUTE_H_
