// Whole rule sets: limits, digests, two of them side by side.

#include "cmatch/rule_set.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "cmatch/build_ecp.h"
#include "support/rules.h"

namespace cmatch {
namespace {

using testing::I;
using testing::Ids;
using testing::K;
using testing::kKindsYaml;
using testing::kTableRules;
using testing::MakeRules;
using testing::OutcomeOf;
using testing::ProblemCodes;
using testing::RulesYaml;
using testing::RuleYaml;
using testing::S;
using testing::SeedEcp;
using testing::SeedMcd;
using testing::ToyFiles;

constexpr const char* kPass = "{value: mcd.context_max, ge: 1}";
constexpr const char* kFail = "{value: mcd.context_max, lt: 1}";

std::string Many(std::size_t rules, const char* check) {
  std::string text;
  for (std::size_t i = 0; i < rules; ++i) text += RuleYaml("R-" + std::to_string(i), check);
  return text;
}

TEST_CASE("a rule set holds kMaxRules rules and not one more") {
  const auto full = MakeRules(ToyFiles(Many(kMaxRules, kFail)));
  const CapabilityMatcher matcher(full);
  const auto report = matcher.check_compatibility(SeedMcd(), SeedEcp());
  REQUIRE(report.has_value());
  CHECK(report->violations.size() == kMaxRules);
  CHECK(report->violations.back().rule == "R-255");
  CHECK(testing::Disagreement(matcher, *matcher.Bind(SeedMcd()), *matcher.Bind(SeedEcp())) == "");
  CHECK(ProblemCodes(ToyFiles(Many(kMaxRules + 1, kFail))) == "rules-too-many");
}

TEST_CASE("the last of many rules alone decides") {
  const auto rules = MakeRules(ToyFiles(Many(kMaxRules - 1, kPass) + RuleYaml("LAST", kFail)));
  const CapabilityMatcher matcher(rules);
  const Verdict verdict = matcher.Check(*matcher.Bind(SeedMcd()), *matcher.Bind(SeedEcp()));
  CHECK_FALSE(verdict.compatible());
  CHECK(Verdict::Has(verdict.failed, kMaxRules - 1));
  CHECK_FALSE(Verdict::Has(verdict.failed, kMaxRules - 2));
}

TEST_CASE("a rule set without rules lets everything pass") {
  const auto rules = MakeRules(ToyFiles("  []\n"));
  const auto report = CapabilityMatcher(rules).check_compatibility(SeedMcd(), SeedEcp());
  REQUIRE(report.has_value());
  CHECK(report->compatible);
}

TEST_CASE("a retired id is not used again, an id is not used twice") {
  std::vector<RuleFile> files = ToyFiles(RuleYaml("OLD-1", kPass));
  files[0].text += "retired: [OLD-1]\n";
  CHECK(ProblemCodes(files) == "rules-retired-id");
  CHECK(ProblemCodes(ToyFiles(RuleYaml("R", kPass) + RuleYaml("R", kPass))) != "");
}

TEST_CASE("a message names fields that there are") {
  const struct {
    const char* message;
    const char* want;
  } cases[] = {{"{mcd.model_id} {ecp.worker_id} {required} {supported} {limit} {because}", ""},
               {"needs driver {ecp.min_driver}", ""},
               {"no braces", ""},
               {"closed } only", ""},
               {"{mcd.model_idd}", "rules-unknown-field"},
               {"{nope} and {mcd.nope}", "rules-unknown-field; rules-unknown-field"},
               {"{}", "rules-unknown-field"},
               {"{required", "rules-unknown-field"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.message));
    std::string rule = RuleYaml("R", kPass);
    rule.replace(rule.find("\"m\""), 3, "\"" + std::string(c.message) + "\"");
    CHECK(ProblemCodes(ToyFiles(rule)) == c.want);
  }
}

// More than 64 and more than 1,024 kinds: sets of several words.
TEST_CASE("a dimension may have any number of kinds") {
  for (const int count : {1, 63, 64, 65, 128, 129, 1024, 1025, 1100}) {
    CAPTURE(count);
    std::string kinds = "kind: cmatch.kinds/v1\nkinds:\n  quant:\n";
    for (int i = 0; i < count; ++i) kinds += "    k" + std::to_string(i) + ": \"k\"\n";
    const auto rules =
        MakeRules({{"r.yaml", RulesYaml(RuleYaml("ANY", "{any_of: mcd.many, in: ecp.many}") +
                                        RuleYaml("EACH", "{each_of: mcd.many, in: ecp.many}"))},
                   {"k.yaml", kinds}});
    const std::string first = "k0";
    const std::string last = "k" + std::to_string(count - 1);
    const auto outcome = [&](const char* rule, Value mcd, Value ecp) {
      return OutcomeOf(rules, rule, {{"many", std::move(mcd)}}, {{"many", std::move(ecp)}});
    };
    CHECK(outcome("ANY", K({last}), K({last})) == "pass");
    CHECK(outcome("EACH", K({first, last}), K({last, first})) == "pass");
    CHECK(outcome("ANY", K({last}), K({})) == "fail");
    if (count == 1) continue;
    CHECK(outcome("ANY", K({last}), K({first})) == "fail");
    CHECK(outcome("EACH", K({first, last}), K({last})) == "fail");
    CHECK(outcome("EACH", K({first, last}), K({first})) == "fail");
  }
}

TEST_CASE("two rule sets live side by side") {
  const auto strict = MakeRules(ToyFiles(RuleYaml("R", "{value: mcd.n, le: 5}")));
  const auto lax = MakeRules(ToyFiles(RuleYaml("R", "{value: mcd.n, le: 50}")));
  CHECK(OutcomeOf(strict, "R", {{"n", I(6)}}, {}) == "fail");
  CHECK(OutcomeOf(lax, "R", {{"n", I(6)}}, {}) == "pass");
  CHECK(strict->digest() != lax->digest());
}

TEST_CASE("a model or worker bound by another rule set: every rule is skipped, none is passed") {
  const std::string fails = RuleYaml("R", kFail) + RuleYaml("S", kPass);
  const CapabilityMatcher ours(MakeRules(ToyFiles(fails)));
  const CapabilityMatcher theirs(MakeRules(ToyFiles(fails)));
  const auto our_model = ours.Bind(SeedMcd());
  const auto our_worker = ours.Bind(SeedEcp());
  const auto their_model = theirs.Bind(SeedMcd());
  const auto their_worker = theirs.Bind(SeedEcp());
  for (const Verdict& verdict :
       {ours.Check(*their_model, *our_worker), ours.Check(*our_model, *their_worker),
        ours.Check(*their_model, *their_worker)}) {
    CHECK(Verdict::Has(verdict.skipped, 0));
    CHECK(Verdict::Has(verdict.skipped, 1));
    CHECK(verdict.failed == Verdict::Bits{});
  }
  // Explain() binds them anew
  CHECK(Ids(ours.Explain(*their_model, *their_worker).violations) == "R");
}

TEST_CASE("a model that is asked about once: the verdict, or the refusal, of one that is bound") {
  const std::string fields = RuleYaml("R", "{value: mcd.n, le: 5}") + RuleYaml("S", kPass) +
                             RuleYaml("Q", "{any_of: mcd.quant, in: ecp.supports_quant}");
  const CapabilityMatcher matcher(MakeRules(ToyFiles(fields)));
  const auto worker = *matcher.Bind(SeedEcp());
  const struct {
    const char* name;
    void (*change)(Mcd&);
    bool good;
  } cases[] = {
      {"as it is", [](Mcd&) {}, true},
      {"n passes", [](Mcd& m) { m.attributes["n"] = I(5); }, true},
      {"n fails", [](Mcd& m) { m.attributes["n"] = I(6); }, true},
      {"n is not known", [](Mcd& m) { m.attributes["n"] = Value(); }, true},
      {"n is a text", [](Mcd& m) { m.attributes["n"] = S("5"); }, false},
      {"an attribute of no rule", [](Mcd& m) { m.attributes["other"] = S("5"); }, true},
      {"a quant that no table knows", [](Mcd& m) { m.quant = {"brand_new"}; }, true},
      {"no id", [](Mcd& m) { m.model_id.clear(); }, false},
      {"an id with a control character", [](Mcd& m) { m.model_id = "a\x1b"; }, false},
      {"an id with DEL", [](Mcd& m) { m.model_id = "a\x7f"; }, false},
      {"no positional", [](Mcd& m) { m.positional.clear(); }, false},
      {"no attention", [](Mcd& m) { m.attention.clear(); }, false},
      {"no quant", [](Mcd& m) { m.quant.clear(); }, false},
      {"an empty quant", [](Mcd& m) { m.quant = {""}; }, false},
      {"context 0", [](Mcd& m) { m.context_max = 0; }, false},
      {"vocabulary 0", [](Mcd& m) { m.vocab_size = 0; }, false},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    Mcd mcd = SeedMcd();
    c.change(mcd);
    const auto once = matcher.Check(mcd, worker);
    const auto model = matcher.Bind(mcd);
    CHECK(once.has_value() == c.good);
    REQUIRE(once.has_value() == model.has_value());
    if (!once) {
      CHECK(once.error().message == model.error().message);
      CHECK(once.error().kind == ErrorKind::kInvalidMcd);
      continue;
    }
    const Verdict bound = matcher.Check(*model, worker);
    CHECK(once->failed == bound.failed);
    CHECK(once->skipped == bound.skipped);
    CHECK(once->compatible() == bound.compatible());
  }
  // a worker that another rule set has bound: every rule is skipped
  const CapabilityMatcher theirs(MakeRules(ToyFiles(fields)));
  const auto foreign = matcher.Check(SeedMcd(), *theirs.Bind(SeedEcp()));
  REQUIRE(foreign.has_value());
  for (std::size_t i = 0; i < 3; ++i) CHECK(Verdict::Has(foreign->skipped, i));
}

TEST_CASE("a bound model keeps its rule set alive, a copy shares it") {
  std::optional<Model> model;
  std::optional<Worker> worker;
  {
    const CapabilityMatcher matcher(MakeRules(ToyFiles(RuleYaml("R", kFail))));
    model = *matcher.Bind(SeedMcd());
    worker = *matcher.Bind(SeedEcp());
  }
  const Model copy = *model;
  model.reset();
  CHECK(copy.mcd().model_id == "meta-llama/Llama-3.1-8B");
  CHECK(worker->ecp().worker_id == "gpu-0-worker");
}

TEST_CASE("one matcher answers many threads at once") {
  const CapabilityMatcher matcher(MakeRules(ToyFiles(kTableRules)));
  Mcd mcd = SeedMcd();
  mcd.quant = {"fp8", "brand_new"};
  const auto expected = matcher.check_compatibility(mcd, SeedEcp());
  REQUIRE(expected.has_value());
  std::atomic<int> different{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const auto model = matcher.Bind(mcd);
        const auto worker = matcher.Bind(SeedEcp());
        const bool same =
            model && worker &&
            matcher.Check(*model, *worker).compatible() == expected->compatible &&
            Ids(matcher.Explain(*model, *worker).violations) == Ids(expected->violations);
        if (!same) ++different;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(different == 0);
}

TEST_CASE("equal sets have equal digests, whatever the files are called") {
  const auto digest = [](std::vector<RuleFile> files, const char* prefix) {
    for (RuleFile& file : files) file.name = prefix + file.name;
    return MakeRules(files)->digest();
  };
  const auto files = ToyFiles(kTableRules);
  const std::string one = digest(files, "a/");
  CHECK(one == digest(files, "b/"));
  CHECK(one.starts_with("xxh128:"));
  CHECK(one.size() == 7 + 32);
  // any meaning that changes changes it
  const struct {
    std::size_t file;
    const char* from;
    const char* to;
  } changes[] = {{0, "severity: error", "severity: warning"},
                 {0, "message: \"m\"", "message: \"n\""},
                 {0, "version: \"1.0.0\"", "version: \"1.0.1\""},
                 {1, "\"8 bit\"", "\"eight bit\""},
                 {1, "id: 15", "id: 16"},
                 {2, "memory: [16GiB]", "memory: [17GiB]"},
                 {3, "weights only", "weights"},
                 {3, "driver: \"580\"", "driver: \"581\""},
                 {3, "in: [64, 128]", "in: [64, 129]"},
                 {3, "\"9.0ptx\"", "\"9.0+ptx\""},
                 {3, "integer: [1, 8]", "integer: [1, 9]"}};
  for (const auto& change : changes) {
    CAPTURE(change.from);
    auto changed = files;
    std::string& text = changed[change.file].text;
    REQUIRE(text.find(change.from) != std::string::npos);
    text.replace(text.find(change.from), std::string_view(change.from).size(), change.to);
    CHECK(digest(changed, "a/") != one);
  }
  auto commented = files;
  commented[0].text += "# a comment\n";
  CHECK(digest(commented, "a/") == one);
}

TEST_CASE("every problem of both sides is reported, both wrong names the model") {
  const CapabilityMatcher matcher(MakeRules(ToyFiles(RuleYaml("R", kPass))));
  Mcd mcd;
  Ecp ecp;
  const auto both = matcher.check_compatibility(mcd, ecp);
  REQUIRE_FALSE(both.has_value());
  CHECK(both.error().kind == ErrorKind::kInvalidMcd);
  std::string paths;
  for (const Problem& problem : both.error().problems) paths += problem.path + " ";
  CHECK(
      paths ==
      "/model_id /positional /attention /quant /context_max /vocab_size /worker_id /max_context ");
  const auto worker = matcher.check_compatibility(SeedMcd(), ecp);
  REQUIRE_FALSE(worker.has_value());
  CHECK(worker.error().kind == ErrorKind::kInvalidEcp);
}

TEST_CASE("CMATCH-8010 CMATCH-8020 required members at their boundaries") {
  const CapabilityMatcher matcher(MakeRules(ToyFiles(RuleYaml("R", kPass))));
  const struct {
    const char* name;
    void (*change)(Mcd&);
    bool good;
  } mcds[] = {{"context 0", [](Mcd& m) { m.context_max = 0; }, false},
              {"context 1", [](Mcd& m) { m.context_max = 1; }, true},
              {"context most", [](Mcd& m) { m.context_max = INT64_MAX; }, true},
              {"context -1", [](Mcd& m) { m.context_max = -1; }, false},
              {"vocab 0", [](Mcd& m) { m.vocab_size = 0; }, false},
              {"vocab 1", [](Mcd& m) { m.vocab_size = 1; }, true},
              {"no quant", [](Mcd& m) { m.quant.clear(); }, false},
              {"empty quant", [](Mcd& m) { m.quant = {"q4_0", ""}; }, false},
              {"control", [](Mcd& m) { m.positional = "rope\n"; }, false},
              {"unknown kind", [](Mcd& m) { m.positional = "rope_moon"; }, true}};
  for (const auto& c : mcds) {
    CAPTURE(c.name);
    Mcd mcd = SeedMcd();
    c.change(mcd);
    CHECK(matcher.Bind(mcd).has_value() == c.good);
  }
  const struct {
    const char* name;
    void (*change)(Ecp&);
    bool good;
  } ecps[] = {{"context 0", [](Ecp& e) { e.max_context = 0; }, false},
              {"context 1", [](Ecp& e) { e.max_context = 1; }, true},
              {"vram 0", [](Ecp& e) { e.vram_bytes = 0; }, false},
              {"vram not known", [](Ecp& e) { e.vram_bytes.reset(); }, true},
              {"empty lists", [](Ecp& e) { e.supports_quant = {}; }, true},
              {"empty kind", [](Ecp& e) { e.supports_quant = {""}; }, false},
              {"no name", [](Ecp& e) { e.worker_id = ""; }, false}};
  for (const auto& c : ecps) {
    CAPTURE(c.name);
    Ecp ecp = SeedEcp();
    c.change(ecp);
    CHECK(matcher.Bind(ecp).has_value() == c.good);
  }
}

}  // namespace
}  // namespace cmatch
