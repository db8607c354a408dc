// Check() of a descriptor that nobody has bound judges rules over its own members as they are
// (direct.h). Over random rules of that sort it must come to what Check() of the bound one and
// Explain() do (fixed seeds).

#include <doctest/doctest.h>

#include <random>

#include "cmatch/build_ecp.h"
#include "support/rules.h"

namespace cmatch {
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kHead = R"(kind: cmatch.rules/v1
name: direct
version: "1"
fields:
  mcd.positional: {type: kind, of: positional}
  mcd.attention: {type: kind, of: attention}
  mcd.quant: {type: kinds, of: quant}
  mcd.context_max: {type: integer}
  mcd.vocab_size: {type: integer}
  ecp.supports_positional: {type: kinds, of: positional}
  ecp.supports_attention: {type: kinds, of: attention}
  ecp.supports_quant: {type: kinds, of: quant}
  ecp.one: {type: kind, of: quant}
  ecp.max_context: {type: integer}
  ecp.m: {type: integer}
)";
// A member of the model against the worker; each of them alone is judged directly.
const Names kDirect = {
    "{value: mcd.positional, in: ecp.supports_positional}",
    "{value: mcd.attention, in: ecp.supports_attention}",
    "{any_of: mcd.quant, in: ecp.supports_quant}",
    "{each_of: mcd.quant, in: ecp.supports_quant}",
    "{each_of: mcd.quant, eq: ecp.one}",
    "{any_of: mcd.quant, eq: ecp.one}",
    "{value: mcd.context_max, le: ecp.max_context}",
    "{value: mcd.context_max, lt: ecp.m}",
    "{value: mcd.context_max, gt: ecp.m}",
    "{value: mcd.vocab_size, ge: ecp.m}",
};
// Others, which need a record: whichever of them is there, the rest must not change.
const Names kOther = {
    "{value: mcd.vocab_size, eq: ecp.m}",
    "{value: mcd.vocab_size, multiple_of: ecp.m}",
    "{not: {value: mcd.positional, in: ecp.supports_positional}}",
    "{any: [{value: mcd.context_max, gt: 9000}, {any_of: mcd.quant, in: ecp.supports_quant}]}",
    "{value: mcd.quant, known: true}",
    "{value: ecp.max_context, ge: 8192}",
};
const Names kWhen = {"{value: ecp.m, known: true}", "{value: ecp.max_context, gt: 8192}",
                     "{value: mcd.context_max, gt: 8192}"};

// The toy engine without what reads other fields: launch settings and kernel paths.
std::string PlainToy() {
  const std::string_view toy = testing::kToyYaml;
  const std::size_t supports = toy.find("supports:");
  return std::string(toy.substr(0, toy.find("launch:"))) +
         std::string(toy.substr(supports, toy.find("  tensor_type:") - supports));
}

class Source {
 public:
  explicit Source(unsigned seed) : random_(seed) {}

  bool OneIn(int n) { return Below(n) == 0; }
  template <typename T>
  T Pick(const std::vector<T>& of) {
    return of[static_cast<std::size_t>(Below(static_cast<int>(of.size())))];
  }
  Names Some(const Names& of) {
    Names some;
    while (some.empty()) {
      for (const std::string& name : of) {
        if (OneIn(2)) some.push_back(name);
      }
    }
    return some;
  }

  std::string Rules(int count, bool others) {
    std::string text(kHead);
    if (OneIn(2)) text += "  mcd.model_id: {type: text}\n";
    text += "rules:\n";
    for (int i = 0; i < count; ++i) {
      std::string more = OneIn(3) ? "severity: warning" : "severity: error";
      if (OneIn(4)) more += ", unknown: fail";
      if (OneIn(3)) more += ", when: " + Pick(others ? kWhen : Names{kWhen[0], kWhen[1]});
      text += "  - {id: R-" + std::to_string(i) + ", name: r" + std::to_string(i) +
              ", check: " + Pick(others && OneIn(4) ? kOther : kDirect) +
              ", error: RuleFailed, message: m, source: s, " + more + "}\n";
    }
    return text;
  }
  Mcd NextMcd() {
    Mcd mcd = testing::SeedMcd();
    mcd.positional = Pick<std::string>({"rope_llama", "rope_neox", "alibi", "of_its_own"});
    mcd.attention = Pick<std::string>({"mha", "gqa", "GQA"});
    mcd.quant = Some({"fp16", "fp8", "q4_k_m", "F16", "q4_k_m"});
    if (OneIn(8)) mcd.quant.push_back("of_its_own");
    if (OneIn(8)) mcd.quant.resize(20, "fp8");
    mcd.context_max = Pick<std::int64_t>({1, 8191, 8192, 8193, INT64_MAX});
    mcd.vocab_size = Pick<std::int64_t>({8191, 8192, 8193});
    return mcd;
  }
  Ecp NextEcp(const RuleSet& rules) {
    Ecp ecp = testing::SeedEcp();
    if (OneIn(2)) {
      GpuFacts gpu;
      gpu.compute = ParseCompute(Pick<std::string>({"7.0", "8.0", "8.9"}));
      gpu.memory_bytes = std::int64_t{1} << 34;
      const auto built = BuildEcp(rules, {.engine = "toy", .version = "2.0"}, gpu);
      REQUIRE(built.has_value());
      ecp = *built;
    } else {
      ecp.supports_positional = Some({"rope_llama", "rope_neox", "alibi"});
      ecp.supports_attention = Some({"mha", "gqa"});
      ecp.supports_quant = Some({"fp16", "fp8", "q4_k_m", "of_its_own"});
    }
    if (OneIn(2)) ecp.max_context = Pick<std::int64_t>({8191, 8192, 8193, INT64_MAX});
    if (OneIn(2)) ecp.attributes["m"] = Pick<std::int64_t>({0, 8192, INT64_MAX});
    if (OneIn(2)) ecp.attributes["one"] = Pick<std::string>({"fp16", "fp8"});
    return ecp;
  }

