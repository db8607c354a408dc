// cmatch lint and cmatch layers: what an operator reads when an edit is wrong, or ends.

#include <sys/stat.h>

#include "cli/cmatch.h"

namespace cmatch {
namespace {

using testing::Desk;
using testing::Golden;
using testing::Has;
using testing::Json;
using testing::JsonOf;
using testing::Members;
using testing::Outcome;
using testing::ReadFile;

std::string Overlay(std::string_view body) {
  return "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\nowner: ops\n" +
         std::string(body);
}

std::string Replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const std::size_t at = out.find(from);
  REQUIRE(at != std::string::npos);
  return out.replace(at, from.size(), to);
}

constexpr const char* kCases = R"(kind: cmatch.cases/v1
mcds:
  toy: {model_id: "org/toy", positional: alibi, attention: gqa, quant: [fp8], context_max: 4096, vocab_size: 1000, head_dim: 80}
ecps:
  t4: {engine: "toy", gpu: "cc=7.5,vram=16GiB", build: old}
cases:
  - {id: toy-on-t4, mcd: toy, ecp: t4, fails: [FLOOR]}
)";

TEST_CASE("golden: the messages that an operator meets most") {
  const std::string toy(testing::kToyYaml);
  const struct {
    const char* name;
    const char* file;  // in site/, or of rules/
    std::string text;
  } cases[] = {
      {"unknown-key", "site/o.yaml",
       Overlay("set:\n  - {targt: rules/QUANT/severity, value: off}\n")},
      {"unknown-word", "site/o.yaml",
       Overlay("set:\n  - {target: rules/QUANT/severity, value: wraning}\n")},
      {"missing-key", "rules/engines/toy.yaml",
       Replaced(toy, "level: native, source: \"floor 1\"", "level: native")},
      {"unquoted-compute", "site/o.yaml",
       Overlay("set:\n  - target: engines/toy/floor\n    entries: [{compute: [8.10], level: "
               "unsupported}]\n")},
      {"tab", "site/o.yaml", Overlay("set:\n\t- {target: rules/QUANT/severity, value: off}\n")},
      {"duplicate-key", "site/o.yaml", Overlay("owner: other\nset: []\n")},
      {"unclosed-quote", "site/o.yaml", Overlay("expires: \"2027-03-01\nset: []\n")},
      {"syntax", "site/o.yaml", Overlay("set:\n  - {target: rules/QUANT/severity, value: off\n")},
      {"wrong-type", "rules/engines/toy.yaml",
       Replaced(toy, "compute: [\"8.9..9.0\"], level: native, source: \"fp8 rows\"",
                "compute: \"8.9..9.0\", level: native, source: \"fp8 rows\"")},
      {"bad-versions", "rules/engines/toy.yaml",
       Replaced(toy, "versions: \"<2.0\"", "versions: \"=<2.0\"")},
      {"overlap", "rules/engines/toy.yaml",
       Replaced(toy, "compute: [\"8.0..8.7\"], versions: \">=2.0\"",
                "compute: [\"8.0..8.9\"], versions: \">=2.0\"")},
      {"unknown-target", "site/o.yaml",
       Overlay("set:\n  - {target: engines/toy/supports/quant/pf8, entries: [{level: "
               "unsupported}]}\n")},
      {"stale-overlay", "site/o.yaml",
       Overlay("set:\n  - {target: rules/QUANT/severity, value: off, expect: warning}\n")},
      {"unknown-field", "site/r.yaml",
       "kind: cmatch.rules/v1\nname: site\nversion: \"1\"\nrules:\n  - {id: S, name: s, severity: "
       "error, check: "
       "{value: mcd.head_dimm, eq: 1}, error: RuleFailed, message: \"m\"}\n"},
      {"case-failed", "rules/cases/toy.yaml", kCases},
      {"expired", "site/o.yaml",
       Overlay("expires: \"2026-11-01\"\nset:\n  - {target: rules/QUANT/severity, value: warning, "
               "expect: error}\n")},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const Desk desk;
    desk.Write("site/none.txt", "");
    desk.Write(c.file, c.text);
    const Outcome run = desk.Run({"lint", "rules", "site", "--today", "2026-12-01"});
    // What this one is about; the small rule set of the tests has its own warnings.
    std::string text;
    for (std::size_t at = 0; at < run.out.size();) {
      std::size_t end = at;
      do {
        end = run.out.find('\n', end) + 1;
      } while (end < run.out.size() && run.out[end] == ' ');
      const std::string one = run.out.substr(at, end - at);
      if (Has(one, " error: ") || Has(one, "rules-expired")) text += one;
      at = end;
    }
    CHECK(run.exit_code == (std::string_view(c.name) == "expired" ? 0 : 1));
    CHECK(Golden(("lint/" + std::string(c.name) + ".txt").c_str(), text) == "");
  }
}

