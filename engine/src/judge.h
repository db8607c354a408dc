#ifndef CMATCH_ENGINE_JUDGE_H_
#define CMATCH_ENGINE_JUDGE_H_

// The outcome of whole rules: when, check, severity, what to do about unknown inputs, waivers.
// Allocates nothing.

#include <optional>
#include <string_view>

#include "evaluate.h"

namespace cmatch::internal {

enum class Outcome : std::uint8_t {
  kPass,
  kDegraded,       // passes, and a warning says how
  kFail,           // fails with severity error
  kWarn,           // fails with severity warning, or unknown with `unknown: warn`
  kWaived,         // fails, and a waiver lets it pass
  kSkipped,        // an input is not known
  kNotApplicable,  // `when` is false
  kOff,
};

struct RuleOutcome {
  Outcome outcome = Outcome::kPass;
  bool unknown = false;            // kFail, kWarn: because an input is not known
  const Waiver* waiver = nullptr;  // kWaived
  std::uint32_t node = 0;  // the node that decided: `when` where that is unknown, else check
};

// `today` is "YYYY-MM-DD" or empty: nothing expires.
RuleOutcome Judge(const Evaluator& evaluator, const CompiledRule& rule, const Tables& tables,
                  const BoundModel& model, const BoundWorker& worker, std::string_view today);

// The rule by its nodes, before severity and waivers; `node` becomes the one that decided. nullopt:
// the rule does not apply.
std::optional<Judgement> JudgeNodes(const Evaluator& evaluator, const CompiledRule& rule,
                                    std::uint32_t& node);

// The marks of some rules of one block, each judged by its nodes.
Marks JudgeRules(const Program& program, const Record& model, const BoundWorker& worker,
                 std::size_t block, std::uint64_t rules);

// The first waiver that lets the rule (its id, or that of an advisory) pass; nullptr: none does.
const Waiver* FindWaiver(const Tables& tables, std::string_view rule, std::string_view model_id,
                         std::string_view worker_id, std::string_view today);

// An expiry date is the first day on which something no longer holds. Empty dates never pass.
inline bool Expired(std::string_view expires, std::string_view today) {
  return !expires.empty() && !today.empty() && today >= expires;
}

// `*` matches any run of characters; all else itself.
bool MatchesGlob(std::string_view pattern, std::string_view text);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_JUDGE_H_
