#ifndef CMATCH_CLI_INVENTORY_CHOICE_H_
#define CMATCH_CLI_INVENTORY_CHOICE_H_

// Which GPU of an inventory document --gpu @FILE[#INDEX] means.

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/gpu_facts.h"

namespace cmatch::cli {

// `wanted` is compared with the number that the document gives a GPU, else with its position. Left
// out, all GPUs of the document must be alike in what is judged: then the first of them.
// Errors: inventory-no-gpu, inventory-several-gpus, which lists what there is. `file` is its name.
std::expected<GpuFacts, Error> ChooseGpu(const std::vector<GpuFacts>& gpus,
                                         std::optional<std::int64_t> wanted, std::string_view file);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_INVENTORY_CHOICE_H_
