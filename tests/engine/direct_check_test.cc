// Check() of a descriptor that nobody has bound judges rules over its own members as they are
// (direct.h). Over random rules of that sort it must come to what Check() of the bound one and
// Explain() do (fixed seeds).

#include <doctest/doctest.h>

#include <random>

#include "cmatch/build_ecp.h"
#include "support/four_rules.h"
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

// One rule over the context, and more fields.
CapabilityMatcher OneRule(std::string_view more_fields) {
  auto files = testing::ToyFiles("", PlainToy());
  files[0].text = std::string(kHead) + std::string(more_fields) +
                  "rules:\n  - {id: R, name: r, severity: error, check: " + kDirect[6] +
                  ", error: RuleFailed, message: m, source: s}\n";
  return CapabilityMatcher(testing::MakeRules(files));
}

TEST_CASE("a descriptor as it is must be whole, whatever the rules read") {
  const CapabilityMatcher matcher = OneRule("");
  const Worker worker = *matcher.Bind(testing::SeedEcp());
  const struct {
    const char* name;
    void (*change)(Mcd&);
    bool good;
  } cases[] = {
      {"as it is", [](Mcd&) {}, true},
      {"an attribute of no rule", [](Mcd& m) { m.attributes["x"] = testing::I(1); }, true},
      {"no positional", [](Mcd& m) { m.positional.clear(); }, false},
      {"no quant", [](Mcd& m) { m.quant.clear(); }, false},
      {"an empty quant", [](Mcd& m) { m.quant = {"fp16", ""}; }, false},
      {"context 0", [](Mcd& m) { m.context_max = 0; }, false},
      {"vocabulary below 0", [](Mcd& m) { m.vocab_size = -1; }, false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Mcd mcd = testing::SeedMcd();
    c.change(mcd);
    const auto verdict = matcher.Check(mcd, worker);
    CHECK(verdict.has_value() == c.good);
    CHECK(matcher.Bind(mcd).has_value() == c.good);
  }
}

TEST_CASE("the model_id of a descriptor as it is is judged as that of a bound one") {
  const std::string long_id(1000, 'm');
  const struct {
    const char* name;
    std::string model_id;
    bool any, text, kind;  // good where it is not declared, is a text, is a kind
  } cases[] = {
      {"empty", "", false, false, false},
      {"a word", "org/model", true, true, true},
      {"long", long_id, true, true, true},
      {"of all sorts", " ~\xc3\xa9\xff", true, true, true},
      {"a control character first", "\x1fm", true, false, false},
      {"a control character last", long_id + "\n", true, false, false},
      {"delete", "m\x7f", true, false, false},
      {"zero", std::string("m\0m", 3), true, false, false},
  };
  const CapabilityMatcher any = OneRule("");
  const CapabilityMatcher text = OneRule("  mcd.model_id: {type: text}\n");
  const CapabilityMatcher kind = OneRule("  mcd.model_id: {type: kind, of: quant}\n");
  const CapabilityMatcher odd = OneRule("  mcd.model_id: {type: integer}\n");
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Mcd mcd = testing::SeedMcd();
    mcd.model_id = c.model_id;
    for (const auto& [matcher, good] : {std::pair(&any, c.any), std::pair(&text, c.text),
                                        std::pair(&kind, c.kind), std::pair(&odd, false)}) {
      const auto verdict = matcher->Check(mcd, *matcher->Bind(testing::SeedEcp()));
      const auto bound = matcher->Bind(mcd);
      CHECK(verdict.has_value() == good);
      REQUIRE(bound.has_value() == verdict.has_value());
      if (!good) CHECK(verdict.error().message == bound.error().message);
    }
  }
}

// Names are compared by words of eight characters that overlap, longer ones beyond these too.
TEST_CASE("kinds of any length are told apart by each character, and by their length") {
  Names names;
  for (std::size_t length = 1; length <= 40; ++length) {
    names.emplace_back(length, 'k');
    for (std::size_t i = 0; i < length; ++i) {
      names.emplace_back(length, 'k');
      names.back()[i] = 'x';
    }
  }
  std::string kinds =
      "kind: cmatch.kinds/v1\nkinds:\n  attention: {gqa: g}\n  quant: {fp16: h}\n"
      "  positional:\n";
  for (const std::string& name : names) kinds += "    " + name + ": a kind\n";
  const CapabilityMatcher matcher(testing::MakeRules(
      {{"rules.yaml", std::string(testing::kFourRules)}, {"kinds.yaml", kinds}}));
  const auto verdict_of = [&](const std::string& needed, const std::string& offered) {
    Mcd mcd = testing::SeedMcd();
    mcd.positional = needed;
    Ecp ecp = testing::SeedEcp();
    ecp.supports_positional = {offered};
    const auto verdict = matcher.Check(mcd, *matcher.Bind(ecp));
    return verdict && !Verdict::Has(verdict->failed, 0);
  };
  for (std::size_t i = 0; i < names.size(); ++i) {
    CAPTURE(names[i]);
    CHECK(verdict_of(names[i], names[i]));
    CHECK_FALSE(verdict_of(names[i], names[(i + 1) % names.size()]));
    CHECK_FALSE(verdict_of(names[i] + "k", names[i]));
  }
}

}  // namespace
}  // namespace cmatch
