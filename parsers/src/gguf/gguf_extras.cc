// Members that no rule of CMATCH-8030 reads: rotary scaling, experts, sliding window, attention
// sinks, soft-capping.

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "files/read_limits.h"
#include "files/text_check.h"
#include "gguf/gguf_facts.h"

namespace cmatch::internal {
namespace {

void CheckPositive(GgufFacts& facts, std::string_view k) {
  const std::optional<double> number = facts.Number(k);
  if (!number.has_value() || (std::isfinite(*number) && *number > 0)) return;
  facts.Warn("gguf-odd-number", facts.Name(k) + " is " +
                                    (std::isnan(*number)   ? "not a number"
                                     : std::isinf(*number) ? "infinite"
                                                           : "not positive"));
}

void StateScaling(GgufFacts& facts) {
  const std::string name = facts.Name("rope.scaling.type");
  if (const std::string* type = facts.Text(name)) {
    // llama.cpp aborts on any other (llama-model.cpp, GGML_ASSERT after
    // llama_rope_scaling_type_from_string).
    constexpr std::array<std::string_view, 4> kTypes = {"none", "linear", "yarn", "longrope"};
    if (std::find(kTypes.begin(), kTypes.end(), *type) == kTypes.end()) {
      facts.Warn("gguf-odd-rope-scaling",
                 name + " is " + Quoted(*type) + "; llama.cpp has none, linear, yarn, longrope");
    }
    return facts.Set("rope_scaling", *type, name);
  }
  if (facts.Find("rope.scaling.type") != nullptr) {
    facts.Warn("gguf-odd-rope-scaling", name + " is not a usable text");
  } else if (facts.header().tensors.rope_factors) {
    // phi3 has no key for it.
    facts.Set("rope_scaling", std::string("longrope"), "rope_factors_long, rope_factors_short");
  }
}

}  // namespace

void StateGgufRope(GgufFacts& facts) {
  CheckPositive(facts, "rope.freq_base");
  CheckPositive(facts, "rope.scaling.factor");
  if (std::isnan(facts.Number("attention.max_alibi_bias").value_or(0))) {
    facts.Warn("gguf-odd-number", facts.Name("attention.max_alibi_bias") + " is not a number");
  }
  StateScaling(facts);
  if (const std::optional<bool> causal = facts.Bool("attention.causal")) {
    facts.Set("causal", *causal, facts.Name("attention.causal"));
  }
}

void StateGgufExperts(GgufFacts& facts) {
  const std::optional<std::int64_t> count = facts.Integer("expert_count");
  const std::optional<std::int64_t> used = facts.Integer("expert_used_count");
  const std::string name = facts.Name("expert_count");
  const std::string used_name = facts.Name("expert_used_count");
  if (facts.Find("expert_count") != nullptr) {
    if (!count.has_value() || *count < 0 || *count > kGgufMaxExperts) {
      return facts.Block("expert_count", "gguf-bad-experts",
                         name + " is " +
                             (count.has_value() ? std::to_string(*count) : "not an integer") +
                             "; llama.cpp reads 0 to " + std::to_string(kGgufMaxExperts));
    }
    facts.Set("expert_count", *count, name);
  }
  const std::int64_t experts = count.value_or(0);
  const bool stated = facts.Find("expert_used_count") != nullptr;
  if (!stated && experts == 0) return;
  const std::int64_t in_use = used.value_or(stated ? -1 : 0);
  const bool good = experts == 0 ? in_use == 0 : in_use > 0 && in_use <= experts;
  if (!good) {
    return facts.Block("expert_used_count", "gguf-bad-experts",
                       used_name +
                           (!stated             ? std::string(" is missing")
                            : !used.has_value() ? std::string(" is not an integer")
                                                : " is " + std::to_string(*used)) +
                           " for " + std::to_string(experts) + " experts");
  }
  if (stated) facts.Set("expert_used_count", in_use, used_name);
}

void StateGgufWindow(GgufFacts& facts, const GgufLayers& layers) {
  const std::string name = facts.Name("attention.sliding_window");
  const GgufValue* pattern = facts.Find("attention.sliding_window_pattern");
  const bool odd_pattern = pattern != nullptr && pattern->array && layers.blocks.has_value() &&
                           pattern->count != static_cast<std::uint64_t>(*layers.blocks);
  const std::optional<std::int64_t> window = facts.Integer("attention.sliding_window");
  const Architecture* row = facts.row();
  if (row != nullptr && row->sliding_window == "ignored") {
    facts.Set("sliding_window", std::int64_t{0},
              "general.architecture " + facts.header().architecture + ", which ignores the key");
  } else if (odd_pattern) {
    facts.Block("sliding_window", "gguf-bad-layers",
                facts.Name("attention.sliding_window_pattern") + " lists " +
                    std::to_string(pattern->count) + " layers; block_count is " +
                    std::to_string(*layers.blocks));
  } else if (window.has_value() && *window >= 0) {
    facts.Set("sliding_window", *window, name);
  } else if (row != nullptr && row->sliding_window.empty() && pattern == nullptr &&
             facts.Find("attention.sliding_window") == nullptr) {
    // llama.cpp's default (llama-hparams.h, n_swa).
    facts.Set("sliding_window", std::int64_t{0}, name + " is not there");
  }
  const GgufTensors& tensors = facts.header().tensors;
  if (tensors.attention_sinks || (facts.tensors_known() && tensors.count > 0)) {
    facts.Set("attention_sink", tensors.attention_sinks, "blk.*.attn_sinks tensors");
  }
  const std::optional<double> cap = facts.Number("attn_logit_softcapping");
  if (cap.has_value() && std::isfinite(*cap) && *cap >= 0) {
    facts.Set("attn_logit_softcapping", *cap, facts.Name("attn_logit_softcapping"));
  }
}

}  // namespace cmatch::internal
