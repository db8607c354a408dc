// Defects of GGUF files by construction: each family makes one thing wrong at every place and with
// every number that matters (the boundary, the next, those whose sums and products go round), and
// knows the code and the byte of the refusal. The families are those of ggml's test-gguf and of the
// published reports on GGUF readers.

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "gguf_support.h"
#include "support/gguf_writer.h"

namespace cmatch::testing {
namespace {

constexpr std::uint64_t kMax = UINT64_MAX;
constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
constexpr std::uint32_t kText = 8, kArray = 9;
constexpr std::size_t kStart = 24;  // bytes before the first pair
// A pair "kN" of a u8: length, key, type, value.
constexpr std::size_t kPair = 8 + 2 + 4 + 1;
constexpr std::uint64_t kNowhere = kMax;  // the message has a place, but of another sort

struct Case {
  std::string family;
  std::string bytes;
  std::string code;
  std::uint64_t at;  // the byte that the message ends with
};

class Cases {
 public:
  Cases() {
    Start();
    Keys();
    Types();
    Arrays();
    Texts();
    Alignments();
    TensorHeads();
    TensorSizes();
    TensorOffsets();
    Twice();
  }

  const std::vector<Case>& all() const { return all_; }

 private:
  void Add(const std::string& family, std::string bytes, const std::string& code,
           std::uint64_t at) {
    all_.push_back({family, std::move(bytes), code, at});
  }

  static std::string Number(std::uint64_t value, int bytes) {
    return GgufWriter().Number(value, bytes);
  }
  static std::string Key(std::size_t i) { return "k" + std::to_string(i); }
  // `count` good pairs.
  static GgufWriter Pairs(std::size_t count) {
    GgufWriter file;
    for (std::size_t i = 0; i < count; ++i) file.U8(Key(i), 1);
    return file;
  }
  // `count` good tensors "tN" of 8 floats, 32 bytes each.
  static GgufWriter Tensors(std::size_t count) {
    GgufWriter file;
    for (std::size_t i = 0; i < count; ++i) file.Tensor("t" + std::to_string(i), {8}, kF32);
    return file;
  }
  static constexpr std::size_t kTensor = 8 + 2 + 4 + 8 + 4 + 8;
  // With data enough for what fits.
  static std::string WithData(const GgufWriter& file) {
    return file.Header() + std::string(256, '\0');
  }

  void Start() {
    const std::string good = Pairs(1).Bytes();
    for (std::size_t i = 0; i < 4; ++i) {
      for (const char c : {'\0', ' ', 'g', 'X', '\xFF'}) {
        std::string bytes = good;
        bytes[i] = c;
        Add("magic", bytes, "gguf-bad-magic", 0);
      }
    }
    for (const std::uint32_t version : {0U, 1U, 4U, 5U, 255U, 65'535U, 65'537U, UINT32_MAX}) {
      Add("version", good.substr(0, 4) + Number(version, 4) + good.substr(8), "gguf-version", 4);
    }
    for (const std::uint32_t version : {0x0200'0000U, 0x0300'0000U, 0x0001'0000U, 0x8000'0000U}) {
      Add("byte order", good.substr(0, 4) + Number(version, 4) + good.substr(8), "gguf-big-endian",
          4);
    }
    for (const std::uint64_t count : {std::uint64_t{65'537}, std::uint64_t{1} << 32, kHalf - 1,
                                      kHalf, kMax / 18, kMax - 1, kMax}) {
      Add("keys", Pairs(1).ClaimKeys(count).Bytes(), "gguf-too-many-keys", 16);
      Add("tensors", Pairs(1).ClaimTensors(count).Bytes(), "gguf-too-many-tensors", 8);
    }
    for (const std::uint64_t more : {1U, 2U, 1'000U, 65'535U}) {
      Add("keys missing", Pairs(1).ClaimKeys(1 + more).Bytes(), "gguf-truncated-header", kNowhere);
      Add("tensors missing", Pairs(1).ClaimTensors(more).Bytes(), "gguf-truncated-header",
          kNowhere);
    }
  }

  void Keys() {
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t at = kStart + i * kPair;
      Add("empty key", Pairs(i).U8("", 1).Bytes(), "gguf-bad-key", at);
      for (std::size_t nul = 0; nul < 3; ++nul) {
        std::string key = "abc";
        key[nul] = '\0';
        Add("NUL in a key", Pairs(i).U8(key, 1).Bytes(), "gguf-bad-key", at);
      }
      for (const std::uint64_t length :
           {std::uint64_t{100}, kGiB, std::uint64_t{1} << 32, kHalf, kMax - 7, kMax}) {
        Add("key over the end", Pairs(i).ClaimKeys(i + 1).Header() + Number(length, 8) + "abc",
            "gguf-truncated-header", kNowhere);
      }
    }
  }

