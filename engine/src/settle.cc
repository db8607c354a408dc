#include "settle.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "bounds.h"

namespace cmatch::internal {
namespace {

using Subject = Clause::Subject;

constexpr Bounds kAlways{Grade::kNative, Grade::kNative};

Bounds WhenOf(const SideBounds& side, const CompiledRule& rule) {
  return rule.when == kNoSlot ? kAlways : side.Of(rule.when);
}

void SettleRule(const SideBounds& side, const CompiledRule& rule, std::uint64_t bit, Settled& block,
                Marks& marks) {
  if (rule.rule->severity == Severity::kOff) return;
  const Bounds when = WhenOf(side, rule);
  if (when.high == Grade::kFalse) return;  // does not apply
  const Bounds check = side.Of(rule.check);
  if (check.Unknowable()) block.blank |= bit;
  if (when.Unknowable()) {
    marks.unknown |= bit;
  } else if (!when.Holds() || !check.Exact()) {
    block.open |= bit;
  } else if (check.low == Grade::kFalse) {
    marks.failed |= bit;
  } else if (check.low == Grade::kUnknown) {
    marks.unknown |= bit;
  } else if (check.low == Grade::kDegraded) {
    marks.degraded |= bit;
  }
}

void SettleAll(const Program& program, const SideBounds& side,
               std::array<Settled, kRuleBlocks>& settled) {
  std::array<Marks, kRuleBlocks> marks{};
  for (std::size_t i = 0; i < program.rules.size(); ++i) {
    SettleRule(side, program.rules[i], std::uint64_t{1} << (i % 64), settled[i / 64],
               marks[i / 64]);
  }
  for (std::size_t block = 0; block < kRuleBlocks; ++block) {
    settled[block].outcomes = OutcomesOf(marks[block], program.policies[block]);
  }
}

// Turns the rules of one block that a model leaves open into steps.
class StepMaker {
 public:
  StepMaker(const Program& program, const SideBounds& side, BoundModel& model)
      : program_(program), side_(side), model_(model) {}

  void AddBlock(std::size_t block) {
    StepBlock& out = model_.steps.blocks[block];
    const std::size_t end = std::min(program_.rules.size(), block * 64 + 64);
    for (std::size_t i = block * 64; i < end; ++i) {
      bit_ = std::uint64_t{1} << (i % 64);
      if ((model_.settled[block].open & bit_) == 0) continue;
      if (!AddRule(program_.rules[i], model_.settled[block])) out.trees |= bit_;
    }
    out.beyond = out.trees | model_.settled[block].blank;
    std::vector<Step>& list = model_.steps.list;
    out.first = static_cast<std::uint32_t>(list.size());
    const auto move = [&](std::vector<Step>& steps) {
      list.insert(list.end(), steps.begin(), steps.end());
      return static_cast<std::uint32_t>(std::exchange(steps, {}).size());
    };
    out.single = move(single_);
    out.any = move(any_);
    out.each = move(each_);
  }

 private:
  bool AddRule(const CompiledRule& rule, const Settled& settled) {
    // A rule that both sides leave open applies, unless its `when` needs both of them.
    if ((rule.when_sides & kModelSide) != 0 && !WhenOf(side_, rule).Holds()) return false;
    if ((settled.blank & bit_) != 0) return true;
    const Node& node = program_.nodes[rule.check];
    if (node.right == kNoSlot || !program_.slots[node.right].ecp || node.factors != 0) return false;
    if (node.op == Op::kKinds) return AddKinds(node);
    return node.op == Op::kOrder && AddLimit(node);
  }

  bool AddKinds(const Node& node) {
    const Slot& left = program_.slots[node.left];
    const Slot& right = program_.slots[node.right];
    if (left.ecp) return false;
    for (const ExtraKind& extra : model_.record.extras) {
      if (extra.slot == left.index) return false;  // compared by name
    }
    const std::uint64_t* needed = model_.record.Data(left);
    std::vector<Step> steps;
    for (std::uint32_t i = 0; i < left.words; ++i) {
      if (needed[i] == 0 && (i + 1 < left.words || !steps.empty())) continue;
      steps.push_back({.bit = bit_,
                       .mask = needed[i],
                       .offset = right.offset + i,
                       .kinds = true,
                       .more = true});
    }
    steps.back().more = false;
    std::vector<Step>& to = node.subject == Subject::kEachOf ? each_
                            : steps.size() == 1              ? single_
                                                             : any_;
    to.insert(to.end(), steps.begin(), steps.end());
    return true;
  }

