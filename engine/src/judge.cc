#include "judge.h"

#include <bit>

namespace cmatch::internal {

const Waiver* FindWaiver(const Tables& tables, std::string_view rule, std::string_view model_id,
                         std::string_view worker_id, std::string_view today) {
  for (const Waiver& waiver : tables.waivers) {
    if (waiver.rule != rule || Expired(waiver.expires, today)) continue;
    if (MatchesGlob(waiver.model, model_id) && MatchesGlob(waiver.worker, worker_id)) {
      return &waiver;
    }
  }
  return nullptr;
}

std::optional<Judgement> JudgeNodes(const Evaluator& evaluator, const CompiledRule& rule,
                                    std::uint32_t& node) {
  if (rule.when != kNoSlot) {
    node = rule.when;
    const Judgement when = evaluator.Evaluate(rule.when);
    if (when.truth == Truth::kFalse) return std::nullopt;
    if (when.truth == Truth::kUnknown) return when;
  }
  node = rule.check;
  return evaluator.Evaluate(rule.check);
}

Marks JudgeRules(const Program& program, const Record& model, const BoundWorker& worker,
                 std::size_t block, std::uint64_t rules) {
  const Evaluator evaluator(program, model, worker);
  Marks marks;
  for (; rules != 0; rules &= rules - 1) {
    const std::uint64_t bit = rules & -rules;
    const auto rule = block * 64 + static_cast<std::size_t>(std::countr_zero(rules));
    std::uint32_t node = 0;
    const auto judgement = JudgeNodes(evaluator, program.rules[rule], node);
    if (!judgement) continue;
    if (judgement->truth == Truth::kFalse) {
      marks.failed |= bit;
    } else if (judgement->truth == Truth::kUnknown) {
      marks.unknown |= bit;
    } else if (judgement->level != Level::kNative) {
      marks.degraded |= bit;
    }
  }
  return marks;
}

namespace {

Outcome OfUnknown(OnUnknown policy, Severity severity) {
  if (policy == OnUnknown::kSkip) return Outcome::kSkipped;
  if (policy == OnUnknown::kWarn || severity == Severity::kWarning) return Outcome::kWarn;
  return Outcome::kFail;
}

}  // namespace

bool MatchesGlob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

RuleOutcome Judge(const Evaluator& evaluator, const CompiledRule& rule, const Tables& tables,
                  const BoundModel& model, const BoundWorker& worker, std::string_view today) {
  const Severity severity = rule.rule->severity;
  if (severity == Severity::kOff) return {.outcome = Outcome::kOff};
  RuleOutcome result{
      .outcome = Outcome::kPass, .unknown = false, .waiver = nullptr, .node = rule.check};
  const auto judged = JudgeNodes(evaluator, rule, result.node);
  if (!judged) return {.outcome = Outcome::kNotApplicable};
  const Judgement judgement = *judged;
  if (judgement.truth == Truth::kTrue) {
    if (judgement.level != Level::kNative) result.outcome = Outcome::kDegraded;
    return result;
  }
  if (judgement.truth == Truth::kUnknown) {
    result.unknown = true;
    result.outcome = OfUnknown(rule.rule->unknown, severity);
  } else {
    result.outcome = severity == Severity::kWarning ? Outcome::kWarn : Outcome::kFail;
  }
  if (result.outcome == Outcome::kFail && !tables.waivers.empty()) {
    result.waiver =
        FindWaiver(tables, rule.rule->id, model.mcd.model_id, worker.ecp.worker_id, today);
    if (result.waiver != nullptr) result.outcome = Outcome::kWaived;
  }
  return result;
}

}  // namespace cmatch::internal
