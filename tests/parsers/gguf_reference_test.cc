// The reader of GGUF containers beside a second one that was written apart from it (fixed seeds):
// over random files, random changes of them, every cut and every change of one byte, both read the
// same or refuse the same, at the same byte.

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gguf_difference.h"
#include "support/gguf_writer.h"

namespace cmatch::internal {
namespace {

using testing::GgufWriter;
using testing::ValueType;

class Files {
 public:
  explicit Files(unsigned seed) : random_(seed) {}

  std::size_t Below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  std::string Next() {
    GgufWriter file(OneIn(8) ? 2 : 3);
    if (OneIn(4)) file.Alignment(std::uint32_t{1} << Below(8));
    const std::size_t pairs = Below(9);
    for (std::size_t i = 0; i < pairs; ++i) Pair(file, i);
    if (!OneIn(4)) file.Text("general.architecture", OneIn(6) ? Text() : "a");
    const std::size_t tensors = Below(5);
    for (std::size_t i = 0; i < tensors; ++i) Tensor(file, i);
    std::string bytes = file.Bytes();
    return OneIn(3) ? Changed(std::move(bytes)) : bytes;
  }

  // One to three changes: cut, a byte, a number of 4 or 8 bytes, a piece doubled or taken out.
  std::string Changed(std::string bytes) {
    for (std::size_t n = 1 + Below(3); n > 0 && !bytes.empty(); --n) {
      const std::size_t at = Below(bytes.size());
      switch (Below(6)) {
        case 0:
          bytes.resize(at);
          break;
        case 1:
          bytes[at] = static_cast<char>(Below(256));
          break;
        case 2:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
          break;
        case 3:
          bytes.replace(at, std::min<std::size_t>(8, bytes.size() - at), Extreme());
          break;
        case 4:
          bytes.insert(at, bytes.substr(at, 1 + Below(40)));
          break;
        default:
          bytes.erase(at, 1 + Below(40));
          break;
      }
    }
    return bytes;
  }

 private:
  bool OneIn(std::size_t n) { return Below(n) == 0; }

  std::string Extreme() {
    static constexpr std::uint64_t kNumbers[] = {0,          1,          7,
                                                 63,         64,         65'536,
                                                 65'537,     1U << 30,   (1U << 30) + 1,
                                                 1U << 31,   UINT32_MAX, INT64_MAX,
                                                 1ULL << 63, UINT64_MAX};
    return GgufWriter().Number(kNumbers[Below(std::size(kNumbers))], 8);
  }

