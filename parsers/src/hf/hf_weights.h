#ifndef CMATCH_HF_WEIGHTS_H_
#define CMATCH_HF_WEIGHTS_H_

#include <filesystem>
#include <string>
#include <vector>

#include "cmatch/rule_set.h"
#include "hf/hf_config.h"

namespace cmatch::internal {

// The safetensors files of a model in a directory, sorted: `model*.safetensors` where there are any
// (other names beside them are copies or parts: consolidated, adapter), else all.
std::vector<std::filesystem::path> FindWeights(const std::filesystem::path& directory);

// Names of the files that a `-00001-of-00003` series lacks; at most ten.
std::vector<std::string> MissingShards(const std::vector<std::filesystem::path>& files);

// Writes file_bytes, split_count, attention_sink, and dtype where nothing has written it. Blocks
// where a file is missing, unreadable or ends early, one that the index names too (hf_index.h).
void WriteWeights(const std::filesystem::path& directory, const RuleSet& rules, HfWriter* writer);

}  // namespace cmatch::internal

#endif  // CMATCH_HF_WEIGHTS_H_
