#include "gguf/gguf_tensors.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "files/read_limits.h"
#include "files/text_check.h"
#include "gguf/gguf_key_walk.h"

namespace cmatch::internal {
namespace {

constexpr auto kMaxElements = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
// An empty name, no dimension, type and offset.
constexpr std::uint64_t kLeastTensorBytes = 8 + 4 + 4 + 8;

struct Tensor {
  std::uint64_t index = 0;
  std::uint64_t at = 0;  // byte offset of its first byte
  std::array<char, kGgufMaxTensorNameBytes> start;
  std::uint64_t bytes = 0;   // of the whole name
  std::size_t name_end = 0;  // first NUL, or `bytes`: ggml compares names as C strings
  std::uint32_t dimensions = 0;
  std::array<std::uint64_t, kGgufMaxDimensions> shape;
  std::uint32_t type = 0;
  std::uint64_t offset = 0;

  std::string_view name() const { return {start.data(), name_end}; }
  // Byte offset of the type: behind the name, the number of dimensions and the dimensions.
  std::uint64_t type_at() const { return at + 8 + bytes + 4 + std::uint64_t{8} * dimensions; }
  std::string Label() const {
    return bytes == 0 ? "tensor " + std::to_string(index + 1) : "tensor " + Quoted(name());
  }
};

std::optional<Problem> ReadName(ByteCursor& cursor, Tensor& tensor) {
  const std::string ordinal = "tensor " + std::to_string(tensor.index + 1);
  if (!cursor.Read(tensor.bytes)) return EndProblem(cursor, "the name of " + ordinal);
  if (tensor.bytes > kGgufMaxTensorNameBytes) {
    return GgufRefusal(tensor.at, "gguf-bad-tensor-name",
                       ordinal + " claims a name of " + std::to_string(tensor.bytes) +
                           " bytes; ggml reads at most " + std::to_string(kGgufMaxTensorNameBytes));
  }
  if (!cursor.ReadBytes(tensor.start.data(), tensor.bytes)) {
    return EndProblem(cursor, "the name of " + ordinal);
  }
  const void* nul = std::memchr(tensor.start.data(), 0, tensor.bytes);
  tensor.name_end =
      nul == nullptr
          ? tensor.bytes
          : static_cast<std::size_t>(static_cast<const char*>(nul) - tensor.start.data());
  return std::nullopt;
}

std::optional<Problem> ReadShape(ByteCursor& cursor, Tensor& tensor) {
  if (!cursor.Read(tensor.dimensions)) return EndProblem(cursor, tensor.Label());
  if (tensor.dimensions > kGgufMaxDimensions) {
    return GgufRefusal(cursor.offset() - sizeof(tensor.dimensions), "gguf-bad-dimensions",
                       tensor.Label() + " has " + std::to_string(tensor.dimensions) +
                           " dimensions; ggml has at most " + std::to_string(kGgufMaxDimensions));
  }
  tensor.shape.fill(1);
  for (std::uint32_t i = 0; i < tensor.dimensions; ++i) {
    if (!cursor.Read(tensor.shape[i])) return EndProblem(cursor, tensor.Label());
    if (tensor.shape[i] > kMaxElements) {
      return GgufRefusal(
          cursor.offset() - sizeof(std::uint64_t), "gguf-bad-dimensions",
          tensor.Label() + ": dimension " + std::to_string(i + 1) + " is negative or over 2^63-1");
    }
  }
  return std::nullopt;
}

std::optional<Problem> ReadTensor(ByteCursor& cursor, std::uint64_t index, Tensor& tensor) {
  tensor.index = index;
  tensor.at = cursor.offset();
  if (auto problem = ReadName(cursor, tensor)) return problem;
  if (auto problem = ReadShape(cursor, tensor)) return problem;
  if (!cursor.Read(tensor.type) || !cursor.Read(tensor.offset)) {
    return EndProblem(cursor, tensor.Label());
  }
  return std::nullopt;
}

// False on overflow. A tensor with an empty dimension has no elements, whatever the others are.
bool CountElements(const Tensor& tensor, std::uint64_t& elements) {
  elements = std::ranges::count(tensor.shape, 0U) > 0 ? 0 : 1;
  if (elements == 0) return true;
  for (const std::uint64_t n : tensor.shape) {
    if (__builtin_mul_overflow(elements, n, &elements) || elements >= kMaxElements) return false;
  }
  return true;
}

bool Pad(std::uint64_t value, std::uint64_t alignment, std::uint64_t& padded) {
  if (__builtin_add_overflow(value, alignment - 1, &padded)) return false;
  padded &= ~(alignment - 1);
  return true;
}

std::optional<Problem> Overflow(const Tensor& tensor, std::string_view what) {
  return GgufRefusal(tensor.at, "gguf-tensor-overflow",
                     tensor.Label() + ": " + std::string(what) + " cannot be counted in 64 bits");
}

class TensorReader {
 public:
  TensorReader(ByteCursor& cursor, std::uint64_t alignment, const std::vector<GgufBlock>& blocks,
               GgufHeader& header, WarningList& warnings)
      : cursor_(cursor),
        alignment_(alignment),
        blocks_(blocks),
        header_(header),
        warnings_(warnings) {}

