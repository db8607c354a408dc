// Dimensions whose list is open for some releases, and dimensions that share their kinds.

#include <doctest/doctest.h>

#include "cmatch/diff.h"
#include "cmatch/lint.h"
#include "cmatch/matrix.h"
#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::Built;
using testing::Find;
using testing::I;
using testing::Judged;
using testing::K;
using testing::MakeRules;
using testing::Model;
using testing::Outcome;
using testing::RulesYaml;
using testing::S;
using testing::ToyFiles;

constexpr std::string_view kFields = R"(  mcd.architecture: {type: kind, of: architecture}
  ecp.supports_architecture: {type: kinds, of: architecture}
  ecp.refuses_architecture: {type: kinds, of: architecture}
  ecp.fallback_architecture: {type: kinds, of: architecture}
  ecp.supports_packed_architecture: {type: kinds, of: architecture}
)";

// As CMATCH-8137, and a rule on the second list.
constexpr std::string_view kRules = R"(
  - id: ARCH
    name: a
    severity: error
    when: {any: [{value: ecp.refuses_architecture, known: false}, {value: mcd.architecture, in: ecp.supports_architecture}, {value: mcd.architecture, in: ecp.refuses_architecture}, {not: {value: mcd.architecture, in: ecp.fallback_architecture}}]}
    check: {value: mcd.architecture, in: ecp.supports_architecture}
    error: RuleFailed
    message: "m"
    source: "s"
  - {id: PACKED, name: p, severity: error, check: {value: mcd.architecture, in: ecp.supports_packed_architecture}, error: RuleFailed, message: "m", source: "s"}
)";

constexpr std::string_view kDimensions = R"(  architecture:
    source: "registry"
    open: {versions: ">=2.0", because: "the rest goes to a library", source: "loader"}
    kinds:
      named: [{level: native, source: "s"}]
      late: [{versions: ">=2.5", level: native, source: "s"}]
      here: [{compute: ["9.0"], level: native, source: "s"}]
      never: [{level: unsupported, because: "recurrent", source: "s"}]
  packed_architecture:
    source: "packed"
    kinds:
      named: [{versions: "<2.0", level: native, source: "s"}]
paths:
)";

std::vector<RuleFile> Files(std::string_view rules = kRules) {
  std::vector<RuleFile> files = ToyFiles("");
  files[0].text = RulesYaml(rules, kFields);
  std::string& engine = files[3].text;
  engine.replace(engine.find("paths:\n"), 7, kDimensions);
  return files;
}

Mcd Of(const char* architecture) {
  return Model({{"head_dim", I(128)}, {"architecture", S(architecture)}});
}

TEST_CASE("CMATCH-8137 what an open list does not name is not known") {
  const auto rules = MakeRules(Files());
  const struct {
    const char* architecture;
    const char* version;
    const char* compute;
    const char* want;  // "fails|warns|skipped" of ARCH alone
  } cases[] = {
      {"named", "1.0", "8.9", ""},
      {"named", "2.0", "8.9", ""},
      // whole below 2.0: a name without a row fails, also one that no table knows
      {"other", "1.9", "8.9", "fail"},
      {"other", "2.0", "8.9", "skip"},
      // a kind whose rows say nothing of the release
      {"late", "1.9", "8.9", "fail"},
      {"late", "2.4", "8.9", "skip"},
      {"late", "2.5", "8.9", ""},
      // a kind that the release has, not on this capability
      {"here", "2.0", "9.0", ""},
      {"here", "2.0", "8.9", "fail"},
      {"never", "1.0", "8.9", "fail"},
      {"never", "2.0", "8.9", "fail"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.architecture);
    CAPTURE(c.version);
    const Ecp ecp = Built(*rules, {.compute = c.compute, .version = c.version});
    const Report report = Judged(rules, Of(c.architecture), ecp);
    const bool failed = Find(report.violations, "ARCH") != nullptr;
    const bool skipped = testing::Ids(report.skipped).find("ARCH") != std::string::npos;
    CHECK((failed ? "fail" : skipped ? "skip" : "") == std::string(c.want));
  }
}

TEST_CASE("CMATCH-8137 a check that an open list leaves out says why") {
  const auto rules = MakeRules(Files());
  const Report report = Judged(rules, Of("other"), Built(*rules, {}));
  std::string reason;
  for (const Skipped& skipped : report.skipped) {
    if (skipped.rule == "ARCH") reason = skipped.because;
  }
  CHECK(
      reason ==
      "the tables list no such architecture for toy 2.0, and the list is open: the rest goes to a "
      "library");
}

