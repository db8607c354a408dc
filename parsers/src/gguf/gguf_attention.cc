// Attention: the architecture's own kind, latent attention by its key, else by head counts.

#include <set>
#include <string>
#include <vector>

#include "gguf/gguf_facts.h"

namespace cmatch::internal {
namespace {

void State(GgufFacts& facts, const std::string& kind, const std::vector<std::string>& kinds,
           std::string_view from) {
  facts.Set("attention", kind, from);
  facts.Set("attention_kinds", kinds, from);
}

void BlockHeads(GgufFacts& facts, const std::string& message) {
  facts.Block("attention", "gguf-bad-heads", message);
}

// "layer 3 has ..." where counts differ by layer.
std::string Subject(const GgufLayers& layers, std::size_t layer) {
  return layers.heads.list || layers.kv_heads.list ? "layer " + std::to_string(layer) + " has "
                                                   : "the model has ";
}

// What is wrong with the counts of a layer that has attention, or "".
std::string HeadProblem(std::int64_t heads, std::int64_t kv_heads) {
  if (kv_heads > heads) {
    return std::to_string(kv_heads) + " key and value heads for " + std::to_string(heads) +
           " heads";
  }
  if (heads % kv_heads != 0) {
    return std::to_string(heads) + " heads, not a multiple of its " + std::to_string(kv_heads) +
           " key and value heads";
  }
  return {};
}

const char* KindOf(std::int64_t heads, std::int64_t kv_heads) {
  if (heads == kv_heads) return "mha";
  return kv_heads == 1 ? "mqa" : "gqa";
}

// The kinds of the layers that have attention; nothing where the counts are wrong.
std::optional<std::set<std::string>> KindsByLayer(GgufFacts& facts, const GgufLayers& layers) {
  const bool by_layer = layers.heads.list || layers.kv_heads.list;
  const bool may_lack = by_layer || (facts.row()->recurrent || facts.row()->hybrid);
  const std::size_t count = by_layer ? static_cast<std::size_t>(*layers.blocks) : 1;
  std::set<std::string> kinds;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t heads = layers.heads.At(i);
    const std::int64_t kv_heads = layers.kv_heads.At(i);
    if (heads == 0 || kv_heads == 0) {
      if (may_lack) continue;
      BlockHeads(facts,
                 facts.Name(heads == 0 ? "attention.head_count" : "attention.head_count_kv") +
                     " is 0, and the architecture is neither recurrent nor hybrid");
      return std::nullopt;
    }
    const std::string problem = HeadProblem(heads, kv_heads);
    if (!problem.empty()) {
      BlockHeads(facts, Subject(layers, i) + problem);
      return std::nullopt;
    }
    kinds.insert(KindOf(heads, kv_heads));
  }
  return kinds;
}

void StateByHeads(GgufFacts& facts, const std::set<std::string>& kinds) {
  const std::string from = facts.Name("attention.head_count") + ", head_count_kv";
  if (kinds.empty()) return State(facts, "none", {"none"}, from);
  const std::vector<std::string> list(kinds.begin(), kinds.end());
  if (list.size() == 1) return State(facts, list[0], list, from);
  std::string names;
  for (const std::string& kind : list) names += (names.empty() ? "" : ", ") + kind;
  facts.Warn("gguf-mixed-attention", "layers differ in attention: " + names);
  State(facts, "mixed", list, from);
}

}  // namespace

void StateGgufAttention(GgufFacts& facts, const GgufLayers& layers) {
  const std::optional<std::int64_t> rank = facts.Integer("attention.kv_lora_rank");
  const std::string rank_name = facts.Name("attention.kv_lora_rank");
  if (rank.has_value() && *rank > 0) facts.Set("kv_lora_rank", *rank, rank_name);
  if (facts.row() == nullptr) return;
  const Architecture& row = *facts.row();
  using Stated = GgufByLayer::State;
  if (layers.heads.state == Stated::kWrong || layers.kv_heads.state == Stated::kWrong) return;
  // Counts that no engine can run are refused whatever the kind.
  std::optional<std::set<std::string>> kinds;
  if (layers.heads.good()) {
    kinds = KindsByLayer(facts, layers);
    if (!kinds.has_value()) return;
  }
  if (!row.attention.empty()) {
    const std::string kind = facts.rules().Canonical("attention", row.attention);
    return State(facts, kind, {kind}, "general.architecture " + facts.header().architecture);
  }
  // Files store latent attention as one key and value head: the rank decides, not the heads.
  if (rank.has_value() && *rank > 0) {
    const bool sparse = facts.Find("attention.indexer.") != nullptr;
    const std::string kind = sparse ? "mla_sparse" : "mla";
    return State(facts, kind, {kind}, rank_name + (sparse ? ", attention.indexer.*" : ""));
  }
  if (row.mla) return BlockHeads(facts, rank_name + " is missing or 0; the architecture needs it");
  if (kinds.has_value()) return StateByHeads(facts, *kinds);
  if (row.recurrent) return State(facts, "none", {"none"}, "general.architecture, recurrent");
  BlockHeads(facts, facts.Name("attention.head_count") + " is missing");
}

}  // namespace cmatch::internal
