#ifndef CMATCH_GGUF_FACTS_H_
#define CMATCH_GGUF_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cmatch/mcd_source.h"
#include "cmatch/rule_set.h"
#include "gguf/gguf_header.h"

namespace cmatch::internal {

// A GGUF file as read; of a split, shard 1 with the tensors of all shards.
struct GgufModel {
  std::string name;  // in messages: the path
  GgufHeader header;
  bool tensors_known = true;  // false: a split whose other shards could not all be read
};

// Puts the McdFacts of one model together: typed reading of ARCH.* keys on one side; members,
// warnings and reasons to refuse on the other. `model` and `rules` must outlive it.
class GgufFacts {
 public:
  GgufFacts(const GgufModel& model, const RuleSet& rules);

  const GgufHeader& header() const { return model_.header; }
  const RuleSet& rules() const { return rules_; }
  bool tensors_known() const { return model_.tensors_known; }
  // The row of the architecture tables; nullptr where there is none.
  const Architecture* row() const { return row_; }

  // ARCH.K
  std::string Name(std::string_view k) const;
  const GgufValue* Find(std::string_view k) const;
  // A scalar of any integer type, where it fits.
  std::optional<std::int64_t> Integer(std::string_view k) const;
  std::optional<double> Number(std::string_view k) const;
  std::optional<bool> Bool(std::string_view k) const;
  // A short clean text; `key` is a whole name. nullptr otherwise.
  const std::string* Text(std::string_view key) const;

  // `from` is a whole key name, or words for what else the value is from.
  void Set(std::string_view member, Value value, std::string_view from);
  void Warn(std::string_view code, std::string message, std::string help = {});
  // A warning for `inspect`, and a reason for `check` to refuse. `member` is what another source
  // could state instead, or empty where nothing helps.
  void Block(std::string_view member, std::string_view code, std::string message,
             std::string help = {});

  McdFacts Take() { return std::move(facts_); }

 private:
  const GgufModel& model_;
  const RuleSet& rules_;
  const Architecture* row_ = nullptr;
  McdFacts facts_;
};

// A number by layer: one for all, or a list with one for each.
struct GgufByLayer {
  enum class State : std::uint8_t { kMissing, kWrong, kGood };
  State state = State::kMissing;
  bool list = false;
  std::vector<std::int64_t> values;  // kGood: one, or block_count of them; none is negative

  bool good() const { return state == State::kGood; }
  std::int64_t At(std::size_t layer) const { return list ? values[layer] : values[0]; }
  Value ToValue() const;
};

struct GgufLayers {
  std::optional<std::int64_t> blocks;  // 1 to kGgufMaxLayers
  std::optional<std::int64_t> embedding;
  GgufByLayer heads;
  GgufByLayer kv_heads;  // missing in the file: as `heads`
};

// The facts, file by file. Each states its members, warns, and blocks.
bool StateGgufKind(GgufFacts& facts);  // false: not a model, nothing more is to be said
GgufLayers StateGgufLayers(GgufFacts& facts);
void StateGgufPositional(GgufFacts& facts);
void StateGgufAttention(GgufFacts& facts, const GgufLayers& layers);
void StateGgufQuant(GgufFacts& facts);
void StateGgufContext(GgufFacts& facts);
void StateGgufVocabulary(GgufFacts& facts);
void StateGgufModelId(GgufFacts& facts, const std::string& path);
void StateGgufRope(GgufFacts& facts);
void StateGgufExperts(GgufFacts& facts);
void StateGgufWindow(GgufFacts& facts, const GgufLayers& layers);

}  // namespace cmatch::internal

#endif  // CMATCH_GGUF_FACTS_H_
