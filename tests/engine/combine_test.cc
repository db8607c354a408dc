// How clauses combine, what a rule makes of the answer, and clauses that make no sense.

#include <doctest/doctest.h>

#include <algorithm>

#include "support/rules.h"

namespace cmatch {
namespace {

using testing::Attributes;
using testing::I;
using testing::K;
using testing::L;
using testing::MakeRules;
using testing::OutcomeOf;
using testing::ProblemCodes;
using testing::RuleYaml;
using testing::S;
using testing::ToyFiles;

std::string Outcome(const std::string& check, const Attributes& mcd, const Attributes& ecp) {
  return OutcomeOf(MakeRules(ToyFiles(RuleYaml("R", check))), "R", mcd, ecp);
}

// t, f and u: clauses that are true, false and unknown whatever the pair.
constexpr const char* kTrue = "{value: mcd.context_max, ge: 1}";
constexpr const char* kFalse = "{value: mcd.context_max, lt: 1}";
constexpr const char* kUnknown = "{value: mcd.n, ge: 1}";

std::string Combined(const char* form, std::initializer_list<const char*> clauses) {
  std::string text = std::string("{") + form + ": [";
  for (const char* clause : clauses) text += std::string(text.back() == '[' ? "" : ", ") + clause;
  return text + "]}";
}

TEST_CASE("clauses: Kleene's tables of all, any and not") {
  const char* values[] = {kFalse, kUnknown, kTrue};
  const char* outcomes[] = {"fail", "skipped", "pass"};
  for (std::size_t a = 0; a < 3; ++a) {
    CAPTURE(values[a]);
    CHECK(Outcome(std::string("{not: ") + values[a] + "}", {}, {}) == outcomes[2 - a]);
    CHECK(Outcome(Combined("all", {values[a]}), {}, {}) == outcomes[a]);
    CHECK(Outcome(Combined("any", {values[a]}), {}, {}) == outcomes[a]);
    for (std::size_t b = 0; b < 3; ++b) {
      CAPTURE(values[b]);
      CHECK(Outcome(Combined("all", {values[a], values[b]}), {}, {}) == outcomes[std::min(a, b)]);
      CHECK(Outcome(Combined("any", {values[a], values[b]}), {}, {}) == outcomes[std::max(a, b)]);
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t inner = std::max(b, c);
        const std::string any = Combined("any", {values[b], values[c]});
        CHECK(Outcome(Combined("all", {values[a], any.c_str()}), {}, {}) ==
              outcomes[std::min(a, inner)]);
        CHECK(Outcome("{not: " + Combined("all", {values[a], any.c_str()}) + "}", {}, {}) ==
              outcomes[2 - std::min(a, inner)]);
      }
    }
  }
}

TEST_CASE("rules: when, unknown and severity") {
  const struct {
    const char* check;
    const char* more;
    const char* want;
  } cases[] = {{kTrue, "", "pass"},
               {kFalse, "", "fail"},
               {kFalse, "severity: error", "fail"},
               {kFalse, "severity: warning", "warn"},
               {kTrue, "severity: warning", "pass"},
               {kFalse, "severity: off", "off"},
               {kUnknown, "severity: off", "off"},
               {kUnknown, "", "skipped"},
               {kUnknown, "unknown: skip", "skipped"},
               {kUnknown, "unknown: warn", "warn"},
               {kUnknown, "unknown: fail", "fail"},
               {kUnknown, "unknown: fail, severity: warning", "warn"},
               {kUnknown, "unknown: skip, severity: warning", "skipped"},
               {kFalse, "unknown: skip", "fail"},
               {kFalse, "when: {value: mcd.n, known: true}", "does not apply"},
               {kFalse, "when: {value: mcd.n, known: false}", "fail"},
               {kTrue, "when: {value: mcd.n, known: false}", "pass"},
               {kFalse, "when: {value: mcd.n, ge: 1}", "skipped"},
               {kTrue, "when: {value: mcd.n, ge: 1}", "skipped"},
               {kTrue, "when: {value: mcd.n, ge: 1}, unknown: fail", "fail"},
               {kTrue, "when: {value: mcd.n, ge: 1}, unknown: warn", "warn"}};
  for (const auto& c : cases) {
    CAPTURE(c.check);
    CAPTURE(c.more);
    const auto rules = MakeRules(ToyFiles(RuleYaml("R", c.check, c.more)));
    CHECK(OutcomeOf(rules, "R", {}, {}) == c.want);
  }
}

TEST_CASE("clauses that make no sense are refused when the rule set is made") {
  const struct {
    const char* check;
    const char* want;
  } cases[] = {{"{value: mcd.nn, le: 5}", "rules-unknown-field"},
               {"{value: mcd.n, le: ecp.nope}", "rules-unknown-field"},
               {"{least_of: [mcd.n, mcd.nope], le: 5}", "rules-unknown-field"},
               {"{value: mcd.n, multiple_of: [ecp.n, ecp.nope]}", "rules-unknown-field"},
               {"{value: mcd.one, in: ecp.nope}", "rules-unknown-field"},
               {"{value: mcd.one, eq: ecp.word}", "rules-wrong-type"},
               {"{value: mcd.word, eq: ecp.one}", "rules-wrong-type"},
               {"{value: mcd.real, in: [0.5]}", "rules-wrong-type"},
               {"{value: mcd.ver, in: [550.54]}", "rules-wrong-type"},
               {"{value: mcd.cc, multiple_of: \"8.0\"}", "rules-wrong-type"},
               {"{value: ecp.compute, eq: ecp.floor}", "rules-bad-clause"},
               {"{value: ecp.compute, in: [\"8.0\", \"9.0\"]}", ""},
               {"{value: ecp.compute, in: [\"8.0\", 9.0]}", "yaml-unquoted-compute"},
               {"{value: ecp.images, eq: ecp.compute}", "rules-bad-clause"},
               {"{value: ecp.images, runs_on: ecp.cc}", "rules-bad-clause"},
               {"{value: ecp.images, runs_on: \"8.0\"}", "rules-bad-clause"},
               {"{value: mcd.size, le: -5KiB}", "rules-wrong-type"},
               {"{value: mcd.size, le: 8796093022208Mi}", "rules-wrong-type"},
               {"{value: mcd.real, gt: nan}", "rules-wrong-type"},
               {"{value: mcd.real, gt: 1e999}", "rules-wrong-type"},
               {"{value: mcd.real, gt: 0.5x}", "rules-wrong-type"},
               {"{value: mcd.n, le: fp8}", "rules-wrong-type"},
               {"{value: mcd.n, le: ecp.word}", "rules-wrong-type"},
               {"{value: mcd.word, le: 5}", "rules-wrong-type"},
               {"{value: mcd.flag, eq: yes}", "rules-wrong-type"},
               {"{value: mcd.flag, lt: true}", "rules-wrong-type"},
               {"{value: mcd.list, le: 5}", "rules-wrong-type"},
               {"{value: mcd.many, in: ecp.many}", "rules-wrong-type"},
               {"{any_of: mcd.word, in: [a]}", "rules-wrong-type"},
               {"{any_of: mcd.many, eq: ecp.many}", "rules-wrong-type"},
               {"{value: mcd.one, in: ecp.one}", "rules-wrong-type"},
               {"{value: mcd.one, in: ecp.supports_positional}", "rules-wrong-type"},
               {"{value: mcd.one, le: fp8}", "rules-wrong-type"},
               {"{value: mcd.one, eq: [fp8]}", "rules-wrong-type"},
               {"{value: mcd.one, in: fp8}", "rules-wrong-type"},
               {"{value: mcd.one, in: [FP9]}", "rules-unknown-kind"},
               {"{value: mcd.n, eq: [5]}", "rules-wrong-type"},
               {"{value: mcd.n, in: 5}", "rules-wrong-type"},
               {"{value: mcd.n, le: [ecp.n, ecp.m]}", "rules-wrong-type"},
               {"{value: mcd.n, multiple_of: [ecp.n, ecp.word]}", "rules-wrong-type"},
               {"{value: mcd.n, le: ecp.list}", "rules-wrong-type"},
               {"{least_of: [mcd.n, mcd.word], le: 5}", "rules-wrong-type"},
               {"{value: mcd.ver, ge: banana}", "rules-wrong-type"},
               {"{value: mcd.real, gt: banana}", "rules-wrong-type"},
               {"{value: mcd.cc, runs_on: ecp.compute}", "rules-bad-clause"},
               {"{value: ecp.images, in: ecp.floor}", "rules-bad-clause"},
               {"{value: mcd.n, in: ecp.floor}", "rules-bad-clause"},
               {"{some_path: ecp.floor}", "rules-bad-clause"}};
  for (const auto& c : cases) {
    CAPTURE(c.check);
    CHECK(ProblemCodes(ToyFiles(RuleYaml("R", c.check))) == c.want);
  }
  CHECK(ProblemCodes(ToyFiles(RuleYaml("R", kTrue))) == "");
}

TEST_CASE("an attribute of the wrong type is InvalidMcd or InvalidEcp, with its name") {
  const auto rules = MakeRules(ToyFiles(RuleYaml("R", kTrue)));
  const struct {
    const char* name;
    Value wrong;
  } cases[] = {{"n", S("5")},    {"n", I(-1)},           {"n", 5.0},          {"n", L({5})},
               {"list", S("5")}, {"list", L({5, -1})},   {"list", K({"a"})},  {"real", S("x")},
               {"size", I(-1)},  {"flag", I(1)},         {"flag", S("true")}, {"word", I(5)},
               {"word", S("")},  {"word", S("a\x1b")},   {"cc", 8.9},         {"cc", S("89")},
               {"ver", I(550)},  {"ver", S("new")},      {"one", K({"a"})},   {"one", S("")},
               {"many", S("a")}, {"many", K({"a", ""})}, {"many", L({5})},    {"n", Opaque{}}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CAPTURE(ToString(c.wrong));
    CHECK(OutcomeOf(rules, "R", {{c.name, c.wrong}}, {}).starts_with(std::string(c.name) + " "));
    CHECK(OutcomeOf(rules, "R", {}, {{c.name, c.wrong}}).starts_with(std::string(c.name) + " "));
  }
  // what is not declared may be anything
  CHECK(OutcomeOf(rules, "R", {{"undeclared", Opaque{}}}, {{"undeclared", I(-1)}}) == "pass");
}

}  // namespace
}  // namespace cmatch
