#ifndef CMATCH_GGUF_FORMAT_H_
#define CMATCH_GGUF_FORMAT_H_

// Names and sizes of the container format: ggml-org/ggml@d99724f2 include/gguf.h, docs/gguf.md.

#include <cstdint>
#include <string_view>

namespace cmatch::internal {

// enum gguf_type; anything else in a file is refused.
enum class GgufType : std::uint32_t {
  kU8 = 0,
  kI8 = 1,
  kU16 = 2,
  kI16 = 3,
  kU32 = 4,
  kI32 = 5,
  kF32 = 6,
  kBool = 7,
  kString = 8,
  kArray = 9,
  kU64 = 10,
  kI64 = 11,
  kF64 = 12,
};

inline constexpr std::uint32_t kGgufTypes = 13;

// Bytes of a value; 0 for strings and arrays.
constexpr std::uint64_t GgufTypeBytes(GgufType type) {
  switch (type) {
    case GgufType::kU8:
    case GgufType::kI8:
    case GgufType::kBool:
      return 1;
    case GgufType::kU16:
    case GgufType::kI16:
      return 2;
    case GgufType::kU32:
    case GgufType::kI32:
    case GgufType::kF32:
      return 4;
    case GgufType::kU64:
    case GgufType::kI64:
    case GgufType::kF64:
      return 8;
    case GgufType::kString:
    case GgufType::kArray:
      break;
  }
  return 0;
}

constexpr bool IsGgufInteger(GgufType type) {
  return GgufTypeBytes(type) > 0 && type != GgufType::kBool && type != GgufType::kF32 &&
         type != GgufType::kF64;
}

// As docs/gguf.md spells them, without the prefix: "u32", "string".
constexpr std::string_view GgufTypeName(GgufType type) {
  constexpr std::string_view kNames[kGgufTypes] = {"u8",  "i8",  "u16",  "i16",    "u32",
                                                   "i32", "f32", "bool", "string", "array",
                                                   "u64", "i64", "f64"};
  return kNames[static_cast<std::uint32_t>(type)];
}

inline constexpr std::uint64_t kGgufDefaultAlignment = 32;

}  // namespace cmatch::internal

#endif  // CMATCH_GGUF_FORMAT_H_
