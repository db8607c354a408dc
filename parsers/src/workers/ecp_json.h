#ifndef CMATCH_ECP_JSON_H_
#define CMATCH_ECP_JSON_H_

#include <array>

#include "models/mcd_members.h"

namespace cmatch::internal {

// In the order of CMATCH-8020. An engine that supports nothing of a kind is legal.
inline constexpr std::array kEcpRequired = {
    Required("worker_id", FieldType::kText),
    Required("supports_positional", FieldType::kKinds, "positional", true),
    Required("supports_attention", FieldType::kKinds, "attention", true),
    Required("supports_quant", FieldType::kKinds, "quant", true),
    Required("max_context", FieldType::kInteger),
    Required("vram_bytes", FieldType::kBytes),
};

}  // namespace cmatch::internal

#endif  // CMATCH_ECP_JSON_H_
