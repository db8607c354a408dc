// Check(): what both sides have settled alone, then the model's steps over the worker's words.

#include <bit>

#include "cmatch/check.h"
#include "judge.h"

namespace cmatch {

using internal::BoundModel;
using internal::BoundWorker;
using internal::Marks;
using internal::Policy;
using internal::Program;
using internal::Record;
using internal::Settled;
using internal::Step;
using internal::StepBlock;

namespace {

constexpr std::uint64_t BitOf(std::size_t rule) { return std::uint64_t{1} << (rule % 64); }

// Rules of one block that are no steps: by their nodes.
[[gnu::noinline]] Marks JudgeTrees(const Program& program, const Record& model,
                                   const BoundWorker& worker, std::size_t block,
                                   std::uint64_t rules) {
  const internal::Evaluator evaluator(program, model, worker);
  Marks marks;
  for (; rules != 0; rules &= rules - 1) {
    const auto rule = block * 64 + static_cast<std::size_t>(std::countr_zero(rules));
    std::uint32_t node = 0;
    const auto judgement = internal::JudgeNodes(evaluator, program.rules[rule], node);
    if (!judgement) continue;
    if (judgement->truth == Truth::kFalse) {
      marks.failed |= BitOf(rule);
    } else if (judgement->truth == Truth::kUnknown) {
      marks.unknown |= BitOf(rule);
    } else if (judgement->level != Level::kNative) {
      marks.degraded |= BitOf(rule);
    }
  }
  return marks;
}

// One set of kinds over several steps.
struct KindsFound {
  std::uint64_t native = 0, degraded = 0, lacking = 0;

