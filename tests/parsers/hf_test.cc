#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base_rules.h"
#include "cmatch/mcd_source.h"
#include "hf/hf_config.h"
#include "hf/hf_quant.h"
#include "hf/hf_weights.h"
#include "hf/safetensors.h"
#include "json/json_edge.h"
#include "support/files.h"

namespace cmatch {
namespace {

using testing::BaseRules;
using testing::TempDir;

std::string LittleEndian(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

// A safetensors file with a header and `data` bytes of tensor data.
std::string Safetensors(const std::string& header, std::size_t data) {
  return LittleEndian(header.size()) + header + std::string(data, 'x');
}

std::string OneTensor(const std::string& name, const std::string& dtype, std::size_t bytes) {
  return R"({"__metadata__":{"format":"pt"},")" + name + R"(":{"dtype":")" + dtype +
         R"(","shape":[)" + std::to_string(bytes) + R"(],"data_offsets":[0,)" +
         std::to_string(bytes) + "]}}";
}

// What a member says, for comparing: "" where it is not known.
std::string Said(const McdFacts& facts, const std::string& member) {
  const auto at = facts.members.find(member);
  return at == facts.members.end() ? "" : ToString(at->second.value);
}

std::string Blocking(const McdFacts& facts) {
  std::string text;
  for (const Problem& problem : facts.blocking) {
    text += (text.empty() ? "" : " ") + problem.code + "@" + problem.path;
  }
  return text;
}

McdFacts ReadConfig(const std::string& config) {
  const TempDir dir;
  dir.Write("model/config.json", config);
  auto facts = ReadHuggingFace((dir.path() / "model").string(), BaseRules());
  REQUIRE(facts.has_value());
  return *facts;
}

TEST_CASE("CMATCH-8011 hf: members by the configurations of known models") {
  struct Case {
    std::string name;
    std::string config;
    std::vector<std::pair<std::string, std::string>> want;
  };
  const std::vector<Case> cases = {
      {"llama 3.1",
       R"({"model_type":"llama","_name_or_path":"meta-llama/Llama-3.1-8B","vocab_size":128256,
           "architectures":["LlamaForCausalLM"],"hidden_size":4096,"intermediate_size":14336,
           "num_attention_heads":32,"num_key_value_heads":8,"num_hidden_layers":32,
           "max_position_embeddings":131072,"torch_dtype":"bfloat16",
           "rope_scaling":{"rope_type":"llama3","factor":8.0,
                           "original_max_position_embeddings":8192}})",
       {{"model_id", "meta-llama/Llama-3.1-8B"},
        {"positional", "rope_neox"},
        {"attention", "gqa"},
        {"attention_kinds", "gqa"},
        {"quant", "bf16"},
        {"dtype", "bf16"},
        {"context_max", "131072"},
        {"original_context", "8192"},
        {"vocab_size", "128256"},
        {"head_count", "32"},
        {"head_count_kv", "8"},
        {"head_dim", "128"},
        {"block_count", "32"},
        {"embedding_length", "4096"},
        {"intermediate_size", "14336"},
        {"rope_scaling", "llama3"},
        {"causal", "true"},
        {"format", "hf"},
        {"kind", "model"},
        {"architecture", "llama"},
        {"sliding_window", ""}}},
      {"deepseek v3",
       R"({"model_type":"deepseek_v3","vocab_size":129280,"max_position_embeddings":163840,
           "num_attention_heads":128,"num_key_value_heads":128,"hidden_size":7168,
           "kv_lora_rank":512,"qk_rope_head_dim":64,"n_routed_experts":256,
           "num_experts_per_tok":8,"torch_dtype":"bfloat16",
           "quantization_config":{"quant_method":"fp8","fmt":"e4m3","activation_scheme":"dynamic",
                                  "weight_block_size":[128,128]}})",
       {{"model_id", "model"},
        {"positional", "rope_llama"},
        {"attention", "mla"},
        {"head_dim", "576"},
        {"kv_lora_rank", "512"},
        {"quant", "fp8_block"},
        {"weight_block_size", "128, 128"},
        {"expert_count", "256"},
        {"expert_used_count", "8"}}},
      {"deepseek v3.2, by its indexer",
       R"({"model_type":"deepseek_v3","kv_lora_rank":512,"index_topk":2048,
           "num_attention_heads":128})",
       {{"attention", "mla_sparse"}}},
      {"latent attention that is switched off",
       R"({"model_type":"llama","kv_lora_rank":0,"num_attention_heads":8})",
       {{"attention", "mha"}}},
      {"qwen2: a window that is not used",
       R"({"model_type":"qwen2","use_sliding_window":false,"sliding_window":131072,
           "num_attention_heads":28,"num_key_value_heads":4,"hidden_size":3584})",
       {{"sliding_window", "0"}, {"positional", "rope_neox"}, {"head_dim", "128"}}},
      {"mistral: no window",
       R"({"model_type":"mistral","sliding_window":null,"head_dim":128,"hidden_size":5120,
           "num_attention_heads":32,"num_key_value_heads":8})",
       {{"sliding_window", "0"}, {"head_dim", "128"}}},
      {"gemma 2: soft-capping",
       R"({"model_type":"gemma2","attn_logit_softcapping":50.0,"sliding_window":4096,
           "head_dim":256,"num_attention_heads":16,"num_key_value_heads":8})",
       {{"attn_logit_softcapping", "50"}, {"sliding_window", "4096"}}},
      {"a multimodal model: text_config comes first",
       R"({"model_type":"gemma3","vocab_size":5,"torch_dtype":"bfloat16",
           "text_config":{"model_type":"gemma3_text","vocab_size":262208,"num_attention_heads":16,
                          "num_key_value_heads":8,"max_position_embeddings":131072,
                          "rope_scaling":{"rope_type":"linear","factor":8.0}}})",
       {{"vocab_size", "262208"},
        {"context_max", "131072"},
        {"attention", "gqa"},
        {"architecture", "gemma3"},
        {"quant", "bf16"},
        {"rope_scaling", "linear"}}},
      {"a multimodal model that only its text_config tells",
       R"({"model_type":"llava_of_tomorrow","text_config":{"model_type":"llama",
           "num_attention_heads":32}})",
       {{"architecture", "llama"}, {"positional", "rope_neox"}, {"attention", "mha"}}},
      {"falcon 7b: multi_query",
       R"({"model_type":"falcon","multi_query":true,"new_decoder_architecture":false,
           "num_attention_heads":71,"num_kv_heads":71,"alibi":false})",
       {{"attention", "mqa"}, {"head_count_kv", "1"}, {"positional", "rope_neox"}}},
      {"falcon 40b: new_decoder_architecture",
       R"({"model_type":"falcon","multi_query":true,"new_decoder_architecture":true,
           "num_attention_heads":128,"num_kv_heads":8,"alibi":true})",
       {{"attention", "gqa"}, {"head_count_kv", "8"}, {"positional", "alibi"}}},
      {"gpt2: names of its own",
       R"({"model_type":"gpt2","n_head":12,"n_embd":768,"n_layer":12,"n_positions":1024,
           "vocab_size":50257})",
       {{"attention", "mha"},
        {"context_max", "1024"},
        {"block_count", "12"},
        {"head_dim", "64"},
        {"positional", "learned"}}},
      {"mpt: members of members",
       R"({"model_type":"mpt","n_heads":32,"d_model":4096,"max_seq_len":2048,
           "attn_config":{"alibi":true,"kv_n_heads":1}})",
       {{"attention", "mqa"}, {"positional", "alibi"}, {"context_max", "2048"}}},
      {"command-r: model_max_length",
       R"({"model_type":"cohere","max_position_embeddings":8192,"model_max_length":131072,
           "num_attention_heads":64})",
       {{"context_max", "131072"}, {"positional", "rope_llama"}}},
      {"layers that differ",
       R"({"model_type":"llama","num_query_heads":[12,16,16],"num_kv_heads":[3,4,16]})",
       {{"attention", "mixed"}, {"attention_kinds", "gqa, mha"}}},
      {"layers without attention do not count",
       R"({"model_type":"llama","num_attention_heads":[32,32],"num_key_value_heads":[0,8]})",
       {{"attention", "gqa"}}},
      {"one head", R"({"model_type":"llama","num_attention_heads":1})", {{"attention", "mha"}}},
      {"recurrent", R"({"model_type":"mamba"})", {{"attention", "none"}, {"positional", "none"}}},
      {"the table's attention",
       R"({"model_type":"deepseek_v4","num_attention_heads":64,"num_key_value_heads":1})",
       {{"attention", "csa"}, {"attention_kinds", "csa"}}},
      {"scaling by an old name",
       R"({"model_type":"phi3","rope_scaling":{"type":"su"},
           "original_max_position_embeddings":4096,"num_attention_heads":32})",
       {{"rope_scaling", "longrope"}, {"original_context", "4096"}}},
      {"scaling that scales nothing",
       R"({"model_type":"qwen2_vl","rope_scaling":{"type":"mrope","mrope_section":[16,24,24]},
           "num_attention_heads":28})",
       {{"rope_scaling", "none"}, {"positional", "mrope"}}},
      {"scaling that is none by its name",
       R"({"model_type":"llama","num_attention_heads":8,"rope_scaling":{"rope_type":"default"}})",
       {{"rope_scaling", "none"}}},
      {"scaling that is no text",
       R"({"model_type":"llama","num_attention_heads":8,"rope_scaling":{"rope_type":5}})",
       {{"rope_scaling", ""}}},
      {"scaling without a name",
       R"({"model_type":"llama","num_attention_heads":8,"rope_scaling":{"rope_type":""}})",
       {{"rope_scaling", ""}}},
      {"one head of keys and values by flag",
       R"({"model_type":"gpt_bigcode","n_head":16,"multi_query":true})",
       {{"attention", "mqa"}, {"head_count_kv", "1"}}},
      {"as many heads of keys and values by flag",
       R"({"model_type":"gpt_bigcode","n_head":16,"multi_query":false})",
       {{"attention", "mha"}, {"head_count_kv", "16"}}},
      {"the new decoder takes its own number",
       R"({"model_type":"falcon","num_attention_heads":16,"multi_query":true,"num_kv_heads":4,
           "new_decoder_architecture":true})",
       {{"attention", "gqa"}, {"head_count_kv", "4"}}},
      {"groups that do not count",
       R"({"model_type":"chatglm","num_attention_heads":32,"multi_query_attention":false,
           "multi_query_group_num":2})",
       {{"head_count_kv", "32"}}},
      {"groups that count",
       R"({"model_type":"chatglm","num_attention_heads":32,"multi_query_attention":true,
           "multi_query_group_num":2})",
       {{"head_count_kv", "2"}}},
      {"a flag that is no flag says nothing",
       R"({"model_type":"chatglm","num_attention_heads":32,"multi_query_attention":"no",
           "multi_query_group_num":2})",
       {{"head_count_kv", "2"}}},
      {"layers without query heads do not count",
       R"({"model_type":"llama","num_attention_heads":[0,32],"num_key_value_heads":8})",
       {{"attention", "gqa"}}},
      {"no layer with attention",
       R"({"model_type":"llama","num_attention_heads":[0,0],"num_key_value_heads":8})",
       {{"attention", "none"}}},
      {"key and value heads by layer",
       R"({"model_type":"llama","num_attention_heads":32,"num_key_value_heads":[1,32]})",
       {{"attention", "mixed"}, {"attention_kinds", "mha, mqa"}}},
      {"query heads by layer, and nothing of keys and values",
       R"({"model_type":"llama","num_attention_heads":[32,32]})",
       {{"attention", ""}, {"head_count_kv", ""}}},
      {"query heads under a name that says nothing of the others",
       R"({"model_type":"llama","num_query_heads":32})",
       {{"head_count", "32"}, {"head_count_kv", ""}, {"attention", ""}}},
      {"no heads at all",
       R"({"model_type":"llama","num_attention_heads":0,"hidden_size":64})",
       {{"head_dim", ""}, {"embedding_length", "64"}}},
      {"a width and no heads", R"({"model_type":"llama","hidden_size":64})", {{"head_dim", ""}}},
      {"latent rows: rank and rotated part",
       R"({"model_type":"deepseek_v3","num_attention_heads":8,"kv_lora_rank":512,
           "qk_rope_head_dim":64})",
       {{"head_dim", "576"}, {"attention", "mla"}}},
      {"latent rows without the rotated part",
       R"({"model_type":"deepseek_v3","num_attention_heads":8,"kv_lora_rank":512})",
       {{"head_dim", ""}}},
      {"latent rows, the rotated part is a text",
       R"({"model_type":"deepseek_v3","num_attention_heads":8,"kv_lora_rank":512,
           "qk_rope_head_dim":"64"})",
       {{"head_dim", ""}}},
      {"latent rows, the rotated part is negative",
       R"({"model_type":"deepseek_v3","num_attention_heads":8,"kv_lora_rank":512,
           "qk_rope_head_dim":-1})",
       {{"head_dim", ""}}},
      {"latent rows of 2^31 and 2^31",
       R"({"model_type":"deepseek_v3","num_attention_heads":8,"kv_lora_rank":2147483648,
           "qk_rope_head_dim":2147483648})",
       {{"head_dim", "4294967296"}}},
      {"latent rows of more than 2^31",
       R"({"model_type":"deepseek_v3","num_attention_heads":8,"kv_lora_rank":2147483649,
           "qk_rope_head_dim":64})",
       {{"head_dim", ""}}},
      {"latent rows, more than 2^31 rotated",
       R"({"model_type":"deepseek_v3","num_attention_heads":8,"kv_lora_rank":512,
           "qk_rope_head_dim":2147483649})",
       {{"head_dim", ""}}},
      {"a window that is used",
       R"({"model_type":"qwen2","num_attention_heads":8,"use_sliding_window":true,
           "sliding_window":4096})",
       {{"sliding_window", "4096"}}},
      {"a window that is not used",
       R"({"model_type":"qwen2","num_attention_heads":8,"use_sliding_window":false,
           "sliding_window":4096})",
       {{"sliding_window", "0"}}},
      {"a window, and no flag",
       R"({"model_type":"qwen2","num_attention_heads":8,"use_sliding_window":"no",
           "sliding_window":4096})",
       {{"sliding_window", "4096"}}},
      {"no window and no capping by null",
       R"({"model_type":"gemma2","num_attention_heads":8,"sliding_window":null,
           "attn_logit_softcapping":null})",
       {{"sliding_window", "0"}, {"attn_logit_softcapping", "0"}}},
      {"capping",
       R"({"model_type":"gemma2","num_attention_heads":8,"attn_logit_softcapping":50.0})",
       {{"attn_logit_softcapping", "50"}}},
      {"a dtype that is left open",
       R"({"model_type":"llama","num_attention_heads":8,"torch_dtype":"auto"})",
       {{"dtype", ""}}},
      {"a dtype that is no text",
       R"({"model_type":"llama","num_attention_heads":8,"torch_dtype":16})",
       {{"dtype", ""}}},
      {"a class that writes text",
       R"({"model_type":"llama","num_attention_heads":8,"architectures":["LlamaForCausalLM"]})",
       {{"causal", "true"}}},
      {"a class that does not",
       R"({"model_type":"llama","num_attention_heads":8,"architectures":["LlamaModel"]})",
       {{"causal", ""}}},
      {"a class that has no name",
       R"({"model_type":"llama","num_attention_heads":8,"architectures":[5]})",
       {{"causal", ""}}},
      {"a text part that is no object",
       R"({"model_type":"llama","num_attention_heads":8,"text_config":"llama","vocab_size":5})",
       {{"attention", "mha"}, {"vocab_size", "5"}}},
      {"a text part whose member is null",
       R"({"model_type":"llama","num_attention_heads":8,"text_config":{"vocab_size":null},
           "vocab_size":5})",
       {{"vocab_size", "5"}}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const McdFacts facts = ReadConfig(c.config);
    CHECK(Blocking(facts).empty());
    for (const auto& [member, value] : c.want) {
      CAPTURE(member);
      CHECK(Said(facts, member) == value);
    }
  }
}

