// What Check() of a descriptor that nobody has bound takes and refuses where it needs no record
// (direct.h): as Bind() does.

#include <doctest/doctest.h>

#include "support/four_rules.h"
#include "support/rules.h"

namespace cmatch {
namespace {

using testing::I;
using testing::S;

// The tables know all of its kinds, so that nothing but what a test changes asks for a record.
Mcd KnownMcd() {
  Mcd mcd = testing::SeedMcd();
  mcd.quant = {"fp16"};
  return mcd;
}

// The four rules of CMATCH-8030, with more fields and more files.
CapabilityMatcher FourRules(std::string_view more_fields = "",
                            const std::vector<RuleFile>& more_files = {}) {
  std::string rules(testing::kFourRules);
  rules.insert(rules.find("rules:\n", rules.find("fields:")), more_fields);
  std::vector<RuleFile> files = {{"kinds.yaml", std::string(testing::kKindsYaml)},
                                 {"rules.yaml", rules}};
  files.insert(files.end(), more_files.begin(), more_files.end());
  return CapabilityMatcher(testing::MakeRules(files));
}

// Check() of the descriptor is good, and says what Bind() does where it is not.
bool Good(const CapabilityMatcher& matcher, const Mcd& mcd) {
  const auto verdict = matcher.Check(mcd, *matcher.Bind(testing::SeedEcp()));
  const auto bound = matcher.Bind(mcd);
  CHECK(verdict.has_value() == bound.has_value());
  if (!verdict && !bound) CHECK(verdict.error().message == bound.error().message);
  return verdict.has_value();
}

// Names of up to 16 characters and above, of which many begin and end alike.
std::string NthKind(int n) {
  const std::string number = std::to_string(n);
  return n % 2 == 0 ? "k" + number : "quantised_" + number + "_in_blocks_of_32";
}

TEST_CASE("each of 200 kinds is found, over all words of their bit set") {
  constexpr int kKinds = 200;
  std::string kinds = "kind: cmatch.kinds/v1\nkinds:\n  quant:\n";
  for (int n = 0; n < kKinds; ++n) kinds += "    " + NthKind(n) + ": \"a kind\"\n";
  const CapabilityMatcher matcher(testing::MakeRules(
      {{"kinds.yaml", kinds},
       {"rules.yaml",
        "kind: cmatch.rules/v1\nname: r\nversion: \"1\"\nfields:\n"
        "  mcd.quant: {type: kinds, of: quant}\n  ecp.supports_quant: {type: kinds, of: quant}\n"
        "rules:\n"
        "  - {id: ANY, name: a, severity: error, check: {any_of: mcd.quant, in: "
        "ecp.supports_quant}, error: RuleFailed, message: m, source: s}\n"
        "  - {id: EACH, name: b, severity: error, check: {each_of: mcd.quant, in: "
        "ecp.supports_quant}, error: RuleFailed, message: m, source: s}\n"}}));
  Ecp ecp = testing::SeedEcp();
  ecp.supports_quant.clear();
  const auto offered = [](int n) { return n % 3 == 0; };
  for (int n = 0; n < kKinds; ++n) {
    if (offered(n)) ecp.supports_quant.push_back(NthKind(n));
  }
  const auto worker = matcher.Bind(ecp);
  REQUIRE(worker);
  Mcd mcd = testing::SeedMcd();
  for (int n = 0; n < kKinds; ++n) {
    const int other = (n + 64) % kKinds;
    CAPTURE(n);
    mcd.quant = {NthKind(n), NthKind(other)};
    const auto verdict = matcher.Check(mcd, *worker);
    REQUIRE(verdict);
    CHECK(Verdict::Has(verdict->failed, 0) == !(offered(n) || offered(other)));
    CHECK(Verdict::Has(verdict->failed, 1) == !(offered(n) && offered(other)));
  }
}

TEST_CASE("a descriptor as it is must be whole, whatever the rules read") {
  const struct {
    const char* name;
    void (*change)(Mcd&);
    bool good;
  } cases[] = {
      {"as it is", [](Mcd&) {}, true},
      {"an attribute of no rule", [](Mcd& m) { m.attributes["x"] = I(1); }, true},
      {"an attribute that is declared", [](Mcd& m) { m.attributes["n"] = I(1); }, true},
      {"one of another type", [](Mcd& m) { m.attributes["n"] = S("1"); }, false},
      {"no positional", [](Mcd& m) { m.positional.clear(); }, false},
      {"no attention", [](Mcd& m) { m.attention.clear(); }, false},
      {"no quant", [](Mcd& m) { m.quant.clear(); }, false},
      {"an empty quant", [](Mcd& m) { m.quant = {"fp16", ""}; }, false},
      {"a quant with a control character", [](Mcd& m) { m.quant = {"fp16", "a\n"}; }, false},
      {"context 0", [](Mcd& m) { m.context_max = 0; }, false},
      {"context 1", [](Mcd& m) { m.context_max = 1; }, true},
      {"vocabulary below 0", [](Mcd& m) { m.vocab_size = -1; }, false},
  };
  const CapabilityMatcher matcher = FourRules("  mcd.n: {type: integer}\n");
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Mcd mcd = KnownMcd();
    c.change(mcd);
    CHECK(Good(matcher, mcd) == c.good);
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
  const CapabilityMatcher any = FourRules();
  const CapabilityMatcher text = FourRules("  mcd.model_id: {type: text}\n");
  const CapabilityMatcher kind = FourRules("  mcd.model_id: {type: kind, of: quant}\n");
  const CapabilityMatcher odd = FourRules("  mcd.model_id: {type: integer}\n");
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Mcd mcd = KnownMcd();
    mcd.model_id = c.model_id;
    CHECK(Good(any, mcd) == c.any);
    CHECK(Good(text, mcd) == c.text);
    CHECK(Good(kind, mcd) == c.kind);
    CHECK_FALSE(Good(odd, mcd));
  }
}

TEST_CASE("waivers hold for a descriptor as it is") {
  const CapabilityMatcher matcher =
      FourRules("", {{"site.yaml",
                      "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\nowner: ops\n"
                      "waive: [{rule: R-4, model: \"meta-llama/*\", reason: \"known\"}]\n"}});
  for (const bool waived : {true, false}) {
    Mcd mcd = KnownMcd();
    mcd.context_max = 16385;
    if (!waived) mcd.model_id = "other/model";
    const auto verdict = matcher.Check(mcd, *matcher.Bind(testing::SeedEcp()));
    REQUIRE(verdict.has_value());
    CHECK(verdict->compatible() == waived);
    CHECK(Verdict::Has(verdict->waived, 3) == waived);
  }
}

TEST_CASE("a descriptor as it is and a worker of another rule set: every rule is skipped") {
  const CapabilityMatcher ours = FourRules();
  const auto theirs = FourRules().Bind(testing::SeedEcp());
  REQUIRE(theirs.has_value());
  const auto verdict = ours.Check(KnownMcd(), *theirs);
  REQUIRE(verdict.has_value());
  CHECK(verdict->skipped == Verdict::Bits{0b1111});
  Mcd bad = KnownMcd();
  bad.context_max = 0;
  CHECK_FALSE(ours.Check(bad, *theirs).has_value());
}

// Names are compared by words of eight characters that overlap, longer ones beyond these too.
TEST_CASE("kinds of any length are told apart by each character, and by their length") {
  std::vector<std::string> names;
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
