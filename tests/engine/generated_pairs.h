#ifndef CMATCH_TESTS_ENGINE_GENERATED_PAIRS_H_
#define CMATCH_TESTS_ENGINE_GENERATED_PAIRS_H_

// Models and workers from a fixed seed, for laws that hold for every pair.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/files.h"
#include "support/rules.h"

namespace cmatch::testing {

// The shipped rules and names, without the engines' tables.
inline std::vector<RuleFile> ShippedFiles() {
  std::vector<RuleFile> files;
  for (const char* name : {"architectures.yaml", "gpus.yaml", "kinds.yaml", "validation.yaml"}) {
    files.push_back({name, ReadFile(std::string(CMATCH_SOURCE_DIR "/rules/") + name)});
  }
  return files;
}

inline std::shared_ptr<const RuleSet> Shipped() {
  static const auto rules = MakeRules(ShippedFiles());
  return rules;
}

// Pairs over few kinds, some of which no table knows, so that passes and failures are both common.
class Pairs {
 public:
  Mcd NextMcd() {
    Mcd mcd = SeedMcd();
    mcd.positional = Pick(kPositional);
    mcd.attention = Pick(kAttention);
    mcd.quant = Some(kQuant, 1);
    mcd.context_max = Below(5) + 1;
    if (Coin()) mcd.attributes["requested_context"] = Below(6);
    if (Coin()) mcd.attributes["tensor_types"] = Some(kTensor, 0);
    if (Coin()) mcd.attributes["attention_kinds"] = Some(kAttention, 0);
    return mcd;
  }

  Ecp NextEcp() {
    Ecp ecp = SeedEcp();
    ecp.supports_positional = Some(kPositional, 0);
    ecp.supports_attention = Some(kAttention, 0);
    ecp.supports_quant = Some(kQuant, 0);
    ecp.max_context = Below(6) + 1;
    if (Coin()) ecp.attributes["supports_tensor_type"] = Some(kTensor, 0);
    return ecp;
  }

  std::int64_t Below(int limit) {
    return std::uniform_int_distribution<int>(0, limit - 1)(random_);
  }
  bool Coin() { return Below(2) == 0; }

  using Names = std::vector<std::string>;
  std::string Pick(const Names& names) {
    return names[static_cast<std::size_t>(Below(static_cast<int>(names.size())))];
  }
  Names Some(const Names& names, std::size_t least) {
    Names some;
    for (const std::string& name : names) {
      if (Below(3) == 0) some.push_back(name);
    }
    while (some.size() < least) some.push_back(Pick(names));
    return some;
  }

  const Names kPositional = {"rope_llama", "rope_norm", "rope_neox", "alibi", "Rope-Moon"};
  const Names kAttention = {"mha", "gqa", "mla", "mixed", "lightning"};
  const Names kQuant = {"q4_0", "q8_0", "F16", "fp16", "q4_k_m", "brand_new"};
  const Names kTensor = {"f32", "q4_0", "q6_k", "F16", "brand_new"};

 private:
  std::mt19937 random_{8030};
};

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_ENGINE_GENERATED_PAIRS_H_