TEST_CASE("CMATCH-8011 hf: what check refuses and inspect describes") {
  struct Case {
    std::string name;
    std::string config;
    std::string blocking;
  };
  const std::vector<Case> cases = {
      {"unknown model_type", R"({"model_type":"of_tomorrow","num_attention_heads":8})",
       "hf-unknown-architecture@/positional hf-unknown-architecture@/attention"},
      {"no model_type", "{}", "hf-no-model-type@/positional hf-no-model-type@/attention"},
      {"model_type is no text", R"({"model_type":5})",
       "hf-no-model-type@/positional hf-no-model-type@/attention"},
      {"kv heads over heads",
       R"({"model_type":"llama","num_attention_heads":8,"num_key_value_heads":16})",
       "hf-bad-heads@/attention"},
      {"kv heads that do not divide",
       R"({"model_type":"llama","num_attention_heads":8,"num_key_value_heads":3})",
       "hf-bad-heads@/attention"},
      {"lists of two lengths",
       R"({"model_type":"llama","num_attention_heads":[8,8],"num_key_value_heads":[8,8,8]})",
       "hf-bad-heads@/attention"},
      {"latent attention without its rank",
       R"({"model_type":"deepseek_v3","num_attention_heads":8})", "hf-bad-heads@/attention"},
      {"context is a text",
       R"({"model_type":"llama","num_attention_heads":8,"max_position_embeddings":"8192"})",
       "hf-wrong-type@/context_max"},
      {"context is fractional",
       R"({"model_type":"llama","num_attention_heads":8,"max_position_embeddings":8192.0})",
       "hf-wrong-type@/context_max"},
      {"vocabulary is negative",
       R"({"model_type":"llama","num_attention_heads":8,"vocab_size":-1})",
       "hf-wrong-type@/vocab_size"},
      {"a quantisation without a name",
       R"({"model_type":"llama","num_attention_heads":8,"quantization_config":{"bits":4}})",
       "hf-unknown-quantization@/quant"},
      {"a quantisation that is no object",
       R"({"model_type":"llama","num_attention_heads":8,"quantization_config":"awq"})",
       "hf-unknown-quantization@/quant"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const McdFacts facts = ReadConfig(c.config);
    CHECK(Blocking(facts) == c.blocking);
    CHECK(facts.warnings.size() == 2);  // and: no weights
    CHECK_FALSE(McdFrom(facts).has_value());
  }
}

TEST_CASE("CMATCH-8011 hf: one cause is one problem, where it stands, with what is near") {
  struct Case {
    std::string config;
    std::string want;  // CODE@LINE:COLUMN of each problem about the architecture or the heads
    std::string help;
  };
  const std::vector<Case> cases = {
      {"{\"model_type\":\n \"lama\"}", "hf-unknown-architecture@2:2",
       "did you mean \"llama\"? add"},
      {R"({"model_type": "of_tomorrow"})", "hf-unknown-architecture@1:16", "add a row"},
      {R"({"model_type": 5})", "hf-no-model-type@1:16", "add a row"},
      {"{}", "hf-no-model-type@0:0", "add a row"},
      {R"({"model_type":"llama","num_attention_heads":8,"num_key_value_heads":3})",
       "hf-bad-heads@1:69", ""},
      {R"({"model_type":"llama","num_attention_heads":8,"quantization_config":"awq"})",
       "hf-unknown-quantization@1:69", "state quant"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.config);
    const auto mcd = McdFrom(ReadConfig(c.config));
    REQUIRE_FALSE(mcd.has_value());
    const Problem& first = mcd.error().problems[0];
    CHECK(first.code + "@" + std::to_string(first.where.line) + ":" +
              std::to_string(first.where.column) ==
          c.want);
    CHECK(first.help.starts_with(c.help));
    const auto same = [&](const Problem& problem) { return problem.code == first.code; };
    CHECK(std::ranges::count_if(mcd.error().problems, same) == 1);
  }
}

TEST_CASE("hf: an extension attribute of the wrong shape is a warning") {
  const McdFacts facts = ReadConfig(
      R"({"model_type":"llama","num_attention_heads":8,"head_dim":"64","num_experts_per_tok":[2]})");
  CHECK(Blocking(facts).empty());
  CHECK(facts.warnings.size() == 3);
  CHECK(Said(facts, "head_dim").empty());
  CHECK(Said(facts, "expert_used_count").empty());
}

TEST_CASE("hf: quantisation by method") {
  struct Case {
    std::string config;
    std::string kinds;  // or the error, after "!"
    std::string group;
  };
  const std::string w4 =
      R"("weights":{"num_bits":4,"type":"int","strategy":"group","group_size":128})";
  const auto compressed = [](const std::string& group, const std::string& format) {
    return R"({"quant_method":"compressed-tensors","format":")" + format +
           R"(","config_groups":{"group_0":{)" + group + "}}}";
  };
  const std::string w8 = R"("weights":{"num_bits":8,"type":"float","strategy":"channel"})";
  const std::string a8 = R"(,"input_activations":{"num_bits":8,"type":"float","dynamic":true})";
  const std::vector<Case> cases = {
      {R"({"quant_method":"awq","bits":4,"group_size":128})", "awq", "128"},
      {R"({"quant_method":"awq","q_group_size":64})", "awq", "64"},
      {R"({"quant_method":"gptq","bits":4,"group_size":-1})", "gptq", ""},
      {R"({"quant_method":"bitsandbytes","load_in_4bit":true})", "bitsandbytes", ""},
      {R"({"quant_method":"mxfp4"})", "mxfp4", ""},
      {R"({"quant_method":"fp8"})", "fp8", ""},
      {R"({"quant_method":"FP8","weight_block_size":[128,128]})", "fp8_block", ""},
      {R"({"quant_method":"fbgemm_fp8"})", "fp8_rowwise fp8_w8a8", ""},
      {R"({"quant_method":"Auto-Round"})", "auto_round", ""},
      {R"({"quant_method":"modelopt","quant_algo":"FP8"})", "modelopt_fp8", ""},
      {R"({"quant_method":"modelopt","quant_algo":"NVFP4","group_size":16})", "modelopt_fp4", "16"},
      {R"({"producer":{},"quantization":{"quant_algo":"NVFP4","group_size":16}})", "modelopt_fp4",
       "16"},
      {R"({"quantization":{"quant_algo":"FP8_PER_CHANNEL_PER_TOKEN"}})", "fp8_rowwise", ""},
      {R"({"quantization":{"quant_algo":"FP8_BLOCK_SCALES"}})", "fp8_block", ""},
      {R"({"quantization":{"quant_algo":"W4A16_AWQ"}})", "w4a16_awq", ""},
      {R"({"quantization":{"quant_algo":"W4A8_MXFP4_FP8"}})", "w4a8_mxfp4_fp8", ""},
      {compressed(w4, "pack-quantized"), "compressed_tensors_w4a16", "128"},
      {compressed(w4 + R"(,"input_activations":null)", "pack-quantized"),
       "compressed_tensors_w4a16", "128"},
      {compressed(w4 + a8, "pack-quantized"), "compressed_tensors_w4a8", "128"},
      {compressed(w8, "float-quantized"), "fp8", ""},
      {compressed(w8 + a8, "float-quantized"), "fp8_w8a8", ""},
      {compressed(R"("weights":{"num_bits":8,"type":"float","strategy":"block",
                     "block_structure":[128,128]})" +
                      a8,
                  "float-quantized"),
       "fp8_block", ""},
      {compressed(R"("weights":{"num_bits":8,"type":"int"},"input_activations":{"num_bits":8})",
                  "int-quantized"),
       "int8_w8a8", ""},
      {compressed(R"("weights":{"num_bits":4,"type":"float","group_size":16})",
                  "nvfp4-pack-quantized"),
       "nvfp4", "16"},
      {compressed(R"("weights":{"num_bits":4,"type":"float","group_size":16},
                     "input_activations":{"num_bits":4})",
                  "nvfp4-pack-quantized"),
       "nvfp4_w4a4", "16"},
      {compressed(R"("weights":{"num_bits":4,"type":"float","group_size":32})",
                  "mxfp4-pack-quantized"),
       "mxfp4", "32"},
      {R"({"quant_method":"compressed-tensors","config_groups":{"a":{)" + w8 + R"(},"b":{)" + w4 +
           "}}}",
       "!its layers are quantised in different ways, fp8 and compressed_tensors_w4a16", ""},
      {R"({"quant_method":"compressed-tensors"})", "!compressed-tensors without config_groups", ""},
      {compressed(R"("weights":{"num_bits":3,"type":"float"})", "float-quantized"),
       "!compressed-tensors group \"group_0\" is of no known form", ""},
      {compressed(R"("weights":{"num_bits":8,"type":"float"})", "mxfp8-quantized"), "mxfp8", ""},
      {compressed(R"("weights":{"num_bits":8,"type":"int"})", "pack-quantized"),
       "compressed_tensors_w8a16", ""},
      {compressed(R"("weights":{"num_bits":8,"type":"int"},"input_activations":{"num_bits":4})",
                  "int-quantized"),
       "compressed_tensors_w8a4", ""},
      {compressed(R"("format":"mxfp4-pack-quantized","weights":{"num_bits":4,"type":"float"})",
                  "float-quantized"),
       "mxfp4", ""},
      {compressed(R"("targets":["Linear"])", "float-quantized"),
       "!compressed-tensors group \"group_0\" is of no known form", ""},
      {compressed(R"("weights":{"num_bits":"4","type":"int"})", "pack-quantized"),
       "!compressed-tensors group \"group_0\" is of no known form", ""},
      {compressed(R"("weights":{"num_bits":0,"type":"int"})", "pack-quantized"),
       "!compressed-tensors group \"group_0\" is of no known form", ""},
      {R"({"quant_method":"compressed-tensors","config_groups":{"a":{)" + w4 + R"(},"b":{)" + w4 +
           "}}}",
       "compressed_tensors_w4a16", "128"},
      {R"({"quant_method":"compressed-tensors","format":"nvfp4-pack-quantized"})", "nvfp4", ""},
      {R"({"quant_method":"compressed-tensors","quant_algo":"FP8"})", "modelopt_fp8", ""},
      {R"({"quant_method":"fp8","weight_block_size":"128"})", "fp8", ""},
      {R"({"quant_method":"fp8","weight_block_size":[128,"128"]})", "fp8", ""},
      {R"({"quant_method":"fp8","weight_block_size":[128,0]})", "fp8", ""},
      {R"({"quant_method":4,"bits":4})", "!it states neither quant_method nor quant_algo", ""},
      {R"({"bits":4})", "!it states neither quant_method nor quant_algo", ""},
      {R"([4])", "!it is not an object", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.config);
    const auto document = internal::JsonDocument::Parse(c.config, "x");
    REQUIRE(document.root() != nullptr);
    const auto quant = internal::ReadHfQuant(document, *document.root());
    if (!quant) {
      CHECK("!" + quant.error() == c.kinds);
      continue;
    }
    std::string kinds;
    for (const std::string& kind : quant->kinds) kinds += (kinds.empty() ? "" : " ") + kind;
    CHECK(kinds == c.kinds);
    CHECK((quant->group_size ? std::to_string(*quant->group_size) : "") == c.group);
  }
}

