// What `cmatch test` and `cmatch diff` say of each case.

#include "cmatch/case_runner.h"

#include <doctest/doctest.h>

#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::Model;
using testing::Toy;

using Ids = std::vector<std::string>;

Mcd Wrong() {
  Mcd mcd = Model();
  mcd.positional = "rope_neox";
  mcd.quant = {"int8"};
  return mcd;
}

CaseMcd Named(Mcd mcd) {
  CaseMcd named;
  named.mcd = std::move(mcd);
  return named;
}

CaseEcp On(const char* gpu, const char* engine = "toy") {
  CaseEcp ecp;
  ecp.choice.engine = engine;
  ecp.gpu = gpu;
  return ecp;
}

Case Nothing() { return {}; }
Case Fails(Ids ids) {
  Case one;
  one.fails = std::move(ids);
  return one;
}
Case Warns(Ids ids) {
  Case one;
  one.warns = std::move(ids);
  return one;
}
Case Skips(Ids ids) {
  Case one;
  one.skipped = std::move(ids);
  return one;
}
Case Advises(Ids ids) {
  Case one;
  one.advisories = std::move(ids);
  return one;
}
Case Errs(const char* kind) {
  Case one;
  one.error = kind;
  return one;
}

enum : std::size_t { kGood, kWrong, kNoModel };
enum : std::size_t { kL4, kT4, kNoGpu, kNoEngine, kNoProfile };

Cases All() {
  Cases cases;
  Mcd none = Model();
  none.model_id.clear();
  cases.mcds = {Named(Model()), Named(Wrong()), Named(none)};
  CaseEcp whole;
  whole.whole = true;  // and nothing in it
  cases.ecps = {On("cc=8.9,vram=24GiB"), On("cc=7.5,vram=16GiB"), On("no such GPU"),
                On("cc=8.9,vram=24GiB", "other"), whole};
  cases.ecps[kT4].choice.build = "old";  // the one with code for it
  return cases;
}

TEST_CASE("cases: as expected, or what was expected and what came") {
  const struct {
    const char* name;
    std::size_t mcd, ecp;
    Case expected;
    const char* want;  // how the failure begins
  } cases[] = {
      {"passes", kGood, kL4, Nothing(), ""},
      {"a failure that does not come", kGood, kL4, Fails({"QUANT"}),
       "fails: expected QUANT, got none"},
      {"failures that nobody expected", kWrong, kL4, Nothing(),
       "fails: expected none, got POS, QUANT"},
      {"one too few", kWrong, kL4, Fails({"POS"}), "fails: expected POS, got POS, QUANT"},
      {"in any order, and twice", kWrong, kL4, Fails({"QUANT", "POS", "QUANT"}), ""},
      {"a warning that nobody expected", kGood, kT4, Warns({}), "warns: expected none, got PATH"},
      {"a warning that was expected", kGood, kT4, Warns({"PATH"}), ""},
      {"warnings that nobody asked about", kGood, kT4, Nothing(), ""},
      {"both wrong", kWrong, kT4, Warns({}),
       "fails: expected none, got POS, QUANT; warns: expected none, got PATH"},
      {"advisories", kGood, kL4, Advises({"CVE-1"}), "advisories: expected CVE-1, got none"},
      {"skipped", kGood, kL4, Skips({"DRIVER", "TENSOR"}), ""},
      {"skipped, another one", kGood, kL4, Skips({"DRIVER"}),
       "skipped: expected DRIVER, got DRIVER, TENSOR"},
      {"a verdict where there should be none", kGood, kL4, Errs("InvalidMcd"),
       "expected InvalidMcd, got a verdict"},
      {"no model", kNoModel, kL4, Nothing(), "expected a verdict, got InvalidMcd: "},
      {"no model, as expected", kNoModel, kL4, Errs("InvalidMcd"), ""},
      {"no GPU", kGood, kNoGpu, Nothing(), "expected a verdict, got InvalidEcp: "},
      {"no GPU, as expected", kGood, kNoGpu, Errs("InvalidEcp"), ""},
      {"no GPU where the model should be wrong", kGood, kNoGpu, Errs("InvalidMcd"),
       "expected InvalidMcd, got InvalidEcp: "},
      {"no engine", kGood, kNoEngine, Errs("InvalidEcp"), ""},
      {"a profile of nothing", kGood, kNoProfile, Errs("InvalidEcp"), ""},
      {"neither model nor profile", kNoModel, kNoProfile, Errs("InvalidMcd"), ""},
  };
  Cases all = All();
  for (const auto& c : cases) {
    Case one = c.expected;
    one.id = c.name;
    one.mcd = c.mcd;
    one.ecp = c.ecp;
    all.cases.push_back(one);
  }
  const std::vector<CaseResult> results = RunCases(Toy(), all);
  REQUIRE(results.size() == std::size(cases));
  std::size_t failed = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string want = cases[i].want;
    CAPTURE(results[i].id);
    CAPTURE(results[i].failure);
    const bool begins = want.ends_with(": ") && results[i].failure.size() > want.size() &&
                        results[i].failure.starts_with(want);
    CHECK((results[i].failure == want || begins));
    failed += want.empty() ? 0U : 1U;
  }
  const std::vector<Problem> problems = FailedCases(results);
  REQUIRE(problems.size() == failed);
  CHECK(problems[0].code == "rules-case-failed");
  CHECK(problems[0].message ==
        "case a failure that does not come: fails: expected QUANT, got none");
}

TEST_CASE("cases: what a rule set says of each, whatever it states") {
  const struct {
    std::size_t mcd, ecp;
    const char* error;
    Ids fails, warns;
  } cases[] = {{kGood, kL4, "", {}, {}},
               {kGood, kT4, "", {}, {"PATH"}},
               {kWrong, kL4, "", {"POS", "QUANT"}, {}},
               {kNoModel, kL4, "InvalidMcd", {}, {}},
               {kGood, kNoGpu, "InvalidEcp", {}, {}},
               {kGood, kNoProfile, "InvalidEcp", {}, {}},
               {kNoModel, kNoEngine, "InvalidMcd", {}, {}}};
  Cases all = All();
  for (const auto& c : cases) {
    Case one;
    one.mcd = c.mcd;
    one.ecp = c.ecp;
    all.cases.push_back(one);
  }
  const std::vector<CaseVerdict> verdicts = JudgeCases(Toy(), all);
  REQUIRE(verdicts.size() == std::size(cases));
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    CAPTURE(i);
    CHECK(verdicts[i].error == cases[i].error);
    CHECK(verdicts[i].fails == cases[i].fails);
    CHECK(verdicts[i].warns == cases[i].warns);
  }
}

}  // namespace
}  // namespace cmatch