// One of each: what the reader of a file says, and what only the whole set shows.
constexpr const char* kManyWrongRules = R"(kind: cmatch.rules/v1
name: site
version: "1"
fields:
  mcd.stars: {type: integr}
  mcd.wheels: {type: integer, unit: m}
rules:
  - {id: S1, name: a, severity: eror, check: {value: mcd.hed_dim, ge: 1}, error: RuleFailed, message: "m {mcd.modl_id}"}
  - {id: S2, name: b, severity: error, check: {value: mcd.wheels, geq: 3}, error: RuleFailed, message: "m"}
  - {id: S3, name: c, severity: error, check: {value: mcd.stars, ge: 3}, error: RuleFailed}
  - {id: S3, name: d, severity: error, check: {value: ecp.compute, in: [8.9]}, error: RuleFailed, message: "m"}
  - {id: S5, name: e, severity: error, check: {all: [{value: mcd.whels, ge: 3}, {value: mcd.wheels}]}, error: RuleFailed, message: "m"}
)";

TEST_CASE("golden: every problem of a file in one run") {
  const Desk desk;
  desk.Write("site/r.yaml", kManyWrongRules);
  desk.Write("site/o.yaml",
             Overlay("expires: \"2027-02-31\"\nset:\n"
                     "  - {targt: rules/QUANT/severity, value: off}\n"
                     "  - {target: rules/QUANT/severity, value: wraning}\n"
                     "  - {target: rules/QUANTS/severity, value: off}\n"
                     "  - {target: rules/QUANT/severity, value: off, expect: warning}\n"
                     "waive:\n  - {rule: FLOR, reason: \"known\"}\n"));
  const Outcome lint = desk.Run({"lint", "rules", "site"});
  CHECK(lint.exit_code == 1);
  CHECK(Golden("lint/all-at-once.txt", lint.out) == "");
  // whoever reads the files finds the same
  const Json linted = JsonOf(desk.Run({"lint", "rules", "site", "--json"}))["problems"];
  const Json judged = JsonOf(desk.Run({"check", "toy.mcd.json", "--engine", "toy", "--gpu", "T4",
                                       "--rules", "rules", "--rules", "site", "--json"}));
  CHECK(judged["error"] == "InvalidRules");
  CHECK(judged["problems"] == linted);
}

TEST_CASE("lint: warnings do not fail, with --strict they do") {
  const Desk desk;
  desk.Write(
      "site/o.yaml",
      Overlay("expires: \"2026-11-01\"\nset:\n  - {target: rules/CMATCH-8131/severity, value: "
              "warning, expect: error}\n"));
  const auto code = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"lint", "site"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return desk.Run(arguments).exit_code;
  };
  CHECK(code({"--today", "2026-10-31", "--strict"}) == 0);
  CHECK(code({"--today", "2026-11-01"}) == 0);
  CHECK(code({"--today", "2026-11-01", "--strict"}) == 1);
  CHECK(code({"--today", "2026-11-31"}) == 2);  // no such day
  const Json json = JsonOf(desk.Run({"lint", "site", "--today", "2026-11-01", "--format", "json"}));
  CHECK(json["error"].is_null());
  REQUIRE(json["problems"].size() == 1);
  CHECK(json["problems"][0]["severity"] == "warning");
  CHECK(json["problems"][0]["code"] == "rules-expired");
  // an overlay file alone is judged on the built-in tables
  CHECK(Has(desk.Run({"lint", "site/o.yaml", "--today", "2026-11-01"}).out, "rules-expired"));
}

TEST_CASE("lint: tables beneath are not what it warns of") {
  const Desk desk;
  desk.Write("site/o.yaml", Overlay("waive: []\n"));
  CHECK(desk.Run({"lint", "site", "--strict"}).out == "no problems\n");
  // the small rule set has kinds without rows, which it is told of itself
  CHECK(Has(desk.Run({"lint", "rules"}).out, "rules-unused-kind"));
  CHECK(desk.Run({"lint", "site", "--rules", "rules", "--strict"}).out == "no problems\n");
}

