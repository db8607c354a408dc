#ifndef CMATCH_GPU_NAMES_H_
#define CMATCH_GPU_NAMES_H_

// Product names of GPUs against the table of known ones.

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/compute.h"
#include "cmatch/error.h"
#include "cmatch/gpu_facts.h"
#include "cmatch/tables.h"

namespace cmatch::internal {

// The words of a name in lower case, sorted: split at spaces, '-', '(' and ')', without "nvidia",
// "geforce" and "tesla". Not without "quadro": "RTX 6000" names three generations.
std::vector<std::string> GpuWords(std::string_view name);

// The rows of `known` that `name` means: those with equal words, else those that hold all its
// words. MIG slices only where the name speaks of one ("MIG", "1g.18gb"). `compute` leaves only the
// rows with that capability.
std::vector<const Gpu*> FindGpus(std::span<const Gpu> known, std::string_view name,
                                 std::optional<ComputeCapability> compute = {});

// What the table says of `name`. Where rows differ in memory, or one row has several sizes, memory
// is not known and memory_choices lists them. Codes: gpu-unknown-name (with near names in help),
// gpu-ambiguous-name (rows of several capabilities, listed).
std::expected<GpuFacts, Problem> ResolveGpu(std::span<const Gpu> known, std::string_view name,
                                            std::optional<ComputeCapability> compute = {});

}  // namespace cmatch::internal

#endif  // CMATCH_GPU_NAMES_H_