TEST_CASE("hf: weights: sizes, types, sinks, shards") {
  const TempDir dir;
  const std::string config = R"({"model_type":"gpt_oss","num_attention_heads":64,
      "num_key_value_heads":8,"vocab_size":201088,"max_position_embeddings":131072})";
  dir.Write("config.json", config);
  const std::string first =
      Safetensors(OneTensor("model.layers.0.self_attn.sinks", "BF16", 64), 64);
  const std::string second = Safetensors(OneTensor("lm_head.weight", "BF16", 32), 32);
  dir.Write("model-00001-of-00002.safetensors", first);
  dir.Write("model-00002-of-00002.safetensors", second);
  dir.Write("consolidated.safetensors", first);

  auto facts = ReadHuggingFace(dir.path().string(), BaseRules());
  REQUIRE(facts.has_value());
  CHECK(Blocking(*facts).empty());
  CHECK(Said(*facts, "file_bytes") == std::to_string(first.size() + second.size()));
  CHECK(Said(*facts, "split_count") == "2");
  CHECK(Said(*facts, "attention_sink") == "true");
  CHECK(Said(*facts, "quant") == "bf16");
  CHECK(McdFrom(*facts).has_value());

  dir.Write("model-00002-of-00002.safetensors", second.substr(0, second.size() - 1));
  facts = ReadHuggingFace(dir.path().string(), BaseRules());
  REQUIRE(facts.has_value());
  CHECK(Blocking(*facts) == "safetensors-truncated@");
  CHECK(facts->blocking[0].message.find("1 bytes are missing") != std::string::npos);

  std::filesystem::remove(dir.path() / "model-00001-of-00002.safetensors");
  dir.Write("model-00002-of-00002.safetensors", second);
  facts = ReadHuggingFace(dir.path().string(), BaseRules());
  REQUIRE(facts.has_value());
  CHECK(Blocking(*facts) == "safetensors-missing-shard@");
  CHECK(facts->blocking[0].message == "model-00001-of-00002.safetensors is not there");
  CHECK(Said(*facts, "file_bytes").empty());
}