TEST_CASE("lint: what is wrong across files is said although another file is broken") {
  const Desk desk;
  desk.Write("rules/engines/toy.yaml",
             Replaced(testing::kToyYaml, "compute: [\"8.0..8.7\"], versions: \">=2.0\"",
                      "compute: [\"8.0..8.9\"], versions: \">=2.0\""));
  desk.Write("rules/more.yaml", "kind: cmatch.gpus/v1\ngpuz: []\n");
  const Outcome run = desk.Run({"lint", "rules"});
  CHECK(run.exit_code == 1);
  CHECK(Has(run.out, "rules/more.yaml:2:1: yaml-unknown-key error"));
  CHECK(Has(run.out, "rules-overlap error: two rows of quant fp8"));
  // what only follows from the broken file is not
  desk.Write("rules/kinds.yaml", "kind: cmatch.kinds/v1\nkindz: {}\n");
  CHECK_FALSE(Has(desk.Run({"lint", "rules"}).out, "rules-unknown"));
}

TEST_CASE("lint: rules of these files that no case fails, or none passes") {
  const Desk desk;
  desk.Write(
      "site/r.yaml",
      "kind: cmatch.rules/v1\nname: site\nversion: \"1\"\nfields:\n  mcd.stars: {type: "
      "integer}\nrules:\n  - {id: S, name: s, severity: error, check: {value: mcd.stars, ge: "
      "3}, error: RuleFailed, message: \"m\", why: \"w\"}\n");
  const auto cases = [](const char* stars, const char* fails) {
    return "kind: cmatch.cases/v1\nmcds:\n  a: {model_id: a, positional: rope_llama, attention: "
           "gqa, "
           "quant: [fp16], context_max: 1, vocab_size: 1, stars: " +
           std::string(stars) +
           "}\necps:\n  e: {worker_id: w, supports_positional: [rope_llama], supports_attention: "
           "[gqa], supports_quant: [fp16], max_context: 5}\ncases:\n  - {id: c" +
           stars + ", mcd: a, ecp: e, fails: " + fails + "}\n";
  };
  const auto untested = [&] {
    const Outcome run = desk.Run({"lint", "site"});
    return (Has(run.out, "rule S: no failing case") ? "failing " : "") +
           std::string(Has(run.out, "rule S: no passing case") ? "passing" : "");
  };
  CHECK(untested() == "failing passing");
  desk.Write("site/cases/a.yaml", cases("3", "[]"));
  CHECK(untested() == "failing ");
  desk.Write("site/cases/b.yaml", cases("2", "[S]"));
  CHECK(untested() == "");
  CHECK(desk.Run({"lint", "site", "--strict"}).exit_code == 0);
}

TEST_CASE("lint --fix: mends the file, --dry-run shows it") {
  const Desk desk;
  const std::string wrong = Overlay(
      "# kept \xE2\x9C\x93\nset:   # as it is\n  - {target: rules/QUANT/severity, value: wraning}\n"
      "  - {target: rules/NONE/severity, value: off}\n");
  desk.Write("site/o.yaml", wrong);
  const auto path = desk.path() / "site/o.yaml";
  REQUIRE(chmod(path.c_str(), 0640) == 0);
  const Outcome dry = desk.Run({"lint", "rules", "site", "--fix", "--dry-run"});
  CHECK(dry.exit_code == 1);
  CHECK(dry.out ==
        "--- site/o.yaml\n+++ site/o.yaml\n@@ -7 +7 @@\n"
        "-  - {target: rules/QUANT/severity, value: wraning}\n"
        "+  - {target: rules/QUANT/severity, value: warning}\n");
  CHECK(ReadFile(path) == wrong);
  const Outcome fixed = desk.Run({"lint", "rules", "site", "--fix"});
  CHECK(fixed.exit_code == 1);  // what is left
  CHECK(fixed.out.starts_with("site/o.yaml:7:43: fixed yaml-unknown-word: wraning -> warning\n"));
  CHECK(Has(fixed.out, "rules-unknown-target error: no rule \"NONE\" to change"));
  CHECK(ReadFile(path) == Replaced(wrong, "wraning", "warning"));
  struct stat status{};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0640U);
  // through a link, which stays one
  desk.Write("real.yaml", wrong);
  std::filesystem::create_symlink("../real.yaml", desk.path() / "site/p.yaml");
  desk.Run({"lint", "rules", "site", "--fix"});
  CHECK(std::filesystem::is_symlink(desk.path() / "site/p.yaml"));
  CHECK(Has(ReadFile(desk.path() / "real.yaml"), "value: warning"));
  // JSON stays JSON
  desk.Write("site/o.yaml", wrong);
  const Outcome json = desk.Run({"lint", "rules", "site", "--fix", "--json"});
  CHECK(JsonOf(json)["schema"] == "cmatch.error/1");
  CHECK(Has(json.err, "fixed yaml-unknown-word"));
}