  std::optional<Problem> Run(std::uint64_t count) {
    const std::uint64_t start = cursor_.offset();
    std::vector<std::uint64_t> hashes;
    hashes.reserve(std::min(count, cursor_.remaining() / kLeastTensorBytes + 1));
    Tensor tensor;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (auto problem = ReadTensor(cursor_, i, tensor)) return problem;
      if (auto problem = Measure(tensor)) return problem;
      Note(tensor);
      hashes.push_back(Hash(tensor));
    }
    header_.tensors.count = count;
    header_.header_bytes = cursor_.offset();
    if (auto problem = FindDuplicate(hashes, start, count)) return problem;
    return PlaceData(count);
  }

 private:
  static std::uint64_t Hash(const Tensor& tensor) {
    NameHash hash;
    for (const char c : tensor.name()) hash.Add(static_cast<unsigned char>(c));
    return hash.value();
  }

  std::optional<Problem> CheckType(const Tensor& tensor) const {
    if (tensor.type >= blocks_.size()) {
      return GgufRefusal(tensor.type_at(), "gguf-unknown-tensor-type",
                         tensor.Label() + " has the type number " + std::to_string(tensor.type) +
                             "; known are 0 to " + std::to_string(blocks_.size() - 1),
                         "the file is newer than the tables: add the type to `tensor_types` of a "
                         "kinds file in rules/");
    }
    const GgufBlock& block = blocks_[tensor.type];
    if (block.elements == 0) {
      return GgufRefusal(tensor.type_at(), "gguf-removed-tensor-type",
                         tensor.Label() + " has the type number " + std::to_string(tensor.type) +
                             ", which ggml has removed",
                         "convert the model again with a current llama.cpp");
    }
    if (tensor.shape[0] % block.elements != 0) {
      return GgufRefusal(tensor.at, "gguf-bad-row",
                         tensor.Label() + " has rows of " + std::to_string(tensor.shape[0]) +
                             " elements, not a multiple of its type's block of " +
                             std::to_string(block.elements));
    }
    return std::nullopt;
  }

  std::optional<Problem> Measure(const Tensor& tensor) {
    if (auto problem = CheckType(tensor)) return problem;
    std::uint64_t elements = 0;
    if (!CountElements(tensor, elements)) return Overflow(tensor, "its elements");
    const GgufBlock& block = blocks_[tensor.type];
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(elements / block.elements, block.bytes, &bytes)) {
      return Overflow(tensor, "its bytes");
    }
    // ggml packs tensors in file order, each padded to the alignment.
    if (tensor.offset != next_offset_) {
      return GgufRefusal(tensor.type_at() + sizeof(tensor.type), "gguf-bad-offset",
                         tensor.Label() + " is at offset " + std::to_string(tensor.offset) +
                             " of the data; the one before ends at " +
                             std::to_string(next_offset_));
    }
    std::uint64_t padded = 0;
    data_bytes_ = std::max(data_bytes_, next_offset_ + bytes);
    if (!Pad(bytes, alignment_, padded) ||
        __builtin_add_overflow(next_offset_, padded, &next_offset_)) {
      return Overflow(tensor, "the data up to its end");
    }
    GgufTypeUse& use = header_.tensors.types[tensor.type];
    ++use.tensors;
    use.bytes += bytes;
    if (tensor.dimensions > 1) use.matrix_bytes += bytes;
    if (tensor.dimensions == 0 || elements == 0) {
      warnings_.Add("gguf-odd-tensor",
                    tensor.Label() + (elements == 0 ? " has no elements" : " has no dimensions"));
    }
    return std::nullopt;
  }

