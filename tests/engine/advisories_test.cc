// Known vulnerabilities of an engine's releases, as warnings of a report.

#include <doctest/doctest.h>

#include "cmatch/coverage.h"
#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::Built;
using testing::I;
using testing::Judged;
using testing::kTableRules;
using testing::MakeRules;
using testing::Model;
using testing::ProblemCodes;
using testing::ToyFiles;

// What stands after `id: CVE-1, engine: toy` of the one advisory, and an overlay, empty for none.
std::vector<RuleFile> With(const std::string& members, const std::string& overlay = "") {
  std::vector<RuleFile> files = ToyFiles(kTableRules);
  files.push_back({"advisories.yaml",
                   "kind: cmatch.advisories/v1\nadvisories:\n  - {id: CVE-1, also: [GHSA-1], "
                   "engine: toy, concerns: \"a file runs code\", source: \"the advisory\", " +
                       members + "}\n"});
  if (!overlay.empty()) {
    files.push_back({"site.yaml",
                     "kind: cmatch.overlay/v1\nlayer: site\nreason: \"patched here\"\n"
                     "owner: ops\n" +
                         overlay + "\n"});
  }
  return files;
}

constexpr const char* kBefore2 = "versions: \"<2.0\", fixed: \"2.0\"";

TEST_CASE("advisories: a release in the range is warned of, both sides of each end") {
  const struct {
    const char* versions;
    const char* release;
    bool warns;
  } cases[] = {
      {"<2.0", "1.9", true},       {"<2.0", "2.0", false},     {"<2.0", "2.0rc1", true},
      {"<=2.0", "2.0", true},      {"<=2.0", "2.0.1", false},  {">=1.5 <2.0", "1.4", false},
      {">=1.5 <2.0", "1.5", true}, {">=1.5 <2.0", "2", false}, {"==2.0", "2.0", true}};
  for (const auto& c : cases) {
    CAPTURE(c.versions);
    CAPTURE(c.release);
    const auto rules = MakeRules(With("versions: \"" + std::string(c.versions) + "\""));
    const Report report = Judged(rules, Model(), Built(*rules, {.version = c.release}));
    CHECK((testing::Find(report.warnings, "CVE-1") != nullptr) == c.warns);
  }
}

TEST_CASE("advisories: the finding says what, where it is fixed, and by which row") {
  const auto rules = MakeRules(With(kBefore2));
  const Report report = Judged(rules, Model(), Built(*rules, {.version = "1.0"}));
  const Finding* finding = testing::Find(report.warnings, "CVE-1");
  REQUIRE(finding != nullptr);
  CHECK(finding->error == "Advisory");
  CHECK(finding->severity == Severity::kWarning);
  CHECK(finding->message == "toy 1.0 is vulnerable: a file runs code");
  CHECK(finding->hint == "fixed in toy 2.0");
  REQUIRE(finding->source.has_value());
  CHECK(ToString(finding->source->where) == "advisories.yaml:3:5");
  CHECK(finding->source->text == "the advisory");
}

TEST_CASE(
    "advisories: no fixed release is said, and a profile without a release warns of nothing") {
  const auto rules = MakeRules(With("versions: \"<2.0\""));
  Ecp ecp = Built(*rules, {.version = "1.0"});
  CHECK(testing::Find(Judged(rules, Model(), ecp).warnings, "CVE-1")->hint ==
        "no fixed release is known");
  ecp.attributes.erase("engine_version");
  CHECK(testing::Find(Judged(rules, Model(), ecp).warnings, "CVE-1") == nullptr);
}

TEST_CASE("advisories: `when` is three-valued, and unknown warns") {
  const auto rules = MakeRules(With("versions: \"<2.0\", when: {value: mcd.head_dim, ge: 128}"));
  const Ecp ecp = Built(*rules, {.version = "1.0"});
  CHECK(testing::Find(Judged(rules, Model({{"head_dim", I(127)}}), ecp).warnings, "CVE-1") ==
        nullptr);
  const Report yes = Judged(rules, Model({{"head_dim", I(128)}}), ecp);
  REQUIRE(testing::Find(yes.warnings, "CVE-1") != nullptr);
  CHECK(testing::Find(yes.warnings, "CVE-1")->message == "toy 1.0 is vulnerable: a file runs code");
  const Report unknown = Judged(rules, Model({}), ecp);
  REQUIRE(testing::Find(unknown.warnings, "CVE-1") != nullptr);
  CHECK(testing::Find(unknown.warnings, "CVE-1")->message ==
        "toy 1.0 is vulnerable: a file runs code; whether this model is concerned is not known: "
        "mcd.head_dim is not known");
}

