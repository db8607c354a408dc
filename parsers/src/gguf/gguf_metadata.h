#ifndef CMATCH_GGUF_METADATA_H_
#define CMATCH_GGUF_METADATA_H_

#include <cstdint>
#include <optional>

#include "cmatch/error.h"
#include "files/byte_cursor.h"
#include "gguf/gguf_header.h"
#include "gguf/gguf_problems.h"

namespace cmatch::internal {

// Reads `header.keys` key-value pairs from where `cursor` stands into header.architecture and
// header.values. Order is free in the format: the architecture is looked for first, then all keys
// are walked once. Afterwards the cursor stands behind the last pair.
std::optional<Problem> ReadGgufMetadata(ByteCursor& cursor, const GgufRequest& request,
                                        GgufHeader& header, WarningList& warnings);

}  // namespace cmatch::internal

#endif  // CMATCH_GGUF_METADATA_H_
