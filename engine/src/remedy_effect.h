#ifndef CMATCH_ENGINE_REMEDY_EFFECT_H_
#define CMATCH_ENGINE_REMEDY_EFFECT_H_

// What a change of a request does to its verdict.

#include <string_view>
#include <tuple>
#include <vector>

#include "cmatch/check.h"

namespace cmatch::internal {

using RuleBits = Verdict::Bits;

RuleBits Both(const RuleBits& a, const RuleBits& b);
RuleBits Without(const RuleBits& a, const RuleBits& b);
int Count(const RuleBits& bits);

// The rules that read the worker's memory.
RuleBits MemoryRules(const RuleSet& rules);

// Ids of the advisories of the worker's release that may concern the model and are not waived.
std::vector<std::string_view> AdvisoriesOf(const CapabilityMatcher& matcher, const Model& model,
                                           const Worker& worker);

struct Effect {
  RuleBits remaining{};                      // fails still
  RuleBits unchecked{};                      // failed, cannot be checked now
  RuleBits warned{};                         // warns then, anew or as before
  std::vector<std::string_view> advisories;  // of the release that would run
  bool worse = false;                        // fails anew
  bool holds = true;  // no rule on memory fails, and each that applies can be judged

  int Left() const { return Count(remaining) + Count(unchecked); }
  bool Good() const { return !worse && Count(remaining) == 0; }
  bool Helps(int before) const { return !worse && Left() < before; }
  // Of changes that do as much, the one that leaves the least to doubt comes first.
  std::tuple<int, int, int> Order() const { return {Left(), Count(unchecked), Count(warned)}; }
  friend bool operator==(const Effect&, const Effect&) = default;
};

Effect EffectOn(const CapabilityMatcher& matcher, const Verdict& base, const RuleBits& memory,
                const Model& model, const Worker& worker);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_REMEDY_EFFECT_H_
