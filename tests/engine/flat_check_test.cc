// Check() judges by steps, settled bits and words; Explain() by the nodes of each clause. Over
// generated clauses of every shape and generated pairs both must come to the same (fixed seed).

#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "support/rules.h"

namespace cmatch {
namespace {

using testing::Attributes;
using testing::I;

constexpr int kRuleSets = 60;
constexpr int kPairs = 60;

class Random {
 public:
  std::size_t Below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }
  bool OneIn(std::size_t n) { return Below(n) == 0; }
  template <typename T, std::size_t N>
  const T& Of(const T (&items)[N]) {
    return items[Below(N)];
  }

 private:
  std::mt19937 random_{7};
};

constexpr const char* kKinds[] = {"fp16", "fp8", "q4_k_m", "brand_new", "F16"};
constexpr const char* kWords[] = {"alpha", "beta"};
constexpr const char* kCompute[] = {"7.5", "8.9"};
constexpr const char* kVersions[] = {"1.0", "2.0"};
constexpr const char* kSides[] = {"mcd.", "ecp."};

// The tests of a clause over the fields that RulesYaml() declares on both sides.
std::string Test(Random& random) {
  const std::string a = random.Of(kSides);
  const std::string b = random.Of(kSides);
  const char* orders[] = {"lt", "le", "gt", "ge", "eq"};
  const std::string order = random.Of(orders);
  const std::string number = std::to_string(random.Below(5));
  switch (random.Below(13)) {
    case 0:
      return "{value: " + a + "one, in: " + b + "many}";
    case 1:
      return "{any_of: " + a + "many, in: " + b + "many}";
    case 2:
      return "{each_of: " + a + "many, in: " + b + "many}";
    case 3:
      return "{value: " + a + "one, in: [fp16, fp8]}";
    case 4:
      return "{value: " + a + "n, " + order + ": " + b + "m}";
    case 5:
      return "{least_of: [" + a + "n, " + b + "m], " + order + ": " + a + "n}";
    case 6:
      return "{least_of: [" + a + "n, " + a + "m], " + order + ": " + b + "n}";
    case 7:
      return "{value: " + a + "n, " + order + ": " + number + "}";
    case 8:
      return "{each_of: " + a + "list, multiple_of: [" + b + "n, " + a + "m]}";
    case 9:
      return "{value: " + a + "word, eq: " + b + "word}";
    case 10:
      return "{value: " + a + "ver, " + order + ": " + b + "ver}";
    case 11:
      return "{value: " + a + (random.OneIn(2) ? "n" : "many") +
             ", known: " + (random.OneIn(2) ? "true" : "false") + "}";
    default:
      return "{value: " + a + "cc, " + order + ": " + b + "cc}";
  }
}

std::string ClauseOf(Random& random, int depth) {
  if (depth == 0 || !random.OneIn(3)) return Test(random);
  if (random.OneIn(4)) return "{not: " + ClauseOf(random, depth - 1) + "}";
  std::string text = random.OneIn(2) ? "{all: [" : "{any: [";
  const std::size_t count = random.Below(3) + 1;
  for (std::size_t i = 0; i < count; ++i) {
    text += (i == 0 ? "" : ", ") + ClauseOf(random, depth - 1);
  }
  return text + "]}";
}

std::shared_ptr<const RuleSet> RulesOf(Random& random, std::size_t count) {
  const char* policies[] = {"", "unknown: fail", "unknown: warn", "severity: warning",
                            "severity: \"off\""};
  std::string items;
  for (std::size_t i = 0; i < count; ++i) {
    std::string more = random.Of(policies);
    if (random.OneIn(3))
      more += std::string(more.empty() ? "" : ", ") + "when: " + ClauseOf(random, 2);
    items += testing::RuleYaml("R-" + std::to_string(i), ClauseOf(random, 3), more);
  }
  return testing::MakeRules(testing::ToyFiles(items));
}

Value SomeKinds(Random& random) {
  std::vector<std::string> kinds;
  for (const char* kind : kKinds) {
    if (random.OneIn(3)) kinds.emplace_back(kind);
  }
  return kinds;
}

// Few, so that they meet, and both ends of the range.
std::int64_t SomeNumber(Random& random) {
  if (random.OneIn(8)) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(random.Below(5));
}

Attributes AttributesOf(Random& random) {
  Attributes all = {
      {"one", std::string(random.Of(kKinds))},
      {"many", SomeKinds(random)},
      {"n", I(SomeNumber(random))},
      {"m", I(SomeNumber(random))},
      {"list", std::vector<std::int64_t>{static_cast<std::int64_t>(random.Below(9)), 4}},
      {"word", std::string(random.Of(kWords))},
      {"cc", std::string(random.Of(kCompute))},
      {"ver", std::string(random.Of(kVersions))},
  };
  std::erase_if(all, [&](const auto&) { return random.OneIn(4); });
  return all;
}

void CompareOverPairs(Random& random, const std::shared_ptr<const RuleSet>& rules) {
  const CapabilityMatcher matcher(rules);
  for (int pair = 0; pair < kPairs; ++pair) {
    CAPTURE(pair);
    Mcd mcd = testing::SeedMcd();
    mcd.attributes = AttributesOf(random);
    Ecp ecp = testing::SeedEcp();
    ecp.attributes = AttributesOf(random);
    const auto model = matcher.Bind(mcd);
    const auto worker = matcher.Bind(ecp);
    REQUIRE_MESSAGE(model.has_value(), model.error().message);
    REQUIRE_MESSAGE(worker.has_value(), worker.error().message);
    CHECK(testing::Disagreement(matcher, *model, *worker) == "");
  }
}

TEST_CASE("law: steps and nodes come to the same over generated clauses") {
  Random random;
  for (int set = 0; set < kRuleSets; ++set) {
    CAPTURE(set);
    CompareOverPairs(random, RulesOf(random, 20));
  }
}

TEST_CASE("law: steps and nodes come to the same over more rules than one block has") {
  for (const std::size_t count : {63U, 64U, 65U, 128U, 129U, 256U}) {
    CAPTURE(count);
    Random random;
    CompareOverPairs(random, RulesOf(random, count));
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
