#ifndef CMATCH_TESTS_SUPPORT_GGUF_WRITER_H_
#define CMATCH_TESTS_SUPPORT_GGUF_WRITER_H_

// Writes GGUF files for tests: any key, array and tensor, well formed or with one defect.
//
//   GgufWriter file;
//   file.Text("general.architecture", "llama").U32("llama.block_count", 2);
//   file.Tensor("token_embd.weight", {32, 100}, kF32);
//   std::string bytes = file.Bytes();

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cmatch::testing {

// Numbers of enum gguf_type and, below, of a few of enum ggml_type (ggml-org/ggml@d99724f2).
enum class ValueType : std::uint32_t {
  kU8,
  kI8,
  kU16,
  kI16,
  kU32,
  kI32,
  kF32,
  kBool,
  kString,
  kArray,
  kU64,
  kI64,
  kF64,  //
};
inline constexpr std::uint32_t kF32 = 0, kF16 = 1, kQ4_0 = 2, kQ8_0 = 8, kQ4_K = 12, kQ6_K = 14,
                               kBF16 = 30, kMXFP4 = 39;

// Elements and bytes of a block, by enum ggml_type; 0 for removed types.
struct TestBlock {
  std::uint64_t elements, bytes;
};
const std::vector<TestBlock>& TestBlocks();

class GgufWriter {
 public:
  explicit GgufWriter(std::uint32_t version = 3, bool big_endian = false);

  GgufWriter& U8(std::string_view key, std::uint8_t value);
  GgufWriter& U16(std::string_view key, std::uint16_t value);
  GgufWriter& U32(std::string_view key, std::uint32_t value);
  GgufWriter& I32(std::string_view key, std::int32_t value);
  GgufWriter& U64(std::string_view key, std::uint64_t value);
  GgufWriter& I64(std::string_view key, std::int64_t value);
  GgufWriter& F32(std::string_view key, float value);
  GgufWriter& F64(std::string_view key, double value);
  GgufWriter& Bool(std::string_view key, bool value);
  GgufWriter& Text(std::string_view key, std::string_view value);
  GgufWriter& Texts(std::string_view key, const std::vector<std::string>& values);
  // `count` short texts.
  GgufWriter& Tokens(std::string_view key, std::uint64_t count);
  GgufWriter& Integers(std::string_view key, ValueType type,
                       const std::vector<std::int64_t>& values);
  // A value as given: its type number and its bytes.
  GgufWriter& Raw(std::string_view key, std::uint32_t type, std::string_view bytes);
  // An array head alone, or with `bytes` behind it.
  GgufWriter& RawArray(std::string_view key, std::uint32_t type, std::uint64_t count,
                       std::string_view bytes = {});

  // The next tensor, at the offset that follows from those before. `shape` is in file order (rows
  // are shape[0] long).
  GgufWriter& Tensor(std::string_view name, const std::vector<std::uint64_t>& shape,
                     std::uint32_t type);
  GgufWriter& TensorAt(std::string_view name, const std::vector<std::uint64_t>& shape,
                       std::uint32_t type, std::uint64_t offset);
  // Takes a key out that was added.
  GgufWriter& Without(std::string_view key);
  // Takes all tensors out.
  GgufWriter& WithoutTensors();
  // Also writes `general.alignment`.
  GgufWriter& Alignment(std::uint32_t alignment);

  // What the header claims, where that is to be another number than what was added.
  GgufWriter& ClaimKeys(std::uint64_t count);
  GgufWriter& ClaimTensors(std::uint64_t count);

  std::string Header() const;  // without padding and data
  std::string Bytes() const;   // with padding, and zeros for data
  std::uint64_t data_bytes() const { return data_bytes_; }

  // Building blocks in this writer's version and byte order.
  std::string Number(std::uint64_t value, int bytes) const;
  std::string Length(std::uint64_t value) const;  // u64; in version 1 u32
  std::string String(std::string_view text) const;

 private:
  void Pair(std::string_view key, ValueType type, std::string_view value);

  std::uint32_t version_;
  bool big_endian_;
  std::uint64_t alignment_ = 32;
  std::uint64_t tensors_ = 0;
  std::uint64_t claimed_keys_ = 0, claimed_tensors_ = 0;
  bool claims_keys_ = false, claims_tensors_ = false;
  std::uint64_t data_bytes_ = 0;                            // padded: where the next tensor goes
  std::vector<std::pair<std::string, std::string>> pairs_;  // key, bytes of the whole pair
  std::string infos_;
};

// A llama of two layers with three tensors, complete in every way.
GgufWriter SmallModel();

// One thing wrong each. `Refused` ones cannot be read; the others are read with a warning.
enum class GgufDefect {
  kEmpty,
  kShortMagic,
  kBadMagic,
  kLfsPointer,
  kVersion0,
  kVersion1,
  kVersion4,
  kBigEndian,
  kNegativeKeys,
  kTooManyKeys,
  kMissingKey,
  kNegativeTensors,
  kTooManyTensors,
  kMissingTensor,
  kEmptyKey,
  kNulInKey,
  kHugeKey,
  kDuplicateKey,
  kBadValueType,
  kNegativeValueType,
  kNestedArray,
  kBadElementType,
  kHugeArray,
  kArrayOverEnd,
  kStringArrayOverEnd,
  kHugeString,
  kStringOverEnd,
  kStringLengthWraps,
  kAlignmentNotU32,
  kAlignmentArray,
  kAlignmentZero,
  kAlignmentNotPower,
  kAlignmentHuge,
  kLongTensorName,
  kDuplicateTensor,
  kDuplicateTensorUpToNul,
  kFiveDimensions,
  kNegativeDimension,
  kUnknownTensorType,
  kNegativeTensorType,
  kRemovedTensorType,
  kPartialBlock,
  kElementsOverflow,
  kElementsOverflowTwoDimensions,
  kElementsOverflowFourDimensions,
  kBytesOverflow,
  kPaddingOverflow,
  kSumOverflow,
  kOffsetTooFar,
  kOffsetOverlap,
  kNoDataSection,
  // Warned of.
  kOddKey,
  kLongKey,
  kNotUtf8,
  kControlCharacter,
  kLongText,
  kPathText,
  kBoolOverOne,
  kSmallAlignment,
  kUnnamedTensor,
  kNulInTensorName,
  kNoDimensions,
  kNoElements,  //
};

struct GgufDefectCase {
  GgufDefect defect;
  const char* name;
  const char* code;  // of the problem or the warning
  bool refused;
  std::string (*make)();
};
const std::vector<GgufDefectCase>& GgufDefects();
std::string WithDefect(GgufDefect defect);

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_SUPPORT_GGUF_WRITER_H_
