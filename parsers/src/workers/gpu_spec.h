#ifndef CMATCH_GPU_SPEC_H_
#define CMATCH_GPU_SPEC_H_

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/gpu_facts.h"
#include "cmatch/tables.h"

namespace cmatch::internal {

// "24GiB", "24564MiB", "24000000000" (bytes): an integer > 0 with KiB, MiB, GiB, TiB or none of
// them (the "B" may be left out). Decimal units are refused: "24 GB" is said of 24564 MiB.
std::optional<std::int64_t> ParseMemory(std::string_view text);

// ParseGpu() over a table of products, with every problem found.
std::expected<GpuFacts, std::vector<Problem>> ParseGpuSpec(std::string_view text,
                                                           std::span<const Gpu> known);

}  // namespace cmatch::internal

#endif  // CMATCH_GPU_SPEC_H_
