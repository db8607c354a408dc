#include <limits>

#include "support/gguf_writer.h"

namespace cmatch::testing {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kSignedMax = kMax / 2;
constexpr std::uint32_t kU32Type = 4, kStringType = 8, kArrayType = 9;

using File = GgufWriter;
using D = GgufDefect;

// A file with one tensor, and some bytes of data.
std::string One(const std::vector<std::uint64_t>& shape, std::uint32_t type,
                std::string_view name = "t", std::uint64_t offset = 0) {
  return File().TensorAt(name, shape, type, offset).Header() + std::string(64, '\0');
}

// A file with two tensors, the second where the first ends.
std::string Two(std::string_view first, std::string_view second) {
  return File().Tensor(first, {8}, kF32).Tensor(second, {8}, kF32).Bytes();
}

// A length that is followed by less.
std::string Claim(std::uint64_t length) { return File().Number(length, 8) + "abc"; }

std::string WithText(std::string_view text) {
  return SmallModel().Text("general.author", text).Bytes();
}

const std::vector<GgufDefectCase> kCases = {
    // The beginning.
    {D::kEmpty, "empty", "gguf-empty", true, [] { return std::string(); }},
    {D::kShortMagic, "short magic", "gguf-truncated-header", true,
     [] { return std::string("GG"); }},
    {D::kBadMagic, "other magic", "gguf-bad-magic", true,
     [] { return "RIFF" + SmallModel().Bytes().substr(4); }},
    {D::kLfsPointer, "Git LFS pointer", "gguf-bad-magic", true,
     [] { return std::string("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"); }},
    {D::kVersion0, "version 0", "gguf-version", true, [] { return File(0).U8("a", 1).Bytes(); }},
    {D::kVersion1, "version 1", "gguf-version", true, [] { return File(1).U8("a", 1).Bytes(); }},
    {D::kVersion4, "version 4", "gguf-version", true, [] { return File(4).U8("a", 1).Bytes(); }},
    {D::kBigEndian, "big-endian", "gguf-big-endian", true,
     [] { return File(3, true).U8("a", 1).Bytes(); }},
    {D::kNegativeKeys, "-1 keys", "gguf-too-many-keys", true,
     [] { return SmallModel().ClaimKeys(kMax).Bytes(); }},
    {D::kTooManyKeys, "65,537 keys", "gguf-too-many-keys", true,
     [] { return SmallModel().ClaimKeys(65'537).Bytes(); }},
    {D::kMissingKey, "one key fewer", "gguf-truncated-header", true,
     [] { return File().U8("a", 1).ClaimKeys(2).Bytes(); }},
    {D::kNegativeTensors, "-1 tensors", "gguf-too-many-tensors", true,
     [] { return SmallModel().ClaimTensors(kMax).Bytes(); }},
    {D::kTooManyTensors, "65,537 tensors", "gguf-too-many-tensors", true,
     [] { return SmallModel().ClaimTensors(65'537).Bytes(); }},
    {D::kMissingTensor, "one tensor fewer", "gguf-truncated-header", true,
     [] { return File().U8("a", 1).ClaimTensors(1).Bytes(); }},
    // Keys and values.
    {D::kEmptyKey, "empty key", "gguf-bad-key", true, [] { return File().U8("", 1).Bytes(); }},
    {D::kNulInKey, "NUL in a key", "gguf-bad-key", true,
     [] { return File().U8(std::string_view("a\0b", 3), 1).Bytes(); }},
    {D::kHugeKey, "key of 2^64-1 bytes", "gguf-truncated-header", true,
     [] { return File().ClaimKeys(1).Header() + Claim(kMax); }},
    {D::kDuplicateKey, "key twice", "gguf-duplicate-key", true,
     [] { return File().U8("a", 1).U8("b", 1).U32("a", 1).Bytes(); }},
    {D::kBadValueType, "value type 13", "gguf-bad-type", true,
     [] { return File().Raw("a", 13, "x").Bytes(); }},
    {D::kNegativeValueType, "value type -1", "gguf-bad-type", true,
     [] { return File().Raw("a", 0xFFFF'FFFF, "x").Bytes(); }},
    {D::kNestedArray, "array of arrays", "gguf-nested-array", true,
     [] { return File().RawArray("a", kArrayType, 1, std::string(32, '\0')).Bytes(); }},
    {D::kBadElementType, "element type 13", "gguf-bad-type", true,
     [] { return File().RawArray("a", 13, 1, "x").Bytes(); }},
    {D::kHugeArray, "array of 2^63 elements", "gguf-array-too-long", true,
     [] { return File().RawArray("a", kStringType, std::uint64_t{1} << 63).Bytes(); }},
    {D::kArrayOverEnd, "array over the end", "gguf-truncated-header", true,
     [] { return File().RawArray("a", kU32Type, 1'000'000, "1234").Bytes(); }},
    {D::kStringArrayOverEnd, "text array over the end", "gguf-truncated-header", true,
     [] { return File().RawArray("a", kStringType, 2, File().String("x") + "1234567").Bytes(); }},
    {D::kHugeString, "text over 1 GiB", "gguf-string-too-long", true,
     [] { return File().Raw("a", kStringType, Claim((std::uint64_t{1} << 30) + 1)).Bytes(); }},
    {D::kStringOverEnd, "text over the end", "gguf-truncated-header", true,
     [] { return File().Raw("a", kStringType, Claim(4)).Bytes(); }},
    {D::kStringLengthWraps, "text of 2^64-1 bytes", "gguf-string-too-long", true,
     [] { return File().Raw("a", kStringType, Claim(kMax)).Bytes(); }},
    // Alignment.
    {D::kAlignmentNotU32, "alignment as i32", "gguf-bad-alignment", true,
     [] { return File().I32("general.alignment", 32).Bytes(); }},
    {D::kAlignmentArray, "alignment as array", "gguf-bad-alignment", true,
     [] { return File().Integers("general.alignment", ValueType::kU32, {32}).Bytes(); }},
    {D::kAlignmentZero, "alignment 0", "gguf-bad-alignment", true,
     [] { return File().U32("general.alignment", 0).Bytes(); }},
    {D::kAlignmentNotPower, "alignment 24", "gguf-bad-alignment", true,
     [] { return File().U32("general.alignment", 24).Bytes(); }},
    {D::kAlignmentHuge, "alignment 2^31", "gguf-no-data", true,
     [] { return File().U32("general.alignment", 1U << 31).Tensor("t", {8}, kF32).Bytes(); }},
    // Tensors.
    {D::kLongTensorName, "tensor name of 64 bytes", "gguf-bad-tensor-name", true,
     [] { return One({8}, kF32, std::string(64, 'n')); }},
    {D::kDuplicateTensor, "tensor twice", "gguf-duplicate-tensor", true,
     [] { return Two("t", "t"); }},
    {D::kDuplicateTensorUpToNul, "tensor twice up to NUL", "gguf-duplicate-tensor", true,
     [] { return Two(std::string_view("t\0a", 3), std::string_view("t\0b", 3)); }},
    {D::kFiveDimensions, "five dimensions", "gguf-bad-dimensions", true,
     [] { return One({1, 1, 1, 1, 1}, kF32); }},
    {D::kNegativeDimension, "dimension -1", "gguf-bad-dimensions", true,
     [] { return One({8, kMax}, kF32); }},
    {D::kUnknownTensorType, "tensor type 43", "gguf-unknown-tensor-type", true,
     [] { return One({8}, 43); }},
    {D::kNegativeTensorType, "tensor type -1", "gguf-unknown-tensor-type", true,
     [] { return One({8}, 0xFFFF'FFFF); }},
    {D::kRemovedTensorType, "tensor type 31", "gguf-removed-tensor-type", true,
     [] { return One({8}, 31); }},
    {D::kPartialBlock, "row of half a block", "gguf-bad-row", true,
     [] { return One({16, 2}, kQ4_0); }},
    {D::kElementsOverflow, "2^63-1 elements", "gguf-tensor-overflow", true,
     [] { return One({kSignedMax}, kF32); }},
    {D::kElementsOverflowTwoDimensions, "(2^63-1) x 2 elements", "gguf-tensor-overflow", true,
     [] { return One({kSignedMax, 2}, kF32); }},
    {D::kElementsOverflowFourDimensions, "2^16 each way", "gguf-tensor-overflow", true,
     [] { return One({1U << 16, 1U << 16, 1U << 16, 1U << 16}, kF32); }},
    {D::kBytesOverflow, "2^62 elements of 8 bytes", "gguf-tensor-overflow", true,
     [] { return One({std::uint64_t{1} << 62}, 28); }},
    {D::kPaddingOverflow, "2^64-4 bytes", "gguf-tensor-overflow", true,
     [] { return One({(std::uint64_t{1} << 62) - 1}, kF32); }},
    {D::kSumOverflow, "two of 2^63 bytes", "gguf-tensor-overflow", true,
     [] {
       const std::uint64_t half = std::uint64_t{1} << 61;
       return File().Tensor("a", {half}, kF32).Tensor("b", {half}, kF32).Header() +
              std::string(64, '\0');
     }},
    {D::kOffsetTooFar, "gap between tensors", "gguf-bad-offset", true,
     [] { return One({8}, kF32, "t", 32); }},
    {D::kOffsetOverlap, "tensors overlap", "gguf-bad-offset", true,
     [] { return File().Tensor("a", {16}, kF32).TensorAt("b", {8}, kF32, 32).Bytes(); }},
    {D::kNoDataSection, "no data section", "gguf-no-data", true,
     [] { return File().Tensor("abc", {8}, kF32).Header(); }},
    // Read, with a warning.
    {D::kOddKey, "upper case in a key", "gguf-odd-key", false,
     [] { return SmallModel().U8("Key", 1).Bytes(); }},
    {D::kLongKey, "key of 65,536 bytes", "gguf-odd-key", false,
     [] { return SmallModel().U8(std::string(65'536, 'k'), 1).Bytes(); }},
    {D::kNotUtf8, "text not UTF-8", "gguf-odd-text", false, [] { return WithText("a\xFF"); }},
    {D::kControlCharacter, "control character", "gguf-odd-text", false,
     [] { return WithText("a\x1B[31m"); }},
    {D::kLongText, "text of 1,025 bytes", "gguf-odd-text", false,
     [] { return WithText(std::string(1'025, 'x')); }},
    {D::kPathText, "a path", "gguf-odd-text", false, [] { return WithText("/models/a"); }},
    {D::kBoolOverOne, "bool 2", "gguf-odd-bool", false,
     [] { return SmallModel().Raw("a", 7, "\x02").Bytes(); }},
    {D::kSmallAlignment, "alignment 4", "gguf-odd-alignment", false,
     [] { return File().Alignment(4).Tensor("t", {1}, kF32).Bytes(); }},
    {D::kUnnamedTensor, "tensor without a name", "gguf-odd-tensor", false,
     [] { return One({8}, kF32, ""); }},
    {D::kNulInTensorName, "NUL in a tensor name", "gguf-odd-tensor", false,
     [] { return One({8}, kF32, std::string_view("a\0b", 3)); }},
    {D::kNoDimensions, "no dimensions", "gguf-odd-tensor", false, [] { return One({}, kF32); }},
    {D::kNoElements, "no elements", "gguf-odd-tensor", false,
     [] { return One({kSignedMax, kSignedMax, 0}, kF32); }},
};

}  // namespace

const std::vector<GgufDefectCase>& GgufDefects() { return kCases; }

std::string WithDefect(GgufDefect defect) {
  for (const GgufDefectCase& c : kCases) {
    if (c.defect == defect) return c.make();
  }
  return {};
}

}  // namespace cmatch::testing
