// What is legal in tables and hardly meant, and what overlays there are.

#include "cmatch/lint.h"

#include <doctest/doctest.h>

#include "cmatch/layers.h"
#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::kTableRules;
using testing::kToyYaml;
using testing::MakeRules;
using testing::RuleYaml;
using testing::ToyFiles;

// The toy set with `from` written as `to` in its file number `file` (ToyFiles).
std::vector<RuleFile> Edited(std::size_t file, std::string_view from, std::string_view to) {
  std::vector<RuleFile> files = ToyFiles(kTableRules);
  std::string& text = files[file].text;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  return files;
}

// "code message", a line each.
std::string Warnings(const std::vector<RuleFile>& files, std::string_view code,
                     std::string_view today = "") {
  std::string text;
  for (const Problem& problem : LintTables(*MakeRules(files), today)) {
    CHECK(problem.warning);
    CHECK(problem.where.line > 0);
    if (problem.code == code) text += (text.empty() ? "" : "\n") + problem.message;
  }
  return text;
}

TEST_CASE("lint: releases between two windows") {
  const struct {
    const char* windows;
    const char* want;
  } cases[] = {
      {">=1.0 <3.0", ""},
      {">=1.0 <2.0|>=2.0 <3.0", ""},
      {">=1.0 <2.0|>=2.1 <3.0",
       "no window of toy has the releases >=2.0 <2.1, between two that are covered"},
      {">=2.1 <3.0|>=1.0 <2.0",
       "no window of toy has the releases >=2.0 <2.1, between two that are covered"},
      {">=1.0 <2.0|>2.0 <3.0",
       "no window of toy has the releases ==2.0, between two that are covered"},
      // the last release of a window is named: what follows is left out on purpose
      {">=1.0 <=2.0|>=2.1 <3.0", ""},
      {">=1.0 <2.0|==2.0|==2.2", ""},
      {">=1.0 <1.5|>=1.6 <2.0|>=2.2 <3.0",
       "no window of toy has the releases >=1.5 <1.6, between two that are covered\n"
       "no window of toy has the releases >=2.0 <2.2, between two that are covered"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.windows);
    std::string windows;
    std::string_view rest = c.windows;
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find('|'));
      windows += (windows.empty() ? "" : ", ") + ("{versions: \"" + std::string(one)) +
                 "\", source: \"s\"}";
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    }
    std::vector<RuleFile> files = Edited(3, "{versions: \">=1.0 <3.0\", source: \"s\"}", windows);
    std::string& engine = files[3].text;
    engine.replace(engine.find("default_version: \"2.0\"\n"), 23, "");
    CHECK(Warnings(files, "rules-window-gap") == c.want);
  }
}

