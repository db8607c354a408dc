// The readers of each kind of file: what the samples give, and one change at a time that is
// refused.

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/yaml_samples.h"

using namespace cmatch;
using namespace cmatch::testing;

namespace {

// The sample with `from` replaced by `to` has exactly these problems.
struct Change {
  std::string name;
  std::string from, to;
  std::string want;
};

void CheckChanges(std::string_view sample, const std::vector<Change>& changes) {
  REQUIRE(Brief(ProblemsIn(sample)) == "");
  for (const Change& c : changes) {
    CAPTURE(c.name);
    CHECK(Brief(ProblemsIn(Changed(sample, c.from, c.to))) == c.want);
  }
}

Tables Read(const std::vector<RuleFile>& files) {
  auto tables = ReadTables(files);
  REQUIRE(tables.has_value());
  return *std::move(tables);
}

}  // namespace

TEST_CASE("yaml rules: what a file gives") {
  const Tables tables = Read(SampleFiles());
  CHECK(tables.name == "base");
  CHECK(tables.version == "1.0.0");
  REQUIRE(tables.fields.size() == 3);
  CHECK(tables.fields[0].name == "mcd.positional");
  CHECK(tables.fields[0].type == FieldType::kKind);
  CHECK(tables.fields[0].of == "positional");
  REQUIRE(tables.rules.size() == 1);
  const Rule& rule = tables.rules[0];
  CHECK(rule.id == "CMATCH-8030.1");
  CHECK(rule.severity == Severity::kError);
  CHECK(rule.unknown == OnUnknown::kSkip);
  CHECK(rule.source == "CMATCH-8030");
  CHECK(rule.check.form == Clause::Form::kTest);
  CHECK(rule.check.relation == Relation::kIn);
  CHECK(rule.check.right_is_field);
  CHECK(ToString(tables.Locate(rule.origin)) == "validation.yaml:9:5");
  CHECK(ToString(tables.Locate(rule.severity_origin)) == "validation.yaml:11:15");
  CHECK(tables.retired == std::vector<Text>{"CMATCH-8199"});
}

TEST_CASE("yaml rules: what is refused") {
  const std::string check = "{value: mcd.positional, in: ecp.supports_positional}";
  CheckChanges(
      kRulesSample,
      {{"first key", "kind: cmatch.rules/v1\nname: base", "name: base\nkind: cmatch.rules/v1",
        "1:1 yaml-kind-not-first"},
       {"no kind", "kind: cmatch.rules/v1\n", "", "1:1 yaml-missing-key"},
       {"kind of another version", "rules/v1", "rules/v2", "1:7 yaml-unknown-word"},
       {"no version", "version: \"1.0.0\"\n", "", "1:1 yaml-missing-key"},
       {"unknown key of the file", "retired:", "retird:", "16:1 yaml-unknown-key"},
       {"rules not a list", "rules:\n  - id", "rules:\n    id", "9:5 yaml-wrong-type"},
       {"unknown key of a rule",
        "    error:", "    eror:", "9:5 yaml-missing-key; 13:5 yaml-unknown-key"},
       {"severity misspelt", "severity: error", "severity: eror", "11:15 yaml-unknown-word"},
       {"severity empty", "severity: error", "severity:", "11:5 yaml-wrong-type"},
       {"error unknown", "error: IncompatiblePositional", "error: Wrong",
        "13:12 yaml-unknown-word"},
       {"id with a blank", "id: CMATCH-8030.1", "id: CMATCH 8030", "9:9 yaml-bad-name"},
       {"message a list", "message: \"needs {required}\"", "message: [a]", "14:14 yaml-wrong-type"},
       {"field of no side", "mcd.head_dim:", "model.head_dim:", "6:3 yaml-bad-name"},
       {"field in upper case", "mcd.head_dim:", "mcd.Head:", "6:3 yaml-bad-name"},
       {"type unknown", "type: integer", "type: int", "6:24 yaml-unknown-word"},
       {"kind without dimension", "{type: kind, of: positional}", "{type: kind}",
        "5:19 yaml-missing-key"},
       {"dimension of an integer", "{type: integer}", "{type: integer, of: quant}",
        "6:37 yaml-unknown-key"},
       {"two equal keys", "    name: positional-supported", "    name: a\n    name: b",
        "11:5 yaml-duplicate-key"},
       {"relation misspelt", "in: ecp", "inn: ecp", "12:36 yaml-unknown-relation"},
       {"no relation", ", in: ecp.supports_positional", "", "12:12 yaml-missing-key"},
       {"no subject", "value: mcd.positional, ", "", "12:12 yaml-missing-key"},
       {"two subjects", "value: mcd", "value: mcd.head_dim, any_of: mcd", "12:34 yaml-bad-clause"},
       {"two relations", "in: ecp", "eq: a, in: ecp", "12:43 yaml-bad-clause"},
       {"combination and test", check, "{all: [" + check + "], value: mcd.head_dim}",
        "12:74 yaml-bad-clause"},
       {"empty list", check, "{any: []}", "12:18 yaml-empty-list"},
       {"empty literals", "in: ecp.supports_positional", "in: []", "12:40 yaml-empty-list"},
       {"depth 4", check, "{all: [{any: [{not: {not: " + check + "}}]}]}",
        "12:38 yaml-clause-too-deep"},
       {"known not a flag", "in: ecp.supports_positional", "known: yes", "12:43 yaml-wrong-type"},
       {"known in quotes", "in: ecp.supports_positional", "known: \"true\"",
        "12:43 yaml-wrong-type"},
       {"fields and values", "in: ecp.supports_positional", "in: [ecp.a, b]",
        "12:40 yaml-bad-clause"},
       {"capability without quotes", check, "{value: ecp.compute, ge: 8.0}",
        "12:37 yaml-unquoted-compute"}});
}

