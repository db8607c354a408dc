#ifndef CMATCH_BENCH_PAIR_INPUTS_H_
#define CMATCH_BENCH_PAIR_INPUTS_H_

// One model, one worker and the four rules of CMATCH-8030 over any number of quant kinds.

#include <memory>
#include <string>
#include <vector>

#include "cmatch/check.h"
#include "cmatch/rules_io.h"
#include "support/four_rules.h"

namespace cmatch::bench {

inline std::vector<std::string> Names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("quant_kind_" + std::to_string(i));
  return names;
}

// The rule that matters is last: the model has the last of `count` kinds.
inline Mcd ModelWith(std::size_t count) {
  Mcd mcd;
  mcd.model_id = "org/model";
  mcd.positional = "rope_neox";
  mcd.attention = "gqa";
  mcd.quant = {"quant_kind_" + std::to_string(count - 1)};
  mcd.context_max = 8192;
  mcd.vocab_size = 128256;
  return mcd;
}

inline Ecp WorkerWith(std::size_t count) {
  Ecp ecp;
  ecp.worker_id = "worker";
  ecp.supports_positional = {"rope_llama", "rope_neox", "alibi"};
  ecp.supports_attention = {"mha", "gqa", "mqa"};
  ecp.supports_quant = Names(count);
  ecp.max_context = 16384;
  ecp.vram_bytes = 24'000'000'000;
  return ecp;
}

// A rule set of the four rules over `count` kinds.
inline std::shared_ptr<const RuleSet> FourRules(std::size_t count) {
  std::string kinds =
      "kind: cmatch.kinds/v1\nkinds:\n  positional: {rope_llama: a, rope_neox: b, alibi: c}\n"
      "  attention: {mha: a, gqa: b, mqa: c}\n  quant:\n";
  for (const std::string& name : Names(count)) kinds += "    " + name + ": \"a kind\"\n";
  auto tables =
      ReadTables({{"kinds.yaml", kinds}, {"rules.yaml", std::string(testing::kFourRules)}});
  if (!tables) return nullptr;
  auto set = RuleSet::Create(std::move(*tables));
  return set ? *set : nullptr;
}

}  // namespace cmatch::bench

#endif  // CMATCH_BENCH_PAIR_INPUTS_H_
