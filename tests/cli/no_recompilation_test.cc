// One binary, other tables: each change of a YAML file is a change of a verdict. Nothing is
// compiled between "before" and "after"; the directory only holds files that an operator writes.

#include "cli/cmatch.h"
#include "support/gguf_writer.h"

namespace cmatch {
namespace {

using testing::Desk;
using testing::Outcome;

struct Change {
  const char* what;
  std::vector<std::string> arguments;
  int before;
  int after;
};

int ExitCode(const Desk& desk, std::vector<std::string> arguments, bool with_site) {
  if (with_site) arguments.insert(arguments.end(), {"--rules", "site"});
  return desk.Run(arguments).exit_code;
}

TEST_CASE("no recompilation: kinds, an engine, a GPU, an architecture and a rule from YAML") {
  const Desk desk;
  desk.Write(
      "spiral.mcd.json",
      R"({"model_id": "org/spiral", "positional": "rope_spiral", "attention": "gqa", "quant": ["fp16"], "context_max": 4096, "vocab_size": 1000})");
  desk.Write(
      "int3.mcd.json",
      R"({"model_id": "org/int3", "positional": "rope_neox", "attention": "gqa", "quant": ["int3"], "context_max": 4096, "vocab_size": 1000})");
  testing::GgufWriter file = testing::SmallModel();
  file.Without("general.architecture").Text("general.architecture", "snail");
  file.U32("snail.context_length", 4096).U32("snail.block_count", 2);
  file.U32("snail.embedding_length", 64).U32("snail.attention.head_count", 4);
  file.U32("snail.attention.head_count_kv", 2);
  desk.Write("snail.gguf", file.Bytes());

  desk.Write("site/kinds.yaml", R"(kind: cmatch.kinds/v1
kinds:
  positional: {rope_spiral: "a spiral"}
  quant: {int3: "three bits"}
)");
  desk.Write("site/overlay.yaml", R"(kind: cmatch.overlay/v1
layer: site
reason: "kinds of our own"
owner: ops
set:
  - target: engines/vllm/supports/positional/rope_spiral
    entries: [{level: native}]
  - target: engines/vllm/supports/quant/int3
    entries: [{compute: ["8.9"], level: native}]
)");
  desk.Write("site/engines/snailserve.yaml", R"(kind: cmatch.engine/v1
engine: snailserve
versioning: pep440
windows: [{versions: ">=1.0 <2.0", source: "ours"}]
default_version: "1.0"
floor: [{level: native, source: "ours"}]
supports:
  positional: {source: "ours", kinds: {rope_llama: [{level: native, source: "ours"}]}}
  attention: {source: "ours", kinds: {gqa: [{level: native, source: "ours"}]}}
  quant: {source: "ours", kinds: {f32: [{level: native, source: "ours"}], q4_0: [{level: native, source: "ours"}]}}
)");
  desk.Write("site/gpus.yaml", R"(kind: cmatch.gpus/v1
gpus:
  - {name: "Acme Hare 9000", compute: "8.9", memory: [24GiB], source: "ours"}
)");
  desk.Write("site/architectures.yaml", R"(kind: cmatch.architectures/v1
architectures:
  snail: {positional: rope_llama, source: "ours"}
)");
  desk.Write("site/rules.yaml", R"(kind: cmatch.rules/v1
name: site
version: "1"
rules:
  - id: SITE-1
    name: small-vocabulary
    severity: error
    check: {value: mcd.vocab_size, le: 100000}
    error: RuleFailed
    message: "{mcd.model_id} has {required} tokens, we take {limit}"
    source: "ours"
)");
  desk.Write(
      "f32.json",
      R"({"worker_id": "w", "supports_positional": ["rope_llama"], "supports_attention": ["gqa"], "supports_quant": ["f32"], "max_context": 16384, "vram_bytes": 24000000000})");

  const Change changes[] = {
      {"a positional kind",
       {"check", "spiral.mcd.json", "--engine", "vllm", "--gpu", "cc=8.9"},
       1,
       0},
      {"a quant kind", {"check", "int3.mcd.json", "--engine", "vllm", "--gpu", "cc=8.9"}, 1, 0},
      {"a quant kind on another capability",
       {"check", "int3.mcd.json", "--engine", "vllm", "--gpu", "cc=8.6"},
       1,
       1},
      {"an engine", {"check", "snail.gguf", "--engine", "snailserve", "--gpu", "cc=8.9"}, 2, 0},
      {"an engine's release",
       {"check", "snail.gguf", "--engine", "snailserve@2.0", "--gpu", "cc=8.9"},
       2,
       2},
      {"a GPU", {"check", "int3.mcd.json", "--engine", "vllm", "--gpu", "Acme Hare 9000"}, 2, 0},
      {"an architecture", {"check", "snail.gguf", "--ecp", "f32.json"}, 2, 0},
      {"a rule", {"check", "seed.mcd.json", "--ecp", "worker.json"}, 0, 1}};
  for (const Change& change : changes) {
    CAPTURE(std::string(change.what));
    CHECK(ExitCode(desk, change.arguments, false) == change.before);
    CHECK(ExitCode(desk, change.arguments, true) == change.after);
  }
}

TEST_CASE("no recompilation: a copy of rules/ edited in place") {
  const Desk desk;
  std::filesystem::copy(CMATCH_SOURCE_DIR "/rules", desk.path() / "copy",
                        std::filesystem::copy_options::recursive);
  const std::vector<std::string> check = {"check",       "seed.mcd.json", "--ecp",
                                          "worker.json", "--rules",       "copy"};
  CHECK(desk.Run(check).exit_code == 0);
  const std::string rules = testing::ReadFile(desk.path() / "copy/validation.yaml");
  const auto edited = [&rules](std::string_view from, std::string_view to) {
    REQUIRE(rules.find(from) != std::string::npos);
    std::string text = rules;
    return text.replace(text.find(from), from.size(), to);
  };
  // every format must be supported, in place of one
  desk.Write("copy/validation.yaml", edited("{any_of: mcd.quant, in: ecp.supports_quant}",
                                            "{each_of: mcd.quant, in: ecp.supports_quant}"));
  desk.Write(
      "seed.mcd.json",
      R"({"model_id": "m", "positional": "rope_llama", "attention": "gqa", "quant": ["q4_0", "q6_k"], "context_max": 8192, "vocab_size": 1})");
  CHECK(desk.Run(check).exit_code == 1);
  // a broken edit is refused with its place, nothing is judged
  desk.Write("copy/validation.yaml", edited("any_of", "some_of"));
  const Outcome broken = desk.Run(check);
  CHECK(broken.exit_code == 2);
  CHECK(testing::Has(broken.err, "copy/validation.yaml:"));
}

}  // namespace
}  // namespace cmatch
