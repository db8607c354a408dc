// cmatch diff: what an edit of the rules changes, as people, programs and pull requests read it.

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

constexpr const char* kCases = R"(kind: cmatch.cases/v1
mcds:
  toy: {model_id: "org/toy", positional: alibi, attention: gqa, quant: [fp8], context_max: 4096, vocab_size: 1000, head_dim: 80}
ecps:
  l4: {engine: "toy", gpu: "cc=8.9,vram=24GiB"}
  t4: {engine: "toy", gpu: "cc=7.5,vram=16GiB", build: old}
cases:
  - {id: toy-on-l4, mcd: toy, ecp: l4, fails: [], warns: [PATH]}
  - {id: toy-on-t4, mcd: toy, ecp: t4, fails: [QUANT]}
)";

std::string Overlay(std::string_view body) {
  return "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\nowner: ops\n" +
         std::string(body);
}

// A desk whose site/ takes fp8 away from one capability and adds a rule, and names hostile things.
class EditedDesk : public Desk {
 public:
  EditedDesk() {
    Write("rules/cases/toy.yaml", kCases);
    Write(
        "site/overlay.yaml",
        Overlay("set:\n  - {target: engines/toy/supports/quant/fp8, entries: [{compute: [\"8.9\"], "
                "level: unsupported, because: \"<script>|OPS-1|\"}]}\n"
                "  - {target: rules/TENSOR/severity, value: warning, expect: error}\n"));
  }
};

TEST_CASE("diff: 0 where nothing gets worse, 1 where something does, 2 where a set is bad") {
  const EditedDesk desk;
  desk.Write("good/overlay.yaml",
             Overlay("set:\n  - {target: rules/TENSOR/severity, value: warning}\n"));
  desk.Write("bad/overlay.yaml", Overlay("set:\n  - {target: rules/X/severity, value: off}\n"));
  desk.Write("worse/overlay.yaml", Overlay("set:\n  - {target: rules/Y/severity, value: off}\n"));
  const struct {
    std::vector<std::string> arguments;
    int exit_code;
  } cases[] = {
      {{"rules", "rules"}, 0},
      {{"rules", "rules,good"}, 0},
      {{"rules,good", "rules"}, 1},
      {{"rules", "rules,site"}, 1},
      {{"rules,site", "rules"}, 1},  // the rule's severity rises again
      {{"rules", "rules,site", "--allow", "engines/toy/supports/quant/fp8"}, 1},  // a case is left
      {{"rules", "rules,site", "--allow", "engines/*", "--allow", "cases/toy-on-l4"}, 0},
      {{"rules", "rules,site", "--allow", "*"}, 0},
      {{"builtin", "builtin"}, 0},
      {{"builtin", "good"}, 2},  // no rule TENSOR there
      {{"good", "site", "--rules", "rules"}, 1},
      {{"builtin", "site", "--rules", "rules"}, 1},
      {{"rules", "rules,bad"}, 2},
      {{"rules", "nothing"}, 2},
      {{"rules"}, 2},
      {{"rules", "rules", "--today", "tomorrow"}, 2},
      {{"rules", "rules", "--format", "sarif"}, 2},
  };
  for (const auto& c : cases) {
    std::vector<std::string> arguments = {"diff"};
    arguments.insert(arguments.end(), c.arguments.begin(), c.arguments.end());
    CAPTURE(c.arguments);
    CHECK(desk.Run(arguments).exit_code == c.exit_code);
  }
  // every problem of both
  const Outcome both = desk.Run({"diff", "rules,bad", "rules,worse"});
  CHECK(both.exit_code == 2);
  CHECK(Has(both.err, "bad/overlay.yaml:6"));
  CHECK(Has(both.err, "worse/overlay.yaml:6"));
}

TEST_CASE("diff: --rules of the environment do not lie beneath") {
  const EditedDesk desk;
  CHECK(desk.Run({"diff", "rules", "rules"}, "", {{"CMATCH_RULES", "rules"}}).exit_code == 0);
}

TEST_CASE("diff: JSON") {
  const EditedDesk desk;
  const Json json = JsonOf(desk.Run({"diff", "rules", "rules,site", "--json"}));
  CHECK(Members(json) ==
        "schema worse old new cells changed_cells cases grid changed_cases tables");
  CHECK(json["schema"] == "cmatch.diff/1");
  CHECK(json["worse"] == true);
  CHECK(json["old"] != json["new"]);
  CHECK(json["cases"] == 2);
  REQUIRE(json["grid"].size() == 1);
  CHECK(json["changed_cells"] == json["grid"][0]["cells"]);
  CHECK(json["grid"][0]["targets"] == Json({"engines/toy/supports/quant/fp8"}));
  CHECK(json["grid"][0]["new_rows"][0]["file"] == "site/overlay.yaml");
  REQUIRE(json["changed_cases"].size() == 1);
  CHECK(json["changed_cases"][0]["id"] == "toy-on-l4");
  CHECK(json["changed_cases"][0]["to"] == "not compatible: QUANT (warns: PATH)");
  REQUIRE(json["tables"].size() == 1);
  CHECK(json["tables"][0]["target"] == "rules/TENSOR/severity");
}

TEST_CASE("diff: a case that went is judged too, one that is new counts") {
  const EditedDesk desk;
  desk.Write(
      "more/cases/m.yaml",
      "kind: cmatch.cases/v1\nmcds:\n  a: {model_id: a, positional: alibi, attention: gqa, quant: "
      "[fp8], context_max: 1, vocab_size: 1, head_dim: 64}\necps:\n  l4: {engine: toy, gpu: "
      "\"cc=8.9\"}\ncases:\n  - {id: more, mcd: a, ecp: l4, fails: []}\n");
  for (const auto& [from, to] :
       {std::pair("rules,more", "rules,site"), std::pair("rules", "rules,more,site")}) {
    const Json json = JsonOf(desk.Run({"diff", from, to, "--json"}));
    CHECK(json["cases"] == 3);
    CHECK(json["changed_cases"].size() == 2);
  }
}

TEST_CASE("golden: differences for people and for pull requests") {
  const EditedDesk desk;
  const Outcome text = desk.Run({"diff", "rules", "rules,site"});
  CHECK(Golden("diff.txt", text.out) == "");
  CHECK(text.err == "");
  CHECK(Golden("diff.md", desk.Run({"diff", "rules", "rules,site", "--format", "markdown"}).out) ==
        "");
  const Outcome quiet = desk.Run({"diff", "rules", "rules,site", "-q"});
  CHECK(quiet.out == text.out.substr(0, text.out.find('\n') + 1));
  CHECK(desk.Run({"diff", "rules", "rules"}).out.starts_with("THE SAME: 0 of "));
}

}  // namespace
}  // namespace cmatch
