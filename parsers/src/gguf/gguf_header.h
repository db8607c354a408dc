#ifndef CMATCH_GGUF_HEADER_H_
#define CMATCH_GGUF_HEADER_H_

// The container: what a GGUF file holds, without meaning. The metadata and the tensor list are
// walked once; the tensor data is never read.
//
//   GgufRequest request;
//   request.general = {"general.name"};
//   request.of_architecture = {"context_length", "attention.head_count"};
//   auto header = ReadGgufHeader(source, request);       // refused files: the Problem says why
//   header->Find("llama.context_length");

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cmatch/error.h"
#include "files/byte_source.h"
#include "gguf/gguf_format.h"

namespace cmatch::internal {

// A value as the file has it. `kept` is empty where it was skipped: arrays of strings or of
// floating point numbers, and what is larger than read_limits.h keeps.
struct GgufValue {
  std::uint64_t offset = 0;       // of its first byte in the file
  GgufType type = GgufType::kU8;  // of an array: of its elements
  bool array = false;
  std::uint64_t count = 1;  // elements of an array, bytes of a string
  // An unsigned number is a std::int64_t where it fits. Booleans in arrays are 0 and 1.
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string,
               std::vector<std::int64_t>>
      kept;
};

// The block of a tensor type, by its number in a file. ggml has removed some numbers.
struct GgufBlock {
  std::uint64_t elements = 0;  // 0: not a type that can be read
  std::uint64_t bytes = 0;
};

// Which keys are to be kept, and how tensor types are measured. Everything else is skipped.
struct GgufRequest {
  std::set<std::string, std::less<>> general;          // whole names
  std::set<std::string, std::less<>> of_architecture;  // K of ARCH.K
  // Whether there is any key ARCH.P...: kept as a value of that name with nothing in `kept`.
  std::vector<std::string> prefixes_of_architecture;
  std::vector<GgufBlock> tensor_types;  // by enum ggml_type
};

// Tensors of one type.
struct GgufTypeUse {
  std::uint64_t tensors = 0;
  std::uint64_t bytes = 0;
  std::uint64_t matrix_bytes = 0;  // of those with two or more dimensions
};

struct GgufTensors {
  std::uint64_t count = 0;
  std::map<std::uint32_t, GgufTypeUse> types;    // by enum ggml_type; at most as many as there are
  std::optional<std::uint64_t> token_embd_rows;  // second dimension of token_embd.weight
  bool attention_sinks = false;                  // blk.N.attn_sinks.weight
  bool rope_factors = false;                     // rope_factors_{long,short}.weight
};

struct GgufHeader {
  std::uint32_t version = 0;
  std::uint64_t keys = 0;
  std::string architecture;  // general.architecture; empty where it is missing or not a short text
  std::map<std::string, GgufValue, std::less<>> values;
  GgufTensors tensors;
  std::uint64_t header_bytes = 0;  // up to the end of the tensor list
  std::uint64_t file_bytes = 0;
  bool streamed = false;          // file_bytes is not known, and larger than everything
  std::uint64_t data_end = 0;     // where the last tensor ends; > file_bytes: the file is cut
  std::vector<Problem> warnings;  // all with `warning` set

  const GgufValue* Find(std::string_view key) const;
};

// Time is linear in the header, heap below 1 MiB whatever the file says. Problems (refused): the
// codes of docs/errors-gguf.md under "Files that cannot be read".
std::expected<GgufHeader, Problem> ReadGgufHeader(ByteSource& source, const GgufRequest& request);

}  // namespace cmatch::internal

#endif  // CMATCH_GGUF_HEADER_H_