  // limit >= number, or the same of both complemented, which is limit <= number.
  bool AddLimit(const Node& node) {
    const auto value = NumberOf(node);
    if (!value) return false;
    const bool most =
        node.relation == Relation::kGreater || node.relation == Relation::kGreaterEqual;
    if (!most && node.relation != Relation::kLess && node.relation != Relation::kLessEqual) {
      return false;
    }
    const auto number = Turned(std::bit_cast<std::uint64_t>(*value));
    std::uint64_t least = most ? ~number : number;
    if (node.relation == Relation::kLess || node.relation == Relation::kGreater) ++least;
    if (least == 0) return false;  // holds always, or never
    single_.push_back(
        {.bit = bit_,
         .mask = ~std::uint64_t{0},
         .least = least,
         .offset = program_.slots[node.right].offset + (most ? program_.ecp_words : 0)});
    return true;
  }

  // The left side where it is one integer of the model.
  std::optional<std::int64_t> NumberOf(const Node& node) const {
    if (node.subject == Subject::kLeastOf) {
      for (std::uint32_t i = 0; i < node.count; ++i) {
        if (program_.slots[program_.slot_lists[node.first + i]].ecp) return std::nullopt;
      }
      return side_.evaluator().LeastOf(node);
    }
    const Slot& left = program_.slots[node.left];
    const FieldType type = left.field->type;
    if (left.ecp || type == FieldType::kNumber || type == FieldType::kIntegers) return std::nullopt;
    return std::bit_cast<std::int64_t>(*model_.record.Data(left));
  }

  const Program& program_;
  const SideBounds& side_;
  BoundModel& model_;
  std::uint64_t bit_ = 0;
  std::vector<Step> single_, any_, each_;
};

Offers OffersOf(const Program& program, const BoundWorker& worker) {
  const Record& record = worker.record;
  Offers offers{.words = record.words, .exact = true};
  std::vector<std::uint64_t>& words = offers.words;
  words.resize(2 * record.words.size());
  for (const Slot& slot : program.slots) {
    if (!slot.ecp) continue;
    if (IsKinds(slot.field->type)) {
      for (std::uint32_t i = slot.offset; i < slot.offset + slot.words; ++i) {
        words[i] &= ~record.words[i + slot.words];
        offers.exact = offers.exact && words[i] == record.words[i];
      }
    } else if (record.Known(slot)) {
      words[slot.offset] = Turned(record.words[slot.offset]);
      words[slot.offset + record.words.size()] = ~words[slot.offset];
    } else {
      words[slot.offset] = 0;
    }
  }
  for (const Settled& block : worker.settled) offers.exact = offers.exact && block.blank == 0;
  return offers;
}

}  // namespace

void Settle(const Program& program, BoundModel& model) {
  const SideBounds side(program, model);
  SettleAll(program, side, model.settled);
  StepMaker maker(program, side, model);
  for (std::size_t block = 0; block * 64 < program.rules.size(); ++block) maker.AddBlock(block);
  const StepBlock& first = model.steps.blocks[0];
  if (program.blocks == 1 && !program.waivers && (first.any | first.each) == 0) {
    model.steps.short_cut = model.rules.get();
  }
}

void Settle(const Program& program, BoundWorker& worker) {
  SettleAll(program, SideBounds(program, worker), worker.settled);
  worker.offers = OffersOf(program, worker);
  worker.direct = !program.direct.odd;
  for (std::size_t block = 0; block < program.blocks; ++block) {
    if ((worker.settled[block].open & ~program.direct.blocks[block].rules) != 0)
      worker.direct = false;
  }
}

std::array<Policy, kRuleBlocks> PoliciesOf(const std::vector<CompiledRule>& rules) {
  std::array<Policy, kRuleBlocks> policies{};
  for (std::size_t i = 0; i < rules.size() && i < kMaxRules; ++i) {
    const Rule& rule = *rules[i].rule;
    Policy& policy = policies[i / 64];
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    const bool warns = rule.severity == Severity::kWarning;
    if (!warns) policy.failure_fails |= bit;
    if (rule.unknown == OnUnknown::kSkip) policy.unknown_skips |= bit;
    if (rule.unknown == OnUnknown::kFail && !warns) policy.unknown_fails |= bit;
  }
  return policies;
}

}  // namespace cmatch::internal
