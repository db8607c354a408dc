// Check(): what both sides have settled alone, then the model's steps over the worker's words.

#include <bit>

#include "cmatch/check.h"
#include "direct_check.h"
#include "judge.h"

namespace cmatch {

using internal::BoundModel;
using internal::BoundWorker;
using internal::Marks;
using internal::Outcomes;
using internal::Program;
using internal::Record;
using internal::Settled;
using internal::Step;
using internal::StepBlock;

namespace {

constexpr std::uint64_t BitOf(std::size_t rule) { return std::uint64_t{1} << (rule % 64); }

constexpr std::uint64_t If(bool condition, std::uint64_t bit) { return condition ? bit : 0; }

// Rules of single steps that do not hold.
[[gnu::always_inline]] inline std::uint64_t NotHeld(const Step* step, std::uint32_t count,
                                                    const std::uint64_t* words) {
  std::uint64_t rules = 0;
  for (const Step* end = step + count; step != end; ++step) {
    if ((words[step->offset] & step->mask) < step->least) [[unlikely]]
      rules |= step->bit;
  }
  return rules;
}

// One set of kinds over several steps.
struct KindsFound {
  std::uint64_t native = 0, degraded = 0, lacking = 0;

  void Add(const Step& step, const BoundWorker& worker) {
    const std::uint64_t hit = step.mask & worker.record.words[step.offset];
    const std::uint64_t good = step.mask & worker.offers.words[step.offset];
    native |= good;
    degraded |= hit & ~good;
    lacking |= step.mask & ~hit;
  }
};

// Sets of several words, and those of which each kind must be there.
Marks RunSets(const Step* step, const StepBlock& block, const BoundWorker& worker) {
  Marks marks;
  KindsFound found;
  for (std::uint32_t left = block.any; left != 0; --left, ++step) {
    found.Add(*step, worker);
    if (step->more) continue;
    marks.failed |= If((found.native | found.degraded) == 0, step->bit);
    marks.degraded |= If(found.native == 0 && found.degraded != 0, step->bit);
    found = {};
  }
  for (std::uint32_t left = block.each; left != 0; --left, ++step) {
    found.Add(*step, worker);
    if (step->more) continue;
    marks.failed |= If(found.lacking != 0, step->bit);
    marks.degraded |= If(found.lacking == 0 && found.degraded != 0, step->bit);
    found = {};
  }
  return marks;
}

// The steps of one block over all of its rules, open or not.
Marks RunSteps(const BoundModel& model, const BoundWorker& worker, const StepBlock& steps) {
  const Step* first = model.steps.list.data() + steps.first;
  Marks marks = RunSets(first + steps.single, steps, worker);
  const std::uint64_t not_native = NotHeld(first, steps.single, worker.offers.words.data());
  for (const Step* step = first; step != first + steps.single; ++step) {
    if ((not_native & step->bit) == 0) continue;
    const bool runs = step->kinds && (worker.record.words[step->offset] & step->mask) != 0;
    (runs ? marks.degraded : marks.failed) |= step->bit;
  }
  return marks;
}

Outcomes CheckBlock(const Program& program, const BoundModel& model, const BoundWorker& worker,
                    std::size_t block) {
  const Settled& m = model.settled[block];
  const Settled& w = worker.settled[block];
  const StepBlock& steps = model.steps.blocks[block];
  const std::uint64_t open = m.open & w.open;
  const std::uint64_t flat = open & ~steps.trees;
  Marks marks = RunSteps(model, worker, steps);
  marks.unknown = flat & (m.blank | w.blank);
  marks.failed &= flat & ~marks.unknown;
  marks.degraded &= flat & ~marks.unknown;
  if ((open & steps.trees) != 0) {
    marks |= internal::JudgeRules(program, model.record, worker, block, open & steps.trees);
  }
  Outcomes outcomes = OutcomesOf(marks, program.policies[block]);
  outcomes |= m.outcomes;
  outcomes |= w.outcomes;
  return outcomes;
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

// Of a model or worker of another rule set.
[[gnu::noinline]] Verdict AllSkipped(std::size_t rules) {
  Verdict verdict;
  for (std::size_t i = 0; i < rules; ++i) verdict.skipped[i / 64] |= BitOf(i);
  return verdict;
}

// `outcomes_of` a block, before waivers.
template <typename Function>
Verdict VerdictOf(const RuleSet& rules, const Mcd& mcd, const BoundWorker& worker,
                  std::string_view today, const Function& outcomes_of) {
  const Program& program = rules.program();
  Verdict verdict;
  for (std::size_t block = 0; block < program.blocks; ++block) {
    const Outcomes out = outcomes_of(block);
    verdict.failed[block] = out.failed;
    verdict.warned[block] = out.warned;
    verdict.skipped[block] = out.skipped;
  }
  if (program.waivers) MoveWaived(rules.tables(), mcd.model_id, worker, today, verdict);
  return verdict;
}

// What becomes of the rules of a block that the worker leaves open, and what it has settled.
Outcomes WithSettled(const Marks& open, const Program& program, const BoundWorker& worker,
                     std::size_t block) {
  Outcomes outcomes = OutcomesOf(open, program.policies[block]);
  outcomes |= worker.settled[block].outcomes;
  return outcomes;
}

// Any pair over any rule set.
[[gnu::noinline]] Verdict CheckAny(const RuleSet& rules, const BoundModel& model,
                                   const BoundWorker& worker, std::string_view today) {
  const Program& program = rules.program();
  if (model.rules.get() != &rules || worker.rules.get() != &rules) {
    return AllSkipped(program.rules.size());
  }
  return VerdictOf(rules, model.mcd, worker, today,
                   [&](std::size_t block) { return CheckBlock(program, model, worker, block); });
}

// Over a record, by the nodes of the rules.
[[gnu::noinline]] std::expected<Verdict, Error> CheckRecord(const CapabilityMatcher& matcher,
                                                            const Mcd& mcd, const Worker& worker) {
  const RuleSet& rules = matcher.rules();
  const Program& program = rules.program();
  const BoundWorker& w = worker.bound();
  Record record;
  if (!internal::FillQuickly(program, mcd, record)) {
    const auto model = matcher.Bind(mcd);
    if (!model) return std::unexpected(model.error());
    return matcher.Check(*model, worker);
  }
  if (w.rules.get() != &rules) return AllSkipped(program.rules.size());
  return VerdictOf(rules, mcd, w, matcher.today(), [&](std::size_t block) {
    const std::uint64_t open = w.settled[block].open;
    return WithSettled(internal::JudgeRules(program, record, w, block, open), program, w, block);
  });
}

}  // namespace

// The usual pair is judged here, without a call: at most 64 rules, no waivers, all that is open
// decided by single steps.
Verdict CapabilityMatcher::Check(const Model& model, const Worker& worker) const noexcept {
  const BoundModel& m = model.bound();
  const BoundWorker& w = worker.bound();
  const RuleSet* rules = rules_.get();
  const Settled& ours = m.settled[0];
  const Settled& theirs = w.settled[0];
  const StepBlock& steps = m.steps.blocks[0];
  const std::uint64_t open = ours.open & theirs.open;
  if (m.steps.short_cut != rules || w.rules.get() != rules || (open & steps.beyond) != 0) {
    return CheckAny(*rules, m, w, today_);
  }
  const std::uint64_t failed =
      open & NotHeld(m.steps.list.data(), steps.single, w.offers.words.data());
  Outcomes outcomes{};
  if (failed != 0) [[unlikely]] {
    if (!w.offers.exact) return CheckAny(*rules, m, w, today_);
    outcomes = OutcomesOf({.failed = failed}, rules->program().policies[0]);
  }
  return {ours.outcomes.failed | theirs.outcomes.failed | outcomes.failed,
          ours.outcomes.warned | theirs.outcomes.warned | outcomes.warned,
          ours.outcomes.skipped | theirs.outcomes.skipped};
}

// Nothing is settled or laid out for a model that is asked about once: what the worker leaves open
// is judged over the MCD itself or, where that will not do, over a record.
std::expected<Verdict, Error> CapabilityMatcher::Check(const Mcd& mcd, const Worker& worker) const {
  const BoundWorker& w = worker.bound();
  const RuleSet& rules = *rules_;
  const Program& program = rules.program();
  internal::DirectCheck direct(program, mcd, w);
  if (w.rules.get() != &rules || !direct.Ready()) return CheckRecord(*this, mcd, worker);
  const auto outcomes_of = [&](std::size_t block) {
    return WithSettled(direct.Judge(block), program, w, block);
  };
  if (program.blocks != 1 || program.waivers) {
    return VerdictOf(rules, mcd, w, today_, outcomes_of);
  }
  const Outcomes out = outcomes_of(0);
  return std::expected<Verdict, Error>(std::in_place, out.failed, out.warned, out.skipped);
}

}  // namespace cmatch
