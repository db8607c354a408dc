// The small grammars: releases and ranges of both numberings, compute capabilities, ranges of them,
// images. The first byte says the numbering, then one text a line; each pair is compared.

#include <optional>

#include "cmatch/compute.h"
#include "cmatch/version.h"
#include "fuzz/fuzz.h"

namespace cmatch::fuzz {
namespace {

constexpr std::size_t kLines = 6;

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < kLines) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

int Sign(int value) { return (value > 0) - (value < 0); }

void RunVersions(Versioning versioning, const std::vector<std::string_view>& lines) {
  std::vector<Version> versions;
  std::vector<VersionRange> ranges;
  for (const std::string_view line : lines) {
    if (const auto version = Version::Parse(versioning, line)) versions.push_back(*version);
    if (const auto range = ParseVersionRange(versioning, line)) ranges.push_back(*range);
  }
  for (const Version& a : versions) {
    Expect(Compare(a, a) == 0, "a release equals itself");
    for (const Version& b : versions) {
      Expect(Sign(Compare(a, b)) == -Sign(Compare(b, a)), "an order has two directions");
      for (const Version& c : versions) {
        Expect(Compare(a, b) > 0 || Compare(b, c) > 0 || Compare(a, c) <= 0,
               "an order is transitive");
      }
    }
  }
  for (const VersionRange& a : ranges) {
    for (const VersionRange& b : ranges) {
      const bool overlap = Overlap(a, b);
      Expect(overlap == Overlap(b, a), "ranges overlap each other");
      for (const Version& version : versions) {
        Expect(overlap || !a.Contains(version) || !b.Contains(version),
               "what is in both ranges is where they overlap");
      }
    }
  }
}

void RunCompute(std::string_view line) {
  if (const auto compute = ParseCompute(line)) {
    Expect(ToString(*compute) == line, "a capability is written as it is read", line);
  }
  if (const auto range = ParseComputeRange(line)) {
    Expect(range->Contains(range->low) && range->Contains(range->high), "a range has both ends",
           line);
    Expect(ParseComputeRange(ToString(*range)) == range, "a range is read as it is written", line);
  }
  if (const auto image = ParseImage(line)) {
    Expect(ToString(*image) == line, "an image is written as it is read", line);
    const bool fits = Fit(*image, image->compute) != ImageFit::kNone;
    Expect(fits == (image->cubin || image->ptx), "an image runs on its own capability", line);
  }
}

}  // namespace

void Run(std::string_view input) {
  if (input.empty()) return;
  const std::vector<std::string_view> lines = Lines(input.substr(1));
  RunVersions((input[0] & 1) != 0 ? Versioning::kBuild : Versioning::kPep440, lines);
  for (const std::string_view line : lines) RunCompute(line);
}

std::vector<std::string> Seeds() {
  return {
      "p0.10.1\n0.10.1rc1\nv0.10.1.post1\n1!2.0.dev3+cu128\n0.9.0a1\n0.10",
      "p>=0.8.0 <0.11.0\n==0.9.0\n>0.8\n<=0.9.0rc1\n0.9.0\n",
      "b4747\nb1\n>=b4000 <b5000\n==b4747\nb9223372036854775807\n",
      "q>=b1\nb0\n<b1\n>b1\nb2\n",
      "p8.9\n8.0..9.0\n9.0a\n10.0f\n12.0+ptx\n7.5ptx",
      "p8.10\n8.1\n08.9\n9.0..8.0\n65535.65535\n65536.0",
  };
}

}  // namespace cmatch::fuzz