TEST_CASE("hf: quantisation from the file of Model Optimizer") {
  const TempDir dir;
  dir.Write("config.json", R"({"model_type":"llama","num_attention_heads":8,
                               "torch_dtype":"bfloat16"})");
  dir.Write("hf_quant_config.json", R"({"quantization":{"quant_algo":"FP8"}})");
  auto facts = ReadHuggingFace(dir.path().string(), BaseRules());
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "quant") == "modelopt_fp8");
  CHECK(facts->members.at("quant").origin == "hf_quant_config.json");
  dir.Write("hf_quant_config.json", "{");
  facts = ReadHuggingFace(dir.path().string(), BaseRules());
  REQUIRE_FALSE(facts.has_value());
  CHECK(facts.error().problems[0].code == "json-syntax");
}

TEST_CASE("hf: directories that are no model") {
  const TempDir dir;
  const std::string path = dir.path().string();
  const auto code = [&] {
    const auto facts = ReadHuggingFace(path, BaseRules());
    return facts ? "" : facts.error().problems[0].code;
  };
  CHECK(code() == "hf-no-config");
  dir.Write("a.gguf", "x");
  CHECK(code() == "hf-no-config");
  CHECK(ReadHuggingFace(path, BaseRules()).error().problems[0].help.find("a.gguf") !=
        std::string::npos);
  dir.Write("adapter_config.json", "{}");
  CHECK(code() == "hf-adapter");
  dir.Write("config.json", "[]");
  CHECK(code() == "hf-wrong-type");
  dir.Write("config.json", R"({"model_type":"llama","model_type":"llama"})");
  CHECK(code() == "json-duplicate-key");
  std::filesystem::remove(dir.path() / "config.json");
  std::filesystem::create_directory(dir.path() / "config.json");
  CHECK(code() == "file-not-regular");
}

