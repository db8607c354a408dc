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
using testing::kF32;
using testing::Member;
using testing::ModelOf;
using testing::SmallModel;
using testing::ValueType;
using testing::Warnings;

constexpr const char* kTokenizer = "tokenizer.ggml.model";

TEST_CASE("CMATCH-8002 gguf: latent attention without its rank is not taken for one head") {
  const GgufWriter file = ModelOf("deepseek2")
                              .U32("deepseek2.attention.head_count", 16)
                              .U32("deepseek2.attention.head_count_kv", 1);
  CHECK(Blocks(FactsOf(file)) == "gguf-bad-heads@/attention");
}

TEST_CASE("CMATCH-8002 gguf: what no engine can run is refused, and its member missing") {
  struct Case {
    std::string name;
    std::string drop;
    std::function<void(GgufWriter&)> add;
    std::string blocks;
    std::string missing;  // a member
  };
  const auto nothing = [](GgufWriter&) {};
  const auto kv = [](std::uint32_t n) {
    return [n](GgufWriter& f) { f.U32("llama.attention.head_count_kv", n); };
  };
  const char* const kKv = "llama.attention.head_count_kv";
  const char* const kHeads = "llama.attention.head_count";
  const char* const kBlocks = "llama.block_count";
  const char* const kContext = "llama.context_length";
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
      {"experts, not an integer", "", [](GgufWriter& f) { f.F32("llama.expert_count", 8); },
       "gguf-bad-experts@/expert_count", "expert_count"},
      {"-1 experts", "", [](GgufWriter& f) { f.I32("llama.expert_count", -1); },
       "gguf-bad-experts@/expert_count", "expert_count"},
      {"experts, and not how many are used", "",
       [](GgufWriter& f) { f.U32("llama.expert_count", 8); }, "gguf-bad-experts@/expert_used_count",
       "expert_used_count"},
      {"experts used, not an integer", "",
       [](GgufWriter& f) { f.U32("llama.expert_count", 8).Text("llama.expert_used_count", "2"); },
       "gguf-bad-experts@/expert_used_count", "expert_used_count"},
      {"experts used of none", "", [](GgufWriter& f) { f.U32("llama.expert_used_count", 2); },
       "gguf-bad-experts@/expert_used_count", "expert_used_count"},
      {"block_count as text", kBlocks, [](GgufWriter& f) { f.Text("llama.block_count", "2"); },
       "gguf-bad-block-count@/block_count", "block_count"},
      {"embedding_length as float", "llama.embedding_length",
       [](GgufWriter& f) { f.F32("llama.embedding_length", 64); },
       "gguf-bad-embedding-length@/embedding_length", "embedding_length"},
      {"negative heads", kHeads, [](GgufWriter& f) { f.I32("llama.attention.head_count", -4); },
       "gguf-bad-layers@/attention", "attention"},
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
    std::string name;
    std::string drop;
    std::function<void(GgufWriter&)> add;
    std::string warnings;
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
      {"token list empty", "tokenizer.ggml.tokens",
       [](GgufWriter& f) { f.Tokens("tokenizer.ggml.tokens", 0); }, "gguf-odd-vocabulary"},
      {"no tokenizer, and it says so", "tokenizer.ggml.tokens",
       [](GgufWriter& f) { f.Without(kTokenizer).Text(kTokenizer, "none"); }, ""},
      {"no vocabulary, and it says so", "tokenizer.ggml.tokens",
       [](GgufWriter& f) { f.Without(kTokenizer).Text(kTokenizer, "no_vocab"); }, ""},
      {"no word of a tokenizer", "tokenizer.ggml.tokens",
       [](GgufWriter& f) { f.Without(kTokenizer); }, "gguf-odd-vocabulary"},
      {"vocab_size 0", "", [](GgufWriter& f) { f.U32("llama.vocab_size", 0); },
       "gguf-odd-vocabulary"},
      {"vocab_size as text", "", [](GgufWriter& f) { f.Text("llama.vocab_size", "10"); },
       "gguf-odd-vocabulary"},
      {"frequency base as an integer", "", [](GgufWriter& f) { f.U32("llama.rope.freq_base", 1); },
       ""},
      {"0 experts used of none", "", [](GgufWriter& f) { f.U32("llama.expert_used_count", 0); },
       ""},
      {"file type as a list", "general.file_type",
       [](GgufWriter& f) { f.Integers("general.file_type", ValueType::kU32, {0}); },
       "gguf-odd-file-type"},
      {"file type 2^63", "general.file_type",
       [](GgufWriter& f) { f.U64("general.file_type", std::uint64_t{1} << 63); },
       "gguf-odd-integer gguf-odd-file-type"},
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

}  // namespace
}  // namespace cmatch
