#ifndef CMATCH_ENGINE_SETTLED_H_
#define CMATCH_ENGINE_SETTLED_H_

// What Bind() prepares so that Check() has little left to do. Each side of a pair is judged alone
// first: a rule that reads only the worker, or a field that the model does not state, has its
// outcome before the other side is known. What is left of a model are steps: one test each against
// the words of a worker's record.

#include <array>
#include <cstdint>
#include <vector>

#include "cmatch/check.h"

namespace cmatch::internal {

// One bit a rule, 64 rules a block.
inline constexpr std::size_t kRuleBlocks = kMaxRules / 64;

// Truth and level of rules, before severity, `unknown` and waivers. No bit: holds, or does not
// apply.
struct Marks {
  std::uint64_t failed = 0;
  std::uint64_t unknown = 0;
  std::uint64_t degraded = 0;

  constexpr Marks& operator|=(const Marks& other) {
    failed |= other.failed;
    unknown |= other.unknown;
    degraded |= other.degraded;
    return *this;
  }
};

// What becomes of marks: the severity and `unknown` of rules as masks. Rules that are off have no
// marks.
struct Policy {
  std::uint64_t failure_fails = 0;  // severity error; else it warns
  std::uint64_t unknown_fails = 0;
  std::uint64_t unknown_skips = 0;  // neither: it warns
};

// As the members of Verdict, before waivers.
struct Outcomes {
  std::uint64_t failed = 0, warned = 0, skipped = 0;

  constexpr Outcomes& operator|=(const Outcomes& other) {
    failed |= other.failed;
    warned |= other.warned;
    skipped |= other.skipped;
    return *this;
  }
};

constexpr Outcomes OutcomesOf(const Marks& marks, const Policy& policy) {
  return {.failed = (marks.failed & policy.failure_fails) | (marks.unknown & policy.unknown_fails),
          .warned = (marks.failed & ~policy.failure_fails) | marks.degraded |
                    (marks.unknown & ~policy.unknown_fails & ~policy.unknown_skips),
          .skipped = marks.unknown & policy.unknown_skips};
}

// Of one side, whatever the other is.
struct Settled {
  Outcomes outcomes;
  std::uint64_t open = 0;   // the other side has a part in the outcome
  std::uint64_t blank = 0;  // `check` cannot be known
};

// One test of a bound model over one word of what a worker offers: it holds where
// (word & mask) >= least. Of kinds `mask` has those that are needed, and one is enough.
struct Step {
  std::uint64_t bit = 0;  // of the rule, within its block
  std::uint64_t mask = 0;
  std::uint64_t least = 1;   // never 0: what is not known does not hold
  std::uint32_t offset = 0;  // of the word
  bool kinds = false;        // of kinds, not of a number
  bool more = false;         // the next step is of the same set of kinds
};

// What the steps test of a worker. The words of its record: kinds without those that run degraded,
// integers with the sign turned, so that their order is that of unsigned ones, 0 where they are not
// known. Then each integer complemented, for the tests in which less is more.
struct Offers {
  std::vector<std::uint64_t> words;
  bool exact = false;  // what does not hold fails: nothing runs degraded, no rule is blank
};

constexpr std::uint64_t Turned(std::uint64_t integer) { return integer ^ std::uint64_t{1} << 63; }

// The steps of one block of rules, in the order of the loops that take them. They run over all
// rules; which of these are open is asked once, of the outcome.
struct StepBlock {
  std::uint64_t trees = 0;   // open rules that are judged by their nodes; steps decide the others
  std::uint64_t beyond = 0;  // these, and what the model leaves blank
  std::uint32_t first = 0;   // in Steps::list
  std::uint32_t single = 0;  // tests of one step
  std::uint32_t any = 0;     // kinds in several words, one of which must be there
  std::uint32_t each = 0;    // kinds each of which must be there
};

struct Steps {
  std::array<StepBlock, kRuleBlocks> blocks{};
  std::vector<Step> list;
  // The rule set where it has one block and no waivers, and the model neither `any` nor `each`.
  const RuleSet* short_cut = nullptr;
};

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_SETTLED_H_
