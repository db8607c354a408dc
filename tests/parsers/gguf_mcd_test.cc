#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "gguf_support.h"

namespace cmatch {
namespace {

using testing::Blocks;
using testing::FactsOf;
using testing::GgufWriter;
using testing::kBF16;
using testing::kF16;
using testing::kF32;
using testing::kQ4_0;
using testing::kQ8_0;
using testing::Member;
using testing::SmallModel;
using testing::ValueType;
using testing::Warnings;

// A small model of another architecture: what SmallModel() has, under other names.
GgufWriter ModelOf(const std::string& architecture) {
  GgufWriter file;
  const std::string a = architecture + ".";
  file.Text("general.architecture", architecture)
      .U32(a + "block_count", 2)
      .U32(a + "context_length", 4096)
      .U32(a + "embedding_length", 64)
      .U32("general.file_type", 0)
      .Tokens("tokenizer.ggml.tokens", 10)
      .Tensor("token_embd.weight", {64, 10}, kF32);
  return file;
}

TEST_CASE("CMATCH-8002 gguf: the members of a small model") {
  const McdFacts facts = FactsOf(SmallModel());
  const std::vector<std::pair<const char*, const char*>> members = {
      {"model_id", "example/Small"},
      {"positional", "rope_llama"},
      {"attention", "gqa"},
      {"quant", "f32"},
      {"context_max", "4096"},
      {"vocab_size", "10"},
      {"format", "gguf"},
      {"kind", "model"},
      {"architecture", "llama"},
      {"tensor_types", "f32"},
      {"attention_kinds", "gqa"},
      {"dtype", "f32"},
      {"head_dim", "16"},
      {"head_count", "4"},
      {"head_count_kv", "2"},
      {"block_count", "2"},
      {"embedding_length", "64"},
      {"intermediate_size", "128"},
      {"sliding_window", "0"},
      {"attention_sink", "false"},
      {"file_bytes", std::to_string(SmallModel().Bytes().size()).c_str()},
  };
  for (const auto& [name, value] : members) {
    CAPTURE(name);
    if (std::string_view(name) != "file_bytes") CHECK(Member(facts, name) == value);
  }
  CHECK(facts.members.size() == members.size());
  CHECK(facts.members.at("context_max").origin == "gguf: llama.context_length");
  CHECK(Warnings(facts) == "");
  CHECK(Blocks(facts) == "");
  CHECK(McdFrom(facts).has_value());
}

TEST_CASE("CMATCH-8002 gguf: positional follows from the architecture and its conditions") {
  struct Case {
    const char* name;
    const char* architecture;
    std::function<void(GgufWriter&)> add;
    const char* want;
  };
  const auto nothing = [](GgufWriter&) {};
  const std::vector<Case> cases = {
      {"llama", "llama", nothing, "rope_llama"},
      {"qwen2", "qwen2", nothing, "rope_neox"},
      {"gpt2", "gpt2", nothing, "learned"},
      {"bloom", "bloom", nothing, "alibi"},
      {"mpt with a bias", "mpt", [](GgufWriter& f) { f.F32("mpt.attention.max_alibi_bias", 8); },
       "alibi"},
      {"mpt with bias 0", "mpt", [](GgufWriter& f) { f.F32("mpt.attention.max_alibi_bias", 0); },
       "learned"},
      {"mpt without the key", "mpt", nothing, "learned"},
      {"mpt, not a number", "mpt",
       [](GgufWriter& f) { f.F32("mpt.attention.max_alibi_bias", NAN); }, "learned"},
      {"baichuan 7B", "baichuan", nothing, "rope_llama"},
      {"baichuan 13B", "baichuan",
       [](GgufWriter& f) { f.Without("baichuan.block_count").U32("baichuan.block_count", 40); },
       "alibi"},
      {"granite", "granite", nothing, "rope_llama"},
      {"granite without rope", "granite",
       [](GgufWriter& f) { f.Bool("granite.rope.scaling.finetuned", false); }, "none"},
      {"glm4 with sections", "glm4",
       [](GgufWriter& f) {
         f.Integers("glm4.rope.dimension_sections", ValueType::kI32, {8, 12, 12, 0});
       },
       "mrope"},
      {"glm4 with a zero section", "glm4",
       [](GgufWriter& f) {
         f.Integers("glm4.rope.dimension_sections", ValueType::kI32, {8, 0, 12, 0});
       },
       "rope_llama"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    GgufWriter file = ModelOf(c.architecture);
    c.add(file);
    CHECK(Member(FactsOf(file), "positional") == c.want);
  }
}

TEST_CASE("CMATCH-8002 gguf: an architecture that the tables do not have") {
  const McdFacts unknown = FactsOf(ModelOf("brand-new").U32("brand-new.attention.head_count", 4));
  CHECK(Blocks(unknown) ==
        "gguf-unknown-architecture@/positional gguf-unknown-architecture@/attention");
  CHECK(unknown.blocking[0].help.find("rules/architectures.yaml") != std::string::npos);
  CHECK(unknown.blocking[0].help.find("sidecar") != std::string::npos);
  CHECK(MissingMembers(unknown) == std::vector<std::string>{"positional", "attention"});

  CHECK(Blocks(FactsOf(SmallModel().Without("general.architecture"))) ==
        "gguf-no-architecture@/positional gguf-no-architecture@/attention");
  CHECK(Blocks(FactsOf(ModelOf("gptj").U32("gptj.attention.head_count", 4))) ==
        "gguf-unsupported-architecture");
}

TEST_CASE("CMATCH-8002 gguf: attention follows from the head counts") {
  struct Case {
    const char* name;
    const char* architecture;
    std::function<void(GgufWriter&, const std::string&)> add;
    const char* attention;
    const char* kinds;
  };
  const auto heads = [](std::uint32_t h, std::uint32_t k) {
    return [=](GgufWriter& f, const std::string& a) {
      f.U32(a + "attention.head_count", h).U32(a + "attention.head_count_kv", k);
    };
  };
  const auto lists = [](std::vector<std::int64_t> h, std::vector<std::int64_t> k) {
    return [=](GgufWriter& f, const std::string& a) {
      f.Integers(a + "attention.head_count", ValueType::kI32, h)
          .Integers(a + "attention.head_count_kv", ValueType::kU32, k);
    };
  };
  const std::vector<Case> cases = {
      {"as many", "llama", heads(8, 8), "mha", "mha"},
      {"fewer", "llama", heads(8, 2), "gqa", "gqa"},
      {"one", "llama", heads(8, 1), "mqa", "mqa"},
      {"one of one", "llama", heads(1, 1), "mha", "mha"},
      {"no head_count_kv", "llama",
       [](GgufWriter& f, const std::string& a) { f.U32(a + "attention.head_count", 8); }, "mha",
       "mha"},
      {"by layer, equal", "openelm", lists({8, 8}, {2, 4}), "gqa", "gqa"},
      {"by layer, mixed", "openelm", lists({8, 8}, {2, 8}), "mixed", "gqa, mha"},
      {"by layer, one without", "deci", lists({8, 0}, {2, 0}), "gqa", "gqa"},
      {"by layer, all without", "jamba", lists({8, 8}, {0, 0}), "none", "none"},
      {"recurrent without heads", "mamba", [](GgufWriter&, const std::string&) {}, "none", "none"},
      {"recurrent with 0 heads", "rwkv6", heads(0, 0), "none", "none"},
      {"latent, stored as one head", "deepseek2",
       [](GgufWriter& f, const std::string& a) {
         f.U32(a + "attention.head_count", 16)
             .U32(a + "attention.head_count_kv", 1)
             .U32(a + "attention.kv_lora_rank", 512);
       },
       "mla", "mla"},
      {"latent with an indexer", "deepseek32",
       [](GgufWriter& f, const std::string& a) {
         f.U32(a + "attention.head_count", 16)
             .U32(a + "attention.head_count_kv", 1)
             .U32(a + "attention.kv_lora_rank", 512)
             .U32(a + "attention.indexer.top_k", 2048);
       },
       "mla_sparse", "mla_sparse"},
      {"by the architecture", "deepseek4", heads(16, 1), "csa", "csa"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    GgufWriter file = ModelOf(c.architecture);
    c.add(file, std::string(c.architecture) + ".");
    const McdFacts facts = FactsOf(file);
    CHECK(Blocks(facts) == "");
    CHECK(Member(facts, "attention") == c.attention);
    CHECK(Member(facts, "attention_kinds") == c.kinds);
  }
}

TEST_CASE("CMATCH-8002 gguf: what no engine can run is refused, and its member missing") {
  struct Case {
    const char* name;
    const char* drop;
    std::function<void(GgufWriter&)> add;
    const char* blocks;
    const char* missing;  // a member
  };
  const auto nothing = [](GgufWriter&) {};
  const auto kv = [](std::uint32_t n) {
    return [n](GgufWriter& f) { f.U32("llama.attention.head_count_kv", n); };
  };
  const char* kKv = "llama.attention.head_count_kv";
  const char* kHeads = "llama.attention.head_count";
  const char* kBlocks = "llama.block_count";
  const char* kContext = "llama.context_length";
  const std::vector<Case> cases = {
      {"more kv heads than heads", kKv, kv(5), "gguf-bad-heads@/attention", "attention"},
      {"not a divisor", kKv, kv(3), "gguf-bad-heads@/attention", "attention"},
      {"no kv heads", kKv, kv(0), "gguf-bad-heads@/attention", "attention"},
      {"no heads", kHeads, [](GgufWriter& f) { f.U32("llama.attention.head_count", 0); },
       "gguf-bad-heads@/attention", "attention"},
      {"head_count missing", kHeads, nothing, "gguf-bad-heads@/attention", "attention"},
      {"heads as text", kHeads, [](GgufWriter& f) { f.Text("llama.attention.head_count", "4"); },
       "gguf-bad-layers@/attention", "attention"},
      {"list too short", kKv,
       [](GgufWriter& f) { f.Integers("llama.attention.head_count_kv", ValueType::kI32, {2}); },
       "gguf-bad-layers@/attention", "head_count_kv"},
      {"list too long", kKv,
       [](GgufWriter& f) {
         f.Integers("llama.attention.head_count_kv", ValueType::kI32, {2, 2, 2});
       },
       "gguf-bad-layers@/attention", "attention"},
      {"list of u64", kKv,
       [](GgufWriter& f) { f.Integers("llama.attention.head_count_kv", ValueType::kU64, {2, 2}); },
       "gguf-bad-layers@/attention", "attention"},
      {"negative in a list", kKv,
       [](GgufWriter& f) { f.Integers("llama.attention.head_count_kv", ValueType::kI32, {2, -2}); },
       "gguf-bad-layers@/attention", "attention"},
      {"feed forward list too short", "llama.feed_forward_length",
       [](GgufWriter& f) { f.Integers("llama.feed_forward_length", ValueType::kI32, {8}); },
       "gguf-bad-layers@/intermediate_size", "intermediate_size"},
      {"window pattern too short", "",
       [](GgufWriter& f) {
         f.Integers("llama.attention.sliding_window_pattern", ValueType::kBool, {1});
       },
       "gguf-bad-layers@/sliding_window", "sliding_window"},
      {"block_count 0", kBlocks, [](GgufWriter& f) { f.U32("llama.block_count", 0); },
       "gguf-bad-block-count@/block_count", "block_count"},
      {"block_count 513", kBlocks, [](GgufWriter& f) { f.U32("llama.block_count", 513); },
       "gguf-bad-block-count@/block_count", "block_count"},
      {"embedding_length 0", "llama.embedding_length",
       [](GgufWriter& f) { f.U32("llama.embedding_length", 0); },
       "gguf-bad-embedding-length@/embedding_length", "embedding_length"},
      {"1025 experts", "",
       [](GgufWriter& f) { f.U32("llama.expert_count", 1025).U32("llama.expert_used_count", 2); },
       "gguf-bad-experts@/expert_count", "expert_count"},
      {"0 experts used", "",
       [](GgufWriter& f) { f.U32("llama.expert_count", 8).U32("llama.expert_used_count", 0); },
       "gguf-bad-experts@/expert_used_count", "expert_used_count"},
      {"more experts used than there are", "",
       [](GgufWriter& f) { f.U32("llama.expert_count", 8).U32("llama.expert_used_count", 9); },
       "gguf-bad-experts@/expert_used_count", "expert_used_count"},
      {"context missing", kContext, nothing, "gguf-bad-context@/context_max", "context_max"},
      {"context 0", kContext, [](GgufWriter& f) { f.U32("llama.context_length", 0); },
       "gguf-bad-context@/context_max", "context_max"},
      {"context negative", kContext, [](GgufWriter& f) { f.I64("llama.context_length", -1); },
       "gguf-bad-context@/context_max", "context_max"},
      {"context as float", kContext, [](GgufWriter& f) { f.F32("llama.context_length", 8192); },
       "gguf-bad-context@/context_max", "context_max"},
      {"context 2^63", kContext,
       [](GgufWriter& f) { f.U64("llama.context_length", std::uint64_t{1} << 63); },
       "gguf-bad-context@/context_max", "context_max"},
      {"no vocabulary", "tokenizer.ggml.tokens",
       [](GgufWriter& f) { f.WithoutTensors().Tensor("output.weight", {64, 10}, kF32); },
       "gguf-no-vocabulary@/vocab_size", "vocab_size"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    GgufWriter file = SmallModel();
    file.Without(c.drop);
    c.add(file);
    const McdFacts facts = FactsOf(file);
    CHECK(Blocks(facts) == c.blocks);
    CHECK(Member(facts, c.missing) == "-");
    CHECK(Warnings(facts).find(facts.blocking.at(0).code) != std::string::npos);
    CHECK_FALSE(McdFrom(facts).has_value());
  }
}

TEST_CASE("CMATCH-8002 gguf: bounds that are still allowed") {
  const auto with = [](const char* key, std::uint32_t value) {
    return FactsOf(SmallModel().Without(key).U32(key, value));
  };
  CHECK(Blocks(with("llama.block_count", 1)) == "");
  CHECK(Blocks(with("llama.block_count", 512)) == "");
  CHECK(Blocks(with("llama.context_length", 1)) == "");
  CHECK(Warnings(with("llama.context_length", 1U << 30)) == "");
  CHECK(Warnings(with("llama.context_length", (1U << 30) + 1)) == "gguf-odd-context");
  const McdFacts largest =
      FactsOf(SmallModel()
                  .Without("llama.context_length")
                  .U64("llama.context_length", std::numeric_limits<std::int64_t>::max()));
  CHECK(Member(largest, "context_max") == "9223372036854775807");
  CHECK(Blocks(FactsOf(
            SmallModel().U32("llama.expert_count", 1024).U32("llama.expert_used_count", 1024))) ==
        "");
}

TEST_CASE("CMATCH-8002 gguf: what is read with a warning") {
  struct Case {
    const char* name;
    const char* drop;
    std::function<void(GgufWriter&)> add;
    const char* warnings;
  };
  const auto nothing = [](GgufWriter&) {};
  const std::vector<Case> cases = {
      {"context as u64", "llama.context_length",
       [](GgufWriter& f) { f.U64("llama.context_length", 8192); }, "gguf-odd-integer"},
      {"heads as i32", "llama.attention.head_count",
       [](GgufWriter& f) { f.I32("llama.attention.head_count", 4); }, "gguf-odd-integer"},
      {"no block_count", "llama.block_count", nothing, "gguf-missing-key"},
      {"frequency base 0", "", [](GgufWriter& f) { f.F32("llama.rope.freq_base", 0); },
       "gguf-odd-number"},
      {"frequency base infinite", "",
       [](GgufWriter& f) { f.F32("llama.rope.freq_base", INFINITY); }, "gguf-odd-number"},
      {"scaling factor not a number", "",
       [](GgufWriter& f) { f.F32("llama.rope.scaling.factor", NAN); }, "gguf-odd-number"},
      {"alibi bias not a number", "",
       [](GgufWriter& f) { f.F32("llama.attention.max_alibi_bias", NAN); }, "gguf-odd-number"},
      {"unknown scaling", "", [](GgufWriter& f) { f.Text("llama.rope.scaling.type", "ntk"); },
       "gguf-odd-rope-scaling"},
      {"rope dimension", "", [](GgufWriter& f) { f.U32("llama.rope.dimension_count", 8); },
       "gguf-odd-rope-dimension"},
      {"embedding not divisible", "llama.embedding_length",
       [](GgufWriter& f) { f.U32("llama.embedding_length", 63); }, "gguf-odd-head-dim"},
      {"vocab_size differs", "", [](GgufWriter& f) { f.U32("llama.vocab_size", 11); },
       "gguf-odd-vocabulary"},
      {"token list missing", "tokenizer.ggml.tokens", nothing, "gguf-odd-vocabulary"},
      {"file type unknown", "general.file_type",
       [](GgufWriter& f) { f.U32("general.file_type", 99); }, "gguf-odd-file-type"},
      {"file type removed", "general.file_type",
       [](GgufWriter& f) { f.U32("general.file_type", 33); }, "gguf-odd-file-type"},
      {"file type as text", "general.file_type",
       [](GgufWriter& f) { f.Text("general.file_type", "F32"); }, "gguf-odd-file-type"},
      {"file type guessed", "general.file_type",
       [](GgufWriter& f) { f.U32("general.file_type", 1024); }, "gguf-odd-file-type"},
      {"file type not among the tensors", "general.file_type",
       [](GgufWriter& f) { f.U32("general.file_type", 15); }, "gguf-odd-file-type"},
      {"layers differ", "llama.attention.head_count_kv",
       [](GgufWriter& f) { f.Integers("llama.attention.head_count_kv", ValueType::kI32, {4, 2}); },
       "gguf-mixed-attention"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    GgufWriter file = SmallModel();
    file.Without(c.drop);
    c.add(file);
    const McdFacts facts = FactsOf(file);
    CHECK(Warnings(facts) == c.warnings);
    CHECK(Blocks(facts) == "");
    CHECK(McdFrom(facts).has_value());
  }
}

TEST_CASE("CMATCH-8002 gguf: quant is the file type, else the type of most bytes") {
  const auto file = [](std::uint32_t matrix) {
    GgufWriter f = SmallModel();
    return f.Without("general.file_type")
        .WithoutTensors()
        .Tensor("token_embd.weight", {64, 10}, matrix)
        .Tensor("big_norm.weight", {100'000}, kF32)
        .Tensor("output.weight", {64, 10}, kQ4_0);
  };
  CHECK(Member(FactsOf(file(kQ8_0)), "quant") == "q8_0");
  CHECK(Member(FactsOf(file(kQ8_0)), "tensor_types") == "f32, q4_0, q8_0");
  CHECK(Member(FactsOf(file(kQ8_0)), "dtype") == "-");
  CHECK(Member(FactsOf(file(kF16)), "quant") == "fp16");
  CHECK(Member(FactsOf(file(kF16)), "dtype") == "fp16");
  CHECK(Member(FactsOf(file(kBF16)), "dtype") == "bf16");
  CHECK(Member(FactsOf(file(kF16).U32("general.file_type", 2)), "quant") == "q4_0");
  CHECK(Member(FactsOf(file(kF16).U32("general.file_type", 1 + 1024)), "quant") == "fp16");
}

TEST_CASE("CMATCH-8002 gguf: the window, sinks and soft-capping") {
  const auto gemma = [] { return ModelOf("gemma2").U32("gemma2.attention.head_count", 4); };
  CHECK(Member(FactsOf(gemma().U32("gemma2.attention.sliding_window", 4096)), "sliding_window") ==
        "4096");
  CHECK(Member(FactsOf(gemma().F32("gemma2.attn_logit_softcapping", 50)),
               "attn_logit_softcapping") == "50");
  const auto phi = ModelOf("phi3").U32("phi3.attention.sliding_window", 2047);
  CHECK(Member(FactsOf(phi), "sliding_window") == "0");
  const auto oss = ModelOf("gpt-oss").Tensor("blk.0.attn_sinks.weight", {64}, kF32);
  CHECK(Member(FactsOf(oss), "attention_sink") == "true");
  const auto longrope = ModelOf("phi3").Tensor("rope_factors_long.weight", {48}, kF32);
  CHECK(Member(FactsOf(longrope), "rope_scaling") == "longrope");
  const auto yarn = SmallModel()
                        .Text("llama.rope.scaling.type", "yarn")
                        .U32("llama.rope.scaling.original_context_length", 2048)
                        .Bool("llama.attention.causal", false);
  CHECK(Member(FactsOf(yarn), "rope_scaling") == "yarn");
  CHECK(Member(FactsOf(yarn), "original_context") == "2048");
  CHECK(Member(FactsOf(yarn), "causal") == "false");
}

TEST_CASE("CMATCH-8010 gguf: model_id is never general.name alone") {
  struct Case {
    const char* name;
    std::vector<std::pair<const char*, const char*>> texts;
    const char* want;
  };
  const char* kBase = "general.base_model.0.repo_url";
  const std::vector<Case> cases = {
      {"source",
       {{"general.source.repo_url", "https://huggingface.co/o/m"}, {kBase, "x/y"}},
       "o/m"},
      {"own repository", {{"general.repo_url", "https://huggingface.co/o/m/tree/main"}}, "o/m"},
      {"llama.cpp's key", {{"general.source.huggingface.repository", "o/m"}}, "o/m"},
      {"base model", {{kBase, "https://huggingface.co/o/m.1"}}, "o/m.1"},
      {"not a model address", {{kBase, "https://github.com/o/m"}, {"general.name", "N"}}, "file"},
      {"a data set", {{kBase, "https://huggingface.co/datasets/o/m"}}, "file"},
      {"organisation and name",
       {{"general.organization", "O"}, {"general.name", "N 7B"}},
       "O/N 7B"},
      {"naming convention",
       {{"general.basename", "Llama"}, {"general.size_label", "8B"}, {"general.version", "v2"}},
       "Llama-8B-v2"},
      {"size without base name", {{"general.size_label", "8B"}}, "file"},
      {"name alone", {{"general.name", "LLaMA v2"}}, "file"},
      {"a path for a name", {{"general.organization", "O"}, {"general.name", "/home/n"}}, "file"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    GgufWriter file = ModelOf("llama");
    file.U32("llama.attention.head_count", 4);
    for (const auto& [key, text] : c.texts) file.Text(key, text);
    CHECK(Member(FactsOf(file), "model_id") == c.want);
  }
}

}  // namespace
}  // namespace cmatch
