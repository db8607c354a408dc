// What changes between two rule sets beside the grid: rules, waivers, names, cases.

#include <doctest/doctest.h>

#include "engine/diff_lines.h"

namespace cmatch {
namespace {

using testing::kTableRules;
using testing::Lines;
using testing::MakeRules;
using testing::RuleYaml;
using testing::Toy;
using testing::ToyFiles;
using testing::WithOverlay;

TEST_CASE("diff: rules") {
  const std::string check = "{value: mcd.context_max, ge: 1}";
  const auto set = [](const std::string& rules) { return MakeRules(ToyFiles(rules)); };
  const auto base = set(RuleYaml("R", check));
  const struct {
    std::string rules;
    const char* want;
  } cases[] = {
      {RuleYaml("R", check, "severity: warning"), "better rules/R/severity: error -> warning"},
      {RuleYaml("R", check, "severity: off"), "better rules/R/severity: error -> off"},
      {RuleYaml("R", check, "unknown: fail"), "worse rules/R/unknown: skip -> fail"},
      {RuleYaml("R", check, "unknown: warn"), "worse rules/R/unknown: skip -> warn"},
      {RuleYaml("R", check, "hint: \"h\""), "none rules/R/hint:  -> h"},
      {RuleYaml("R", "{value: mcd.context_max, ge: 2}"),
       "unclear rules/R/check: {value: mcd.context_max, ge: 1} -> {value: mcd.context_max, ge: 2}"},
      {RuleYaml("R", check,
                "when: {not: {any: [{value: mcd.n, known: true}, {value: mcd.m, in: [1, 2]}]}}"),
       "unclear rules/R/when: always -> {not: {any: [{value: mcd.n, known: true}, {value: mcd.m, "
       "in: [1, 2]}]}}"},
      {RuleYaml("R", check) + RuleYaml("S", check),
       "unclear rules/S:  -> error: {value: mcd.context_max, ge: 1}"},
      {RuleYaml("R", check) + RuleYaml("S", check, "severity: off"),
       "none rules/S:  -> off: {value: mcd.context_max, ge: 1}"},
      {RuleYaml("S", check, "severity: off"),
       "better rules/R: error: {value: mcd.context_max, ge: 1} -> \n"
       "none rules/S:  -> off: {value: mcd.context_max, ge: 1}"},
  };
  for (const auto& c : cases) {
    const RuleSetDiff diff = Compare(*base, *set(c.rules));
    CHECK(Lines(diff.tables) == c.want);
    CHECK(diff.GetsWorse() == (std::string_view(c.want).starts_with("worse") ||
                               std::string_view(c.want).starts_with("unclear")));
  }
  CHECK(Lines(Compare(*set(RuleYaml("R", check, "severity: warning")), *base).tables) ==
        "worse rules/R/severity: warning -> error");
  CHECK(Lines(Compare(*set(RuleYaml("R", check, "unknown: fail")),
                      *set(RuleYaml("R", check, "unknown: warn")))
                  .tables) == "better rules/R/unknown: fail -> warn");
  // a rule that is off on both sides may change as it likes
  CHECK(Lines(Compare(*set(RuleYaml("R", check, "severity: off")),
                      *set(RuleYaml("R", "{value: mcd.context_max, ge: 2}",
                                    "severity: off, unknown: fail")))
                  .tables) ==
        "none rules/R/check: {value: mcd.context_max, ge: 1} -> {value: mcd.context_max, ge: 2}\n"
        "none rules/R/unknown: skip -> fail");
  CHECK(Lines(Compare(*set(RuleYaml("R", check) + RuleYaml("S", check, "severity: off")), *base)
                  .tables) == "none rules/S: off: {value: mcd.context_max, ge: 1} -> ");
}

TEST_CASE("diff: waivers count until their date") {
  const auto after = WithOverlay(
      "waive:\n  - {rule: QUANT, model: \"org/*\", reason: \"known\", expires: \"2026-12-31\"}\n");
  const auto lines = [&](const RuleSet& from, const RuleSet& to, const char* today) {
    return Lines(Compare(from, to, {.today = today}).tables);
  };
  const std::string text = "model org/*, worker *, until 2026-12-31";
  CHECK(lines(*Toy(), *after, "2026-12-30") == "better waive/QUANT/org/*/*:  -> " + text);
  CHECK(lines(*Toy(), *after, "2026-12-31") == "");
  CHECK(lines(*Toy(), *after, "") == "better waive/QUANT/org/*/*:  -> " + text);
  CHECK(lines(*after, *Toy(), "2026-12-30") == "worse waive/QUANT/org/*/*: " + text + " -> ");
}

TEST_CASE("diff: kinds, spellings, GPUs, engines") {
  const struct {
    std::size_t file;  // of ToyFiles
    const char* from;
    const char* to;
    const char* want;
  } cases[] = {
      {1, "f16: {is: fp16, because: \"short\"}, ", "", "worse aliases/quant/f16: fp16 -> "},
      {1, "q2_k_s: {id: 21, main: q2_k}", "q2_k_s: {id: 21, main: q4_k}",
       "unclear file_types/q2_k_s: id 21, main q2_k -> id 21, main q4_k"},
      {1, "kv_cache: {auto: \"as the weights\"",
       "kv_cache: {fp4: \"4 bit\", auto: \"as the weights\"", "none kinds/kv_cache/fp4:  -> 4 bit"},
      {2, "memory: [16GiB], source", "memory: [15GiB], source",
       "unclear gpus/T4: compute 7.5, memory 16384MiB -> compute 7.5, memory 15360MiB"},
      {3, "default_version: \"2.0\"", "default_version: \"2.1\"",
       "unclear engines/toy/default_version: 2.0 -> 2.1"},
      {3, "default_build: [new, old]", "default_build: [old, new]",
       "unclear engines/toy/default_build: new, old -> old, new"},
      {3, "engine: toy", "engine: other",
       "worse engines/toy: an engine of the tables -> \n"
       "better engines/other:  -> an engine of the tables"},
  };
  for (const auto& c : cases) {
    std::vector<RuleFile> files = ToyFiles(kTableRules);
    std::string& text = files[c.file].text;
    const std::size_t at = text.find(c.from);
    REQUIRE(at != std::string::npos);
    text.replace(at, std::string_view(c.from).size(), c.to);
    CHECK(Lines(Compare(*Toy(), *MakeRules(files)).tables) == c.want);
  }
}

TEST_CASE("diff: cases") {
  const CaseVerdict good{.id = "c", .where = {}, .error = "", .fails = {}, .warns = {}};
  const auto with = [&](std::string error, std::vector<std::string> fails,
                        std::vector<std::string> warns) {
    CaseVerdict verdict = good;
    verdict.error = std::move(error);
    verdict.fails = std::move(fails);
    verdict.warns = std::move(warns);
    return verdict;
  };
  const struct {
    CaseVerdict from, to;
    const char* want;  // effect, "" where nothing changes
  } cases[] = {
      {good, good, ""},
      {good, with("", {"A"}, {}), "worse"},
      {with("", {"A"}, {}), good, "better"},
      {with("", {"A"}, {}), with("", {"A", "B"}, {}), "worse"},
      {with("", {"A", "B"}, {}), with("", {"B"}, {}), "better"},
      {with("", {"A"}, {}), with("", {"B"}, {}), "worse"},
      {with("", {"A"}, {}), with("", {}, {"A"}), "better"},
      {good, with("", {}, {"A"}), "worse"},
      {with("", {}, {"A"}), good, "better"},
      {good, with("InvalidEcp", {}, {}), "worse"},
      {with("", {"A"}, {}), with("InvalidEcp", {}, {}), "worse"},
      {with("InvalidEcp", {}, {}), with("", {"A"}, {}), "better"},
      {with("InvalidEcp", {}, {}), with("InvalidMcd", {}, {}), "none"},
  };
  for (const auto& c : cases) {
    const auto changes = CompareCases({c.from}, {c.to});
    REQUIRE(changes.size() == (std::string_view(c.want).empty() ? 0 : 1));
    if (!changes.empty()) CHECK(ToString(changes[0].effect) == c.want);
  }
  const auto allowed = CompareCases({good}, {with("", {"A"}, {"W"})}, {.allow = {"cases/c"}});
  REQUIRE(allowed.size() == 1);
  CHECK(allowed[0].allowed);
  CHECK(allowed[0].from == "compatible");
  CHECK(allowed[0].to == "not compatible: A (warns: W)");
}

}  // namespace
}  // namespace cmatch