TEST_CASE("hf: model_id") {
  struct Case {
    std::string directory;
    std::string stated;
    std::string want;
  };
  const std::vector<Case> cases = {
      {"Some-Model", "", "Some-Model"},
      {"Some-Model/", "", "Some-Model"},
      {"models--org--the-model/snapshots/abc123", "", "org/the-model"},
      {"models--gpt2/snapshots/abc123", "", "gpt2"},
      {"x", "org/name", "org/name"},
      {"x", "/home/someone/model", "x"},
      {"x", "./model", "x"},
      {"x", "a/b/c", "x"},
      {"x", "name", "x"},
      {"x", "org/", "x"},
      {"x", "~/model", "x"},
      {"x", "/name", "x"},
      {"x", "org/na\\u001bme", "x"},
      {"runs/snapshots/abc123", "", "abc123"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.directory);
    CAPTURE(c.stated);
    const TempDir dir;
    dir.Write(c.directory + "/config.json", R"({"_name_or_path":")" + c.stated + R"("})");
    const auto facts = ReadHuggingFace((dir.path() / c.directory).string(), BaseRules());
    REQUIRE(facts.has_value());
    CHECK(Said(*facts, "model_id") == c.want);
  }
}

TEST_CASE("safetensors: headers, good and bad") {
  struct Case {
    std::string name;
    std::string bytes;
    std::string code;  // empty: good
  };
  const std::string good = OneTensor("a", "F16", 4);
  const std::vector<Case> cases = {
      {"good", Safetensors(good, 4), ""},
      {"good, no tensors", Safetensors("{}", 0), ""},
      {"good, data cut off", Safetensors(good, 0), ""},
      {"empty", "", "safetensors-truncated"},
      {"seven bytes", std::string(7, '\0'), "safetensors-truncated"},
      {"no header", LittleEndian(0), "safetensors-bad-header"},
      {"header cut off", LittleEndian(good.size()) + good.substr(1), "safetensors-truncated"},
      {"longest header", LittleEndian(internal::kMaxJsonBytes) + "{", "safetensors-truncated"},
      {"too long a header", LittleEndian(internal::kMaxJsonBytes + 1) + "{",
       "safetensors-too-large"},
      {"length 2^64 - 1", std::string(8, '\xff') + "{", "safetensors-too-large"},
      {"not JSON", Safetensors("{nope", 0), "safetensors-bad-header"},
      {"a list", Safetensors("[]", 0), "safetensors-bad-header"},
      {"a tensor twice", Safetensors(R"({"a":1,"a":2})", 0), "safetensors-bad-header"},
      {"a tensor that is none", Safetensors(R"({"a":1})", 0), "safetensors-bad-header"},
      {"no dtype", Safetensors(R"({"a":{"data_offsets":[0,1]}})", 0), "safetensors-bad-header"},
      {"no place", Safetensors(R"({"a":{"dtype":"F16"}})", 0), "safetensors-bad-header"},
      {"ends before it begins", Safetensors(R"({"a":{"dtype":"F16","data_offsets":[2,1]}})", 0),
       "safetensors-bad-header"},
      {"one number", Safetensors(R"({"a":{"dtype":"F16","data_offsets":[2]}})", 0),
       "safetensors-bad-header"},
      {"negative", Safetensors(R"({"a":{"dtype":"F16","data_offsets":[-1,1]}})", 0),
       "safetensors-bad-header"},
      {"a dtype that is a number", Safetensors(R"({"a":{"dtype":16,"data_offsets":[0,1]}})", 1),
       "safetensors-bad-header"},
      {"a place that is a text", Safetensors(R"({"a":{"dtype":"F16","data_offsets":"0,1"}})", 1),
       "safetensors-bad-header"},
      {"a beginning that is a text",
       Safetensors(R"({"a":{"dtype":"F16","data_offsets":["0",1]}})", 1), "safetensors-bad-header"},
      {"an end that is a fraction",
       Safetensors(R"({"a":{"dtype":"F16","data_offsets":[0,1.5]}})", 1), "safetensors-bad-header"},
  };
  const TempDir dir;
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto header = internal::ReadSafetensors(dir.Write("x.safetensors", c.bytes));
    CHECK((header ? "" : header.error().code) == c.code);
  }
  const auto huge = internal::ReadSafetensors(
      dir.Write("x.safetensors",
                Safetensors(R"({"a":{"dtype":"F16","data_offsets":[0,9223372036854775807]}})", 0)));
  REQUIRE(huge.has_value());
  CHECK(huge->end == static_cast<std::uint64_t>(INT64_MAX));
  const std::string most = R"({"dtype":"F16","data_offsets":[0,9223372036854775807]})";
  const auto sum = internal::ReadSafetensors(
      dir.Write("x.safetensors",
                Safetensors(R"({"a":)" + most + R"(,"b":)" + most + R"(,"c":)" + most + "}", 0)));
  REQUIRE(sum.has_value());
  CHECK(sum->bytes_of.at("F16") == UINT64_MAX);
  CHECK_FALSE(internal::ReadSafetensors(dir.path().string()).has_value());
  CHECK_FALSE(internal::ReadSafetensors((dir.path() / "none").string()).has_value());
}

