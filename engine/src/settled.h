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
};

// Of one side, whatever the other is.
struct Settled {
  Marks marks;
  std::uint64_t open = 0;   // the other side has a part in the outcome
  std::uint64_t blank = 0;  // `check` cannot be known
};

// What becomes of marks: the severity and `unknown` of rules as masks. Rules that are off have no
// marks.
struct Policy {
  std::uint64_t failure_fails = 0;  // severity error; else it warns
  std::uint64_t unknown_fails = 0;
  std::uint64_t unknown_skips = 0;  // neither: it warns
};

// One test of a bound model: one word of kinds, or one number.
struct Step {
  std::uint64_t bit = 0;       // of the rule, within its block
  std::uint64_t operand = 0;   // the kinds that are needed; the number, turned by `flip`
  std::uint64_t flip = 0;      // numbers: 0 for <=; ~0, which turns the order round, for >=
  std::uint32_t offset = 0;    // of the word in the worker's record
  std::uint32_t degraded = 0;  // kinds: of the word with those that run degraded
  bool more = false;           // kinds: the next step is of the same set
};

// The steps of one block of rules, in the order of the loops that take them. They run over all
// rules; which of these are open is asked once, of the outcome.
struct StepBlock {
  std::uint64_t flat = 0;    // rules that the steps decide
  std::uint64_t trees = 0;   // the other open ones, judged by their nodes
  std::uint32_t first = 0;   // in Steps::list
  std::uint32_t words = 0;   // kinds in one word, one of which must be there
  std::uint32_t limits = 0;  // numbers: operand <= word
  std::uint32_t any = 0;     // kinds in several words, one of which must be there
  std::uint32_t each = 0;    // kinds each of which must be there
};

struct Steps {
  std::array<StepBlock, kRuleBlocks> blocks{};
  std::vector<Step> list;
};

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_SETTLED_H_
