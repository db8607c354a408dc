#ifndef CMATCH_TESTS_SUPPORT_RULES_H_
#define CMATCH_TESTS_SUPPORT_RULES_H_

// Rule sets out of small YAML texts, so that a test reads like the tables:
//
//   const auto rules = MakeRules({{"r.yaml", RulesYaml(RuleYaml("R-1", "{value: mcd.n, le:
//   5}"))}}); CHECK(OutcomeOf(rules, "R-1", {{"n", I(6)}}, {}) == "fail");

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/check.h"
#include "cmatch/rules_io.h"

namespace cmatch::testing {

using Attributes = std::map<std::string, Value, std::less<>>;

inline Value I(std::int64_t number) { return number; }
inline Value S(std::string_view text) { return std::string(text); }
inline Value K(std::initializer_list<std::string_view> kinds) {
  return std::vector<std::string>(kinds.begin(), kinds.end());
}
inline Value L(std::initializer_list<std::int64_t> numbers) {
  return std::vector<std::int64_t>(numbers);
}

// A rules file with these `rules:` items. It declares the members of CMATCH-8010 and 8020, what the
// shipped rules use, and on both sides a field of each type: one (kind of quant), many (kinds of
// quant), n and m (integer), list (integers), real (number), size (bytes), flag (bool), word
// (text), cc (compute), ver (version).
std::string RulesYaml(std::string_view rules, std::string_view more_fields = "");

// One item of `rules:`; `more` are further members ("severity: warning").
std::string RuleYaml(std::string_view id, std::string_view check, std::string_view more = "");

// Kinds: positional rope_llama rope_neox alibi; attention mha gqa mqa mixed; quant fp16 fp8 q4_k_m;
// tensor types f32 fp16 q4_k; kv_cache auto fp16 fp8; an alias in positional and in quant.
extern const std::string_view kKindsYaml;
// A GPU for each of 7.0 7.5 8.0 8.6 8.7 8.9 9.0 10.0 12.0.
extern const std::string_view kGpusYaml;
// The engine `toy`, releases 1.0 to 3.0 (excluded), default 2.0; every sort of row.
extern const std::string_view kToyYaml;

// kKindsYaml, kGpusYaml, kToyYaml and a rules file with these items.
std::vector<RuleFile> ToyFiles(std::string_view rules, std::string_view engine = kToyYaml);
// The rules that look at engine tables, as rules/validation.yaml has them.
extern const std::string_view kTableRules;

// Throws with every problem where the files are refused.
std::shared_ptr<const RuleSet> MakeRules(const std::vector<RuleFile>& files);
// The problems of reading and compiling, "" where there are none: "code; code".
std::string ProblemCodes(const std::vector<RuleFile>& files);

// The model and the worker of CMATCH-8010 and CMATCH-8020.
Mcd SeedMcd();
Ecp SeedEcp();

// What the trace says of the rule `id` over the seed pair with these attributes; an error's message
// where it cannot be judged.
std::string OutcomeOf(const std::shared_ptr<const RuleSet>& rules, std::string_view id,
                      const Attributes& mcd, const Attributes& ecp,
                      const CheckOptions& options = {});

// "" where Check() and Explain() say the same of the pair, else what differs.
std::string Disagreement(const CapabilityMatcher& matcher, const Model& model,
                         const Worker& worker);

// The rules of findings: "CMATCH-8030.1 CMATCH-8030.3".
std::string Ids(const std::vector<Finding>& findings);
std::string Ids(const std::vector<Skipped>& skipped);

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_SUPPORT_RULES_H_
