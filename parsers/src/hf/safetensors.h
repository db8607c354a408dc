#ifndef CMATCH_SAFETENSORS_H_
#define CMATCH_SAFETENSORS_H_

// Headers of safetensors files: an 8-byte little-endian length, then as many bytes of JSON that
// name each tensor's dtype, shape and place. Never tensor data. Format: huggingface/safetensors,
// README "Format".

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>

#include "cmatch/error.h"

namespace cmatch::internal {

struct SafetensorsHeader {
  std::map<std::string, std::uint64_t, std::less<>> bytes_of;  // by dtype, as written: "BF16"
  std::uint64_t file_bytes = 0;
  std::uint64_t end = 0;   // where the tensor data ends by the header
  bool has_sinks = false;  // a tensor `...sinks`: attention with sinks (gpt-oss)
};

// Sums of what headers state, which may be anything: at its end rather than around it.
void AddSaturated(std::uint64_t more, std::uint64_t* sum);

// Codes: what FileSource::Open() gives, safetensors-truncated, safetensors-too-large (a header over
// kMaxJsonBytes), safetensors-bad-header.
std::expected<SafetensorsHeader, Problem> ReadSafetensors(const std::string& path);

}  // namespace cmatch::internal

#endif  // CMATCH_SAFETENSORS_H_