TEST_CASE("lint: SARIF and GitHub annotations") {
  const Desk desk;
  desk.Write("site/o.yaml", Overlay("set:\n  - {target: rules/QUANT/severity, value: wraning}\n"));
  const Json sarif =
      JsonOf(desk.Run({"lint", "site/o.yaml", "--rules", "rules", "--format", "sarif"}));
  CHECK(sarif["version"] == "2.1.0");
  const Json& results = sarif["runs"][0]["results"];
  REQUIRE(results.size() == 1);
  CHECK(results[0]["ruleId"] == "yaml-unknown-word");
  CHECK(results[0]["level"] == "error");
  const Outcome github =
      desk.Run({"lint", "site/o.yaml", "--rules", "rules", "--format", "github"});
  CHECK(github.exit_code == 1);
  CHECK(github.out.starts_with("::error file=site/o.yaml,line=6,col=43,"));
  CHECK(desk.Run({"lint", "rules", "--format", "github"}).exit_code == 0);
}

TEST_CASE("layers: 0 where all applies, 1 where something ends, 2 where the rules are bad") {
  const Desk desk;
  desk.Write(
      "site/o.yaml",
      Overlay("expires: \"2027-03-01\"\nset:\n"
              "  - {target: rules/QUANT/severity, value: warning, expect: error}\n"
              "  - {target: engines/toy/supports/quant/fp8, entries: [{compute: [\"8.9\"], level: "
              "unsupported, because: \"OPS-1\"}]}\n"
              "waive:\n  - {rule: FLOOR, model: \"org/*\", reason: \"known\", expires: "
              "\"2026-12-31\"}\n"));
  const struct {
    std::vector<std::string> arguments;
    int exit_code;
  } cases[] = {
      {{"rules", "site", "--today", "2026-12-30"}, 0},
      {{"rules", "site", "--today", "2026-12-31"}, 1},
      {{"rules", "site", "--today", "2026-11-30", "--within", "30d"}, 0},
      {{"rules", "site", "--today", "2026-12-01", "--within", "30d"}, 1},
      {{"rules", "site", "--today", "2026-12-30", "--within", "0"}, 0},
      {{"site", "--rules", "rules", "--today", "2026-12-30"}, 0},
      {{"rules"}, 0},
      {{}, 0},
      {{"site"}, 2},  // no rule QUANT in the built-in set
      {{"nothing"}, 2},
      {{"rules", "--within", "a month"}, 2},
  };
  for (const auto& c : cases) {
    CAPTURE(c.arguments);
    std::vector<std::string> arguments = {"layers"};
    arguments.insert(arguments.end(), c.arguments.begin(), c.arguments.end());
    CHECK(desk.Run(arguments).exit_code == c.exit_code);
  }
  const std::vector<std::string> soon = {"layers",     "rules",    "site", "--today",
                                         "2026-12-31", "--within", "90d"};
  CHECK(Golden("layers.txt", desk.Run(soon).out) == "");
  std::vector<std::string> json = soon;
  json.emplace_back("--json");
  CHECK(Golden("layers.json", desk.Run(json).out) == "");
  desk.Write("site/o.yaml",
             Overlay("set:\n  - {target: rules/QUANT/severity, value: off, expect: warning}\n"));
  const Outcome stale = desk.Run({"layers", "rules", "site"});
  CHECK(stale.exit_code == 2);
  CHECK(Has(stale.err, "rules-stale-overlay"));
}

}  // namespace
}  // namespace cmatch