TEST_CASE("yaml rules: clauses in every form") {
  std::deque<Tables> kept;  // the texts of a clause are those of its tables
  const auto with = [&](std::string_view clause) -> const Clause& {
    kept.push_back(Read(
        {{"f.yaml",
          Changed(kRulesSample, "{value: mcd.positional, in: ecp.supports_positional}", clause)}}));
    return kept.back().rules[0].check;
  };
  const Clause& least = with("{least_of: [mcd.a, mcd.b], le: ecp.max_context}");
  CHECK(least.subject == Clause::Subject::kLeastOf);
  CHECK(least.fields == std::vector<Text>{"mcd.a", "mcd.b"});
  CHECK(least.relation == Relation::kLessEqual);

  const Clause& literals = with("{any_of: mcd.quant, in: [fp16, bf16]}");
  CHECK(literals.subject == Clause::Subject::kAnyOf);
  CHECK(literals.right_is_list);
  CHECK_FALSE(literals.right_is_field);

  const Clause& combined =
      with("{any: [{not: {value: ecp.mig, eq: true}}, {all: [{value: mcd.a, known: false}]}]}");
  CHECK(combined.form == Clause::Form::kAny);
  REQUIRE(combined.children.size() == 2);
  CHECK(combined.children[0].form == Clause::Form::kNot);
  CHECK(combined.children[1].children[0].right == std::vector<Text>{"false"});

  const Clause& path = with("{some_path: ecp.paths}");
  CHECK(path.form == Clause::Form::kSomePath);
  CHECK(path.fields == std::vector<Text>{"ecp.paths"});

  const Clause& product = with("{each_of: mcd.a, multiple_of: [ecp.b, mcd.c]}");
  CHECK(product.right_is_list);
  CHECK(product.right_is_field);
}

TEST_CASE("yaml kinds: what a file gives") {
  const Tables tables = Read(SampleFiles());
  REQUIRE(tables.kinds.size() == 4);
  CHECK(tables.kinds[1].dimension == "positional");
  CHECK(tables.kinds[1].name == "alibi");
  REQUIRE(tables.aliases.size() == 1);
  CHECK(tables.aliases[0].is == "rope_llama");
  REQUIRE(tables.file_types.size() == 1);
  CHECK(tables.file_types[0].id == 15);
  CHECK(tables.file_types[0].main == "q4_k");
  REQUIRE(tables.tensor_types.size() == 2);
  CHECK(tables.tensor_types[0].type_size == 144);
  CHECK(tables.tensor_types[1].removed);
}

TEST_CASE("yaml kinds: names become canonical") {
  const Tables tables =
      Read({{"f.yaml", Changed(kKindsSample, "rope_llama: \"pairs\"", "Rope-LLama: \"pairs\"")}});
  CHECK(tables.kinds[0].name == "rope_llama");
}

