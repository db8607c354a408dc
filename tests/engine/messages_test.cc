// The words of a rule's message by the test that fails: what is required, the other side as a list
// and as a limit, and the sentence that stands where no table row gives a reason.

#include <doctest/doctest.h>

#include "support/rules.h"

namespace cmatch {
namespace {

using testing::Attributes;
using testing::I;
using testing::K;
using testing::S;

TEST_CASE("messages: each word of a template, by the test that fails") {
  const struct {
    const char* check;
    Attributes mcd, ecp;
    const char* want;  // {required}; {supported}; {limit}; {because} (hint)
  } cases[] = {
      {"{value: mcd.one, in: ecp.many}",
       {{"one", S("fp16")}},
       {{"many", K({"fp8", "q4_k_m"})}},
       "fp16; fp8, q4_k_m; fp8, q4_k_m; mcd.one is fp16, not one of fp8, q4_k_m"},
      {"{value: mcd.one, in: ecp.many}",
       {{"one", S("F16")}},
       {{"many", K({})}},
       "F16; none; ; mcd.one is F16, not one of "},
      {"{value: mcd.one, in: ecp.many}",
       {{"one", S("of_its_own")}},
       {{"many", K({"Of-Its-Other", "F16"})}},
       "of_its_own; Of-Its-Other, F16; Of-Its-Other, F16; mcd.one is of_its_own, not one of "
       "Of-Its-Other, F16 (\"of_its_own\" is not a kind that the tables know)"},
      {"{value: mcd.one, in: ecp.many}",
       {{"one", S("fq8")}},
       {{"many", K({"fp16"})}},
       "fq8; fp16; fp16; mcd.one is fq8, not one of fp16 (\"fq8\" is not a kind that the tables "
       "know; did you mean \"fp8\"?)"},
      {"{value: mcd.one, in: ecp.many}",  // another digit is another format
       {{"one", S("fp9")}},
       {{"many", K({"fp16"})}},
       "fp9; fp16; fp16; mcd.one is fp9, not one of fp16 (\"fp9\" is not a kind that the tables "
       "know)"},
      {"{any_of: mcd.many, in: ecp.many}",
       {{"many", K({"fp16", "fp8"})}},
       {{"many", K({"q4_k_m"})}},
       "fp16, fp8; q4_k_m; q4_k_m; mcd.many is fp16, fp8, not one of q4_k_m"},
      {"{each_of: mcd.many, in: ecp.many}",
       {{"many", K({"half", "fp8", "Of-Its-Own", "other"})}},
       {{"many", K({"fp16", "of_its_own"})}},
       "fp8, other; fp16, of_its_own; fp16, of_its_own; mcd.many is half, fp8, Of-Its-Own, other, "
       "not one of fp16, of_its_own (\"other\" is not a kind that the tables know)"},
      {"{each_of: mcd.many, in: ecp.many}",
       {{"many", K({"fp16", "other"})}},
       {{"many", K({"fp16"})}, {"one", S("other")}},
       "other; fp16; fp16; mcd.many is fp16, other, not one of fp16 (\"other\" is not a kind that "
       "the tables know)"},
      {"{each_of: mcd.many, eq: ecp.one}",
       {{"many", K({"fp16", "fp8"})}},
       {{"one", S("F16")}},
       "fp8; F16; F16; mcd.many is fp16, fp8, not F16"},
      {"{value: mcd.one, in: [fp8, q4_k_m]}",
       {{"one", S("fp16")}},
       {},
       "fp16; fp8, q4_k_m; fp8, q4_k_m; mcd.one is fp16, not one of fp8, q4_k_m"},
      {"{not: {value: mcd.one, in: ecp.many}}",
       {{"one", S("half")}},
       {{"many", K({"fp16"})}},
       "half; fp16; fp16; mcd.one is half"},
      {"{value: mcd.n, le: ecp.n}",
       {{"n", I(6)}},
       {{"n", I(5)}},
       "6; none; 5; mcd.n is 6, not at most 5"},
      {"{value: mcd.n, gt: 6}", {{"n", I(6)}}, {}, "6; none; 6; mcd.n is 6, not above 6"},
      {"{value: mcd.n, in: [4, 8]}",
       {{"n", I(6)}},
       {},
       "6; 4, 8; 4, 8; mcd.n is 6, not one of 4, 8"},
      {"{value: mcd.size, le: ecp.size}",
       {{"size", I(3 << 29)}},
       {{"size", I(1 << 20)}},
       "1.5 GiB; none; 1.0 MiB; mcd.size is 1610612736, not at most 1048576"},
      {"{value: mcd.n, multiple_of: ecp.n}",
       {{"n", I(6)}},
       {{"n", I(4)}},
       "6; none; 4; mcd.n is 6, not a multiple of 4 (n may be 1, 2, 3, 6)"},
      {"{value: mcd.word, eq: ecp.word}",
       {{"word", S("this")}},
       {{"word", S("that")}},
       "this; that; that; mcd.word is this, not that"},
      {"{value: mcd.word, in: [that, those]}",
       {{"word", S("this")}},
       {},
       "this; that, those; that, those; mcd.word is this, not one of that, those"},
      {"{value: mcd.ver, ge: ecp.ver}",
       {{"ver", S("1.2")}},
       {{"ver", S("1.10")}},
       "1.2; 1.10; 1.10; mcd.ver is 1.2, not at least 1.10"},
      {"{value: mcd.flag, eq: true}",
       {{"flag", false}},
       {},
       "false; true; true; mcd.flag is false"},
      {"{value: mcd.n, known: true}", {}, {}, "; none; ; mcd.n is not known"},
      {"{any: [{value: mcd.n, gt: 6}, {value: mcd.n, known: false}]}",
       {{"n", I(6)}},
       {},
       "6; none; 6; mcd.n is 6, not above 6"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.check);
    auto files = testing::ToyFiles(testing::RuleYaml("R-1", c.check));
    std::string& text = files[0].text;
    const std::size_t at = text.find("message: ");
    REQUIRE(at != std::string::npos);
    text.replace(at, text.find(", source", at) - at,
                 "message: \"{required}; {supported}; {limit}; {because}\"");
    const CapabilityMatcher matcher(testing::MakeRules(files));
    Mcd mcd = testing::SeedMcd();
    mcd.attributes = c.mcd;
    Ecp ecp = testing::SeedEcp();
    ecp.attributes = c.ecp;
    const auto report = matcher.check_compatibility(mcd, ecp);
    REQUIRE(report.has_value());
    REQUIRE(report->violations.size() == 1);
    const Finding& finding = report->violations[0];
    CHECK(finding.message + (finding.hint.empty() ? "" : " (" + finding.hint + ")") == c.want);
  }
}

}  // namespace
}  // namespace cmatch
