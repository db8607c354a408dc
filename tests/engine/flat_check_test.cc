// Check() judges by steps, settled bits and words; Explain() by the nodes of each clause. Over
// generated clauses of every shape and generated pairs both must come to the same (fixed seed).

#include <doctest/doctest.h>

#include "support/fleet.h"
#include "support/rules.h"

namespace cmatch {
namespace {

using testing::RandomFleet;

constexpr int kRuleSets = 60;
constexpr int kPairs = 60;

void CompareOverPairs(RandomFleet& random, int count) {
  const auto rules = testing::MakeRules(testing::ToyFiles(random.Rules(count)));
  const CapabilityMatcher matcher(rules);
  for (int pair = 0; pair < kPairs; ++pair) {
    CAPTURE(pair);
    const auto model = matcher.Bind(random.NextMcd());
    const auto worker = matcher.Bind(random.NextEcp(*rules));
    REQUIRE_MESSAGE(model.has_value(), model.error().message);
    REQUIRE_MESSAGE(worker.has_value(), worker.error().message);
    CHECK(testing::Disagreement(matcher, *model, *worker) == "");
  }
}

TEST_CASE("law: steps and nodes come to the same over generated clauses") {
  RandomFleet random(7);
  for (int set = 0; set < kRuleSets; ++set) {
    CAPTURE(set);
    CompareOverPairs(random, 20);
  }
}

TEST_CASE("law: steps and nodes come to the same over more rules than one block has") {
  for (const int count : {63, 64, 65, 128, 129, 256}) {
    CAPTURE(count);
    RandomFleet random(7);
    CompareOverPairs(random, count);
  }
}

// `count` kinds of quant; the model has the last one, the worker all but those of `without`.
std::vector<RuleFile> ManyKinds(std::size_t count) {
  std::string yaml = "kind: cmatch.kinds/v1\nkinds:\n  quant:\n";
  for (std::size_t i = 0; i < count; ++i) yaml += "    k" + std::to_string(i) + ": \"a kind\"\n";
  return {{"kinds.yaml", yaml},
          {"rules.yaml",
           testing::RulesYaml(testing::RuleYaml("ONE", "{value: mcd.one, in: ecp.many}") +
                              testing::RuleYaml("ANY", "{any_of: mcd.many, in: ecp.many}") +
                              testing::RuleYaml("EACH", "{each_of: mcd.many, in: ecp.many}"))}};
}

TEST_CASE("CMATCH-8030: any number of kinds, over and under each multiple of a word") {
  struct Case {
    std::size_t kinds;
    std::vector<std::size_t> needed, offered;
    const char* fails;
  };
  const Case cases[] = {
      {64, {63}, {63}, ""},
      {64, {63}, {62}, "ONE ANY EACH"},
      {65, {64}, {64}, ""},
      {65, {64}, {0}, "ONE ANY EACH"},
      {1025, {1024, 3}, {3}, "ONE EACH"},
      {1025, {1024, 3}, {1024}, "EACH"},
      {1025, {1024, 3}, {1024, 3, 64}, ""},
      {4096, {4095, 0, 64, 2000}, {2000}, "ONE EACH"},
      {4096, {4095, 0, 64, 2000}, {1, 65, 2001, 4094}, "ONE ANY EACH"},
      {4096, {4095, 0, 64, 2000}, {0, 64, 2000, 4095}, ""},
  };
  const auto name = [](std::size_t i) { return "k" + std::to_string(i); };
  for (const Case& c : cases) {
    CAPTURE(c.kinds);
    const CapabilityMatcher matcher(testing::MakeRules(ManyKinds(c.kinds)));
    Mcd mcd = testing::SeedMcd();
    std::vector<std::string> needed;
    for (const std::size_t i : c.needed) needed.push_back(name(i));
    mcd.attributes = {{"one", needed[0]}, {"many", needed}};
    Ecp ecp = testing::SeedEcp();
    std::vector<std::string> offered;
    for (const std::size_t i : c.offered) offered.push_back(name(i));
    ecp.attributes = {{"many", offered}};
    const auto model = matcher.Bind(mcd);
    const auto worker = matcher.Bind(ecp);
    REQUIRE(model.has_value());
    REQUIRE(worker.has_value());
    CHECK(testing::Disagreement(matcher, *model, *worker) == "");
    CHECK(testing::Ids(matcher.Explain(*model, *worker).violations) == c.fails);
  }
}

}  // namespace
}  // namespace cmatch