  void Types() {
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t at = kStart + i * kPair + 8 + 1;
      for (const std::uint32_t type :
           {13U, 14U, 31U, 255U, 65'536U, 0x7FFF'FFFFU, 0x8000'0000U, 0xFFFF'FFF8U, UINT32_MAX}) {
        Add("type", Pairs(i).Raw("a", type, "12345678").Bytes(), "gguf-bad-type", at);
        Add("element type", Pairs(i).RawArray("a", type, 1, "12345678").Bytes(), "gguf-bad-type",
            at + 4);
      }
      for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{1}, kGiB, kMax}) {
        Add("array of arrays", Pairs(i).RawArray("a", kArray, count, "1234").Bytes(),
            "gguf-nested-array", at + 4);
      }
    }
  }

  void Arrays() {
    constexpr std::uint64_t kAt = kStart + 8 + 1 + 4 + 4;
    for (const std::uint32_t type : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 10U, 11U, 12U}) {
      for (const std::uint64_t count :
           {kGiB + 1, std::uint64_t{1} << 32, kMax / 8 + 1, kHalf - 1, kHalf, kMax / 4 + 2, kMax}) {
        Add("array too long", GgufWriter().RawArray("a", type, count, "12345678").Bytes(),
            "gguf-array-too-long", kAt);
      }
      for (const std::uint64_t count : {std::uint64_t{9}, std::uint64_t{4'097}, kGiB - 1, kGiB}) {
        Add("array over the end", GgufWriter().RawArray("a", type, count, "12345678").Bytes(),
            "gguf-truncated-header", kNowhere);
      }
    }
    // A text of an array that reaches over the end: the first, the last.
    const std::string text = GgufWriter().String("x");
    for (const std::uint64_t length : {std::uint64_t{100}, kGiB + 1, kHalf, kMax - 15, kMax}) {
      const std::string wrong = Number(length, 8);
      Add("text in an array", GgufWriter().RawArray("a", kText, 2, wrong + text).Bytes(),
          "gguf-truncated-header", kNowhere);
      Add("text in an array", GgufWriter().RawArray("a", kText, 2, text + wrong).Bytes(),
          "gguf-truncated-header", kNowhere);
    }
  }

  void Texts() {
    for (const char* key : {"a", "general.name", "general.architecture"}) {
      const std::uint64_t at = kStart + 8 + std::string(key).size() + 4;
      for (const std::uint64_t length :
           {kGiB + 1, std::uint64_t{1} << 32, kHalf - 1, kHalf, kMax - 8, kMax}) {
        Add("text too long", GgufWriter().Raw(key, kText, Number(length, 8) + "abc").Bytes(),
            "gguf-string-too-long", at);
      }
      for (const std::uint64_t length : {std::uint64_t{4}, std::uint64_t{1'025}, kGiB}) {
        Add("text over the end", GgufWriter().Raw(key, kText, Number(length, 8) + "abc").Bytes(),
            "gguf-truncated-header", kNowhere);
      }
    }
  }

  void Alignments() {
    constexpr std::uint64_t kAt = kStart + 8 + 17 + 4;
    const std::string key = "general.alignment";
    const std::string text = GgufWriter().String("32");
    for (const std::uint32_t type : {0U, 1U, 2U, 3U, 5U, 6U, 7U, 10U, 11U, 12U}) {
      constexpr int kBytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
      Add("alignment's type", GgufWriter().Raw(key, type, Number(32, kBytes[type])).Bytes(),
          "gguf-bad-alignment", kAt);
    }
    Add("alignment's type", GgufWriter().Raw(key, kText, text).Bytes(), "gguf-bad-alignment", kAt);
    Add("alignment's type", GgufWriter().RawArray(key, 4, 1, Number(32, 4)).Bytes(),
        "gguf-bad-alignment", kAt + 12);
    for (const std::uint32_t alignment :
         {0U, 3U, 5U, 6U, 7U, 9U, 12U, 24U, 31U, 33U, 48U, 1'000U, 0xFFFF'FFFFU, 0xFFFF'FFE0U}) {
      Add("alignment", GgufWriter().U32(key, alignment).Bytes(), "gguf-bad-alignment", kAt);
    }
    for (const std::uint32_t alignment : {1U << 20, 1U << 31}) {
      Add("alignment over the end", GgufWriter().U32(key, alignment).Tensor("t", {8}, kF32).Bytes(),
          "gguf-no-data", kNowhere);
    }
  }

  void TensorHeads() {
    for (std::size_t i = 0; i < 2; ++i) {
      const std::size_t at = kStart + i * kTensor;
      for (const std::size_t length : {64U, 65U, 255U, 65'536U}) {
        Add("tensor name", WithData(Tensors(i).Tensor(std::string(length, 'n'), {8}, kF32)),
            "gguf-bad-tensor-name", at);
      }
      for (const std::uint64_t length : {std::uint64_t{1} << 32, kHalf, kMax - 7, kMax}) {
        Add("tensor name",
            Tensors(i).ClaimTensors(i + 1).Header() + Number(length, 8) + std::string(99, 'n'),
            "gguf-bad-tensor-name", at);
      }
      for (const std::uint32_t n : {5U, 6U, 255U, 0x7FFF'FFFFU, 0x8000'0000U, UINT32_MAX}) {
        Add("dimensions",
            Tensors(i).ClaimTensors(i + 1).Header() + GgufWriter().String("t") + Number(n, 4) +
                std::string(99, '\0'),
            "gguf-bad-dimensions", at + 9);
      }
      for (std::size_t d = 0; d < 4; ++d) {
        for (const std::uint64_t n : {kHalf, kHalf + 1, kMax - 31, kMax}) {
          std::vector<std::uint64_t> shape(4, 1);
          shape[d] = n;
          Add("dimension", WithData(Tensors(i).Tensor("t", shape, kF32)), "gguf-bad-dimensions",
              at + 9 + 4 + 8 * d);
        }
      }
      for (const std::uint32_t type : {43U, 44U, 255U, 0x7FFF'FFFFU, 0x8000'0000U, UINT32_MAX}) {
        Add("tensor type", WithData(Tensors(i).Tensor("t", {8}, type)), "gguf-unknown-tensor-type",
            at + 9 + 4 + 8);
      }
    }
    for (std::uint32_t type = 0; type < TestBlocks().size(); ++type) {
      if (TestBlocks()[type].elements != 0) continue;
      Add("removed type", WithData(GgufWriter().Tensor("t", {256}, type)),
          "gguf-removed-tensor-type", kStart + 9 + 4 + 8);
    }
  }

  void TensorSizes() {
    for (std::uint32_t type = 0; type < TestBlocks().size(); ++type) {
      const TestBlock block = TestBlocks()[type];
      if (block.elements == 0) continue;
      if (block.elements > 1) {
        for (const std::uint64_t row : {std::uint64_t{1}, block.elements / 2, block.elements + 1}) {
          Add("row", WithData(GgufWriter().Tensor("t", {row, 2}, type)), "gguf-bad-row", kStart);
        }
      }
      // 2^63 and 2^64 elements, in two ways each
      const std::uint64_t row = 256;
      for (const std::vector<std::uint64_t>& shape :
           {std::vector<std::uint64_t>{row, kHalf / row},
            {kHalf / 2, 2},
            {kHalf / 2, 2, 2},
            {row, std::uint64_t{1} << 28, std::uint64_t{1} << 28}}) {
        Add("elements", WithData(GgufWriter().Tensor("t", shape, type)), "gguf-tensor-overflow",
            kStart);
      }
      // As many elements as can be counted; their bytes cannot.
      if (block.bytes / block.elements >= 4) {
        Add("bytes", WithData(GgufWriter().Tensor("t", {kHalf / 2, 1}, type)),
            "gguf-tensor-overflow", kStart);
      }
    }
    // The padding goes round; so does the sum of several.
    for (const std::uint64_t short_by : {1U, 2U, 7U}) {
      Add("padding", WithData(GgufWriter().Tensor("t", {kGiB * kGiB * 4 - short_by}, kF32)),
          "gguf-tensor-overflow", kStart);
    }
    const std::uint64_t half = std::uint64_t{1} << 61;
    Add("sum", WithData(GgufWriter().Tensor("a", {half}, kF32).Tensor("b", {half}, kF32)),
        "gguf-tensor-overflow", kStart + 8 + 1 + 4 + 8 + 4 + 8);
  }

  void TensorOffsets() {
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint64_t right = 32 * i;
      for (const std::uint64_t offset :
           {right + 1, right + 8, right + 31, right + 32, right + 64, right - 32, right - 1,
            std::uint64_t{1} << 32, kHalf, kMax - 63, kMax - 127}) {
        Add("offset", WithData(Tensors(i).TensorAt("t", {8}, kF32, offset)), "gguf-bad-offset",
            kStart + i * kTensor + 8 + 1 + 4 + 8 + 4);
      }
    }
    for (std::size_t cut = 1; cut < 8; ++cut) {
      const std::string header = GgufWriter().Tensor(std::string(cut, 'n'), {8}, kF32).Header();
      Add("no data", header, "gguf-no-data", kNowhere);
    }
  }

  void Twice() {
    for (std::size_t i = 0; i < 5; ++i) {
      for (std::size_t k = i + 1; k < 5; ++k) {
        GgufWriter keys;
        GgufWriter tensors;
        for (std::size_t n = 0; n < 5; ++n) {
          const std::string name = std::to_string(n == k ? i : n);
          keys.U8("k" + name, 1);
          tensors.Tensor("t" + name, {8}, kF32);
        }
        Add("key twice", keys.Bytes(), "gguf-duplicate-key", kStart + k * kPair);
        Add("tensor twice", tensors.Bytes(), "gguf-duplicate-tensor", kStart + k * kTensor);
      }
    }
  }

  std::vector<Case> all_;
};

TEST_CASE("CMATCH-8002 gguf: generated defects are each refused by code and byte") {
  const Cases cases;
  CHECK(cases.all().size() >= 600);
  std::set<std::string> different;
  for (const Case& c : cases.all()) {
    CAPTURE(c.family);
    CAPTURE(c.at);
    different.insert(c.bytes);
    const auto facts = ReadGgufBytes(c.bytes, "m.gguf", BaseRules());
    REQUIRE_FALSE(facts.has_value());
    REQUIRE(facts.error().problems.size() == 1);
    const Problem& problem = facts.error().problems[0];
    CAPTURE(problem.message);
    CHECK(problem.code == c.code);
    const std::size_t place = problem.message.rfind("byte ");
    REQUIRE(place != std::string::npos);
    if (c.at == kNowhere) {
      // where it was being read, or where the data would begin
      CHECK(std::stoull(problem.message.substr(place + 5)) < c.bytes.size() + (1ULL << 32));
    } else {
      CHECK(problem.message.substr(place) == "byte " + std::to_string(c.at) + ")");
    }
  }
  // No case is there in two families.
  CHECK(different.size() == cases.all().size());
}

}  // namespace
}  // namespace cmatch::testing