TEST_CASE("yaml kinds: what is refused") {
  CheckChanges(kKindsSample,
               {{"kinds a list", "{rope_llama: \"pairs\", alibi: \"a bias\"}", "[rope_llama]",
                 "3:15 yaml-wrong-type"},
                {"no meaning", "alibi: \"a bias\"", "alibi:", "3:37 yaml-wrong-type"},
                {"alias without reason", ", because: \"ggml's name\"", "", "6:27 yaml-missing-key"},
                {"id negative", "id: 15", "id: -1", "8:16 yaml-out-of-range"},
                {"id in quotes", "id: 15", "id: \"15\"", "8:16 yaml-wrong-type"},
                {"id octal", "id: 15", "id: 015", "8:16 yaml-wrong-type"},
                {"id with a point", "id: 15", "id: 15.0", "8:16 yaml-wrong-type"},
                {"id too large", "id: 15", "id: 9223372036854775808", "8:16 yaml-wrong-type"},
                {"block size 0", "block_size: 256", "block_size: 0", "10:30 yaml-out-of-range"},
                {"flag misspelt", "removed: true", "removed: yes", "11:55 yaml-wrong-type"},
                {"kind twice", "alibi:", "rope_llama:", "3:37 yaml-duplicate-key"},
                {"kind twice in two spellings", "alibi:", "ROPE-LLAMA:", "3:37 rules-duplicate"},
                {"tensor id twice", "id: 4,", "id: 12,", "11:3 rules-duplicate"}});
}

TEST_CASE("yaml gpus: what a file gives") {
  const Tables tables = Read(SampleFiles());
  REQUIRE(tables.gpus.size() == 4);
  CHECK(tables.gpus[0].name == "NVIDIA A100");
  CHECK(tables.gpus[0].compute == ComputeCapability{8, 0});
  CHECK(tables.gpus[0].memory ==
        std::vector<std::int64_t>{std::int64_t{40} << 30, std::int64_t{80} << 30});
  CHECK(tables.gpus[0].mig == 7);
  CHECK(tables.gpus[1].memory[0] == std::int64_t{23034} << 20);
}

TEST_CASE("yaml gpus: what is refused") {
  CheckChanges(kGpusSample,
               {{"capability without quotes", "compute: \"8.0\"", "compute: 8.0",
                 "3:36 yaml-unquoted-compute"},
                {"capability as one number", "\"8.0\"", "\"80\"", "3:36 yaml-bad-compute"},
                {"capability with a suffix", "\"8.0\"", "\"8.0a\"", "3:36 yaml-bad-compute"},
                {"a range", "\"8.0\"", "\"8.0..8.9\"", "3:36 yaml-bad-compute"},
                {"size without unit word", "40GiB", "40G", "3:52 yaml-wrong-type"},
                {"decimal size", "40GiB", "40GB", "3:52 yaml-wrong-type"},
                {"size 0", "40GiB", "0", "3:52 yaml-wrong-type"},
                {"size overflow", "40GiB", "9999999999TiB", "3:52 yaml-wrong-type"},
                {"size with underscore", "40GiB", "1_000", "3:52 yaml-wrong-type"},
                {"one size without a list", "[40GiB, 80GiB]", "40GiB", "3:51 yaml-wrong-type"},
                {"no source", ", source: \"docs\"", "", "3:5 yaml-missing-key"},
                {"name empty", "\"NVIDIA A100\"", "\"\"", "3:12 yaml-wrong-type"},
                {"name twice", "NVIDIA L4", "nvidia a100", "4:5 rules-duplicate"},
                {"mig not a number", "mig: 7", "mig: seven", "3:72 yaml-wrong-type"}});
}

TEST_CASE("yaml architectures: what a file gives") {
  const Tables tables = Read(SampleFiles());
  REQUIRE(tables.architectures.size() == 4);
  const Architecture& mpt = tables.architectures[1];
  CHECK(mpt.name == "mpt");
  REQUIRE(mpt.positional.size() == 2);
  REQUIRE(mpt.positional[0].when.has_value());
  CHECK(mpt.positional[0].when->fields == std::vector<Text>{"gguf.attention.max_alibi_bias"});
  CHECK(mpt.positional[0].is == "alibi");
  CHECK_FALSE(mpt.positional[1].when.has_value());
  CHECK(tables.architectures[2].unsupported == "the name only");
  CHECK(tables.architectures[3].hf);
}

TEST_CASE("yaml architectures: what is refused") {
  CheckChanges(
      kArchitecturesSample,
      {{"no positional", "{positional: rope_llama, source", "{source", "3:10 yaml-missing-key"},
       {"row after the last", "- {is: rope_llama}", "- {is: rope_llama}\n      - {is: alibi}",
        "8:9 yaml-unreachable-row"},
       {"no rows",
        "\n      - {when: {value: gguf.attention.max_alibi_bias, gt: 0}, is: alibi}\n      - {is: "
        "rope_llama}",
        " []", "5:17 yaml-empty-list"},
       {"flag a word", "{positional: rope_llama, source", "{mla: 1, positional: rope_llama, source",
        "3:16 yaml-wrong-type"},
       {"window misspelt", "{positional: rope_llama, source",
        "{sliding_window: ignore, positional: rope_llama, source", "3:27 yaml-unknown-word"},
       {"no source", "only\", source: \"s\"", "only\"", "9:9 yaml-missing-key"}});
}

