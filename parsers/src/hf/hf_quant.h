#ifndef CMATCH_HF_QUANT_H_
#define CMATCH_HF_QUANT_H_

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "json/json_edge.h"

namespace cmatch::internal {

// What a checkpoint says of its quantisation, in `quantization_config` of config.json or in
// hf_quant_config.json (NVIDIA Model Optimizer).
struct HfQuant {
  std::vector<std::string> kinds;  // of `quant`: names of one format, not formats
  std::vector<std::int64_t> weight_block_size;
  std::optional<std::int64_t> group_size;
};

// `node` is the quantization object. A method that no table knows keeps its own name as its kind.
// An error is a phrase that says why no kind can be told.
std::expected<HfQuant, std::string> ReadHfQuant(const JsonDocument& document, const JsonNode& node);

}  // namespace cmatch::internal

#endif  // CMATCH_HF_QUANT_H_
