#include "support/gguf_writer.h"

#include <bit>

namespace cmatch::testing {
namespace {

std::uint64_t Padded(std::uint64_t value, std::uint64_t alignment) {
  return alignment == 0 ? value : (value + alignment - 1) / alignment * alignment;
}

}  // namespace

const std::vector<TestBlock>& TestBlocks() {
  static const std::vector<TestBlock> blocks = {
      {1, 4},    {1, 2},    {32, 18},  {32, 20},   {0, 0},     {0, 0},     {32, 22},   {32, 24},
      {32, 34},  {32, 36},  {256, 84}, {256, 110}, {256, 144}, {256, 176}, {256, 210}, {256, 292},
      {256, 66}, {256, 74}, {256, 98}, {256, 50},  {32, 18},   {256, 110}, {256, 82},  {256, 136},
      {1, 1},    {1, 2},    {1, 4},    {1, 8},     {1, 8},     {256, 56},  {1, 2},     {0, 0},
      {0, 0},    {0, 0},    {256, 54}, {256, 66},  {0, 0},     {0, 0},     {0, 0},     {32, 17},
      {64, 36},  {128, 18}, {64, 18},
  };
  return blocks;
}

GgufWriter::GgufWriter(std::uint32_t version, bool big_endian)
    : version_(version), big_endian_(big_endian) {}

std::string GgufWriter::Number(std::uint64_t value, int bytes) const {
  std::string out;
  for (int i = 0; i < bytes; ++i) {
    const int shift = 8 * (big_endian_ ? bytes - 1 - i : i);
    out += static_cast<char>(static_cast<unsigned char>(value >> shift));
  }
  return out;
}

std::string GgufWriter::Length(std::uint64_t value) const {
  return Number(value, version_ == 1 ? 4 : 8);
}

std::string GgufWriter::String(std::string_view text) const {
  return Length(text.size()) + std::string(text);
}

void GgufWriter::Pair(std::string_view key, ValueType type, std::string_view value) {
  Raw(key, static_cast<std::uint32_t>(type), value);
}

GgufWriter& GgufWriter::Raw(std::string_view key, std::uint32_t type, std::string_view bytes) {
  pairs_.emplace_back(key, String(key) + Number(type, 4) + std::string(bytes));
  return *this;
}

GgufWriter& GgufWriter::Without(std::string_view key) {
  std::erase_if(pairs_, [key](const auto& pair) { return pair.first == key; });
  return *this;
}

GgufWriter& GgufWriter::WithoutTensors() {
  infos_.clear();
  tensors_ = data_bytes_ = 0;
  return *this;
}

GgufWriter& GgufWriter::RawArray(std::string_view key, std::uint32_t type, std::uint64_t count,
                                 std::string_view bytes) {
  return Raw(key, static_cast<std::uint32_t>(ValueType::kArray),
             Number(type, 4) + Length(count) + std::string(bytes));
}

GgufWriter& GgufWriter::U8(std::string_view key, std::uint8_t value) {
  Pair(key, ValueType::kU8, Number(value, 1));
  return *this;
}

GgufWriter& GgufWriter::U16(std::string_view key, std::uint16_t value) {
  Pair(key, ValueType::kU16, Number(value, 2));
  return *this;
}

GgufWriter& GgufWriter::U32(std::string_view key, std::uint32_t value) {
  Pair(key, ValueType::kU32, Number(value, 4));
  return *this;
}

GgufWriter& GgufWriter::I32(std::string_view key, std::int32_t value) {
  Pair(key, ValueType::kI32, Number(static_cast<std::uint32_t>(value), 4));
  return *this;
}

GgufWriter& GgufWriter::U64(std::string_view key, std::uint64_t value) {
  Pair(key, ValueType::kU64, Number(value, 8));
  return *this;
}

GgufWriter& GgufWriter::I64(std::string_view key, std::int64_t value) {
  Pair(key, ValueType::kI64, Number(static_cast<std::uint64_t>(value), 8));
  return *this;
}

GgufWriter& GgufWriter::F32(std::string_view key, float value) {
  Pair(key, ValueType::kF32, Number(std::bit_cast<std::uint32_t>(value), 4));
  return *this;
}

GgufWriter& GgufWriter::F64(std::string_view key, double value) {
  Pair(key, ValueType::kF64, Number(std::bit_cast<std::uint64_t>(value), 8));
  return *this;
}

GgufWriter& GgufWriter::Bool(std::string_view key, bool value) {
  Pair(key, ValueType::kBool, Number(value ? 1 : 0, 1));
  return *this;
}

GgufWriter& GgufWriter::Text(std::string_view key, std::string_view value) {
  Pair(key, ValueType::kString, String(value));
  return *this;
}

GgufWriter& GgufWriter::Texts(std::string_view key, const std::vector<std::string>& values) {
  std::string bytes;
  for (const std::string& value : values) bytes += String(value);
  return RawArray(key, static_cast<std::uint32_t>(ValueType::kString), values.size(), bytes);
}

GgufWriter& GgufWriter::Tokens(std::string_view key, std::uint64_t count) {
  std::string bytes;
  for (std::uint64_t i = 0; i < count; ++i) bytes += String("token" + std::to_string(i));
  return RawArray(key, static_cast<std::uint32_t>(ValueType::kString), count, bytes);
}

GgufWriter& GgufWriter::Integers(std::string_view key, ValueType type,
                                 const std::vector<std::int64_t>& values) {
  int bytes = 4;
  if (type == ValueType::kU8 || type == ValueType::kI8 || type == ValueType::kBool) bytes = 1;
  if (type == ValueType::kU16 || type == ValueType::kI16) bytes = 2;
  if (type == ValueType::kU64 || type == ValueType::kI64) bytes = 8;
  std::string out;
  for (const std::int64_t value : values) out += Number(static_cast<std::uint64_t>(value), bytes);
  return RawArray(key, static_cast<std::uint32_t>(type), values.size(), out);
}

GgufWriter& GgufWriter::Tensor(std::string_view name, const std::vector<std::uint64_t>& shape,
                               std::uint32_t type) {
  return TensorAt(name, shape, type, data_bytes_);
}

GgufWriter& GgufWriter::TensorAt(std::string_view name, const std::vector<std::uint64_t>& shape,
                                 std::uint32_t type, std::uint64_t offset) {
  infos_ += String(name) + Number(shape.size(), 4);
  std::uint64_t elements = 1;
  for (const std::uint64_t n : shape) {
    infos_ += Length(n);
    elements *= n;
  }
  infos_ += Number(type, 4) + Number(offset, 8);
  ++tensors_;
  if (type < TestBlocks().size() && TestBlocks()[type].elements != 0) {
    const TestBlock block = TestBlocks()[type];
    data_bytes_ += Padded(elements / block.elements * block.bytes, alignment_);
  }
  return *this;
}

GgufWriter& GgufWriter::Alignment(std::uint32_t alignment) {
  alignment_ = alignment;
  return U32("general.alignment", alignment);
}

GgufWriter& GgufWriter::ClaimKeys(std::uint64_t count) {
  claims_keys_ = true;
  claimed_keys_ = count;
  return *this;
}

GgufWriter& GgufWriter::ClaimTensors(std::uint64_t count) {
  claims_tensors_ = true;
  claimed_tensors_ = count;
  return *this;
}

std::string GgufWriter::Header() const {
  std::string out = "GGUF" + Number(version_, 4) +
                    Length(claims_tensors_ ? claimed_tensors_ : tensors_) +
                    Length(claims_keys_ ? claimed_keys_ : pairs_.size());
  for (const auto& [key, bytes] : pairs_) out += bytes;
  return out + infos_;
}

std::string GgufWriter::Bytes() const {
  std::string out = Header();
  if (tensors_ == 0) return out;
  out.resize(Padded(out.size(), alignment_) + data_bytes_, '\0');
  return out;
}

GgufWriter SmallModel() {
  GgufWriter file;
  file.Text("general.architecture", "llama")
      .Text("general.type", "model")
      .Text("general.name", "Small")
      .Text("general.organization", "example")
      .U32("llama.block_count", 2)
      .U32("llama.context_length", 4096)
      .U32("llama.embedding_length", 64)
      .U32("llama.feed_forward_length", 128)
      .U32("llama.attention.head_count", 4)
      .U32("llama.attention.head_count_kv", 2)
      .U32("general.file_type", 0)
      .Text("tokenizer.ggml.model", "gpt2")
      .Tokens("tokenizer.ggml.tokens", 10)
      .Tensor("token_embd.weight", {64, 10}, kF32)
      .Tensor("output_norm.weight", {64}, kF32)
      .Tensor("output.weight", {64, 10}, kF32);
  return file;
}

}  // namespace cmatch::testing