TEST_CASE("advisories: an overlay switches one off or waives it, up to the day before its date") {
  const struct {
    const char* overlay;
    const char* today;
    bool warned, waived;
  } cases[] = {
      {"", "2026-01-01", true, false},
      {"set: [{target: advisories/toy/CVE-1/severity, value: off}]", "2026-01-01", false, false},
      {"set: [{target: advisories/toy/CVE-1/severity, value: warning}]", "2026-01-01", true, false},
      {"waive: [{rule: CVE-1, reason: backport, expires: \"2026-02-01\"}]", "2026-01-31", false,
       true},
      {"waive: [{rule: CVE-1, reason: backport, expires: \"2026-02-01\"}]", "2026-02-01", true,
       false},
      {"waive: [{rule: CVE-1, model: \"other/*\", reason: backport, expires: \"2026-02-01\"}]",
       "2026-01-31", true, false}};
  for (const auto& c : cases) {
    CAPTURE(c.overlay);
    const auto rules = MakeRules(With(kBefore2, c.overlay));
    const CapabilityMatcher matcher(rules, {.today = c.today});
    const auto report = matcher.check_compatibility(Model(), Built(*rules, {.version = "1.0"}));
    REQUIRE(report.has_value());
    CHECK((testing::Find(report->warnings, "CVE-1") != nullptr) == c.warned);
    CHECK((testing::Find(report->waived, "CVE-1") != nullptr) == c.waived);
  }
}

TEST_CASE("advisories: what is refused") {
  const struct {
    const char* members;
    const char* overlay;
    const char* want;
  } cases[] = {
      {kBefore2, "", ""},
      {"versions: \"<=2.0\", fixed: \"2.0\"", "", "rules-bad-advisory"},
      {"versions: \"<2.0\", fixed: \"two\"", "", "rules-bad-advisory"},
      {"versions: \"=>2.0\"", "", "rules-bad-advisory"},
      {"versions: \">=3.0\"", "", "rules-bad-advisory"},  // the window ends before 3.0
      {"versions: \">=2.9\"", "", ""},
      {"versions: \"<2.0\", when: {value: mcd.no_such, eq: 1}", "", "rules-unknown-field"},
      {"versions: \"<2.0\", severity: off", "", "yaml-unknown-key"},
      {kBefore2, "waive: [{rule: CVE-2, reason: r}]", "rules-unknown-target"},
      {kBefore2, "set: [{target: advisories/toy/CVE-2/severity, value: off}]",
       "rules-unknown-target"},
      {kBefore2, "set: [{target: advisories/toys/CVE-1/severity, value: off}]",
       "rules-unknown-target"},
      {kBefore2, "set: [{target: advisories/toy/CVE-1/fixed, value: off}]", "rules-unknown-target"},
      {kBefore2, "set: [{target: advisories/toy/CVE-1/severity, value: error}]",
       "yaml-unknown-word"},
      {kBefore2, "set: [{target: advisories/toy/CVE-1/severity, value: off, expect: off}]",
       "rules-stale-overlay"}};
  for (const auto& c : cases) {
    CAPTURE(c.members);
    CAPTURE(c.overlay);
    CHECK(ProblemCodes(With(c.members, c.overlay)) == c.want);
  }
}

TEST_CASE("advisories: a problem has the place of the bound that is wrong") {
  const auto where = [&](const std::string& last) {
    std::vector<RuleFile> files = ToyFiles(kTableRules);
    files.push_back({"a.yaml",
                     "kind: cmatch.advisories/v1\nadvisories:\n  - id: CVE-1\n    engine: toy\n"
                     "    concerns: c\n    source: s\n" +
                         last});
    auto tables = ReadTables(files);
    REQUIRE(tables.has_value());
    const auto rules = RuleSet::Create(*std::move(tables));
    REQUIRE_FALSE(rules.has_value());
    REQUIRE(rules.error().problems.size() == 1);
    return ToString(rules.error().problems[0].where);
  };
  CHECK(where("    versions: \"<=2.0\"\n    fixed: \"2.0\"\n") == "a.yaml:8:12");
  CHECK(where("    versions: \"=2.0\"\n") == "a.yaml:7:15");
}

TEST_CASE("advisories: an engine without tables, and one release stated twice") {
  const std::string row = "  - {id: CVE-1, concerns: c, source: s, engine: ";
  const auto codes = [&](const std::string& rows) {
    std::vector<RuleFile> files = ToyFiles(kTableRules);
    files.push_back({"a.yaml", "kind: cmatch.advisories/v1\nadvisories:\n" + rows});
    return ProblemCodes(files);
  };
  CHECK(codes(row + "toys, versions: \"<2.0\"}\n") == "rules-bad-advisory");
  CHECK(codes(row + "toy, versions: \"<2.0\"}\n" + row + "toy, versions: \">=2.0\"}\n") == "");
  CHECK(codes(row + "toy, versions: \"<=2.0\"}\n" + row + "toy, versions: \">=2.0\"}\n") ==
        "rules-overlap");
}

TEST_CASE("advisories: they tell two digests apart and want a case") {
  const auto rules = MakeRules(With(kBefore2));
  CHECK(rules->digest() != MakeRules(ToyFiles(kTableRules))->digest());
  CHECK(rules->digest() != MakeRules(With("versions: \"<1.9\", fixed: \"2.0\""))->digest());
  const CapabilityMatcher matcher(rules);
  Coverage coverage(rules);
  const auto wants_case = [&] {
    for (const Coverage::Gap& gap : coverage.Gaps()) {
      if (gap.what == "toy advisory CVE-1") return true;
    }
    return false;
  };
  const auto add = [&](const char* version) {
    const auto model = matcher.Bind(Model());
    const auto worker = matcher.Bind(Built(*rules, {.version = version}));
    coverage.Add(*model, *worker, matcher.Check(*model, *worker));
  };
  add("2.0");
  CHECK(wants_case());
  add("1.0");
  CHECK_FALSE(wants_case());
}

}  // namespace
}  // namespace cmatch