TEST_CASE("lint: rows that nothing can reach") {
  const struct {
    const char* from;
    const char* to;
    const char* want;
  } cases[] = {
      {"engine: toy", "engine: toy", ""},
      {"versions: \">=2.0\", level: degraded, because: \"weights only\"",
       "versions: \">=3.0\", level: degraded, because: \"weights only\"",
       "nothing can reach this row of quant fp8: no window has a release of >=3.0"},
      {"versions: \">=2.0\", level: degraded, because: \"weights only\"",
       "versions: \">=2.9\", level: degraded, because: \"weights only\"", ""},
      // before 2.0 the engine starts on 9.0 at most
      {"- {compute: [\"8.9..9.0\"], level: native, source: \"fp8 rows\"}",
       "- {compute: [\"12.0\"], versions: \"<2.0\", level: native, source: \"fp8 rows\"}",
       "nothing can reach this row of quant fp8: the floor lets the engine start on none of its "
       "capabilities in <2.0"},
      {"- {compute: [\"8.9..9.0\"], level: native, source: \"fp8 rows\"}",
       "- {compute: [\"12.0\"], versions: \"<2.0\", level: unsupported, source: \"fp8 rows\"}", ""},
      {"- {compute: [\"8.9..9.0\"], level: native, source: \"fp8 rows\"}",
       "- {compute: [\"12.0\"], level: native, source: \"fp8 rows\"}", ""},
      {"    - {versions: \"<2.0\", cuda: \"12.1\"", "    - {versions: \"<1.0\", cuda: \"12.1\"",
       "nothing can reach this row of build old: no window has a release of <1.0"},
      {"default: \"on\", versions: \">=2.0\"", "default: \"on\", versions: \">=3.1\"",
       "nothing can reach this row of launch key chunked: no window has a release of >=3.1"},
      {"max_context: of_model", "max_context: [{value: 5, versions: \"<0.5\", source: \"s\"}]",
       "nothing can reach this row of max_context: no window has a release of <0.5"},
      {"level: native, accepts: [{value: mcd.head_dim, in: [64, 128]}], ", "level: native, ",
       "nothing can reach this row of path NEVER: path FIRST stands before it and takes every "
       "model"},
      {"id: FIRST, compute: [\"8.0..9.0\"]", "id: FIRST, compute: [\"12.0\"]", ""},
      {"id: FIRST, compute: [\"8.0..9.0\"], versions: \">=2.0\"",
       "id: FIRST, compute: [\"12.0\"], versions: \"<2.0\"",
       "nothing can reach this row of path FIRST: the floor lets the engine start on none of its "
       "capabilities in <2.0"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.to);
    CHECK(Warnings(Edited(3, c.from, c.to), "rules-unreachable-row") == c.want);
  }
}

TEST_CASE("lint: kinds that no engine has rows for") {
  const struct {
    std::size_t file;
    const char* from;
    const char* to;
    const char* want;
  } cases[] = {
      {1, "rope_neox", "rope_neox",
       "positional rope_neox; attention mqa; attention mixed; quant int8"},
      // a file type is there where its main tensor type is
      {3, "      q4_k: [{level: native, source: \"s\"}]\n", "",
       "positional rope_neox; attention mqa; attention mixed; quant int8"},
      {3, "      gqa: [{level: native", "      mqa: [{level: native",
       "positional rope_neox; attention gqa; attention mixed; quant int8"},
      {3, "      gqa: [{level: native", "      mqa: [{level: unsupported",
       "positional rope_neox; attention gqa; attention mixed; quant int8"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.to);
    std::string got;
    for (const Problem& p : LintTables(*MakeRules(Edited(c.file, c.from, c.to)), "")) {
      if (p.code != "rules-unused-kind") continue;
      const std::string kind = p.message.substr(23, p.message.find(':') - 23);
      got += (got.empty() ? "" : "; ") + kind;
    }
    CHECK(got == c.want);
  }
}

std::vector<RuleFile> WithOverlays(const std::vector<std::string>& bodies) {
  std::vector<RuleFile> files = ToyFiles(kTableRules);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    files.push_back({name + ".yaml", "kind: cmatch.overlay/v1\nlayer: layer-" + name +
                                         "\nreason: \"OPS-1\"\nowner: ops\n" + bodies[i]});
  }
  return files;
}

TEST_CASE("lint: overlays and waivers past their date, and changes that change nothing") {
  const auto files = WithOverlays(
      {"expires: \"2027-03-01\"\nset:\n  - {target: rules/POS/severity, value: warning}\n"
       "  - {target: rules/FLOOR/severity, value: error}\n"
       "waive:\n  - {rule: QUANT, reason: \"r\", expires: \"2026-12-31\"}\n"});
  const struct {
    const char* today;
    const char* want;
  } cases[] = {{"", ""},
               {"2026-12-30", ""},
               {"2026-12-31", "the waiver of QUANT ended on 2026-12-31 and lets nothing pass"},
               {"2027-02-28", "the waiver of QUANT ended on 2026-12-31 and lets nothing pass"},
               {"2027-03-01",
                "overlay layer-a was meant to end on 2027-03-01 and still applies\n"
                "the waiver of QUANT ended on 2026-12-31 and lets nothing pass"}};
  for (const auto& c : cases) CHECK(Warnings(files, "rules-expired", c.today) == c.want);
  CHECK(Warnings(files, "rules-idle-change") == "rules/FLOOR/severity is error below already");
}

