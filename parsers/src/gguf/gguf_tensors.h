#ifndef CMATCH_GGUF_TENSORS_H_
#define CMATCH_GGUF_TENSORS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "cmatch/error.h"
#include "files/byte_cursor.h"
#include "gguf/gguf_header.h"
#include "gguf/gguf_problems.h"

namespace cmatch::internal {

// Reads `count` tensor infos from where `cursor` stands: sums them up in header.tensors and sets
// header.header_bytes and header.data_end. `alignment` is a power of two. Refuses what ggml
// refuses, and in addition what its arithmetic lets overflow.
std::optional<Problem> ReadGgufTensors(ByteCursor& cursor, std::uint64_t count,
                                       std::uint64_t alignment,
                                       const std::vector<GgufBlock>& blocks, GgufHeader& header,
                                       WarningList& warnings);

}  // namespace cmatch::internal

#endif  // CMATCH_GGUF_TENSORS_H_