TEST_CASE("yaml engine: what a file gives") {
  const Tables tables = Read(SampleFiles());
  REQUIRE(tables.engines.size() == 1);
  const Engine& engine = tables.engines[0];
  CHECK(engine.name == "vllm");
  CHECK(engine.default_build == std::vector<Text>{"cuda13", "cuda12"});
  REQUIRE(engine.max_context.size() == 1);
  CHECK_FALSE(engine.max_context[0].tokens.has_value());
  REQUIRE(engine.builds.size() == 3);
  CHECK(engine.builds[0].images.size() == 3);
  CHECK(engine.builds[0].min_driver[0].driver == "580");
  CHECK(engine.builds[2].name == "cuda12");
  CHECK(engine.builds[2].versions.text == ">=0.10");
  REQUIRE(engine.launch.size() == 2);
  CHECK(engine.launch[0].values == std::vector<Text>{"auto", "fp16"});
  CHECK(engine.launch[1].integer);
  CHECK(engine.launch[1].max == 64);
  CHECK(engine.launch[1].default_value == "1");
  REQUIRE(engine.supports.size() == 3);
  const Entry& entry = engine.supports[2].kinds[0].entries[1];
  CHECK(entry.level == Level::kDegraded);
  CHECK(entry.verified == Verified::kTested);
  CHECK(entry.compute.size() == 1);
  REQUIRE(engine.paths.size() == 1);
  CHECK(engine.paths[0].paths[0].id == "FLASHMLA");
  CHECK(engine.paths[0].paths[0].accepts[0].right == std::vector<Text>{"64", "128"});
}

TEST_CASE("yaml engine: context limits") {
  const auto limits = [](std::string_view value) {
    return Read({{"f.yaml", Changed(kEngineSample, "max_context: of_model", value)}})
        .engines[0]
        .max_context;
  };
  CHECK(limits("max_context: {value: 32Ki, source: \"s\"}")[0].tokens == 32768);
  const auto two = limits(
      "max_context: [{value: 8192, versions: \"<0.5\", source: \"s\"}, {value: of_model, versions: "
      "\">=0.5\", source: \"s\"}]");
  REQUIRE(two.size() == 2);
  CHECK(two[0].tokens == 8192);
  CHECK_FALSE(two[1].tokens.has_value());
}

