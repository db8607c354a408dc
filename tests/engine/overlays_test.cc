// Overlays and waivers: who they are for, and until when.

#include <doctest/doctest.h>

#include "judge.h"
#include "support/rules.h"

namespace cmatch {
namespace {

using testing::Ids;
using testing::MakeRules;
using testing::OutcomeOf;
using testing::ProblemCodes;
using testing::RuleYaml;
using testing::SeedEcp;
using testing::SeedMcd;
using testing::ToyFiles;

constexpr const char* kPass = "{value: mcd.context_max, ge: 1}";
constexpr const char* kFail = "{value: mcd.context_max, lt: 1}";

std::vector<RuleFile> WithOverlay(const std::string& overlay,
                                  const std::string& rules = RuleYaml("R", kFail)) {
  std::vector<RuleFile> files = ToyFiles(rules);
  files.push_back({"overlay.yaml",
                   "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\n"
                   "owner: ops\n" +
                       overlay});
  return files;
}

TEST_CASE("waivers: model and worker globs") {
  const struct {
    const char* model;
    const char* worker;
    bool want;  // of "meta-llama/Llama-3.1-8B" on "gpu-0-worker"
  } cases[] = {{"*", "*", true},
               {"meta-llama/*", "*", true},
               {"meta-llama/Llama-3.1-8B", "gpu-0-worker", true},
               {"*8B", "*", true},
               {"*Llama*8*", "gpu-*-worker", true},
               {"meta-llama/*Llama-3.1-8B", "gpu-0*-worker", true},  // of no characters
               {"**", "***", true},
               {"meta-llama/Llama-3.1-8B*", "*", true},
               {"meta-llama", "*", false},
               {"Meta-llama/*", "*", false},
               {"*70B", "*", false},
               {"*", "gpu-1-*", false},
               {"meta-llama/Llama-3.1-8", "*", false},
               {"meta-llama/Llama-3?1-8B", "*", false}};
  for (const auto& c : cases) {
    CAPTURE(c.model);
    CAPTURE(c.worker);
    const auto rules = MakeRules(WithOverlay(std::string("waive:\n  - {rule: R, model: \"") +
                                             c.model + "\", worker: \"" + c.worker +
                                             "\", reason: \"known\", expires: \"2026-12-31\"}\n"));
    CHECK(OutcomeOf(rules, "R", {}, {}, {.today = "2026-01-01"}) == (c.want ? "waived" : "fail"));
  }
}

TEST_CASE("waivers: a glob ends where it says it does, whatever lies behind it in memory") {
  const struct {
    std::string_view pattern;
    std::string_view text;
    bool want;
  } cases[] = {{std::string_view("ab*").substr(0, 2), "ab", true},
               {std::string_view("ab*").substr(0, 2), "abc", false},
               {std::string_view("abc").substr(0, 2), "abc", false},
               {std::string_view("abc").substr(0, 2), std::string_view("abc").substr(0, 2), true}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(internal::MatchesGlob(c.pattern, c.text) == c.want);
  }
}

TEST_CASE("waivers: until the day before the date, that day no longer, without a date always") {
  const auto rules =
      MakeRules(WithOverlay("waive:\n  - {rule: R, model: \"*\", worker: \"*\", reason: \"known\", "
                            "expires: \"2026-12-31\"}\n"));
  const struct {
    const char* today;
    const char* want;
  } cases[] = {{"2026-12-30", "waived"},
               {"2026-12-31", "fail"},
               {"2027-01-01", "fail"},
               {"2025-12-31", "waived"},
               {"", "waived"}};
  for (const auto& c : cases) {
    CAPTURE(c.today);
    CHECK(OutcomeOf(rules, "R", {}, {}, {.today = c.today}) == c.want);
  }
  const auto undated = CapabilityMatcher(rules).check_compatibility(SeedMcd(), SeedEcp());
  REQUIRE(undated.has_value());
  REQUIRE(undated->warnings.size() == 1);
  CHECK(undated->warnings[0].error == "Expired");
  CHECK(undated->warnings[0].message.find("no date was given") != std::string::npos);
}

TEST_CASE("waivers: what is waived is listed with the reason, and only failures are") {
  const auto rules = MakeRules(WithOverlay(
      "waive:\n  - {rule: R, model: \"*\", worker: \"*\", reason: \"known\", expires: "
      "\"2026-12-31\"}\n"
      "  - {rule: W, model: \"*\", worker: \"*\", reason: \"known\", expires: \"2026-12-31\"}\n",
      RuleYaml("R", kFail) + RuleYaml("W", kFail, "severity: warning") + RuleYaml("S", kFail)));
  const CapabilityMatcher matcher(rules, {.today = "2026-01-01"});
  const auto report = matcher.check_compatibility(SeedMcd(), SeedEcp());
  REQUIRE(report.has_value());
  CHECK_FALSE(report->compatible);
  CHECK(Ids(report->violations) == "S");
  CHECK(Ids(report->waived) == "R");
  CHECK(Ids(report->warnings) == "W");
  CHECK(report->waived[0].hint.find("known") != std::string::npos);
  CHECK(report->waived[0].hint.find("site") != std::string::npos);
}

TEST_CASE("overlays: past its date it still applies and warns") {
  const auto rules =
      MakeRules(WithOverlay("expires: \"2027-03-01\"\nset:\n  - {target: rules/R/severity, value: "
                            "warning, expect: error}\n"));
  const struct {
    const char* today;
    std::size_t warnings;  // the rule's own and the overlay's
  } cases[] = {{"2027-02-28", 1}, {"2027-03-01", 2}, {"2028-01-01", 2}, {"", 2}};
  for (const auto& c : cases) {
    CAPTURE(c.today);
    const CapabilityMatcher matcher(rules, {.today = c.today});
    const auto report = matcher.check_compatibility(SeedMcd(), SeedEcp());
    REQUIRE(report.has_value());
    CHECK(report->compatible);
    CHECK(report->warnings.size() == c.warnings);
    CHECK(report->warnings[0].rule == "R");
    if (c.warnings == 2) CHECK(report->warnings[1].error == "Expired");
  }
  REQUIRE(rules->tables().overrides.size() == 1);
  CHECK(rules->tables().overrides[0].replaced == "error");
}

TEST_CASE("overlays: each expired layer warns once") {
  std::vector<RuleFile> files = ToyFiles(RuleYaml("R", kPass) + RuleYaml("S", kPass));
  for (const char* layer : {"a", "b"}) {
    files.push_back({std::string("overlay-") + layer + ".yaml",
                     std::string("kind: cmatch.overlay/v1\nlayer: ") + layer +
                         "\nreason: \"r\"\nowner: ops\nexpires: \"2020-01-01\"\nset:\n"
                         "  - {target: rules/R/severity, value: warning}\n"
                         "  - {target: rules/S/severity, value: warning}\n"});
  }
  const CapabilityMatcher matcher(MakeRules(files), {.today = "2026-01-01"});
  CHECK(matcher.check_compatibility(SeedMcd(), SeedEcp())->warnings.size() == 2);
}

TEST_CASE("an overlay that expects another value below is stale") {
  CHECK(ProblemCodes(
            WithOverlay("set:\n  - {target: rules/R/severity, value: off, expect: warning}\n")) ==
        "rules-stale-overlay");
  CHECK(ProblemCodes(WithOverlay("set:\n  - {target: rules/Q/severity, value: off}\n")) ==
        "rules-unknown-target");
}

}  // namespace
}  // namespace cmatch
