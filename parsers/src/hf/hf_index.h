#ifndef CMATCH_HF_INDEX_H_
#define CMATCH_HF_INDEX_H_

// model.safetensors.index.json: which file of a model directory holds which tensor.

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"

namespace cmatch::internal {

inline constexpr std::string_view kHfIndexFile = "model.safetensors.index.json";

// The files that the directory's index names and that are not in it, sorted: without one of them
// vLLM, for one, does not start ("Weight files referenced in index but missing", PR 41811). None
// where there is no index, or a model.safetensors, which transformers loads in its place
// (modeling_utils.py: SAFE_WEIGHTS_NAME before SAFE_WEIGHTS_INDEX_NAME). Files in other folders are
// not looked for. Errors: those of reading a JSON file, and safetensors-bad-index.
std::expected<std::vector<std::string>, Problem> MissingOfIndex(
    const std::filesystem::path& directory);

}  // namespace cmatch::internal

#endif  // CMATCH_HF_INDEX_H_
