// Hugging Face directories: config.json, hf_quant_config.json and the header of a safetensors file,
// separated in the input by lines of "---". The header's length is written in front of it.

#include <array>

#include "cmatch/mcd_source.h"
#include "fuzz/fuzz.h"
#include "support/files.h"

namespace cmatch::fuzz {
namespace {

constexpr std::string_view kSeparator = "\n---\n";

std::string_view TakePart(std::string_view* rest) {
  const std::size_t end = std::min(rest->find(kSeparator), rest->size());
  const std::string_view part = rest->substr(0, end);
  rest->remove_prefix(std::min(end + kSeparator.size(), rest->size()));
  return part;
}

std::string Safetensors(std::string_view header) {
  std::string bytes;
  for (unsigned i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xFFU);
  return bytes.append(header).append(16, '\0');
}

}  // namespace

void Run(std::string_view input) {
  static const testing::TempDir directory;
  directory.Write("m/config.json", TakePart(&input));
  const std::string_view quant = TakePart(&input);
  const std::string_view header = TakePart(&input);
  // What is left is the tensor file as it stands, its length included.
  directory.Write("m/hf_quant_config.json", quant.empty() ? "{}" : quant);
  directory.Write("m/model.safetensors", input.empty() ? Safetensors(header) : std::string(input));
  const auto facts = ReadHuggingFace((directory.path() / "m").string(), Rules());
  if (!facts) return ExpectError(facts.error());
  ExpectProblems(facts->blocking);
  if (const auto mcd = McdFrom(*facts); !mcd) ExpectError(mcd.error());
}

std::vector<std::string> Seeds() {
  const std::string llama =
      R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
 "num_attention_heads": 32, "num_key_value_heads": 8, "num_hidden_layers": 32, "vocab_size": 128256,
 "max_position_embeddings": 131072, "rope_scaling": {"rope_type": "llama3", "factor": 8.0,
 "original_max_position_embeddings": 8192}, "torch_dtype": "bfloat16", "sliding_window": null})";
  const std::string tensors =
      R"({"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[8],"data_offsets":[0,16]},
 "model.layers.0.self_attn.sinks":{"dtype":"F32","shape":[0],"data_offsets":[16,16]}})";
  const std::string separator(kSeparator);
  return {
      llama + separator + separator + tensors,
      R"({"architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3", "kv_lora_rank": 512,
 "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128, "n_routed_experts": 256,
 "num_experts_per_tok": 8, "vocab_size": 129280, "max_position_embeddings": 163840,
 "quantization_config": {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]}})" +
          separator + separator + "{}",
      R"({"model_type": "gemma3", "text_config": {"head_dim": 256, "layer_types": ["full_attention"],
 "attn_logit_softcapping": 50.0}, "quantization_config": {"quant_method": "gptq", "bits": 4,
 "group_size": 128, "desc_act": true, "sym": true}})" +
          separator + R"({"quantization": {"quant_algo": "FP8", "kv_cache_quant_algo": "FP8"}})",
      "{}" + separator + R"({"quantization": {"quant_algo": "NVFP4", "group_size": 16}})" +
          separator + R"({"t":{"dtype":"F16","shape":[4],"data_offsets":[0,9223372036854775807]}})",
  };
}

}  // namespace cmatch::fuzz
