// What is UTF-8, byte by byte (the table of well-formed sequences of the Unicode standard, 3.9).

#include "files/text_check.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace cmatch::internal {
namespace {

TEST_CASE("text: the length of a UTF-8 sequence, 0 where it is none") {
  const struct {
    std::string_view bytes;
    std::size_t want;
  } cases[] = {
      {"", 0},
      {std::string_view("\0", 1), 1},
      {"a", 1},
      {"\x7f", 1},
      // a byte that goes on, overlong sequences of two
      {"\x80", 0},
      {"\xbf\xbf", 0},
      {"\xc0\x80", 0},
      {"\xc1\xbf", 0},
      {"\xc2\x80", 2},
      {"\xdf\xbf", 2},
      {"\xdf\xbfx", 2},
      {"\xdf", 0},
      {"\xdfx", 0},
      {"\xdf\xc0", 0},
      // three: overlong below E0 A0, surrogates from ED A0
      {"\xe0\x9f\xbf", 0},
      {"\xe0\xa0\x80", 3},
      {"\xe1\x80\x80", 3},
      {"\xe2\x82\xac", 3},
      {"\xe2\x82", 0},
      {"\xe2\x82x", 0},
      {"\xe2x\xac", 0},
      {"\xed\x9f\xbf", 3},
      {"\xed\xa0\x80", 0},
      {"\xed\xbf\xbf", 0},
      {"\xee\x80\x80", 3},
      {"\xef\xbf\xbf", 3},
      // four: overlong below F0 90, beyond U+10FFFF from F4 90
      {"\xf0\x8f\xbf\xbf", 0},
      {"\xf0\x90\x80\x80", 4},
      {"\xf1\x80\x80\x80", 4},
      {"\xf0\x9f\x98\x80", 4},
      {"\xf0\x9f\x98", 0},
      {"\xf0\x9f\x98x", 0},
      {"\xf4\x8f\xbf\xbf", 4},
      {"\xf4\x90\x80\x80", 0},
      {"\xf5\x80\x80\x80", 0},
      {"\xff", 0},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.bytes));
    CHECK(Utf8SequenceLength(c.bytes) == c.want);
    CHECK(IsUtf8(c.bytes) == (c.bytes.empty() || c.want != 0));
    CHECK(IsUtf8("a" + std::string(c.bytes) + "b") == (c.bytes.empty() || c.want != 0));
  }
}

}  // namespace
}  // namespace cmatch::internal