  void Add(const Step& step, const std::uint64_t* words) {
    const std::uint64_t hit = step.operand & words[step.offset];
    const std::uint64_t weak = hit & words[step.degraded];
    native |= hit & ~weak;
    degraded |= weak;
    lacking |= step.operand & ~hit;
  }
};

constexpr std::uint64_t If(bool condition, std::uint64_t bit) { return condition ? bit : 0; }

// Sets of several words, and those of which each kind must be there. Rare, and kept out of the way
// of the other steps.
[[gnu::noinline]] Marks RunSets(const Step* step, const StepBlock& block,
                                const std::uint64_t* words) {
  Marks marks;
  KindsFound found;
  for (std::uint32_t left = block.any; left != 0; --left, ++step) {
    found.Add(*step, words);
    if (step->more) continue;
    marks.failed |= If((found.native | found.degraded) == 0, step->bit);
    marks.degraded |= If(found.native == 0, step->bit);
    found = {};
  }
  for (std::uint32_t left = block.each; left != 0; --left, ++step) {
    found.Add(*step, words);
    if (step->more) continue;
    marks.failed |= If(found.lacking != 0, step->bit);
    marks.degraded |= If(found.degraded != 0, step->bit);
    found = {};
  }
  return marks;
}

// The steps of one block over all of its rules, open or not; a rule that does not hold may be
// marked degraded as well.
[[gnu::always_inline]] inline Marks RunSteps(const Step* step, const StepBlock& block,
                                             const std::uint64_t* words) {
  Marks marks;
  for (std::uint32_t left = block.words; left != 0; --left, ++step) {
    const std::uint64_t hit = step->operand & words[step->offset];
    marks.failed |= If(hit == 0, step->bit);
    marks.degraded |= If((hit & ~words[step->degraded]) == 0, step->bit);
  }
  for (std::uint32_t left = block.limits; left != 0; --left, ++step) {
    const auto number = std::bit_cast<std::int64_t>(step->operand);
    const auto limit = std::bit_cast<std::int64_t>(words[step->offset] ^ step->flip);
    marks.failed |= If(number > limit, step->bit);
  }
  return marks;
}

// Rules of one block that both sides leave open and the steps decide.
struct Open {
  std::uint64_t trees;    // to be judged by their nodes
  std::uint64_t blank;    // a field of `check` is not known
  std::uint64_t stepped;  // decided by steps
};

inline Open OpenRules(const Settled& m, const Settled& w, const StepBlock& steps) {
  const std::uint64_t open = m.open & w.open;
  const std::uint64_t flat = open & steps.flat;
  const std::uint64_t blank = flat & (m.blank | w.blank);
  return {.trees = open & steps.trees, .blank = blank, .stepped = flat & ~blank};
}

// What the steps found, with what each side had settled.
inline Marks Together(const Settled& m, const Settled& w, const Open& open, const Marks& found) {
  const std::uint64_t failed = found.failed & open.stepped;
  return {
      .failed = failed | m.marks.failed | w.marks.failed,
      .unknown = open.blank | m.marks.unknown | w.marks.unknown,
      .degraded = (found.degraded & open.stepped & ~failed) | m.marks.degraded | w.marks.degraded};
}

struct Outcomes {
  std::uint64_t failed, warned, skipped;
};

inline Outcomes OutcomesOf(const Marks& marks, const Policy& policy) {
  return {.failed = (marks.failed & policy.failure_fails) | (marks.unknown & policy.unknown_fails),
          .warned = (marks.failed & ~policy.failure_fails) | marks.degraded |
                    (marks.unknown & ~policy.unknown_fails & ~policy.unknown_skips),
          .skipped = marks.unknown & policy.unknown_skips};
}

Outcomes CheckBlock(const Program& program, const BoundModel& model, const BoundWorker& worker,
                    std::size_t block) {
  const Settled& m = model.settled[block];
  const Settled& w = worker.settled[block];
  const StepBlock& steps = model.steps.blocks[block];
  const std::uint64_t* words = worker.record.words.data();
  const Open open = OpenRules(m, w, steps);
  const Step* first = model.steps.list.data() + steps.first;
  Marks found = RunSteps(first, steps, words);
  if ((steps.any | steps.each) != 0) {
    const Marks sets = RunSets(first + steps.words + steps.limits, steps, words);
    found.failed |= sets.failed;
    found.degraded |= sets.degraded;
  }
  Marks marks = Together(m, w, open, found);
  if (open.trees != 0) {
    const Marks trees = JudgeTrees(program, model.record, worker, block, open.trees);
    marks.failed |= trees.failed;
    marks.unknown |= trees.unknown;
    marks.degraded |= trees.degraded;
  }
  return OutcomesOf(marks, program.policies[block]);
}

void MoveWaived(const Tables& tables, std::string_view model_id, const BoundWorker& worker,
                std::string_view today, Verdict& verdict) {
  for (std::size_t i = 0; i < tables.rules.size(); ++i) {
    if (!Verdict::Has(verdict.failed, i)) continue;
    if (internal::FindWaiver(tables, tables.rules[i].id, model_id, worker.ecp.worker_id, today) ==
        nullptr)
      continue;
    verdict.failed[i / 64] ^= BitOf(i);
    verdict.waived[i / 64] |= BitOf(i);
  }
}

// Any pair over any rule set.
[[gnu::noinline]] Verdict CheckBlocks(const RuleSet& rules, const BoundModel& model,
                                      const BoundWorker& worker, std::string_view today) {
  const Program& program = rules.program();
  if (program.blocks == 1 && !program.waivers) {
    const Outcomes out = CheckBlock(program, model, worker, 0);
    return {out.failed, out.warned, out.skipped};
  }
  Verdict verdict;
  for (std::size_t block = 0; block < program.blocks; ++block) {
    const Outcomes out = CheckBlock(program, model, worker, block);
    verdict.failed[block] = out.failed;
    verdict.warned[block] = out.warned;
    verdict.skipped[block] = out.skipped;
  }
  if (program.waivers) {
    MoveWaived(rules.tables(), model.mcd.model_id, worker, today, verdict);
  }
  return verdict;
}

// Of a model or worker of another rule set.
[[gnu::noinline]] Verdict AllSkipped(std::size_t rules) {
  Verdict verdict;
  for (std::size_t i = 0; i < rules; ++i) verdict.skipped[i / 64] |= BitOf(i);
  return verdict;
}

}  // namespace

// The usual pair is judged here, without a call: at most 64 rules, no waivers, single steps only.
Verdict CapabilityMatcher::Check(const Model& model, const Worker& worker) const noexcept {
  const Program& program = rules_->program();
  const BoundModel& m = model.bound();
  const BoundWorker& w = worker.bound();
  if (m.rules != rules_ || w.rules != rules_) return AllSkipped(program.rules.size());
  const StepBlock& steps = m.steps.blocks[0];
  const Open open = OpenRules(m.settled[0], w.settled[0], steps);
  if (program.blocks != 1 || program.waivers || (steps.any | steps.each | open.trees) != 0) {
    return CheckBlocks(*rules_, m, w, today_);
  }
  const Marks found = RunSteps(m.steps.list.data(), steps, w.record.words.data());
  const Outcomes out =
      OutcomesOf(Together(m.settled[0], w.settled[0], open, found), program.policies[0]);
  return {out.failed, out.warned, out.skipped};
}

// Nothing is settled or laid out for a model that is asked about once: what the worker leaves open
// is judged by its nodes.
std::expected<Verdict, Error> CapabilityMatcher::Check(const Mcd& mcd, const Worker& worker) const {
  const Program& program = rules_->program();
  const BoundWorker& w = worker.bound();
  Record record;
  if (!internal::FillQuickly(program, mcd, record)) {
    const auto model = Bind(mcd);
    if (!model) return std::unexpected(model.error());
    return Check(*model, worker);
  }
  if (w.rules != rules_) return AllSkipped(program.rules.size());
  Verdict verdict;
  for (std::size_t block = 0; block < program.blocks; ++block) {
    const Settled& settled = w.settled[block];
    Marks marks = JudgeTrees(program, record, w, block, settled.open);
    marks.failed |= settled.marks.failed;
    marks.unknown |= settled.marks.unknown;
    marks.degraded |= settled.marks.degraded;
    const Outcomes out = OutcomesOf(marks, program.policies[block]);
    verdict.failed[block] = out.failed;
    verdict.warned[block] = out.warned;
    verdict.skipped[block] = out.skipped;
  }
  if (program.waivers) MoveWaived(rules_->tables(), mcd.model_id, w, today_, verdict);
  return verdict;
}

}  // namespace cmatch
