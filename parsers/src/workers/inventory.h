#ifndef CMATCH_INVENTORY_H_
#define CMATCH_INVENTORY_H_

#include <expected>
#include <span>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/gpu_facts.h"
#include "cmatch/tables.h"

namespace cmatch::internal {

// ReadInventory() over a table of products, with every problem found.
std::expected<std::vector<GpuFacts>, std::vector<Problem>> ReadInventoryDocument(
    std::string_view text, std::string_view name, std::span<const Gpu> known);

}  // namespace cmatch::internal

#endif  // CMATCH_INVENTORY_H_
