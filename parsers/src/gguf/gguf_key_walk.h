#ifndef CMATCH_GGUF_KEY_WALK_H_
#define CMATCH_GGUF_KEY_WALK_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cmatch/error.h"
#include "files/byte_cursor.h"
#include "files/read_limits.h"
#include "gguf/gguf_format.h"

namespace cmatch::internal {

// FNV-1a, 64 bits. Two different names with one hash are taken for duplicates: by accident that
// does not happen (2^-33 for 65,536 names), by intent it only gets the author's own file refused.
class NameHash {
 public:
  void Add(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001B3U; }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325U;
};

// A key and the type of its value, as they stand in the file.
struct GgufKey {
  std::uint64_t index = 0;
  std::uint64_t bytes = 0;  // of the whole key
  std::uint64_t hash = 0;
  std::uint64_t offset = 0;    // of the pair's first byte
  bool odd_character = false;  // other than [a-z0-9._-]
  GgufType type = GgufType::kU8;
  bool array = false;
  std::uint64_t count = 1;  // elements of an array

  std::string_view name() const { return {start.data(), kept}; }
  bool whole() const { return kept == bytes; }
  std::string Label() const;  // for messages: `key "llama.block_count"`

  std::array<char, kGgufKeptKeyBytes> start;
  std::size_t kept = 0;
};

// Reads key, type and (of an array) element type and count; the cursor then stands at the value.
// Problems: gguf-bad-key, gguf-bad-type, gguf-nested-array, gguf-array-too-long, and those of
// EndProblem.
std::optional<Problem> ReadGgufKey(ByteCursor& cursor, std::uint64_t index, GgufKey& key);

// Moves behind the value of `key`.
std::optional<Problem> SkipGgufValue(ByteCursor& cursor, const GgufKey& key);

// Reads a string's length; the cursor then stands at its bytes, all of which are there.
std::optional<Problem> ReadGgufStringLength(ByteCursor& cursor, const GgufKey& key,
                                            std::uint64_t& length);

}  // namespace cmatch::internal

#endif  // CMATCH_GGUF_KEY_WALK_H_
