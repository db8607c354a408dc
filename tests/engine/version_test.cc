#include "cmatch/version.h"

#include <doctest/doctest.h>

#include <string>

namespace cmatch {
namespace {

constexpr Versioning kPep = Versioning::kPep440;
constexpr Versioning kBuild = Versioning::kBuild;

// packaging.python.org, "Version specifiers", "Summary of permitted suffixes and relative
// ordering".
TEST_CASE("PEP 440 releases stand in this order") {
  const char* order[] = {"0.9",
                         "0.10.0.dev1",
                         "0.10.0.dev2",
                         "0.10.0a1.dev1",
                         "0.10.0a1",
                         "0.10.0a1.post1",
                         "0.10.0a2",
                         "0.10.0b1",
                         "0.10.0rc1",
                         "0.10.0rc2",
                         "0.10.0rc10",
                         "0.10.0",
                         "0.10.0.post1.dev3",
                         "0.10.0.post1",
                         "0.10.0.post2",
                         "0.10.1",
                         "0.11",
                         "1.0",
                         "1!0.1"};
  for (std::size_t i = 0; i < std::size(order); ++i) {
    for (std::size_t j = 0; j < std::size(order); ++j) {
      CAPTURE(order[i]);
      CAPTURE(order[j]);
      const auto a = Version::Parse(kPep, order[i]);
      const auto b = Version::Parse(kPep, order[j]);
      REQUIRE(a.has_value());
      REQUIRE(b.has_value());
      const int want = i < j ? -1 : i > j ? 1 : 0;
      const int got = Compare(*a, *b);
      CHECK((got < 0 ? -1 : got > 0 ? 1 : 0) == want);
    }
  }
}

TEST_CASE("spellings of one release are equal") {
  const struct {
    Versioning versioning;
    const char* a;
    const char* b;
  } cases[] = {
      {kPep, "1.0", "1.0.0"},          {kPep, "v1.0", "1.0"},         {kPep, "1.0+cu128", "1.0"},
      {kPep, "1.0alpha1", "1.0a1"},    {kPep, "1.0-rc1", "1.0rc1"},   {kPep, "1.0c1", "1.0rc1"},
      {kPep, "1.0.post", "1.0.post0"}, {kPep, "1.0.beta.2", "1.0b2"}, {kPep, "0!1.0", "1.0"},
      {kPep, "1.0_rc_1", "1.0rc1"},    {kBuild, "b0042", "b42"}};
  for (const auto& c : cases) {
    CAPTURE(c.a);
    const auto a = Version::Parse(c.versioning, c.a);
    const auto b = Version::Parse(c.versioning, c.b);
    REQUIRE(a.has_value());
    REQUIRE(b.has_value());
    CHECK(*a == *b);
  }
}

TEST_CASE("what is not a release is refused") {
  for (const char* text :
       {"", "v", "latest", "1.", ".1", "1..0", "-1", "+1", "1.0+", "1.0x", "1.0rc1x", " 1.0",
        "1.0 ", "1.2.3.4.5.6.7", "9999999999.0", "1.0post1dev2x", "!1", "1!", "b4747"}) {
    CAPTURE(text);
    CHECK_FALSE(Version::Parse(kPep, text).has_value());
  }
  for (const char* text :
       {"", "b", "4747", "v4747", "b4747x", "b-1", "b1.0", "b 1", "B1", "b9999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(Version::Parse(kBuild, text).has_value());
  }
  CHECK(Version::Parse(kPep, "1.2.3.4.5.6").has_value());
  CHECK(Version::Parse(kPep, "999999999.0").has_value());
  CHECK(Version::Parse(kBuild, "b999999999").has_value());
}

TEST_CASE("a range holds where each of its comparators does") {
  const struct {
    Versioning versioning;
    const char* range;
    const char* version;
    bool want;
  } cases[] = {{kPep, ">=0.8.0 <0.11.0", "0.7.9", false},
               {kPep, ">=0.8.0 <0.11.0", "0.8.0", true},
               {kPep, ">=0.8.0 <0.11.0", "0.8.0rc1", false},
               {kPep, ">=0.8.0 <0.11.0", "0.10.9", true},
               {kPep, ">=0.8.0 <0.11.0", "0.11.0rc1", true},
               {kPep, ">=0.8.0 <0.11.0", "0.11.0", false},
               {kPep, ">0.8", "0.8", false},
               {kPep, ">0.8", "0.8.post1", true},
               {kPep, "<=0.8", "0.8", true},
               {kPep, "<=0.8", "0.8.post1", false},
               {kPep, "==0.8", "0.8.0", true},
               {kPep, "==0.8", "0.8.1", false},
               {kPep, "<0.8", "0.8", false},
               {kPep, "<0.8", "0.8.dev1", true},
               {kBuild, ">=b4747", "b4746", false},
               {kBuild, ">=b4747", "b4747", true},
               {kBuild, "<b4747", "b4746", true},
               {kBuild, "<b4747", "b4747", false},
               {kBuild, ">b9", "b10", true}};
  for (const auto& c : cases) {
    CAPTURE(c.range);
    CAPTURE(c.version);
    const auto range = ParseVersionRange(c.versioning, c.range);
    REQUIRE(range.has_value());
    CHECK(range->Contains(*Version::Parse(c.versioning, c.version)) == c.want);
    CHECK(range->text == c.range);
  }
  CHECK(VersionRange{}.Contains(*Version::Parse(kPep, "1.0")));
}

TEST_CASE("what is not a range is refused") {
  for (const char* text : {"", " ", "0.8", "~=0.8", "!=0.8", ">= 0.8", ">=", "=0.8", ">=0.8,<0.9",
                           ">=x", "===0.8", ">=0.8 0.9", "*"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseVersionRange(kPep, text).has_value());
  }
  CHECK_FALSE(ParseVersionRange(kBuild, ">=4747").has_value());
}

TEST_CASE("two ranges overlap where one release is in both") {
  const struct {
    const char* a;
    const char* b;
    bool want;
  } cases[] = {{"<0.8", ">=0.8", false},
               {"<=0.8", ">=0.8", true},
               {"<=0.8", ">0.8", false},
               {"<0.8", ">0.8", false},
               {"<0.9", ">=0.8", true},
               {"==0.8", ">=0.8", true},
               {"==0.8", ">0.8", false},
               {"==0.8", "<0.8", false},
               {"==0.8", "<=0.8", true},
               {"==0.8", "==0.8.0", true},
               {"==0.8", "==0.8.1", false},
               {"<0.8", "<0.2", true},
               {">0.8", ">=3", true},
               {">=0.2 <0.8", ">=0.8 <1", false},
               {">=0.2 <=0.8", ">=0.8 <1", true},
               {">=0.2 <0.8", ">=0.1 <0.2", false},
               {">=0.2 <0.8", ">=0.1 <=0.2", true},
               {">=0.2 <0.9", ">=0.3 <0.4", true},
               // a range that holds nothing overlaps nothing
               {">=0.9 <0.8", ">=0.1", false},
               {">=0.8 <0.8", "<=0.8", false}};
  for (const auto& c : cases) {
    CAPTURE(c.a);
    CAPTURE(c.b);
    const auto a = ParseVersionRange(kPep, c.a);
    const auto b = ParseVersionRange(kPep, c.b);
    REQUIRE(a.has_value());
    REQUIRE(b.has_value());
    CHECK(Overlap(*a, *b) == c.want);
    CHECK(Overlap(*b, *a) == c.want);
  }
  CHECK(Overlap(VersionRange{}, VersionRange{}));
  CHECK(Overlap(VersionRange{}, *ParseVersionRange(kPep, "<0.8")));
}

}  // namespace
}  // namespace cmatch
