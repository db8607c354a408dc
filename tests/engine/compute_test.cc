#include "cmatch/compute.h"

#include <doctest/doctest.h>

namespace cmatch {
namespace {

std::string Shown(std::optional<ComputeCapability> compute) {
  return compute ? ToString(*compute) : "refused";
}

TEST_CASE("a compute capability is two numbers, written with a point") {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"8.9", "8.9"},         {"12.1", "12.1"},      {"8.10", "8.10"},      {"1.0", "1.0"},
      {"999.999", "999.999"}, {"1000.0", "refused"}, {"8.1000", "refused"}, {"", "refused"},
      {"8", "refused"},       {"8.", "refused"},     {".9", "refused"},     {".", "refused"},
      {"89", "refused"},      {"sm_89", "refused"},  {"8.9a", "refused"},   {"8.9 ", "refused"},
      {" 8.9", "refused"},    {"+8.9", "refused"},   {"-8.9", "refused"},   {"8.-9", "refused"},
      {"08.9", "refused"},    {"8.09", "refused"},   {"0.0", "refused"},    {"0.9", "refused"},
      {"8.9.0", "refused"},   {"8,9", "refused"},    {"8.9e1", "refused"},  {"8..9", "refused"}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(Shown(ParseCompute(c.text)) == c.want);
  }
}

TEST_CASE("compute capabilities are ordered as pairs, not as decimal numbers") {
  CHECK(*ParseCompute("8.9") < *ParseCompute("8.10"));
  CHECK(*ParseCompute("8.9") < *ParseCompute("9.0"));
  CHECK(*ParseCompute("9.0") < *ParseCompute("10.0"));
  CHECK_FALSE(*ParseCompute("8.1") == *ParseCompute("8.10"));
}

TEST_CASE("a capability range has both ends and includes them") {
  const struct {
    const char* range;
    const char* compute;
    bool want;
  } cases[] = {{"8.0..9.0", "8.0", true},  {"8.0..9.0", "9.0", true},   {"8.0..9.0", "8.6", true},
               {"8.0..9.0", "7.5", false}, {"8.0..9.0", "10.0", false}, {"8.9", "8.9", true},
               {"8.9", "8.6", false},      {"8.9", "9.0", false},       {"8.9..8.9", "8.9", true}};
  for (const auto& c : cases) {
    CAPTURE(c.range);
    CAPTURE(c.compute);
    const auto range = ParseComputeRange(c.range);
    REQUIRE(range.has_value());
    CHECK(range->Contains(*ParseCompute(c.compute)) == c.want);
  }
  for (const char* text : {"9.0..8.0", "8.0..", "..9.0", "8.0...9.0", "8.0-9.0", "8.0..9.0a", ""}) {
    CAPTURE(text);
    CHECK_FALSE(ParseComputeRange(text).has_value());
  }
  CHECK(ToString(*ParseComputeRange("8.0..9.0")) == "8.0..9.0");
  CHECK(ToString(*ParseComputeRange("8.9..8.9")) == "8.9");
}

TEST_CASE("an image is a cubin, PTX, or both, with a suffix or none") {
  for (const char* text : {"8.9", "9.0a", "10.0f", "12.0+ptx", "7.5ptx", "9.0aptx", "9.0a+ptx"}) {
    CAPTURE(text);
    const auto image = ParseImage(text);
    REQUIRE(image.has_value());
    CHECK(ToString(*image) == text);
  }
  for (const char* text :
       {"", "ptx", "+ptx", "8.9b", "8.9af", "89", "8.9ptx+ptx", "8.9 ptx", "a"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseImage(text).has_value());
  }
}

// CUDA C++ Programming Guide, "Binary Compatibility" and "PTX Compatibility".
TEST_CASE("CMATCH-8133 an image runs where its cubin or its PTX does") {
  constexpr ImageFit kNone = ImageFit::kNone;
  constexpr ImageFit kPtx = ImageFit::kPtx;
  constexpr ImageFit kCubin = ImageFit::kCubin;
  const struct {
    const char* image;
    const char* device;
    ImageFit want;
  } cases[] = {// a cubin: same major, minor not above the device's
               {"8.0", "8.0", kCubin},
               {"8.0", "8.6", kCubin},
               {"8.0", "8.9", kCubin},
               {"8.6", "8.0", kNone},
               {"8.9", "8.6", kNone},
               {"8.0", "9.0", kNone},
               {"9.0", "8.9", kNone},
               {"12.0", "12.1", kCubin},
               {"10.0", "12.0", kNone},
               // Tegra and discrete parts share no cubins
               {"8.0", "8.7", kNone},
               {"8.6", "8.7", kNone},
               {"8.7", "8.7", kCubin},
               {"8.7", "8.9", kNone},
               {"7.0", "7.2", kNone},
               {"7.2", "7.5", kNone},
               {"6.0", "6.2", kNone},
               {"5.2", "5.3", kNone},
               {"11.0", "11.0", kCubin},
               // PTX: any device not below it, Tegra too
               {"8.0ptx", "8.0", kPtx},
               {"8.0ptx", "8.7", kPtx},
               {"8.0ptx", "12.0", kPtx},
               {"8.0ptx", "7.5", kNone},
               {"8.9ptx", "8.7", kNone},
               // both: the cubin where it fits, else the PTX
               {"8.0+ptx", "8.6", kCubin},
               {"8.0+ptx", "8.7", kPtx},
               {"8.0+ptx", "9.0", kPtx},
               {"8.0+ptx", "7.5", kNone},
               // 'a': exactly this capability, its PTX too
               {"9.0a", "9.0", kCubin},
               {"9.0a", "10.0", kNone},
               {"10.0a", "10.3", kNone},
               {"9.0aptx", "9.0", kPtx},
               {"9.0aptx", "10.0", kNone},
               {"9.0a+ptx", "10.0", kNone},
               // 'f': the family, which is the same major from this minor on
               {"10.0f", "10.0", kCubin},
               {"10.0f", "10.3", kCubin},
               {"10.3f", "10.0", kNone},
               {"10.0f", "12.0", kNone},
               {"12.0f", "12.1", kCubin},
               {"10.0fptx", "10.3", kPtx},
               {"10.0fptx", "12.0", kNone}};
  for (const auto& c : cases) {
    CAPTURE(c.image);
    CAPTURE(c.device);
    CHECK(Fit(*ParseImage(c.image), *ParseCompute(c.device)) == c.want);
  }
}

}  // namespace
}  // namespace cmatch
