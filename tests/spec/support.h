#ifndef CMATCH_TESTS_SPEC_SUPPORT_H_
#define CMATCH_TESTS_SPEC_SUPPORT_H_

// The specification's examples, word for word, judged by the built-in rules.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "cmatch/check.h"
#include "cmatch/ecp_source.h"
#include "cmatch/mcd_source.h"
#include "cmatch/rules_io.h"
#include "support/rules.h"

namespace cmatch::testing {

// CMATCH-8010
inline constexpr std::string_view kSeedMcd = R"({
  "model_id": "meta-llama/Llama-3.1-8B",
  "positional": "rope_llama",
  "attention": "gqa",
  "quant": ["q4_0", "q8_0"],
  "context_max": 8192,
  "vocab_size": 128256
})";

// CMATCH-8020
inline constexpr std::string_view kSeedEcp = R"({
  "worker_id": "gpu-0-worker",
  "supports_positional": ["rope_llama", "rope_neox", "alibi"],
  "supports_attention": ["mha", "gqa", "mqa"],
  "supports_quant": ["q4_0", "q8_0", "fp16"],
  "max_context": 16384,
  "vram_bytes": 24000000000
})";

inline const std::shared_ptr<const RuleSet>& Builtin() {
  static const std::shared_ptr<const RuleSet> rules = LoadBuiltinRules();
  return rules;
}

inline Mcd ParseMcd(std::string_view json) {
  const auto facts = ReadMcdJson(json, "model.mcd.json", *Builtin());
  REQUIRE_MESSAGE(facts.has_value(), facts.error().message);
  auto mcd = McdFrom(*facts);
  REQUIRE_MESSAGE(mcd.has_value(), mcd.error().message);
  return *mcd;
}

inline Ecp ParseEcp(std::string_view json) {
  auto ecp = ReadEcp(json, "worker.json", *Builtin());
  REQUIRE_MESSAGE(ecp.has_value(), ecp.error().message);
  return *ecp;
}

inline Report Judged(const Mcd& mcd, const Ecp& ecp) {
  auto report = CapabilityMatcher(Builtin()).check_compatibility(mcd, ecp);
  REQUIRE_MESSAGE(report.has_value(), report.error().message);
  return *report;
}

// `text` with the first `from` replaced.
inline std::string With(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const std::size_t at = out.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, std::string(from));
  return out.replace(at, from.size(), to);
}

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_SPEC_SUPPORT_H_
