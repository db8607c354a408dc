#include "remedy_effect.h"

#include <algorithm>
#include <bit>

#include "advisories.h"
#include "judge.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kMemory = "ecp.vram_bytes";

bool ReadsMemory(const Clause& clause) {
  const auto names = [](const std::vector<Text>& list) {
    return std::ranges::any_of(list, [](const Text& name) { return name == kMemory; });
  };
  return names(clause.fields) || (clause.right_is_field && names(clause.right)) ||
         std::ranges::any_of(clause.children, ReadsMemory);
}

}  // namespace

RuleBits Both(const RuleBits& a, const RuleBits& b) {
  RuleBits both{};
  for (std::size_t i = 0; i < both.size(); ++i) both[i] = a[i] & b[i];
  return both;
}

RuleBits Without(const RuleBits& a, const RuleBits& b) {
  RuleBits rest{};
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = a[i] & ~b[i];
  return rest;
}

int Count(const RuleBits& bits) {
  int count = 0;
  for (const std::uint64_t word : bits) count += std::popcount(word);
  return count;
}

RuleBits MemoryRules(const RuleSet& rules) {
  RuleBits bits{};
  const auto& list = rules.tables().rules;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (ReadsMemory(list[i].check)) bits[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  return bits;
}

std::vector<std::string_view> AdvisoriesOf(const CapabilityMatcher& matcher, const Model& model,
                                           const Worker& worker) {
  const Tables& tables = matcher.rules().tables();
  const Program& program = matcher.rules().program();
  const Evaluator evaluator(program, model.bound(), worker.bound());
  std::vector<std::string_view> ids;
  ForEachAdvisory(evaluator, program, worker.bound(), [&](const CompiledAdvisory& compiled, Truth) {
    const Waiver* waiver = FindWaiver(tables, compiled.advisory->id, model.mcd().model_id,
                                      worker.ecp().worker_id, matcher.today());
    if (waiver == nullptr) ids.emplace_back(compiled.advisory->id);
  });
  return ids;
}

Effect EffectOn(const CapabilityMatcher& matcher, const Verdict& base, const RuleBits& memory,
                const Model& model, const Worker& worker) {
  const Verdict verdict = matcher.Check(model, worker);
  Effect effect;
  effect.remaining = verdict.failed;
  effect.unchecked = Both(base.failed, verdict.skipped);
  effect.warned = verdict.warned;
  effect.advisories = AdvisoriesOf(matcher, model, worker);
  effect.worse = Count(Without(verdict.failed, base.failed)) > 0;
  effect.holds = Count(Both(memory, verdict.failed)) + Count(Both(memory, verdict.warned)) +
                     Count(Both(memory, verdict.skipped)) ==
                 0;
  return effect;
}

}  // namespace cmatch::internal
