#include <algorithm>
#include <cmath>
#include <functional>
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
using testing::ModelOf;
using testing::SmallModel;
using testing::ValueType;
using testing::Warnings;

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
    std::string name;
    std::string architecture;
    std::function<void(GgufWriter&)> add;
    std::string want;
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

  // One cause is one problem, with what is near.
  const auto mcd = McdFrom(FactsOf(ModelOf("lama").U32("lama.attention.head_count", 4)));
  REQUIRE_FALSE(mcd.has_value());
  const auto said = [](const Problem& problem) {
    return problem.code == "gguf-unknown-architecture";
  };
  CHECK(std::ranges::count_if(mcd.error().problems, said) == 1);
  CHECK(mcd.error().problems[0].help.starts_with("did you mean \"llama\"? add a row"));

  CHECK(Blocks(FactsOf(SmallModel().Without("general.architecture"))) ==
        "gguf-no-architecture@/positional gguf-no-architecture@/attention");
  CHECK(Blocks(FactsOf(ModelOf("gptj").U32("gptj.attention.head_count", 4))) ==
        "gguf-unsupported-architecture");
}

TEST_CASE("CMATCH-8002 gguf: attention follows from the head counts") {
  struct Case {
    std::string name;
    std::string architecture;
    std::function<void(GgufWriter&, const std::string&)> add;
    std::string attention;
    std::string kinds;
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
  for (const float odd : {-1.0F, NAN, INFINITY}) {
    CHECK(Member(FactsOf(gemma().F32("gemma2.attn_logit_softcapping", odd)),
                 "attn_logit_softcapping") == "-");
  }
  CHECK(Member(FactsOf(gemma().F32("gemma2.attn_logit_softcapping", 0)),
               "attn_logit_softcapping") == "0");
  CHECK(Member(FactsOf(gemma().I32("gemma2.attention.sliding_window", -1)), "sliding_window") ==
        "-");
  CHECK(Member(
            FactsOf(SmallModel()
                        .Without("llama.block_count")
                        .Integers("llama.attention.sliding_window_pattern", ValueType::kBool, {1})),
            "sliding_window") == "-");
  CHECK(Member(FactsOf(SmallModel().Bool("llama.attention.sliding_window_pattern", true)),
               "sliding_window") == "-");
  const auto phi = ModelOf("phi3").U32("phi3.attention.sliding_window", 2047);
  CHECK(Member(FactsOf(phi), "sliding_window") == "0");
  // Without the key llama.cpp takes 4096 for this one.
  CHECK(Member(FactsOf(gemma()), "sliding_window") == "-");
  CHECK(Member(FactsOf(ModelOf("qwen2")), "sliding_window") == "0");
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
    std::string name;
    std::vector<std::pair<const char*, const char*>> texts;
    std::string want;
  };
  const char* const kBase = "general.base_model.0.repo_url";
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
      {"plain http", {{kBase, "http://hf.co/o/m"}}, "o/m"},
      {"another host name", {{kBase, "https://www.huggingface.co/o/m?x=1"}}, "o/m"},
      {"a space", {{kBase, "https://huggingface.co/spaces/o/m"}}, "file"},
      {"another scheme", {{kBase, "ftp:huggingface.co/m"}}, "file"},
      {"no slash", {{kBase, "m"}}, "file"},
      {"an address of an organisation", {{kBase, "https://huggingface.co/o"}}, "file"},
      {"no name", {{kBase, "o/"}}, "file"},
      {"a name of dots", {{kBase, "o/.."}}, "file"},
      {"a name of one dot", {{kBase, "o/."}}, "file"},
      {"an organisation of dots", {{kBase, "https://huggingface.co/../m"}}, "file"},
      {"every sort of character", {{kBase, "Az-09_.x/Zz9"}}, "Az-09_.x/Zz9"},
      {"a name with a space", {{kBase, "o/m m"}}, "file"},
      {"a name with a bracket", {{kBase, "o/m{"}}, "file"},
      {"a name with an at sign", {{kBase, "o/@m"}}, "file"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    GgufWriter file = ModelOf("llama");
    file.U32("llama.attention.head_count", 4);
    for (const auto& [key, text] : c.texts) file.Text(key, text);
    CHECK(Member(FactsOf(file), "model_id") == c.want);
  }
  GgufWriter longest = ModelOf("llama");
  longest.Text(kBase, "o/" + std::string(96, 'm'));
  CHECK(Member(FactsOf(longest), "model_id") == "o/" + std::string(96, 'm'));
  GgufWriter longer = ModelOf("llama");
  longer.Text(kBase, "o/" + std::string(97, 'm'));
  CHECK(Member(FactsOf(longer), "model_id") == "file");
}

