#include "hf/hf_attention.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cmatch::internal {
namespace {

bool IsTrue(const HfConfig& config, std::string_view key) {
  const JsonNode* node = config.Find(key);
  return node != nullptr && node->type == JsonType::kBool && node->boolean;
}

bool IsFalse(const HfConfig& config, std::string_view key) {
  const JsonNode* node = config.Find(key);
  return node != nullptr && node->type == JsonType::kBool && !node->boolean;
}

// Older model classes say in flags how many key and value heads there are. Sources: transformers
// modeling_falcon.py (num_kv_heads counts with new_decoder_architecture only; else multi_query is
// one head), modeling_gpt_bigcode.py (multi_query), THUDM/chatglm3 modeling_chatglm.py
// (multi_query_group_num counts with multi_query_attention only).
std::optional<std::int64_t> HeadsByFlag(const HfConfig& config, std::int64_t heads) {
  if (config.Find("new_decoder_architecture") != nullptr || config.Find("multi_query") != nullptr) {
    if (IsTrue(config, "new_decoder_architecture")) return std::nullopt;
    return IsTrue(config, "multi_query") ? 1 : heads;
  }
  if (IsFalse(config, "multi_query_attention")) return heads;
  return std::nullopt;
}

std::vector<std::int64_t> PerLayer(const Value& value) {
  if (const auto* one = std::get_if<std::int64_t>(&value)) return {*one};
  if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value)) return *list;
  return {};
}

std::string KindOfLayer(std::int64_t heads, std::int64_t kv_heads) {
  if (kv_heads == heads) return "mha";
  return kv_heads == 1 ? "mqa" : "gqa";
}

// The kinds of the layers that have attention, each once, sorted; a problem where a layer's numbers
// of heads do not go together.
std::vector<std::string> KindsOfLayers(const std::vector<std::int64_t>& heads,
                                       const std::vector<std::int64_t>& kv_heads,
                                       std::string* problem) {
  std::vector<std::string> kinds;
  if (heads.size() != kv_heads.size() && heads.size() != 1 && kv_heads.size() != 1) {
    *problem = "the lists of query heads and of key and value heads differ in length";
    return kinds;
  }
  const std::size_t layers = std::max(heads.size(), kv_heads.size());
  for (std::size_t i = 0; i < layers; ++i) {
    const std::int64_t h = heads[heads.size() == 1 ? 0 : i];
    const std::int64_t kv = kv_heads[kv_heads.size() == 1 ? 0 : i];
    if (h == 0 || kv == 0) continue;
    if (kv > h || h % kv != 0) {
      *problem = std::to_string(h) + " query heads cannot share " + std::to_string(kv) +
                 " key and value heads";
      return {};
    }
    kinds.push_back(KindOfLayer(h, kv));
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

void WriteHeads(const HfConfig& config, HfWriter* writer) {
  writer->TakeIntegers(
      "head_count", {"num_attention_heads", "n_head", "n_heads", "num_heads", "num_query_heads"});
  writer->TakeIntegers("head_count_kv",
                       {"num_key_value_heads", "num_kv_heads", "n_head_kv", "kv_n_heads",
                        "attn_config.kv_n_heads", "multi_query_group_num"});
  const JsonNode* node = config.Find({"num_attention_heads", "n_head", "n_heads", "num_heads"});
  const auto heads = writer->Integer("head_count");
  if (!heads || node == nullptr) return;
  const auto by_flag = HeadsByFlag(config, *heads);
  if (by_flag) return writer->Set("head_count_kv", *by_flag, *node);
  // transformers: a class that knows the key takes as many as query heads where it is missing.
  if (!writer->Known("head_count_kv")) writer->Set("head_count_kv", *heads, *node);
}

// MLA: the row that the kernels see is the compressed vector and the rotated part, 512 + 64.
void WriteHeadDim(const HfConfig& config, HfWriter* writer) {
  const auto rank = writer->Integer("kv_lora_rank");
  const JsonNode* rotated = config.Find("qk_rope_head_dim");
  if (rank && *rank > 0) {
    if (rotated == nullptr || rotated->type != JsonType::kInteger) return;
    constexpr std::int64_t kMost = std::int64_t{1} << 31;
    if (*rank > kMost || rotated->integer < 0 || rotated->integer > kMost) return;
    return writer->Set("head_dim", *rank + rotated->integer,
                       "config.json: kv_lora_rank + qk_rope_head_dim");
  }
  writer->TakeInteger("head_dim", {"head_dim", "kv_channels"});
  if (writer->Known("head_dim")) return;
  const auto width = writer->Integer("embedding_length");
  const auto heads = writer->Integer("head_count");
  if (!width || !heads || *heads <= 0) return;
  writer->Set("head_dim", *width / *heads, "config.json: hidden size / heads");
}

// The kind by the configuration's keys; empty where they do not tell.
std::string LatentKind(const HfConfig& config, const HfWriter& writer) {
  const auto rank = writer.Integer("kv_lora_rank");
  if (!rank || *rank <= 0) return {};
  // DeepSeek-V3.2: index_topk, index_n_heads, index_head_dim belong to the indexer.
  return config.Find({"index_topk", "index_n_heads"}) != nullptr ? "mla_sparse" : "mla";
}

void State(std::string kind, std::vector<std::string> kinds, const std::string& origin,
           HfWriter* writer) {
  writer->Set("attention", std::move(kind), origin);
  writer->Set("attention_kinds", std::move(kinds), origin);
}

void StateOne(const std::string& kind, const std::string& origin, HfWriter* writer) {
  State(kind, {kind}, origin, writer);
}

void StateByHeads(const HfConfig& config, HfWriter* writer) {
  const auto heads = PerLayer(writer->Get("head_count"));
  const auto kv_heads = PerLayer(writer->Get("head_count_kv"));
  if (heads.empty() || kv_heads.empty()) return;
  std::string problem;
  std::vector<std::string> kinds = KindsOfLayers(heads, kv_heads, &problem);
  const JsonNode* from = config.Find({"num_key_value_heads", "num_kv_heads", "num_attention_heads",
                                      "n_head", "n_heads", "num_heads", "num_query_heads"});
  if (!problem.empty()) {
    return writer->Block("attention", "hf-bad-heads", std::move(problem), "",
                         from == nullptr ? Location() : config.document().Where(*from));
  }
  const std::string origin = from == nullptr ? "config.json" : config.Origin(*from);
  if (kinds.empty()) return StateOne("none", origin, writer);
  if (kinds.size() == 1) return StateOne(kinds[0], origin, writer);
  State("mixed", std::move(kinds), origin, writer);
}

}  // namespace

void WriteAttention(const HfConfig& config, const Architecture* architecture, HfWriter* writer) {
  WriteHeads(config, writer);
  writer->TakeInteger("kv_lora_rank", {"kv_lora_rank"});
  WriteHeadDim(config, writer);
  if (architecture == nullptr) return;
  const std::string of_table = "architecture table: " + std::string(architecture->name);
  if (!architecture->attention.empty()) {
    return StateOne(std::string(architecture->attention), of_table, writer);
  }
  if (architecture->recurrent) return StateOne("none", of_table, writer);
  const std::string latent = LatentKind(config, *writer);
  if (!latent.empty()) return StateOne(latent, "config.json: kv_lora_rank", writer);
  if (architecture->mla) {
    return writer->Block("attention", "hf-bad-heads",
                         "config.json states no kv_lora_rank, which a model_type of this kind has");
  }
  StateByHeads(config, writer);
}

}  // namespace cmatch::internal
