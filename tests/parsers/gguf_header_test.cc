#include "gguf/gguf_header.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "files/byte_source.h"
#include "support/files.h"
#include "support/gguf_writer.h"

namespace cmatch::internal {
namespace {

using testing::GgufWriter;
using testing::kF32;
using testing::kQ4_0;
using testing::ValueType;

GgufRequest Request() {
  GgufRequest request;
  request.general = {"general.name", "general.author", "split.count", "tokenizer.ggml.tokens"};
  request.of_architecture = {"block_count",    "attention.head_count",  "context_length",
                             "rope.freq_base", "use_parallel_residual", "list"};
  request.prefixes_of_architecture = {"attention.indexer."};
  for (const testing::TestBlock block : testing::TestBlocks()) {
    request.tensor_types.push_back({block.elements, block.bytes});
  }
  return request;
}

std::expected<GgufHeader, Problem> Read(std::string_view bytes) {
  MemorySource source(bytes);
  return ReadGgufHeader(source, Request());
}

GgufHeader MustRead(std::string_view bytes) {
  auto header = Read(bytes);
  REQUIRE_MESSAGE(header.has_value(), header.error().message);
  return *header;
}

std::string Code(std::string_view bytes) {
  const auto header = Read(bytes);
  return header.has_value() ? "" : header.error().code;
}

template <typename T>
T Kept(const GgufHeader& header, std::string_view key) {
  const GgufValue* value = header.Find(key);
  REQUIRE_MESSAGE(value != nullptr, key);
  REQUIRE(std::holds_alternative<T>(value->kept));
  return std::get<T>(value->kept);
}

TEST_CASE("CMATCH-8002 gguf: a small model is read") {
  const GgufWriter file = testing::SmallModel();
  const std::string bytes = file.Bytes();
  const GgufHeader header = MustRead(bytes);
  CHECK(header.version == 3);
  CHECK(header.architecture == "llama");
  CHECK(header.keys == 13);
  CHECK(Kept<std::int64_t>(header, "llama.block_count") == 2);
  CHECK(Kept<std::string>(header, "general.name") == "Small");
  CHECK(header.Find("tokenizer.ggml.tokens")->count == 10);
  CHECK(header.Find("tokenizer.ggml.model") == nullptr);
  CHECK(header.tensors.count == 3);
  CHECK(header.tensors.types.at(kF32).tensors == 3);
  CHECK(header.tensors.types.at(kF32).bytes == 2 * 64 * 10 * 4 + 64 * 4);
  CHECK(header.tensors.types.at(kF32).matrix_bytes == 2 * 64 * 10 * 4);
  CHECK(header.tensors.token_embd_rows == 10);
  CHECK_FALSE(header.tensors.attention_sinks);
  CHECK(header.header_bytes == file.Header().size());
  CHECK(header.file_bytes == bytes.size());
  CHECK(header.data_end == bytes.size());
  CHECK(header.warnings.empty());
}

TEST_CASE("CMATCH-8002 gguf: version 2 is read like version 3") {
  GgufWriter file(2);
  file.Text("general.architecture", "llama").U32("llama.block_count", 7);
  const GgufHeader header = MustRead(file.Bytes());
  CHECK(header.version == 2);
  CHECK(Kept<std::int64_t>(header, "llama.block_count") == 7);
}

TEST_CASE("CMATCH-8002 gguf: every defect is refused or warned of by its code") {
  for (const testing::GgufDefectCase& c : testing::GgufDefects()) {
    CAPTURE(std::string(c.name));
    const auto header = Read(testing::WithDefect(c.defect));
    CHECK(header.has_value() != c.refused);
    if (!header.has_value()) {
      CHECK(header.error().code == c.code);
      // The last number is the place, except in the first sentence of an empty file.
      const std::string& message = header.error().message;
      const std::size_t at = message.rfind("byte ");
      if (c.defect == testing::GgufDefect::kEmpty) {
        CHECK(message == "the file is empty: 0 bytes");
      } else {
        REQUIRE_MESSAGE(at != std::string::npos, message);
        CHECK(std::stoull(message.substr(at + 5)) <=
              testing::WithDefect(c.defect).size() + (1U << 31));
      }
      continue;
    }
    REQUIRE(header->warnings.size() == 1);
    CHECK(header->warnings[0].code == c.code);
    CHECK(header->warnings[0].warning);
  }
}

TEST_CASE("CMATCH-8002 gguf: a refusal names what is wrong and the byte where it stands") {
  using D = testing::GgufDefect;
  // The header has 24 bytes; a pair begins with a length of 8, then key, type of 4 and value.
  const struct {
    D defect;
    const char* message;
  } cases[] = {
      {D::kVersion1, "GGUF version 1 is no longer read by ggml (byte 4)"},
      {D::kVersion4, "GGUF version 4 is not known; versions 2 and 3 are read (byte 4)"},
      {D::kBigEndian,
       "the file is big-endian; engines for CUDA GPUs read little-endian files (byte 4)"},
      {D::kTooManyTensors, "the file claims 65537 tensors; at most 65536 are read (byte 8)"},
      {D::kTooManyKeys, "the file claims 65537 keys; at most 65536 are read (byte 16)"},
      {D::kNegativeKeys, "the number of keys is negative (byte 16)"},
      {D::kEmptyKey, "key 1 is empty (byte 24)"},
      {D::kNulInKey, "key \"a\\x00b\" holds a NUL byte (byte 24)"},
      {D::kDuplicateKey, "key \"a\" is there twice: pair 1 (byte 24) and pair 3 (byte 52)"},
      {D::kBadValueType,
       "key \"a\" has the value type 13, which the format does not have (byte 33)"},
      {D::kNestedArray, "key \"a\" is an array of arrays, which no reader accepts (byte 37)"},
      {D::kHugeArray,
       "key \"a\" claims 9223372036854775808 elements; ggml reads at most 1073741824 (byte 41)"},
      {D::kStringLengthWraps,
       "key \"a\" claims a text of 18446744073709551615 bytes; ggml reads at most 1073741824 (byte "
       "37)"},
      {D::kAlignmentNotPower, "general.alignment is 24, not a power of two (byte 53)"},
      {D::kLongTensorName, "tensor 1 claims a name of 64 bytes; ggml reads at most 63 (byte 24)"},
      {D::kFiveDimensions, "tensor \"t\" has 5 dimensions; ggml has at most 4 (byte 33)"},
      {D::kNegativeDimension, "tensor \"t\": dimension 2 is negative or over 2^63-1 (byte 45)"},
      {D::kRemovedTensorType,
       "tensor \"t\" has the type number 31, which ggml has removed (byte 45)"},
      {D::kOffsetTooFar,
       "tensor \"t\" is at offset 32 of the data; the one before ends at 0 (byte 49)"},
      {D::kElementsOverflow, "tensor \"t\": its elements cannot be counted in 64 bits (byte 24)"},
      {D::kDuplicateTensor,
       "tensor \"t\" is there twice: tensor 1 (byte 24) and tensor 2 (byte 57)"},
      {D::kNoDataSection, "the tensor data would begin at byte 64, but the file ends after 59"},
  };
  for (const auto& c : cases) {
    const auto header = Read(testing::WithDefect(c.defect));
    REQUIRE_FALSE(header.has_value());
    CHECK(header.error().message == c.message);
  }
}

TEST_CASE("CMATCH-8002 gguf: a file cut at any byte of its header is refused") {
  const GgufWriter file = testing::SmallModel();
  const std::string bytes = file.Bytes();
  const std::size_t data = (file.Header().size() + 31) / 32 * 32;
  for (std::size_t length = 0; length < data; ++length) {
    CAPTURE(length);
    const std::string code = Code(bytes.substr(0, length));
    if (length == 0) {
      CHECK(code == "gguf-empty");
    } else if (length < file.Header().size()) {
      CHECK(code == "gguf-truncated-header");
    } else {
      CHECK(code == "gguf-no-data");
    }
  }
  for (std::size_t length = data; length < bytes.size(); ++length) {
    CAPTURE(length);
    const GgufHeader header = MustRead(bytes.substr(0, length));
    CHECK(header.data_end - header.file_bytes == bytes.size() - length);
  }
}

TEST_CASE("CMATCH-8002 gguf: the padding of the last tensor need not be there") {
  GgufWriter file;
  file.Tensor("t", {9}, kF32);
  std::string bytes = file.Bytes();
  REQUIRE(file.data_bytes() == 64);
  bytes.resize(bytes.size() - 64 + 36);
  CHECK(MustRead(bytes).data_end == bytes.size());
  bytes.pop_back();
  CHECK(MustRead(bytes).data_end == bytes.size() + 1);
}

TEST_CASE("CMATCH-8002 gguf: any byte may change without harm") {
  const std::string bytes = testing::SmallModel().Bytes().substr(0, 1'000);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const char byte : {'\0', '\1', '\x7F', '\x80', '\xFF'}) {
      std::string changed = bytes;
      changed[i] = byte;
      (void)Read(changed);
    }
  }
}

TEST_CASE("CMATCH-8002 gguf: numbers keep sign and size") {
  GgufWriter file;
  file.I32("llama.block_count", -5)
      .U64("llama.context_length", 0xFFFF'FFFF'FFFF'FFFF)
      .F32("llama.rope.freq_base", 0.5F)
      .Bool("llama.use_parallel_residual", true)
      .Integers("llama.attention.head_count", ValueType::kI32, {32, 0, -1})
      .Text("general.architecture", "llama");  // after the keys that need it
  const GgufHeader header = MustRead(file.Bytes());
  CHECK(Kept<std::int64_t>(header, "llama.block_count") == -5);
  CHECK(Kept<std::uint64_t>(header, "llama.context_length") == 0xFFFF'FFFF'FFFF'FFFF);
  CHECK(Kept<double>(header, "llama.rope.freq_base") == 0.5);
  CHECK(Kept<bool>(header, "llama.use_parallel_residual"));
  CHECK(Kept<std::vector<std::int64_t>>(header, "llama.attention.head_count") ==
        std::vector<std::int64_t>{32, 0, -1});
}

TEST_CASE("CMATCH-8002 gguf: a prefix that was asked for is noticed") {
  GgufWriter file;
  file.Text("general.architecture", "deepseek32").U32("deepseek32.attention.indexer.top_k", 2048);
  CHECK(MustRead(file.Bytes()).Find("deepseek32.attention.indexer.") != nullptr);
}

TEST_CASE("CMATCH-8002 gguf: arrays are kept up to the bound, longer ones are counted") {
  for (const std::uint64_t count : {4'095U, 4'096U, 4'097U}) {
    CAPTURE(count);
    GgufWriter file;
    file.Text("general.architecture", "llama")
        .Integers("llama.list", ValueType::kU32, std::vector<std::int64_t>(count, 1));
    const GgufHeader header = MustRead(file.Bytes());
    const GgufValue* value = header.Find("llama.list");
    REQUIRE(value != nullptr);
    CHECK(value->count == count);
    CHECK(std::holds_alternative<std::monostate>(value->kept) == (count > 4'096));
  }
}

TEST_CASE("CMATCH-8002 gguf: warnings of one kind are counted, not repeated") {
  GgufWriter file;
  for (int i = 0; i < 1'000; ++i) file.U8("KEY" + std::to_string(i), 1);
  const GgufHeader header = MustRead(file.Bytes());
  CHECK(header.warnings.size() == 5);
  CHECK(header.warnings.back().message.find("996") != std::string::npos);
}

TEST_CASE("CMATCH-8002 gguf: 65,536 keys and tensors are read") {
  GgufWriter file;
  for (int i = 0; i < 65'536; ++i) file.U8("key." + std::to_string(i), 1);
  for (int i = 0; i < 65'536; ++i) file.Tensor("blk." + std::to_string(i), {32}, kQ4_0);
  const GgufHeader header = MustRead(file.Bytes());
  CHECK(header.keys == 65'536);
  CHECK(header.tensors.types.at(kQ4_0).bytes == 65'536 * 18);
}

TEST_CASE("CMATCH-8002 gguf: a file is read as memory is, across blocks") {
  const testing::TempDir directory;
  GgufWriter file = testing::SmallModel();
  // Over several blocks, and one text longer than a block.
  file.Tokens("tokenizer.ggml.merges", 100'000)
      .Text("tokenizer.chat_template", std::string(700'000, 'x'))
      .U32("llama.context_length.after", 1);
  const std::string bytes = file.Bytes();
  const auto source = FileSource::Open(directory.Write("m.gguf", bytes));
  REQUIRE(source.has_value());
  const auto from_file = ReadGgufHeader(**source, Request());
  REQUIRE(from_file.has_value());
  const GgufHeader from_memory = MustRead(bytes);
  CHECK(from_file->header_bytes == from_memory.header_bytes);
  CHECK(from_file->data_end == from_memory.data_end);
  CHECK(from_file->tensors.token_embd_rows == 10);
  CHECK(from_file->keys == from_memory.keys);
}

TEST_CASE("CMATCH-8002 gguf: blocks may end anywhere") {
  // Hands out a few bytes at a time, so that every value is cut somewhere.
  class Dripping : public MemorySource {
   public:
    Dripping(std::string_view text, std::size_t step) : MemorySource(text), step_(step) {}
    Bytes At(std::uint64_t offset) override {
      const Bytes all = MemorySource::At(offset);
      return all.first(std::min(all.size(), step_));
    }

   private:
    std::size_t step_;
  };
  const std::string bytes = testing::SmallModel().Bytes();
  for (std::size_t step = 1; step < 40; ++step) {
    CAPTURE(step);
    Dripping source(bytes, step);
    const auto header = ReadGgufHeader(source, Request());
    REQUIRE(header.has_value());
    CHECK(Kept<std::int64_t>(*header, "llama.context_length") == 4096);
    CHECK(header->data_end == bytes.size());
  }
}

TEST_CASE("CMATCH-8002 gguf: a file that becomes shorter or unreadable is an error") {
  class Failing : public MemorySource {
   public:
    using MemorySource::MemorySource;
    Bytes At(std::uint64_t offset) override {
      if (offset > 200) return {};
      const Bytes all = MemorySource::At(offset);
      return all.first(std::min<std::size_t>(all.size(), 100));
    }
    int error() const override { return 5; }
  };
  const std::string bytes = testing::SmallModel().Bytes();
  Failing source(bytes);
  const auto header = ReadGgufHeader(source, Request());
  REQUIRE_FALSE(header.has_value());
  CHECK(header.error().code == "gguf-read-error");
}

TEST_CASE("CMATCH-8002 gguf: only regular files are opened") {
  const testing::TempDir directory;
  CHECK(FileSource::Open(directory.path().string()).error().code == "file-not-regular");
  CHECK(FileSource::Open((directory.path() / "none").string()).error().code == "file-not-found");
  CHECK(FileSource::Open("/dev/null").error().code == "file-not-regular");
}

}  // namespace
}  // namespace cmatch::internal