  std::string Text() {
    static const std::string kTexts[] = {"",
                                         "plain",
                                         "caf\xC3\xA9",
                                         "\xFF",
                                         "a\x1B[2J",
                                         "/etc/x",
                                         "C:\\x",
                                         "a/b",
                                         "a/../b",
                                         "\xC2\x85",
                                         "\xED\xA0\x80",
                                         "\xF0\x9F\xA6\x99",
                                         "\xC0\xAF",
                                         "~/x",
                                         std::string("a\0b", 3),
                                         std::string(1'024, 'x'),
                                         std::string(1'025, 'x')};
    return kTexts[Below(std::size(kTexts))];
  }

  void Pair(GgufWriter& file, std::size_t i) {
    static const std::string kKeys[] = {"general.name", "general.author", "list",   "flag",
                                        "a.n",          "a.list",         "a.text", "b.list",
                                        "Odd",          "general.other"};
    // Mostly without a key twice.
    const std::string key = OneIn(3)               ? kKeys[Below(std::size(kKeys))]
                            : i < std::size(kKeys) ? kKeys[i]
                                                   : "k" + std::to_string(i);
    static constexpr ValueType kTypes[] = {
        ValueType::kU8,  ValueType::kI8,  ValueType::kU16, ValueType::kI16,
        ValueType::kU32, ValueType::kI32, ValueType::kF32, ValueType::kBool,
        ValueType::kU64, ValueType::kI64, ValueType::kF64,
    };
    static constexpr int kBytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 8, 8, 8};
    const std::size_t t = Below(std::size(kTypes));
    const auto type = static_cast<std::uint32_t>(kTypes[t]);
    switch (Below(4)) {
      case 0:
        file.Text(key, Text());
        break;
      case 1:
        file.Texts(key, {Text(), Text()});
        break;
      case 2:
        file.Raw(key, type, Numbers(kBytes[t], 1));
        break;
      default: {
        const std::size_t count = OneIn(20) ? 4'095 + Below(3) : Below(6);
        file.RawArray(key, type, count, Numbers(kBytes[t], count));
        break;
      }
    }
  }

  std::string Numbers(int bytes, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t number = OneIn(3) ? random_() * 0x1'0000'0001ULL : Below(3);
      out += GgufWriter().Number(number, bytes);
    }
    return out;
  }

  void Tensor(GgufWriter& file, std::size_t i) {
    static const std::string kNames[] = {"token_embd.weight", "output.weight", "t",
                                         std::string("t\0u", 3), ""};
    const std::string name = OneIn(3) ? kNames[Below(std::size(kNames))] : "t" + std::to_string(i);
    std::vector<std::uint64_t> shape;
    for (std::size_t n = Below(5); n > 0; --n) shape.push_back(OneIn(9) ? 0 : 256 * (1 + Below(2)));
    if (shape.size() > 2) shape.assign(3, 32);
    const auto type = static_cast<std::uint32_t>(OneIn(6) ? Below(45) : 12 * Below(2));
    file.Tensor(name, shape, type);
  }

  std::mt19937 random_;
};

TEST_CASE("CMATCH-8002 gguf: a second reader comes to the same over random files and changes") {
  int read = 0;
  int refused = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Files files(seed);
    const std::string file = files.Next();
    for (int change = 0; change < 12; ++change) {
      CAPTURE(change);
      bool is_refused = false;
      REQUIRE(GgufDifference(change == 0 ? file : files.Changed(file), is_refused) == "");
      ++(is_refused ? refused : read);
    }
  }
  // both happen, and often
  CHECK(read > 300);
  CHECK(refused > 300);
}

// Every kind of value and two tensors in some 300 bytes.
std::string TinyFile() {
  GgufWriter file;
  file.Text("general.architecture", "a")
      .U32("a.n", 2)
      .Integers("a.list", ValueType::kI16, {1, -1})
      .Texts("t", {"x", "yz"})
      .Bool("flag", true)
      .F64("d", 0.5)
      .Alignment(8)
      .Tensor("token_embd.weight", {2, 3}, testing::kF32)
      .Tensor("t", {32}, testing::kQ4_0);
  return file.Bytes();
}

TEST_CASE("CMATCH-8002 gguf: a small file cut at every byte, as a second reader has it") {
  const std::string bytes = TinyFile();
  int read = 0;
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    CAPTURE(length);
    bool refused = false;
    REQUIRE(GgufDifference(std::string_view(bytes).substr(0, length), refused) == "");
    read += refused ? 0 : 1;
  }
  // whole, and cut in its data, which is not read: 24 and 18 bytes, the latter padded to 24
  CHECK(read == 24 + 24 + 1);
}

TEST_CASE("CMATCH-8002 gguf: every byte of a small file changed to every other, likewise") {
  const std::string bytes = TinyFile();
  REQUIRE(bytes.size() < 500);
  int read = 0;
  int refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    CAPTURE(at);
    std::string changed = bytes;
    for (int flip = 1; flip < 256; ++flip) {
      CAPTURE(flip);
      changed[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ flip);
      bool is_refused = false;
      REQUIRE(GgufDifference(changed, is_refused) == "");
      ++(is_refused ? refused : read);
    }
  }
  CHECK(read > 10'000);
  CHECK(refused > 10'000);
}

}  // namespace
}  // namespace cmatch::internal