  void Note(const Tensor& tensor) {
    if (tensor.bytes == 0) warnings_.Add("gguf-odd-tensor", tensor.Label() + " has no name");
    if (tensor.name_end < tensor.bytes) {
      warnings_.Add("gguf-odd-tensor", tensor.Label() + " has a NUL byte in its name");
    }
    const std::string_view name = tensor.name();
    GgufTensors& tensors = header_.tensors;
    if (name == "token_embd.weight" && tensor.dimensions > 1) {
      tensors.token_embd_rows = tensor.shape[1];
    }
    if (name == "rope_factors_long.weight" || name == "rope_factors_short.weight") {
      tensors.rope_factors = true;
    }
    if (name.starts_with("blk.") && name.find(".attn_sinks") != std::string_view::npos) {
      tensors.attention_sinks = true;
    }
  }

  std::optional<Problem> FindDuplicate(std::vector<std::uint64_t>& hashes, std::uint64_t start,
                                       std::uint64_t count) {
    std::sort(hashes.begin(), hashes.end());
    const auto twice = std::adjacent_find(hashes.begin(), hashes.end());
    if (twice == hashes.end()) return std::nullopt;
    cursor_.Seek(start);
    Tensor tensor;
    std::optional<std::uint64_t> first;
    std::uint64_t first_at = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (auto problem = ReadTensor(cursor_, i, tensor)) return problem;
      if (Hash(tensor) != *twice) continue;
      if (first.has_value()) {
        return GgufProblem("gguf-duplicate-tensor", tensor.Label() + " is there twice: tensor " +
                                                        std::to_string(*first + 1) + " (byte " +
                                                        std::to_string(first_at) + ") and tensor " +
                                                        std::to_string(i + 1) + " (byte " +
                                                        std::to_string(tensor.at) + ")");
      }
      first = i;
      first_at = tensor.at;
    }
    return GgufRefusal(start, "gguf-read-error", "the file changed while it was read");
  }

  std::optional<Problem> PlaceData(std::uint64_t count) {
    header_.data_end = header_.header_bytes;
    if (count == 0) return std::nullopt;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    if (!Pad(header_.header_bytes, alignment_, begin) ||
        __builtin_add_overflow(begin, next_offset_, &end)) {
      return GgufRefusal(header_.header_bytes, "gguf-tensor-overflow",
                         "the end of the tensor data cannot be counted in 64 bits");
    }
    if (begin > header_.file_bytes) {
      return GgufProblem("gguf-no-data",
                         "the tensor data would begin at byte " + std::to_string(begin) +
                             ", but the file ends after " + std::to_string(header_.file_bytes),
                         "the download or copy is incomplete: fetch the file again");
    }
    header_.data_end = begin + data_bytes_;
    return std::nullopt;
  }

  ByteCursor& cursor_;
  std::uint64_t alignment_;
  const std::vector<GgufBlock>& blocks_;
  GgufHeader& header_;
  WarningList& warnings_;
  std::uint64_t next_offset_ = 0;
  std::uint64_t data_bytes_ = 0;  // up to the end of the last tensor, its padding left out
};

}  // namespace

std::optional<Problem> ReadGgufTensors(ByteCursor& cursor, std::uint64_t count,
                                       std::uint64_t alignment,
                                       const std::vector<GgufBlock>& blocks, GgufHeader& header,
                                       WarningList& warnings) {
  return TensorReader(cursor, alignment, blocks, header, warnings).Run(count);
}

}  // namespace cmatch::internal