TEST_CASE("hf: the dtype that most bytes have is the quantisation where nothing else is") {
  const struct {
    const char* dtype;
    const char* want;
  } cases[] = {{"BF16", "bf16"}, {"F16", "fp16"}, {"F32", "f32"}, {"I8", ""}, {"F8_E4M3", ""}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.dtype));
    const TempDir dir;
    dir.Write("config.json", R"({"model_type":"llama","num_attention_heads":8})");
    dir.Write(
        "model.safetensors",
        Safetensors(R"({"a.sinks":{"dtype":")" + std::string(c.dtype) +
                        R"(","data_offsets":[0,64]},"b":{"dtype":"F64","data_offsets":[64,72]}})",
                    72));
    const auto facts = ReadHuggingFace(dir.path().string(), BaseRules());
    REQUIRE(facts.has_value());
    CHECK(Blocking(*facts).empty());
    CHECK(Said(*facts, "dtype") == c.want);
    CHECK(Said(*facts, "quant") == c.want);
    CHECK(Said(*facts, "attention_sink") == "true");
  }
}

TEST_CASE("hf: keys that conditions of the tables ask for") {
  const auto document = internal::JsonDocument::Parse(
      R"({"alibi":true,"layers":["full","sliding"],"attn":{"kind":"flash"},"none":null})", "x");
  REQUIRE(document.root() != nullptr);
  const internal::HfConfig config(document);
  const struct {
    const char* name;
    const char* want;  // "" where nothing is known
  } cases[] = {{"hf.alibi", "true"},     {"hf.attn.kind", "flash"},
               {"hf.layers[0]", "full"}, {"hf.layers[1]", "sliding"},
               {"hf.layers[2]", ""},     {"hf.layers[x]", ""},
               {"hf.layers[-1]", ""},    {"hf.alibi[0]", ""},
               {"hf.other[0]", ""},      {"hf.other", ""},
               {"hf.none", ""},          {"gguf.alibi", ""},
               {"hf.attn.other", ""},    {"hf.alibi.kind", ""}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    const Value value = config.Lookup(c.name);
    CHECK((IsKnown(value) ? ToString(value) : "") == c.want);
  }
}