TEST_CASE("yaml engine: what is refused") {
  CheckChanges(
      kEngineSample,
      {{"no windows", "windows: [{versions: \">=0.2.0 <0.33.0\", source: \"s\"}]\n", "",
        "1:1 yaml-missing-key"},
       {"windows empty", "[{versions: \">=0.2.0 <0.33.0\", source: \"s\"}]", "[]",
        "4:10 yaml-empty-list"},
       {"bad comparator", ">=0.2.0 <0.33.0", "=>0.2.0", "4:22 yaml-bad-versions"},
       {"bad release", ">=0.2.0 <0.33.0", ">=b4747", "4:22 yaml-bad-versions"},
       {"versioning unknown", "pep440", "semver", "3:13 yaml-unknown-word"},
       {"default release", "\"0.32.0\"", "newest", "5:18 yaml-bad-versions"},
       {"floor without level", "level: native, ", "", "8:5 yaml-missing-key"},
       {"level misspelt", "level: native", "level: nativ", "8:36 yaml-unknown-word"},
       {"compute not a list", "[\"7.0..9.0\"]", "\"7.0..9.0\"", "8:15 yaml-wrong-type"},
       {"compute empty", "[\"7.0..9.0\"]", "[]", "8:15 yaml-empty-list"},
       {"range backwards", "7.0..9.0", "9.0..7.0", "8:16 yaml-bad-compute"},
       {"range without quotes", "[\"7.0..9.0\"]", "[7.0..9.0]", "8:16 yaml-unquoted-compute"},
       {"degraded without reason", "because: \"weights only\", ", "", "29:11 yaml-missing-key"},
       {"entry without source", "[{level: native, source: \"s\"}]", "[{level: native}]",
        "22:20 yaml-missing-key"},
       {"verified by no one", "verified: tested", "verified: yes", "29:117 yaml-unknown-word"},
       {"number for the context", "of_model", "8192", "9:14 yaml-wrong-type"},
       {"image without quotes", "images: [\"8.0\", ", "images: [8.0, ",
        "11:55 yaml-unquoted-compute"},
       {"image unknown", "\"9.0a\"", "\"9.0x\"", "11:62 yaml-bad-image"},
       {"no images", "[\"8.0\", \"9.0a\", \"12.0+ptx\"]", "[]", "11:54 yaml-empty-list"},
       {"cuda without quotes", "cuda: \"13.0\"", "cuda: 13.0", "11:38 yaml-wrong-type"},
       {"driver a word", "driver: \"580\"", "driver: \"r580\"", "11:105 yaml-wrong-type"},
       {"default not a value", "default: auto", "default: fp8", "16:45 yaml-unknown-word"},
       {"default out of range", "default: 1,", "default: 65,", "17:48 yaml-out-of-range"},
       {"range of one", "[1, 64]", "[1]", "17:30 yaml-wrong-type"},
       {"range backwards in a launch key", "[1, 64]", "[64, 1]",
        "17:35 yaml-out-of-range; 17:48 yaml-out-of-range"},
       {"neither values nor integer", "values: [auto, fp16], default: auto, ", "",
        "16:13 yaml-missing-key"},
       {"no attention", "  attention: {source: \"s\", kinds: {}}\n", "", "19:3 yaml-missing-key"},
       {"no quant and no tensor types", "  quant:", "  kv_cache:", "19:3 yaml-missing-key"},
       {"dimension without source", "attention: {source: \"s\", ", "attention: {",
        "23:14 yaml-missing-key"},
       {"path without id", "id: FLASHMLA, ", "", "32:7 yaml-missing-key"},
       {"accepts not a list", "[{value: mcd.head_dim, in: [64, 128]}]",
        "{value: mcd.head_dim, eq: 64}", "32:64 yaml-wrong-type"}});
}

TEST_CASE("yaml engine: quant or tensor types will do") {
  CHECK(Brief(ProblemsIn(Changed(kEngineSample, "  quant:", "  tensor_type:"))) == "");
}

TEST_CASE("yaml tables: near names are offered") {
  struct Case {
    std::string name, from, to, help;
  };
  const Case cases[] = {
      {"key", "    severity:", "    severty:", "did you mean \"severity\"?"},
      {"word", "severity: error", "severity: eror", "did you mean \"error\"?"},
      {"relation", "in: ecp", "inn: ecp", "did you mean \"in\"?"},
      {"kind of file", "cmatch.rules/v1", "cmatch.rule/v1", "did you mean \"cmatch.rules/v1\"?"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    bool found = false;
    for (const Problem& problem : ProblemsIn(Changed(kRulesSample, c.from, c.to))) {
      found = found || problem.help == c.help;
    }
    CHECK(found);
  }
}

TEST_CASE("yaml tables: an id in two files is an error with both places") {
  std::vector<RuleFile> files = SampleFiles();
  files.push_back({"more.yaml", std::string(kRulesSample)});
  const std::vector<Problem> problems = ProblemsIn(files);
  REQUIRE(problems.size() == 4);  // three fields and a rule
  CHECK(problems[3].code == "rules-duplicate");
  CHECK(ToString(problems[3].where) == "more.yaml:9:5");
  REQUIRE(problems[3].notes.size() == 1);
  CHECK(ToString(problems[3].notes[0].where) == "validation.yaml:9:5");
}

TEST_CASE("yaml tables: all problems of all files at once") {
  const std::vector<RuleFile> files = {
      {"a.yaml", Changed(kRulesSample, "severity: error", "severity: eror")},
      {"b.yaml", "kind: cmatch.kinds/v1\nkinds: [\n"},
      {"c.yaml", Changed(Changed(kGpusSample, "\"8.0\"", "8.0"), "\"8.9\"", "8.9")},
      {"d.yaml", ""},
  };
  std::vector<std::string> places;
  for (const Problem& problem : ProblemsIn(files)) places.push_back(problem.where.file);
  CHECK(places == std::vector<std::string>{"a.yaml", "b.yaml", "c.yaml", "c.yaml", "d.yaml"});
}

TEST_CASE("yaml tables: cases and configuration are not part of a rule set") {
  std::vector<RuleFile> files = SampleFiles();
  files.push_back({"cases/a.yaml", std::string(kCasesSample)});
  files.push_back({"cmatch.yaml", std::string(kConfigSample)});
  CHECK(Read(files).rules.size() == 1);
}
