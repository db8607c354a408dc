// The cursor through which every raw byte goes: nothing at or behind the limit is handed out,
// whatever the windows are in which a source gives its bytes.

#include "files/byte_cursor.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cmatch::internal {
namespace {

using Failure = ByteCursor::Failure;

// Gives at most `window` bytes at a time, and nothing at or after `broken`.
class WindowSource : public ByteSource {
 public:
  WindowSource(std::string_view text, std::size_t window, std::uint64_t broken = ~std::uint64_t{0})
      : text_(text), window_(window), broken_(broken) {}

  std::uint64_t size() const override { return text_.size(); }
  Bytes At(std::uint64_t offset) override {
    REQUIRE(offset < text_.size());
    ++asked;
    if (offset >= broken_) return {};
    const std::string_view part = text_.substr(offset, window_);
    return {reinterpret_cast<const unsigned char*>(part.data()), part.size()};
  }

  int asked = 0;

 private:
  std::string_view text_;
  std::size_t window_;
  std::uint64_t broken_;
};

std::string Bytes123(std::size_t count) {
  std::string text;
  for (std::size_t i = 1; i <= count; ++i) text += static_cast<char>(i);
  return text;
}

// A string as GGUF has it.
std::string Counted(std::uint64_t length, const std::string& text) {
  std::string all;
  for (int i = 0; i < 8; ++i) all += static_cast<char>(length >> (8 * i) & 0xff);
  return all + text;
}

TEST_CASE("byte cursor: numbers are little-endian, in one window or across several") {
  const std::string text = Bytes123(16);
  for (std::size_t window = 1; window <= 16; ++window) {
    CAPTURE(window);
    WindowSource source(text, window);
    ByteCursor cursor(source, 16);
    std::uint8_t one = 0;
    std::uint16_t two = 0;
    std::uint32_t four = 0;
    std::uint64_t eight = 0;
    REQUIRE((cursor.Read(one) && cursor.Read(two) && cursor.Read(four) && cursor.Read(eight)));
    CHECK(one == 0x01);
    CHECK(two == 0x0302);
    CHECK(four == 0x07060504);
    CHECK(eight == 0x0f0e0d0c0b0a0908);
    CHECK(cursor.offset() == 15);
    CHECK(cursor.remaining() == 1);
    CHECK(cursor.failure() == Failure::kNone);
    CHECK_FALSE(cursor.Read(two));
    CHECK(cursor.failure() == Failure::kEnd);
  }
}

TEST_CASE("byte cursor: the end of the source and the limit, both sides of each") {
  const struct {
    std::uint64_t size, limit, count;
    Failure want;
  } cases[] = {{8, 8, 7, Failure::kNone},   {8, 8, 8, Failure::kNone},  {8, 8, 9, Failure::kEnd},
               {8, 5, 5, Failure::kNone},   {8, 5, 6, Failure::kLimit}, {8, 5, 8, Failure::kLimit},
               {8, 5, 9, Failure::kEnd},    {8, 99, 8, Failure::kNone}, {8, 99, 9, Failure::kEnd},
               {8, 0, 0, Failure::kNone},   {8, 0, 1, Failure::kLimit}, {0, 0, 1, Failure::kEnd},
               {8, 8, ~0ULL, Failure::kEnd}};
  for (const auto& c : cases) {
    CAPTURE(c.limit);
    CAPTURE(c.count);
    const std::string text = Bytes123(c.size);
    for (const std::size_t window : {1U, 3U, 99U}) {
      CAPTURE(window);
      WindowSource source(text, window);
      ByteCursor visits(source, c.limit);
      std::string seen;
      const bool visited =
          visits.Visit(c.count, [&](Bytes piece) { seen.append(piece.begin(), piece.end()); });
      CHECK(visited == (c.want == Failure::kNone));
      CHECK(visits.failure() == c.want);
      CHECK(seen == (visited ? text.substr(0, c.count) : ""));
      ByteCursor skips(source, c.limit);
      CHECK(skips.Skip(c.count) == visited);
      CHECK(skips.failure() == c.want);
      if (visited) CHECK(skips.offset() == c.count);
    }
  }
}

TEST_CASE("byte cursor: no number is read across the limit, though its window goes on") {
  const std::string text = Bytes123(16);
  for (const std::size_t window : {3U, 4U, 8U, 16U}) {
    CAPTURE(window);
    WindowSource source(text, window);
    ByteCursor cursor(source, 7);
    std::uint16_t number = 0;
    for (int i = 0; i < 3; ++i) CHECK(cursor.Read(number));
    CHECK_FALSE(cursor.Read(number));
    CHECK(cursor.failure() == Failure::kLimit);
    CHECK(number == 0x0605);
  }
}

TEST_CASE("byte cursor: a source that cannot be read is another failure than its end") {
  const std::string text = Bytes123(16);
  WindowSource source(text, 4, 8);
  ByteCursor cursor(source, 16);
  std::uint64_t number = 0;
  CHECK(cursor.Read(number));
  CHECK_FALSE(cursor.Read(number));
  CHECK(cursor.failure() == Failure::kIo);
}

TEST_CASE("byte cursor: back to where it was, and on, without reading a window twice") {
  const std::string text = Bytes123(16);
  const struct {
    std::uint64_t to;
    int asked;  // the windows before are [0, 4) and [5, 9)
  } cases[] = {{5, 2}, {6, 2}, {8, 2}, {4, 3}, {0, 3}, {9, 3}, {15, 3}};
  for (const auto& c : cases) {
    CAPTURE(c.to);
    WindowSource source(text, 4);
    ByteCursor cursor(source, 16);
    std::uint8_t byte = 0;
    REQUIRE((cursor.Read(byte) && cursor.Skip(4) && cursor.Read(byte)));
    CHECK(byte == 6);
    CHECK(source.asked == 2);
    cursor.Seek(c.to);
    CHECK(cursor.offset() == c.to);
    CHECK(cursor.remaining() == 16 - c.to);
    REQUIRE(cursor.Read(byte));
    CHECK(byte == c.to + 1);
    CHECK(source.asked == c.asked);
  }
}

TEST_CASE("byte cursor: strings are skipped by their lengths, none behind the end") {
  const std::string three = Counted(3, "abc") + Counted(0, "") + Counted(9, "123456789");
  const struct {
    std::string text;
    std::uint64_t count;
    Failure want;
    std::uint64_t offset;
  } cases[] = {{three + "x", 0, Failure::kNone, 0},
               {three + "x", 1, Failure::kNone, 11},
               {three + "x", 2, Failure::kNone, 19},
               {three + "x", 3, Failure::kNone, 36},
               {three, 3, Failure::kNone, 36},
               {three, 4, Failure::kEnd, 0},
               {three + "1234567", 4, Failure::kEnd, 0},
               {three + Counted(4, "abc"), 4, Failure::kEnd, 0},
               {three + Counted(~0ULL, "abc"), 4, Failure::kEnd, 0},
               {three + Counted(~0ULL - 7, "abc"), 4, Failure::kEnd, 0},
               {three.substr(0, 35), 3, Failure::kEnd, 0}};
  for (const auto& c : cases) {
    CAPTURE(c.text.size());
    CAPTURE(c.count);
    for (std::size_t window = 1; window <= 50; ++window) {
      CAPTURE(window);
      WindowSource source(c.text, window);
      ByteCursor cursor(source, 1'000);
      CHECK(cursor.SkipStrings(c.count) == (c.want == Failure::kNone));
      CHECK(cursor.failure() == c.want);
      if (c.want == Failure::kNone) CHECK(cursor.offset() == c.offset);
    }
  }
}

}  // namespace
}  // namespace cmatch::internal