TEST_CASE("hf: rows of the tables that do not decide, or refuse") {
  std::vector<RuleFile> files = testing::BaseFiles();
  files.push_back({"more.yaml",
                   "kind: cmatch.architectures/v1\nmodel_types:\n"
                   "  audio_only: {unsupported: \"no language model\", source: s}\n"
                   "  either:\n    positional:\n"
                   "      - {when: {value: hf.rope, eq: true}, is: rope_neox}\n"
                   "    source: s\n"});
  auto tables = ReadTables(files);
  REQUIRE(tables.has_value());
  const auto rules = RuleSet::Create(std::move(*tables));
  REQUIRE(rules.has_value());
  const struct {
    const char* config;
    const char* positional;
    const char* blocking;
  } cases[] = {
      {R"({"model_type":"either","rope":true,"num_attention_heads":8})", "rope_neox", ""},
      {R"({"model_type":"either","rope":false,"num_attention_heads":8})", "", ""},
      {R"({"model_type":"either","num_attention_heads":8})", "", ""},
      {R"({"model_type":"audio_only","num_attention_heads":8})", "",
       "hf-unsupported-architecture@"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.config));
    const TempDir dir;
    dir.Write("config.json", c.config);
    const auto facts = ReadHuggingFace(dir.path().string(), **rules);
    REQUIRE(facts.has_value());
    CHECK(Said(*facts, "positional") == c.positional);
    CHECK(Blocking(*facts) == c.blocking);
    CHECK(McdFrom(*facts).has_value() == false);  // no context, no vocabulary
  }
}

