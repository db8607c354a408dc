// The releases of an engine, cut where its rows begin and end.

#include "release_spans.h"

#include <doctest/doctest.h>

namespace cmatch {
namespace {

TEST_CASE("releases: cut at every boundary, one release for each span") {
  const struct {
    Versioning versioning;
    std::vector<std::string_view> ranges;
    const char* want;
  } cases[] = {
      {Versioning::kPep440, {">=1.0 <3.0"}, " <1.0|>=1.0 <3.0|>=3.0 "},
      {Versioning::kPep440, {">=1.0", "<=2.0"}, " <1.0|>=1.0 <=2.0|>2.0 "},
      {Versioning::kPep440, {"==1.0"}, " <1.0|==1.0|>1.0 "},
      {Versioning::kPep440, {">1.0", "<=1.0"}, " <=1.0|>1.0 "},
      // nothing lies between a release and the first development release of its first post-release
      {Versioning::kPep440, {">1.0", "<1.0.post0.dev0"}, " <=1.0|>=1.0.post0.dev0 "},
      {Versioning::kPep440,
       {">1.0.post1", "<1.0.post2"},
       " <=1.0.post1|>1.0.post1 <1.0.post2|>=1.0.post2 "},
      {Versioning::kPep440, {">1.0rc1", "<1.0"}, " <=1.0rc1|>1.0rc1 <1.0|>=1.0 "},
      {Versioning::kPep440, {">1.0.dev1", "<1.0.dev2"}, " <=1.0.dev1|>=1.0.dev2 "},
      {Versioning::kBuild, {">=b10 <b20"}, " <b10|>=b10 <b20|>=b20 "},
      {Versioning::kBuild, {">b10", "<b11"}, " <=b10|>=b11 "},
      {Versioning::kBuild, {">b10", "<b12"}, " <=b10|>b10 <b12|>=b12 "},
      {Versioning::kBuild, {">=b0"}, ">=b0 "},
  };
  for (const auto& c : cases) {
    std::string got;
    const auto spans = internal::CutReleases(c.versioning, c.ranges);
    for (const internal::ReleaseSpan& span : spans) {
      const std::string text = internal::RangeText(span, span);
      got += got.empty() ? "" : "|";
      got += text.starts_with("<") ? " " + text : text;
      if (text.starts_with(">") && span.to.empty()) got += " ";
    }
    CHECK(got == c.want);
    // every span's release is in the range that names the span, and in no other
    for (const internal::ReleaseSpan& span : spans) {
      for (const internal::ReleaseSpan& other : spans) {
        const std::string text = internal::RangeText(other, other);
        const auto range = ParseVersionRange(c.versioning, text);
        REQUIRE(range.has_value());
        CHECK(range->Contains(span.representative) == (&span == &other));
      }
    }
  }
}

}  // namespace
}  // namespace cmatch
