#ifndef CMATCH_HF_ATTENTION_H_
#define CMATCH_HF_ATTENTION_H_

#include "cmatch/tables.h"
#include "hf/hf_config.h"

namespace cmatch::internal {

// Writes head_count, head_count_kv, kv_lora_rank, head_dim, attention and attention_kinds.
// `architecture` is what the table says of the model_type; nullptr: nothing.
void WriteAttention(const HfConfig& config, const Architecture* architecture, HfWriter* writer);

}  // namespace cmatch::internal

#endif  // CMATCH_HF_ATTENTION_H_