TEST_CASE("hf: names of shards") {
  using internal::MissingShards;
  CHECK(MissingShards({}).empty());
  CHECK(MissingShards({"model.safetensors"}).empty());
  CHECK(MissingShards({"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"})
            .empty());
  CHECK(MissingShards({"d/model-00002-of-00003.safetensors"}) ==
        std::vector<std::string>{"model-00001-of-00003.safetensors",
                                 "model-00003-of-00003.safetensors"});
  CHECK(MissingShards({"model-1-of-9999999.safetensors"}).empty());
  CHECK(MissingShards({"-of-.safetensors", "-of-1.safetensors", "x-of-1.safetensors"}).empty());
  CHECK(MissingShards({"model-00001-of-04096.safetensors"}).size() == 10);
  CHECK(MissingShards({"model-1-of-2.safetensors"}) ==
        std::vector<std::string>{"model-2-of-2.safetensors"});
  CHECK(MissingShards({"model-9-of-10.safetensors"}).back() == "model-10-of-10.safetensors");
  CHECK(MissingShards({"model-a-of-2.safetensors", "model-1-of-b.safetensors",
                       "model-1-of-2x.safetensors", "model-1x-of-2.safetensors",
                       "model-1-of-99999999999999999999.safetensors", "model-1-of-2.bin"})
            .empty());
}

}  // namespace
}  // namespace cmatch
