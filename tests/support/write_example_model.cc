// Writes the example model of README.md: a llama of one layer, complete in form, with zeros for
// weights.
//
//   cmatch_example_model FILE

#include <cstdio>
#include <fstream>

#include "support/gguf_writer.h"

namespace cmatch::testing {
namespace {

constexpr std::uint32_t kFileTypeQ4KM = 15;  // LLAMA_FTYPE_MOSTLY_Q4_K_M
constexpr std::uint32_t kQuantizationVersion = 2;

// Every row is 256 elements long, the block of the K-quants.
GgufWriter ExampleModel() {
  GgufWriter file;
  file.Text("general.architecture", "llama")
      .Text("general.type", "model")
      .Text("general.organization", "example")
      .Text("general.name", "Tiny-Llama")
      .U32("general.file_type", kFileTypeQ4KM)
      .U32("general.quantization_version", kQuantizationVersion)
      .U32("llama.block_count", 1)
      .U32("llama.context_length", 4096)
      .U32("llama.embedding_length", 256)
      .U32("llama.feed_forward_length", 256)
      .U32("llama.attention.head_count", 4)
      .U32("llama.attention.head_count_kv", 2)
      .F32("llama.attention.layer_norm_rms_epsilon", 1e-5F)
      .U32("llama.rope.dimension_count", 64)
      .Text("tokenizer.ggml.model", "llama")
      .Tokens("tokenizer.ggml.tokens", 32);
  file.Tensor("token_embd.weight", {256, 32}, kQ6_K)
      .Tensor("blk.0.attn_norm.weight", {256}, kF32)
      .Tensor("blk.0.attn_q.weight", {256, 256}, kQ4_K)
      .Tensor("blk.0.attn_k.weight", {256, 128}, kQ4_K)
      .Tensor("blk.0.attn_v.weight", {256, 128}, kQ6_K)
      .Tensor("blk.0.attn_output.weight", {256, 256}, kQ4_K)
      .Tensor("blk.0.ffn_norm.weight", {256}, kF32)
      .Tensor("blk.0.ffn_gate.weight", {256, 256}, kQ4_K)
      .Tensor("blk.0.ffn_up.weight", {256, 256}, kQ4_K)
      .Tensor("blk.0.ffn_down.weight", {256, 256}, kQ4_K)
      .Tensor("output_norm.weight", {256}, kF32);
  return file;
}

}  // namespace
}  // namespace cmatch::testing

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: cmatch_example_model FILE\n", stderr);
    return 2;
  }
  std::ofstream out(argv[1], std::ios::binary);
  out << cmatch::testing::ExampleModel().Bytes() << std::flush;
  if (!out) {
    std::fprintf(stderr, "cmatch_example_model: cannot write %s\n", argv[1]);
    return 2;
  }
  return 0;
}