TEST_CASE("CMATCH-8137 a profile may say what runs by the fallback, or close the list") {
  const auto rules = MakeRules(Files());
  const struct {
    const char* what;
    void (*edit)(Ecp&);
    const char* want;
  } cases[] = {
      {"as built", [](Ecp&) {}, "skip"},
      {"runs", [](Ecp& e) { e.attributes["fallback_architecture"] = K({"other"}); }, ""},
      {"does not", [](Ecp& e) { e.attributes["fallback_architecture"] = K({"more"}); }, "fail"},
      {"whole", [](Ecp& e) { e.attributes.erase("refuses_architecture"); }, "fail"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.what);
    Ecp ecp = Built(*rules, {});
    c.edit(ecp);
    const Report report = Judged(rules, Of("other"), ecp);
    const bool failed = Find(report.violations, "ARCH") != nullptr;
    const bool skipped = testing::Ids(report.skipped).find("ARCH") != std::string::npos;
    CHECK((failed ? "fail" : skipped ? "skip" : "") == std::string(c.want));
  }
}

TEST_CASE("CMATCH-8021 a profile has what an open list refuses, in open releases only") {
  const auto rules = MakeRules(Files());
  const auto refused = [&](const char* version, const char* compute) {
    const Ecp ecp = Built(*rules, {.compute = compute, .version = version});
    const auto it = ecp.attributes.find("refuses_architecture");
    return it == ecp.attributes.end() ? std::string("(none)") : ToString(it->second);
  };
  CHECK(refused("1.9", "8.9") == "(none)");
  CHECK(refused("2.0", "8.9") == "here, never");
  CHECK(refused("2.0", "9.0") == "never");
}

TEST_CASE("a dimension whose field has another's kinds shares them") {
  const auto rules = MakeRules(Files());
  const auto outcome = [&](const char* version) {
    return Find(Judged(rules, Of("named"), Built(*rules, {.version = version})).violations,
                "PACKED");
  };
  CHECK(outcome("1.0") == nullptr);
  CHECK(outcome("2.0") != nullptr);
  CHECK(rules->KindsOf("packed_architecture").size() == rules->KindsOf("architecture").size());
}

TEST_CASE("the matrix shows what an open list says nothing of") {
  const auto rules = MakeRules(Files());
  const auto levels = [&](const char* version) {
    const auto matrix = BuildMatrix(*rules, "toy", version);
    REQUIRE(matrix.has_value());
    std::string text = std::to_string(matrix->open.size());
    for (const SupportMatrix::Row& row : matrix->rows) {
      if (row.dimension != "architecture") continue;
      text += " " + std::string(row.kind) + "=" + std::string(ToString(row.cells.front()));
    }
    return text;
  };
  CHECK(levels("1.0") == "0 named=native late=unsupported here=unsupported never=unsupported");
  CHECK(levels("2.0") == "1 named=native late=unknown here=unsupported never=unsupported");
}

TEST_CASE("diff: what a list that is opened says nothing of is not known") {
  std::vector<RuleFile> files = Files();
  std::string& engine = files[3].text;
  const std::size_t at = engine.find("    open: ");
  engine.erase(at, engine.find('\n', at) + 1 - at);
  const RuleSetDiff diff = Compare(*MakeRules(files), *MakeRules(Files()));
  std::string late;
  for (const GridChange& change : diff.grid) {
    if (change.subject != "supports/architecture") continue;
    for (const std::string& name : change.names) {
      if (name == "late") late += change.versions + ": " + change.from + " -> " + change.to + ";";
      CHECK(name != "named");
      CHECK(name != "never");
    }
  }
  CHECK(late == ">=2.0 <2.5: unsupported -> not known;");
}

TEST_CASE("lint: an open list that no rule asks about") {
  const auto idle = [](std::string_view rules) {
    std::string text;
    for (const Problem& problem : LintTables(*MakeRules(Files(rules)), "")) {
      if (problem.code == "rules-idle-open") text += problem.message;
    }
    return text;
  };
  CHECK(idle(kRules) == "");
  CHECK(idle("  - {id: ARCH, name: a, severity: error, check: {value: mcd.architecture, in: "
             "ecp.supports_architecture}, error: RuleFailed, message: \"m\", source: \"s\"}\n") ==
        "no rule asks for ecp.refuses_architecture: that the list of architecture is open changes "
        "no verdict");
}

TEST_CASE("an open list is stated once for a release, with its reason and source") {
  const struct {
    const char* open;
    const char* codes;
  } cases[] = {
      {"{because: \"b\", source: \"s\"}", ""},
      {"[{versions: \"<2.0\", because: \"b\", source: \"s\"}, {versions: \">=2.0\", because: "
       "\"b\", source: \"s\"}]",
       ""},
      {"[{versions: \"<=2.0\", because: \"b\", source: \"s\"}, {versions: \">=2.0\", because: "
       "\"b\", source: \"s\"}]",
       "rules-overlap"},
      {"{source: \"s\"}", "yaml-missing-key"},
      {"{because: \"b\"}", "yaml-missing-key"},
      {"{because: \"b\", source: \"s\", compute: [\"8.0\"]}", "yaml-unknown-key"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.open);
    std::vector<RuleFile> files = Files();
    std::string& engine = files[3].text;
    const std::size_t at = engine.find("{versions: \">=2.0\", because: \"the rest");
    engine.replace(at, engine.find('\n', at) - at, c.open);
    CHECK(testing::ProblemCodes(files) == c.codes);
  }
}

}  // namespace
}  // namespace cmatch
