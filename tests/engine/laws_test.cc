// Laws that hold for every pair, over generated ones (fixed seed).

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "engine/generated_pairs.h"

namespace cmatch {
namespace {

using testing::Ids;
using testing::Pairs;
using testing::Shipped;
using testing::ShippedFiles;

constexpr int kPairs = 2000;

std::vector<std::string>& Kinds(Value& value) { return std::get<std::vector<std::string>>(value); }

// Those of the four rules and the tensor types that fail.
std::string Failing(const CapabilityMatcher& matcher, const Mcd& mcd, const Ecp& ecp) {
  const auto report = matcher.check_compatibility(mcd, ecp);
  REQUIRE(report.has_value());
  std::string ids;
  for (const Finding& finding : report->violations) {
    if (finding.rule.starts_with("CMATCH-8030.") || finding.rule == "CMATCH-8131") {
      ids += finding.rule + ' ';
    }
  }
  return ids;
}

// Every rule of `fewer` is one of `more`.
bool Within(const std::string& fewer, const std::string& more) {
  for (std::size_t at = 0; at < fewer.size(); at = fewer.find(' ', at) + 1) {
    if (more.find(fewer.substr(at, fewer.find(' ', at) - at + 1)) == std::string::npos)
      return false;
  }
  return true;
}

TEST_CASE("law CMATCH-8030: more capability never turns a pass into a failure") {
  const CapabilityMatcher matcher(Shipped());
  Pairs pairs;
  for (int i = 0; i < kPairs; ++i) {
    CAPTURE(i);
    const Mcd mcd = pairs.NextMcd();
    Ecp ecp = pairs.NextEcp();
    const std::string before = Failing(matcher, mcd, ecp);
    ecp.supports_positional.push_back(pairs.Pick(pairs.kPositional));
    ecp.supports_attention.push_back(pairs.Pick(pairs.kAttention));
    ecp.supports_quant.insert(ecp.supports_quant.begin(), pairs.Pick(pairs.kQuant));
    ecp.max_context += pairs.Below(3);
    if (const auto it = ecp.attributes.find("supports_tensor_type"); it != ecp.attributes.end()) {
      Kinds(it->second).push_back(pairs.Pick(pairs.kTensor));
    }
    const std::string after = Failing(matcher, mcd, ecp);
    CAPTURE(before);
    CAPTURE(after);
    CHECK(Within(after, before));
  }
}

TEST_CASE("law CMATCH-8030: more requirement never turns a failure into a pass") {
  const CapabilityMatcher matcher(Shipped());
  Pairs pairs;
  for (int i = 0; i < kPairs; ++i) {
    CAPTURE(i);
    Mcd mcd = pairs.NextMcd();
    const Ecp ecp = pairs.NextEcp();
    const std::string before = Failing(matcher, mcd, ecp);
    mcd.context_max += pairs.Below(3);
    if (const auto it = mcd.attributes.find("requested_context"); it != mcd.attributes.end()) {
      it->second = std::get<std::int64_t>(it->second) + pairs.Below(3);
    }
    // of alternatives, one fewer is more to ask
    if (mcd.quant.size() > 1) mcd.quant.pop_back();
    if (const auto it = mcd.attributes.find("tensor_types"); it != mcd.attributes.end()) {
      Kinds(it->second).push_back(pairs.Pick(pairs.kTensor));
    }
    const std::string after = Failing(matcher, mcd, ecp);
    CAPTURE(before);
    CAPTURE(after);
    CHECK(Within(before, after));
  }
}

// Every rule with what became of it, by id: the same whatever the order of the rules.
std::string Sorted(const Report& report) {
  std::vector<std::string> lines;
  for (const Finding& finding : report.violations) lines.push_back(finding.rule + " fails");
  for (const Finding& finding : report.warnings) lines.push_back(finding.rule + " warns");
  for (const Skipped& skipped : report.skipped) lines.push_back(skipped.rule + " is skipped");
  std::sort(lines.begin(), lines.end());
  std::string text = report.compatible ? "compatible" : "not compatible";
  for (const std::string& line : lines) text += "\n" + line;
  return text;
}

// What Check() says, by id.
std::string Sorted(const CapabilityMatcher& matcher, const Mcd& mcd, const Ecp& ecp) {
  const Verdict verdict = matcher.Check(*matcher.Bind(mcd), *matcher.Bind(ecp));
  std::vector<std::string> lines;
  const std::vector<Rule>& rules = matcher.rules().tables().rules;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (Verdict::Has(verdict.failed, i)) lines.push_back(std::string(rules[i].id) + " fails");
    if (Verdict::Has(verdict.skipped, i)) lines.push_back(std::string(rules[i].id) + " is skipped");
  }
  std::sort(lines.begin(), lines.end());
  std::string text = verdict.compatible() ? "compatible" : "not compatible";
  for (const std::string& line : lines) text += "\n" + line;
  return text;
}

TEST_CASE("law: the order of rules and of files never changes the verdict") {
  // The shipped rules, and more rules than one block of 64 holds, of every kind of step.
  std::string many;
  for (int i = 0; i < 150; ++i) {
    const std::string n = std::to_string(i % 7);
    const std::string checks[] = {"{value: mcd.context_max, le: " + n + "}",
                                  "{value: mcd.context_max, le: ecp.max_context}",
                                  "{any_of: mcd.quant, in: ecp.supports_quant}",
                                  "{each_of: mcd.quant, in: ecp.supports_quant}",
                                  "{value: mcd.requested_context, lt: " + n + "}",
                                  "{not: {value: mcd.positional, in: ecp.supports_positional}}"};
    many += testing::RuleYaml("R-" + std::to_string(i), checks[i % 6],
                              i % 5 == 0 ? "severity: warning" : "");
  }
  const std::vector<RuleFile> sets[] = {ShippedFiles(), testing::ToyFiles(many)};
  std::mt19937 random(8131);
  Pairs pairs;
  for (const std::vector<RuleFile>& set : sets) {
    const CapabilityMatcher in_order(testing::MakeRules(set));
    std::set<std::string> seen;
    for (int permutation = 0; permutation < 24; ++permutation) {
      CAPTURE(permutation);
      std::vector<RuleFile> files = set;
      std::shuffle(files.begin(), files.end(), random);
      auto tables = ReadTables(files);
      REQUIRE(tables.has_value());
      std::shuffle(tables->rules.begin(), tables->rules.end(), random);
      const auto rules = RuleSet::Create(std::move(*tables));
      REQUIRE(rules.has_value());
      const CapabilityMatcher shuffled(*rules);
      for (int i = 0; i < 25; ++i) {
        CAPTURE(i);
        const Mcd mcd = pairs.NextMcd();
        const Ecp ecp = pairs.NextEcp();
        const auto want = in_order.check_compatibility(mcd, ecp);
        const auto got = shuffled.check_compatibility(mcd, ecp);
        REQUIRE(want.has_value());
        REQUIRE(got.has_value());
        CHECK(Sorted(*got) == Sorted(*want));
        CHECK(Sorted(shuffled, mcd, ecp) == Sorted(in_order, mcd, ecp));
        seen.insert(Sorted(*want));
      }
    }
    // many different verdicts were compared
    CHECK(seen.size() > 50);
  }
}

TEST_CASE("law: the order of the kinds in a list never changes the verdict") {
  const CapabilityMatcher matcher(Shipped());
  std::mt19937 random(8030);
  Pairs pairs;
  for (int i = 0; i < kPairs / 4; ++i) {
    CAPTURE(i);
    Mcd mcd = pairs.NextMcd();
    Ecp ecp = pairs.NextEcp();
    const auto before = matcher.check_compatibility(mcd, ecp);
    std::vector<std::string>* lists[] = {&mcd.quant, &ecp.supports_positional,
                                         &ecp.supports_attention, &ecp.supports_quant};
    for (std::vector<std::string>* list : lists) {
      std::shuffle(list->begin(), list->end(), random);
    }
    for (const char* name : {"tensor_types", "attention_kinds"}) {
      if (const auto it = mcd.attributes.find(name); it != mcd.attributes.end()) {
        std::shuffle(Kinds(it->second).begin(), Kinds(it->second).end(), random);
      }
    }
    const auto after = matcher.check_compatibility(mcd, ecp);
    REQUIRE(before.has_value());
    REQUIRE(after.has_value());
    CHECK(Sorted(*after) == Sorted(*before));
  }
}

TEST_CASE("law: Check() and Explain() agree on every pair") {
  const CapabilityMatcher matcher(Shipped());
  Pairs pairs;
  int compatible = 0;
  for (int i = 0; i < kPairs; ++i) {
    CAPTURE(i);
    const auto model = matcher.Bind(pairs.NextMcd());
    const auto worker = matcher.Bind(pairs.NextEcp());
    REQUIRE(model.has_value());
    REQUIRE(worker.has_value());
    CHECK(testing::Disagreement(matcher, *model, *worker) == "");
    compatible += matcher.Check(*model, *worker).compatible() ? 1 : 0;
  }
  // both answers were seen
  CHECK(compatible > 0);
  CHECK(compatible < kPairs);
}

TEST_CASE("law: the spelling of a kind never changes the verdict") {
  const CapabilityMatcher matcher(Shipped());
  Pairs pairs;
  for (int i = 0; i < kPairs / 4; ++i) {
    CAPTURE(i);
    Mcd mcd = pairs.NextMcd();
    const Ecp ecp = pairs.NextEcp();
    const std::string before = Failing(matcher, mcd, ecp);
    for (char& c : mcd.positional) c = c == '_' ? '-' : c;
    for (std::string& kind : mcd.quant) {
      for (char& c : kind) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    CHECK(Failing(matcher, mcd, ecp) == before);
  }
}

}  // namespace
}  // namespace cmatch