TEST_CASE("lint: rules that do not say where they are from") {
  const std::string bare =
      "  - {id: B, name: n, severity: error, check: {value: mcd.n, eq: 1}, error: RuleFailed, "
      "message: \"m\"}\n";
  const std::string why =
      "  - {id: W, name: n, severity: error, check: {value: mcd.n, eq: 1}, error: RuleFailed, "
      "message: \"m\", why: \"w\"}\n";
  CHECK(Warnings(ToyFiles(bare + why + RuleYaml("S", "{value: mcd.n, eq: 1}")),
                 "rules-no-source") == "rule B says neither `source` nor `why`");
}

// "target state superseded", a line each.
std::string Layers(const std::vector<RuleFile>& files, const char* today, const char* until) {
  std::string text;
  for (const LayerItem& item : LayersOf(*MakeRules(files), today, until)) {
    if (!text.empty()) text += '\n';
    text +=
        (item.waiver ? "waive " : "set ") + item.target + " " + std::string(ToString(item.state));
    if (!item.superseded_by.file.empty()) text += " superseded by " + item.superseded_by.file;
  }
  return text;
}

TEST_CASE("layers: in order of application, with what a later one sets again") {
  const auto files = WithOverlays(
      {"expires: \"2027-03-01\"\nset:\n  - {target: rules/POS/severity, value: warning}\n"
       "  - {target: engines/toy/supports/quant/fp8, entries: [{level: native}]}\n"
       "waive:\n  - {rule: QUANT, reason: \"r\"}\n",
       "set:\n  - {target: rules/POS/severity, value: off}\n"
       "  - {target: engines/toy/supports/quant/fp8, entries: [{level: unsupported}]}\n"});
  CHECK(Layers(files, "2026-01-01", "") ==
        "set rules/POS/severity applies superseded by b.yaml\n"
        "set engines/toy/supports/quant/fp8 applies\n"
        "waive QUANT applies\n"
        "set rules/POS/severity applies\n"
        "set engines/toy/supports/quant/fp8 applies");
  const auto items = LayersOf(*MakeRules(files), "", "");
  REQUIRE(items.size() == 5);
  CHECK(items[0].layer == "layer-a");
  CHECK(items[0].owner == "ops");
  CHECK(items[0].reason == "OPS-1");
  CHECK(items[0].expires == "2027-03-01");
  CHECK(items[0].value == "warning");
  CHECK(items[0].replaced == "error");
  CHECK(items[0].replaced_where.file == "validation.yaml");
  CHECK(ToString(items[0].where) == "a.yaml:7:14");
  CHECK(items[2].expires == "2027-03-01");  // the overlay's
  CHECK(items[2].model == "*");
  CHECK(items[2].worker == "*");
  // the later overlay replaced what the earlier one said
  CHECK(items[3].replaced == "warning");
  CHECK(items[3].replaced_where.file == "a.yaml");
}

TEST_CASE("layers: what ends, and when") {
  const auto files = WithOverlays(
      {"expires: \"2027-03-01\"\nset:\n  - {target: rules/POS/severity, value: warning}\n"});
  const struct {
    const char* today;
    const char* until;
    const char* want;
  } cases[] = {{"2027-02-28", "", "applies"},
               {"2027-03-01", "", "expired"},
               {"2027-03-02", "", "expired"},
               {"2027-02-01", "2027-02-28", "applies"},
               {"2027-02-01", "2027-03-01", "ends soon"},
               {"2027-02-01", "2027-03-02", "ends soon"},
               {"", "", "applies"}};
  for (const auto& c : cases) {
    CHECK(Layers(files, c.today, c.until) == std::string("set rules/POS/severity ") + c.want);
  }
}

}  // namespace
}  // namespace cmatch
