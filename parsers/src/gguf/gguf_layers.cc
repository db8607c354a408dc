// Sizes of the model: blocks, embedding, heads, feed-forward.

#include <algorithm>
#include <string>

#include "files/read_limits.h"
#include "gguf/gguf_facts.h"

namespace cmatch::internal {
namespace {

std::optional<std::int64_t> StateBlocks(GgufFacts& facts) {
  const std::string name = facts.Name("block_count");
  if (facts.Find("block_count") == nullptr) {
    facts.Warn("gguf-missing-key", name + " is missing; llama.cpp needs it");
    return std::nullopt;
  }
  const std::optional<std::int64_t> blocks = facts.Integer("block_count");
  if (!blocks.has_value() || *blocks < 1 || *blocks > kGgufMaxLayers) {
    facts.Block("block_count", "gguf-bad-block-count",
                name + " is " + (blocks.has_value() ? std::to_string(*blocks) : "not an integer") +
                    "; llama.cpp reads 1 to " + std::to_string(kGgufMaxLayers));
    return std::nullopt;
  }
  facts.Set("block_count", *blocks, name);
  return blocks;
}

std::optional<std::int64_t> StateEmbedding(GgufFacts& facts) {
  const std::string name = facts.Name("embedding_length");
  if (facts.Find("embedding_length") == nullptr) {
    facts.Warn("gguf-missing-key", name + " is missing; llama.cpp needs it");
    return std::nullopt;
  }
  const std::optional<std::int64_t> length = facts.Integer("embedding_length");
  if (!length.has_value() || *length < 1) {
    facts.Block("embedding_length", "gguf-bad-embedding-length",
                name + " is " + (length.has_value() ? std::to_string(*length) : "not an integer") +
                    "; it must be an integer > 0");
    return std::nullopt;
  }
  facts.Set("embedding_length", *length, name);
  return length;
}

// What is wrong with a list by layer, or "".
std::string ListProblem(const GgufValue& value, std::optional<std::int64_t> blocks) {
  if (value.type != GgufType::kU32 && value.type != GgufType::kI32) {
    return "is a list of " + std::string(GgufTypeName(value.type)) +
           "; llama.cpp reads u32 and i32 by layer";
  }
  if (!blocks.has_value()) return "is a list by layer, but the number of layers is not known";
  if (value.count != static_cast<std::uint64_t>(*blocks)) {
    return "lists " + std::to_string(value.count) + " layers; block_count is " +
           std::to_string(*blocks);
  }
  const auto* numbers = std::get_if<std::vector<std::int64_t>>(&value.kept);
  if (numbers == nullptr) return "could not be kept";
  return std::ranges::any_of(*numbers, [](std::int64_t n) { return n < 0; })
             ? "has a negative number"
             : "";
}

// `member` is what is missing where the key is wrong.
GgufByLayer ReadByLayer(GgufFacts& facts, std::string_view k, std::string_view member,
                        std::optional<std::int64_t> blocks) {
  GgufByLayer out;
  const GgufValue* value = facts.Find(k);
  if (value == nullptr) return out;
  std::string problem;
  if (value->array) {
    problem = ListProblem(*value, blocks);
    if (problem.empty()) {
      out.list = true;
      out.values = std::get<std::vector<std::int64_t>>(value->kept);
    }
  } else if (const std::optional<std::int64_t> number = facts.Integer(k); !number.has_value()) {
    problem = "is not an integer";
  } else if (*number < 0) {
    problem = "is negative";
  } else {
    out.values = {*number};
  }
  out.state = problem.empty() ? GgufByLayer::State::kGood : GgufByLayer::State::kWrong;
  if (!problem.empty()) {
    facts.Block(member, "gguf-bad-layers", facts.Name(k) + " " + problem);
  }
  return out;
}

// The row of K that a kernel sees: key_length, for MLA too; else what llama.cpp computes.
void StateHeadDim(GgufFacts& facts, const GgufLayers& layers) {
  const std::optional<std::int64_t> key_length = facts.Integer("attention.key_length");
  std::optional<std::int64_t> dim;
  std::string from = facts.Name("attention.key_length");
  const std::int64_t heads = layers.heads.good() ? layers.heads.At(0) : 0;
  if (key_length.has_value() && *key_length > 0) {
    dim = key_length;
  } else if (layers.embedding.has_value() && heads > 0) {
    from = facts.Name("embedding_length") + " / head_count";
    dim = *layers.embedding / heads;
    if (*layers.embedding % heads != 0) {
      facts.Warn("gguf-odd-head-dim", facts.Name("embedding_length") + " " +
                                          std::to_string(*layers.embedding) +
                                          " is not a multiple of " + std::to_string(heads) +
                                          " heads, and there is no attention.key_length");
    }
  }
  if (!dim.has_value() || *dim <= 0) return;
  facts.Set("head_dim", *dim, from);
  if (facts.row() == nullptr || !facts.row()->rope_dimension_is_head_dim) return;
  const std::optional<std::int64_t> rope = facts.Integer("rope.dimension_count");
  if (rope.has_value() && *rope != *dim) {
    facts.Warn("gguf-odd-rope-dimension",
               facts.Name("rope.dimension_count") + " is " + std::to_string(*rope) +
                   ", not the head dimension " + std::to_string(*dim) +
                   ": llama.cpp refuses such a file of this architecture");
  }
}

}  // namespace

Value GgufByLayer::ToValue() const {
  if (state != State::kGood) return {};
  if (list) return values;
  return values[0];
}

GgufLayers StateGgufLayers(GgufFacts& facts) {
  GgufLayers layers;
  layers.blocks = StateBlocks(facts);
  layers.embedding = StateEmbedding(facts);
  layers.heads = ReadByLayer(facts, "attention.head_count", "attention", layers.blocks);
  layers.kv_heads = ReadByLayer(facts, "attention.head_count_kv", "attention", layers.blocks);
  if (layers.heads.good()) {
    facts.Set("head_count", layers.heads.ToValue(), facts.Name("attention.head_count"));
  }
  if (layers.kv_heads.good()) {
    facts.Set("head_count_kv", layers.kv_heads.ToValue(), facts.Name("attention.head_count_kv"));
  } else if (layers.kv_heads.state == GgufByLayer::State::kMissing && layers.heads.good()) {
    // llama.cpp's default (llama-model.cpp, load_hparams).
    layers.kv_heads = layers.heads;
    facts.Set("head_count_kv", layers.heads.ToValue(),
              facts.Name("attention.head_count") + ", there is no head_count_kv");
  }
  const GgufByLayer feed_forward =
      ReadByLayer(facts, "feed_forward_length", "intermediate_size", layers.blocks);
  if (feed_forward.good()) {
    facts.Set("intermediate_size", feed_forward.ToValue(), facts.Name("feed_forward_length"));
  }
  StateHeadDim(facts, layers);
  return layers;
}

}  // namespace cmatch::internal
