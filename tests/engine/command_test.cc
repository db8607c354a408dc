// How an engine is started with the settings that were judged.

#include "cmatch/command.h"

#include "toy.h"

namespace cmatch::testing {
namespace {

// The toy engine with a `command`.
std::string WithCommand(const std::string& command) {
  std::string engine(kToyYaml);
  const std::size_t at = engine.find("supports:\n");
  return engine.insert(at, "command:\n" + command);
}

constexpr const char* kCommand = R"(  start:
    - {versions: "<2.0", words: [old, "{model}"], source: "s"}
    - {versions: ">=2.0", words: [toy, serve, --model, "{model}"], source: "s"}
  options:
    context: {words: [-c, "{value}"], source: "s"}
    kv_cache:
      - {is: auto, words: [], source: "s"}
      - {env: TOY_KV, values: {fp16: half}, source: "s"}
    tensor_parallel: {versions: ">=2.0", words: ["--tp={value}"], source: "s"}
)";

std::string Line(const std::shared_ptr<const RuleSet>& rules, const Start& start, const Mcd& mcd,
                 std::string_view model = "m") {
  const auto command = CommandFor(*rules, mcd, Built(*rules, start), model);
  if (!command) return "none";
  std::string line = ToString(*command);
  for (const std::string& setting : command->unsaid) line += " ?" + setting;
  return line;
}

TEST_CASE("command: each judged setting as its row says, the first that applies") {
  const auto rules = MakeRules(ToyFiles(kTableRules, WithCommand(kCommand)));
  const struct {
    const char* name;
    Start start;
    const char* want;
  } cases[] = {
      {"defaults", {}, "toy serve --model m -c 8192 --tp=1 ?chunked=on"},
      {"a variable, spelled as the engine spells it",
       {.launch = {{"kv_cache", "fp16"}}},
       "TOY_KV=half toy serve --model m -c 8192 --tp=1 ?chunked=on"},
      {"a value without another spelling",
       {.launch = {{"kv_cache", "fp8"}, {"tensor_parallel", "4"}}},
       "TOY_KV=fp8 toy serve --model m -c 8192 --tp=4 ?chunked=on"},
      {"a setting that no row is about",
       {.launch = {{"attention_backend", "FIRST"}}},
       "toy serve --model m -c 8192 --tp=1 ?attention_backend=FIRST ?chunked=on"},
      {"the rows of another release", {.version = "1.9"}, "old m -c 8192 ?tensor_parallel=1"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    CHECK(Line(rules, c.start, Model()) == c.want);
  }
}

TEST_CASE("command: the context is the one that was judged") {
  const auto rules = MakeRules(ToyFiles(kTableRules, WithCommand(kCommand)));
  for (const std::int64_t requested : {1, 4096, 8191, 8192, 9000}) {
    CAPTURE(requested);
    const std::string want = std::to_string(std::min<std::int64_t>(requested, 8192));
    CHECK(Line(rules, {}, Model({{"requested_context", I(requested)}})) ==
          "toy serve --model m -c " + want + " --tp=1 ?chunked=on");
  }
}

TEST_CASE("command: words of a shell, and a model that looks like an option is none") {
  const auto rules = MakeRules(ToyFiles(kTableRules, WithCommand(kCommand)));
  const struct {
    const char* model;
    const char* want;
  } cases[] = {{"dir/m-1.gguf", "dir/m-1.gguf"},
               {"a b", "'a b'"},
               {"it's", "'it'\\''s'"},
               {"$(rm)", "'$(rm)'"},
               {"-rf", "./-rf"},
               {"--help me", "'./--help me'"},
               {"", "''"},
               {"{model}{value}", "'{model}{value}'"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.model));
    CHECK(Line(rules, {.version = "1.9"}, Model(), c.model) ==
          "old " + std::string(c.want) + " -c 8192 ?tensor_parallel=1");
  }
}

TEST_CASE("command: none where the tables do not say, or the profile names no release") {
  CHECK(Line(Toy(), {}, Model()) == "none");
  const auto rules = MakeRules(ToyFiles(kTableRules, WithCommand(kCommand)));
  CHECK_FALSE(CommandFor(*rules, Model(), SeedEcp(), "m").has_value());
  const auto late = MakeRules(ToyFiles(
      kTableRules, WithCommand("  start: {versions: \">=2.5\", words: [toy], source: \"s\"}\n")));
  CHECK(Line(late, {.version = "2.4"}, Model()) == "none");
  CHECK(Line(late, {.version = "2.5"}, Model()) ==
        "toy ?kv_cache=auto ?tensor_parallel=1 ?chunked=on");
}

TEST_CASE("command: rows that are wrong are refused at their place") {
  const struct {
    const char* name;
    const char* command;
    const char* want;
  } cases[] = {
      {"no start", "  options: {}\n", "yaml-missing-key"},
      {"no words", "  start: {words: [], source: \"s\"}\n", "yaml-empty-list"},
      {"no source", "  start: {words: [a]}\n", "yaml-missing-key"},
      {"a setting that the engine has not",
       "  start: {words: [a], source: \"s\"}\n  options: {kv_cash: {words: [a], source: \"s\"}}\n",
       "yaml-unknown-word"},
      {"neither words nor a variable",
       "  start: {words: [a], source: \"s\"}\n  options: {context: {source: \"s\"}}\n",
       "yaml-missing-key"},
      {"both",
       "  start: {words: [a], source: \"s\"}\n"
       "  options: {context: {words: [a], env: B, source: \"s\"}}\n",
       "yaml-unknown-key"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    CHECK(ProblemCodes(ToyFiles(kTableRules, WithCommand(c.command))) == c.want);
  }
}

TEST_CASE("command: an overlay's options come first") {
  std::vector<RuleFile> files = ToyFiles(kTableRules, WithCommand(kCommand));
  files.push_back({"overlay.yaml",
                   "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\nowner: ops\nset:\n"
                   "  - target: engines/toy/command/options/context\n"
                   "    entries: [{words: [--ctx, \"{value}\"]}]\n"});
  CHECK(Line(MakeRules(files), {}, Model()) == "toy serve --model m --ctx 8192 --tp=1 ?chunked=on");
}

}  // namespace
}  // namespace cmatch::testing