TEST_CASE("CMATCH-8010 gguf: model_id from the name of the file") {
  const struct {
    const char* path;
    const char* want;
  } cases[] = {{"dir/m.gguf", "m"},
               {"m.gguf", "m"},
               {"dir/m.bin", "m.bin"},
               {"dir/m-00001-of-00003.gguf", "m"},
               {"m-00001-of-0000x.gguf", "m-00001-of-0000x"},
               {"m-00001-of+00003.gguf", "m-00001-of+00003"},
               {"-00001-of-00003.gguf", "-00001-of-00003"},
               {"dir/.gguf", "-"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.path));
    CHECK(Member(FactsOf(ModelOf("llama").Bytes(), c.path), "model_id") == c.want);
  }
}

TEST_CASE("CMATCH-8010 gguf: a path is no name") {
  const struct {
    const char* name;
    bool path;
  } cases[] = {{"C:\\m", true},  {"c:/m", true},     {"Z:/m", true},   {"z:\\m", true},
               {"1:/m", false},  {"_:/m", false},    {"{:/m", false},  {"C:m", false},
               {"C:", false},    {"Cm/m", false},    {"./m", true},    {"../m", true},
               {"~/m", true},    {"\\m", true},      {"file:m", true}, {"a/../m", true},
               {"a/..m", false}, {"models/m", false}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    GgufWriter file = ModelOf("llama");
    file.Text("general.organization", "O").Text("general.name", c.name);
    CHECK(Member(FactsOf(file), "model_id") == (c.path ? "file" : "O/" + std::string(c.name)));
  }
}

TEST_CASE("CMATCH-8002 gguf: the architecture may be the last key, and must be a text") {
  const auto late = [](const std::function<void(GgufWriter&)>& add) {
    GgufWriter file = ModelOf("llama");
    file.Without("general.architecture").U32("llama.attention.head_count", 4);
    add(file);
    return FactsOf(file);
  };
  CHECK(Member(late([](GgufWriter& f) { f.Text("general.architecture", "llama"); }),
               "positional") == "rope_llama");
  const std::string none = "gguf-no-architecture@/positional gguf-no-architecture@/attention";
  CHECK(Blocks(late([](GgufWriter& f) {
          f.Texts("general.architecture", {"llama"});
        })).starts_with(none));
  CHECK(Blocks(late([](GgufWriter& f) { f.U32("general.architecture", 1); })).starts_with(none));
  CHECK(Blocks(late([](GgufWriter& f) {
          f.Text("general.architecture", "../llama");
        })).starts_with(none));
  CHECK(Blocks(late([](GgufWriter& f) {
          f.Text("general.architecture", "lla\nma");
        })).starts_with(none));
}

TEST_CASE("CMATCH-8002 gguf: conditions of the tables over keys of every type") {
  std::vector<RuleFile> files = testing::BaseFiles();
  files.push_back({"more.yaml",
                   "kind: cmatch.architectures/v1\narchitectures:\n  toy:\n    positional:\n"
                   "      - {when: {value: gguf.text, eq: alpha}, is: alibi}\n"
                   "      - {when: {value: \"gguf.list[1]\", eq: 7}, is: rope_neox}\n"
                   "      - {when: {value: \"gguf.list[x]\", eq: 7}, is: mrope}\n"
                   "      - {when: {value: \"gguf.list[1\", eq: 7}, is: mrope}\n"
                   "      - {when: {value: gguf.list, known: true}, is: learned}\n"
                   "      - {when: {value: \"gguf.text[0]\", known: true}, is: mrope}\n"
                   "      - {when: {value: hf.text, known: true}, is: mrope}\n"
                   "      - {is: rope_llama}\n    source: s\n"});
  auto tables = ReadTables(files);
  REQUIRE(tables.has_value());
  const auto rules = RuleSet::Create(std::move(*tables));
  REQUIRE(rules.has_value());
  const struct {
    const char* name;
    std::function<void(GgufWriter&)> add;
    const char* want;
  } cases[] = {
      {"nothing", [](GgufWriter&) {}, "rope_llama"},
      {"the text", [](GgufWriter& f) { f.Text("toy.text", "alpha"); }, "alibi"},
      {"another text", [](GgufWriter& f) { f.Text("toy.text", "beta"); }, "rope_llama"},
      {"the element", [](GgufWriter& f) { f.Integers("toy.list", ValueType::kI32, {5, 7}); },
       "rope_neox"},
      {"another element", [](GgufWriter& f) { f.Integers("toy.list", ValueType::kI32, {7, 5}); },
       "learned"},
      {"too few elements", [](GgufWriter& f) { f.Integers("toy.list", ValueType::kI32, {7}); },
       "learned"},
      {"a number, not a list", [](GgufWriter& f) { f.U32("toy.list", 7); }, "learned"},
      {"texts are counted, not kept", [](GgufWriter& f) { f.Texts("toy.list", {"a", "b"}); },
       "rope_llama"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    GgufWriter file = ModelOf("toy");
    c.add(file);
    const auto facts = ReadGgufBytes(file.Bytes(), "m.gguf", **rules);
    REQUIRE(facts.has_value());
    CHECK(Member(*facts, "positional") == c.want);
  }
}

}  // namespace
}  // namespace cmatch
