#ifndef CMATCH_HF_READER_H_
#define CMATCH_HF_READER_H_

#include <string>

#include "cmatch/rule_set.h"
#include "hf/hf_config.h"

namespace cmatch::internal {

// Everything that config.json alone tells: all but the weights, hf_quant_config.json and what the
// directory's name says.
void WriteConfig(const HfConfig& config, const RuleSet& rules, HfWriter* writer);

// Writes quant, weight_block_size and group_size from a quantization object; `origin` names it.
void WriteQuant(const JsonDocument& document, const JsonNode& node, const std::string& origin,
                const RuleSet& rules, HfWriter* writer);

// "org/name" from `_name_or_path` or from the hub cache's folder (models--org--name/snapshots/REV),
// else the directory's own name. `where` is set to which.
std::string HfModelId(const HfConfig& config, const std::string& directory, std::string* where);

}  // namespace cmatch::internal

#endif  // CMATCH_HF_READER_H_
