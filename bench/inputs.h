#ifndef CMATCH_BENCH_INPUTS_H_
#define CMATCH_BENCH_INPUTS_H_

// Inputs that several benchmarks take, generated, the same in every run.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cmatch/rules_io.h"
#include "support/gguf_writer.h"

namespace cmatch::bench {

// The header of an 8B llama: 128,256 tokens, 280,147 merges, 291 tensors; no tensor data.
inline std::string LargeGgufHeader() {
  using testing::ValueType;
  constexpr std::size_t kTokens = 128'256;
  constexpr std::size_t kMerges = 280'147;
  std::vector<std::string> tokens;
  std::vector<std::string> merges;
  for (std::size_t i = 0; i < kTokens; ++i) tokens.push_back("tok" + std::to_string(i * 7 % 9973));
  for (std::size_t i = 0; i < kMerges; ++i) merges.push_back("me " + std::to_string(i));
  testing::GgufWriter file;
  file.Text("general.architecture", "llama")
      .Text("general.name", "Llama 8B")
      .U32("general.file_type", 15)
      .U32("llama.block_count", 32)
      .U32("llama.context_length", 131072)
      .U32("llama.embedding_length", 4096)
      .U32("llama.feed_forward_length", 14336)
      .U32("llama.attention.head_count", 32)
      .U32("llama.attention.head_count_kv", 8)
      .U32("llama.vocab_size", kTokens)
      .F32("llama.attention.layer_norm_rms_epsilon", 1e-5F)
      .Texts("tokenizer.ggml.tokens", tokens)
      .Integers("tokenizer.ggml.token_type", ValueType::kI32, std::vector<std::int64_t>(kTokens, 1))
      .Texts("tokenizer.ggml.merges", merges)
      .Tensor("token_embd.weight", {4096, kTokens}, testing::kQ4_K);
  for (int layer = 0; layer < 32; ++layer) {
    const std::string block = "blk." + std::to_string(layer) + '.';
    for (const char* name : {"attn_q", "attn_output"}) {
      file.Tensor(block + name + ".weight", {4096, 4096}, testing::kQ4_K);
    }
    for (const char* name : {"attn_k", "attn_v"}) {
      file.Tensor(block + name + ".weight", {4096, 1024}, testing::kQ6_K);
    }
    for (const char* name : {"ffn_gate", "ffn_up"}) {
      file.Tensor(block + name + ".weight", {4096, 14336}, testing::kQ4_K);
    }
    file.Tensor(block + "ffn_down.weight", {14336, 4096}, testing::kQ6_K);
    file.Tensor(block + "attn_norm.weight", {4096}, testing::kF32);
    file.Tensor(block + "ffn_norm.weight", {4096}, testing::kF32);
  }
  file.Tensor("output_norm.weight", {4096}, testing::kF32);
  file.Tensor("output.weight", {4096, kTokens}, testing::kQ6_K);
  return file.Header();
}

// A rule set of about `lines` lines of YAML: kinds, a GPU, one rule, and an engine with two rows a
// kind.
inline std::vector<RuleFile> GeneratedRules(std::size_t lines) {
  const std::size_t count = lines / 4;
  std::string kinds =
      "kind: cmatch.kinds/v1\nkinds:\n  positional: {rope_llama: a}\n"
      "  attention: {gqa: b}\n  quant:\n";
  std::string engine =
      "kind: cmatch.engine/v1\nengine: big\nversioning: pep440\nwindows: [{versions: \">=1.0 "
      "<9.0\", "
      "source: \"owner/repository RELEASES.md@0123456\"}]\ndefault_version: \"2.0\"\nfloor: "
      "[{compute: [\"7.5..8.9\"], level: native, source: s}]\nsupports:\n"
      "  positional: {source: \"owner/repository\", kinds: {rope_llama: [{level: native, source: "
      "s}]}}\n"
      "  attention: {source: \"owner/repository\", kinds: {gqa: [{level: native, source: s}]}}\n"
      "  quant:\n    source: \"owner/repository docs/quantization.md@0123456\"\n    kinds:\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "kind_" + std::to_string(i);
    kinds += "    " + name + ": \"a way to quantise, number " + std::to_string(i) + "\"\n";
    engine += "      " + name +
              ":\n"
              "        - {compute: [\"8.0..8.9\"], versions: \">=2.0\", level: native, source: "
              "\"owner/repository csrc/file.cu@0123456\"}\n"
              "        - {compute: [\"7.5\"], level: degraded, because: \"weights only, it saves "
              "memory\", source: \"owner/repository csrc/file.cu@0123456\"}\n";
  }
  return {{"kinds.yaml", std::move(kinds)},
          {"gpus.yaml",
           "kind: cmatch.gpus/v1\ngpus:\n  - {name: \"A\", compute: \"8.0\", memory: [16GiB], "
           "source: s}\n"
           "  - {name: \"B\", compute: \"8.9\", memory: [16GiB], source: s}\n"
           "  - {name: \"C\", compute: \"7.5\", memory: [16GiB], source: s}\n"},
          {"engines/big.yaml", std::move(engine)},
          {"rules.yaml",
           "kind: cmatch.rules/v1\nname: r\nversion: \"1\"\nfields:\n"
           "  mcd.quant: {type: kinds, of: quant}\n  ecp.supports_quant: {type: kinds, of: quant}\n"
           "rules:\n  - {id: R-1, name: a, severity: error, check: {any_of: mcd.quant, in: "
           "ecp.supports_quant}, error: IncompatibleQuant, message: m, source: s}\n"}};
}

}  // namespace cmatch::bench

#endif  // CMATCH_BENCH_INPUTS_H_
