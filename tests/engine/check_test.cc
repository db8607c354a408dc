// Check() over many rules and many kinds: what it says of each, at both ends of its words and
// blocks.

#include "cmatch/check.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/rules.h"
#include "toy.h"

namespace cmatch {
namespace {

using testing::Disagreement;
using testing::Ids;
using testing::RuleYaml;
using testing::SeedEcp;
using testing::SeedMcd;

std::string NameOf(std::size_t rule) { return "R-" + std::to_string(rule); }

// Rules that every model fails.
std::vector<RuleFile> FailingRules(std::size_t count) {
  std::string items;
  for (std::size_t i = 0; i < count; ++i) {
    items += RuleYaml(NameOf(i), "{value: mcd.context_max, lt: 1}");
  }
  return testing::ToyFiles(items);
}

TEST_CASE("check: a model or a worker of another rule set is judged by no rule") {
  for (const std::size_t count : {1U, 63U, 64U, 65U, 129U, 256U}) {
    CAPTURE(count);
    const CapabilityMatcher matcher(testing::MakeRules(FailingRules(count)));
    const CapabilityMatcher other(testing::MakeRules(FailingRules(count)));
    const auto model = matcher.Bind(SeedMcd());
    const auto worker = matcher.Bind(SeedEcp());
    const auto other_model = other.Bind(SeedMcd());
    const auto other_worker = other.Bind(SeedEcp());
    REQUIRE((model && worker && other_model && other_worker));
    const Verdict verdicts[] = {matcher.Check(*other_model, *worker),
                                matcher.Check(*model, *other_worker),
                                *matcher.Check(SeedMcd(), *other_worker)};
    for (const Verdict& verdict : verdicts) {
      CHECK(verdict.compatible());
      for (std::size_t rule = 0; rule < kMaxRules; ++rule) {
        CHECK(Verdict::Has(verdict.skipped, rule) == (rule < count));
      }
    }
  }
}

TEST_CASE("check: a descriptor that is no model is refused as Bind() refuses it") {
  const CapabilityMatcher matcher(testing::MakeRules(FailingRules(1)));
  const auto worker = matcher.Bind(SeedEcp());
  REQUIRE(worker.has_value());
  Mcd mcd = SeedMcd();
  mcd.context_max = 0;
  const auto model = matcher.Bind(mcd);
  const auto verdict = matcher.Check(mcd, *worker);
  REQUIRE_FALSE(model.has_value());
  REQUIRE_FALSE(verdict.has_value());
  CHECK(verdict.error().message == model.error().message);
}

TEST_CASE("check: any rule can be waived, at both ends of each block") {
  std::vector<RuleFile> files = FailingRules(kMaxRules);
  std::string overlay = "kind: cmatch.overlay/v1\nlayer: site\nreason: r\nowner: ops\nwaive:\n";
  std::string waived;
  for (const std::size_t rule : {0U, 62U, 63U, 64U, 65U, 127U, 128U, 130U, 191U, 192U, 255U}) {
    overlay += "  - {rule: " + NameOf(rule) +
               ", model: \"*\", worker: \"*\", reason: r, expires: \"2026-12-31\"}\n";
    waived += (waived.empty() ? "" : " ") + NameOf(rule);
  }
  files.push_back({"overlay.yaml", overlay});
  const CapabilityMatcher matcher(testing::MakeRules(files), {.today = "2026-01-01"});
  const auto model = matcher.Bind(SeedMcd());
  const auto worker = matcher.Bind(SeedEcp());
  REQUIRE((model && worker));
  CHECK(Disagreement(matcher, *model, *worker) == "");
  CHECK(Ids(matcher.Explain(*model, *worker).waived) == waived);
}

// The toy engine's kinds of quant and 70 more, the last of which runs degraded.
std::vector<RuleFile> ManyQuants() {
  std::string kinds(testing::kKindsYaml);
  std::string more;
  for (int i = 10; i < 80; ++i) more += "z" + std::to_string(i) + ": \"a kind\", ";
  const std::string_view before = "quant: {";
  kinds.insert(kinds.find(before) + before.size(), more);
  std::string engine(testing::kToyYaml);
  const std::string_view row = "      fp16: [{level: native, source: \"s\"}]\n";
  const std::size_t at = engine.find(row, engine.find("\n  quant:\n"));
  REQUIRE(at != std::string::npos);
  engine.insert(at, "      z79: [{level: degraded, because: \"slow\", source: \"s\"}]\n");
  const char* rules[] = {"{any_of: mcd.quant, in: ecp.supports_quant}",
                         "{each_of: mcd.quant, in: ecp.supports_quant}"};
  auto files = testing::ToyFiles(RuleYaml("ANY", rules[0]) + RuleYaml("EACH", rules[1]), engine);
  for (RuleFile& file : files) {
    if (file.text == testing::kKindsYaml) file.text = kinds;
  }
  return files;
}

TEST_CASE("CMATCH-8030.3 quant: degraded support among kinds of several words") {
  const auto rules = testing::MakeRules(ManyQuants());
  // On 8.6 the engine runs fp16 natively, fp8 and z79 degraded.
  const struct {
    std::vector<std::string> quant;
    const char* want;  // fails | warns | skipped
  } cases[] = {{{"fp8"}, "|ANY EACH|"},
               {{"z79"}, "|ANY EACH|"},
               {{"fp8", "z79"}, "|ANY EACH|"},
               {{"fp8", "z78"}, "EACH|ANY|"},
               {{"z10", "z79"}, "EACH|ANY|"},
               {{"fp16", "z79"}, "|EACH|"},
               {{"fp16", "z78"}, "EACH||"},
               {{"z10", "z78"}, "ANY EACH||"},
               {{"fp16"}, "||"},
               {{"z10"}, "ANY EACH||"},
               {{"fp16", "z10", "z79"}, "EACH||"}};
  for (const auto& c : cases) {
    CAPTURE(c.quant.front());
    CAPTURE(c.quant.back());
    Mcd mcd = testing::Model();
    mcd.quant = c.quant;
    CHECK(testing::Outcome(
              testing::Judged(rules, mcd, testing::Built(*rules, {.compute = "8.6"}))) == c.want);
  }
}

}  // namespace
}  // namespace cmatch