 private:
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  std::mt19937 random_;
};

TEST_CASE("law: a descriptor as it is and a bound one come to the same") {
  for (const int count : {1, 4, 20, 63, 64, 65, 130}) {
    for (const bool others : {false, true}) {
      CAPTURE(count);
      CAPTURE(others);
      Source random(static_cast<unsigned>(count));
      auto files = testing::ToyFiles("", PlainToy());
      files[0].text = random.Rules(count, others);
      const auto rules = testing::MakeRules(files);
      const CapabilityMatcher matcher(rules);
      for (int pair = 0; pair < 200; ++pair) {
        CAPTURE(pair);
        const auto model = matcher.Bind(random.NextMcd());
        const auto worker = matcher.Bind(random.NextEcp(*rules));
        REQUIRE_MESSAGE(model.has_value(), model.error().message);
        REQUIRE_MESSAGE(worker.has_value(), worker.error().message);
        CHECK(testing::Disagreement(matcher, *model, *worker) == "");
      }
    }
  }
}

// Rules of which each is a single step, so that Check() takes its short cut where there is one
// block: kinds in one word, limits.
std::string SingleSteps(Source& random, int count) {
  const Names single = {kDirect[0], kDirect[1], kDirect[2], kDirect[6], kDirect[8]};
  std::string text = std::string(kHead) + "rules:\n";
  for (int i = 0; i < count; ++i) {
    text += "  - {id: R-" + std::to_string(i) + ", name: r" + std::to_string(i) +
            ", severity: error, check: " + random.Pick(single) +
            ", error: RuleFailed, message: m, source: s}\n";
  }
  return text;
}

TEST_CASE("law: the short cut of one block of single steps, and what it must not be taken for") {
  for (const int count : {1, 2, 5, 64, 65, 128}) {
    CAPTURE(count);
    Source random(static_cast<unsigned>(count));
    for (int set = 0; set < (count < 10 ? 10 : 2); ++set) {
      CAPTURE(set);
      auto files = testing::ToyFiles("", PlainToy());
      files[0].text = SingleSteps(random, count);
      const auto rules = testing::MakeRules(files);
      const CapabilityMatcher matcher(rules);
      for (int pair = 0; pair < 60; ++pair) {
        CAPTURE(pair);
        const auto model = matcher.Bind(random.NextMcd());
        const auto worker = matcher.Bind(random.NextEcp(*rules));
        REQUIRE(model.has_value());
        REQUIRE(worker.has_value());
        CHECK(testing::Disagreement(matcher, *model, *worker) == "");
      }
    }
  }
  // of 65 rules the last alone fails
  auto files = testing::ToyFiles("", PlainToy());
  std::string text = std::string(kHead) + "rules:\n";
  for (int i = 0; i < 65; ++i) {
    text += "  - {id: R-" + std::to_string(i) + ", name: r" + std::to_string(i) +
            ", severity: error, check: " + (i < 64 ? kDirect[6] : kDirect[8]) +
            ", error: RuleFailed, message: m, source: s}\n";
  }
  files[0].text = text;
  const CapabilityMatcher matcher(testing::MakeRules(files));
  Ecp ecp = testing::SeedEcp();
  ecp.max_context = 8192;
  ecp.attributes["m"] = testing::I(8192);
  const Verdict verdict =
      matcher.Check(*matcher.Bind(testing::SeedMcd()), *matcher.Bind(std::move(ecp)));
  CHECK_FALSE(verdict.compatible());
  CHECK(Verdict::Has(verdict.failed, 64));
  CHECK_FALSE(Verdict::Has(verdict.failed, 0));
}

}  // namespace
}  // namespace cmatch
