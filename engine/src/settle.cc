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

void SettleRule(const SideBounds& side, const CompiledRule& rule, std::uint64_t bit,
                Settled& block) {
  if (rule.rule->severity == Severity::kOff) return;
  const Bounds when = WhenOf(side, rule);
  if (when.high == Grade::kFalse) return;  // does not apply
  const Bounds check = side.Of(rule.check);
  if (check.Unknowable()) block.blank |= bit;
  if (when.Unknowable()) {
    block.marks.unknown |= bit;
  } else if (!when.Holds() || !check.Exact()) {
    block.open |= bit;
  } else if (check.low == Grade::kFalse) {
    block.marks.failed |= bit;
  } else if (check.low == Grade::kUnknown) {
    block.marks.unknown |= bit;
  } else if (check.low == Grade::kDegraded) {
    block.marks.degraded |= bit;
  }
}

void SettleAll(const Program& program, const SideBounds& side,
               std::array<Settled, kRuleBlocks>& settled) {
  for (std::size_t i = 0; i < program.rules.size(); ++i) {
    SettleRule(side, program.rules[i], std::uint64_t{1} << (i % 64), settled[i / 64]);
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
      (AddRule(program_.rules[i], model_.settled[block]) ? out.flat : out.trees) |= bit_;
    }
    std::vector<Step>& list = model_.steps.list;
    out.first = static_cast<std::uint32_t>(list.size());
    const auto move = [&](std::vector<Step>& steps) {
      list.insert(list.end(), steps.begin(), steps.end());
      return static_cast<std::uint32_t>(std::exchange(steps, {}).size());
    };
    out.words = move(words_);
    out.limits = move(limits_);
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
                       .operand = needed[i],
                       .offset = right.offset + i,
                       .degraded = right.offset + right.words + i,
                       .more = true});
    }
    steps.back().more = false;
    std::vector<Step>& to = node.subject == Subject::kEachOf ? each_
                            : steps.size() == 1              ? words_
                                                             : any_;
    to.insert(to.end(), steps.begin(), steps.end());
    return true;
  }

  // operand <= word, or the same with both complemented, which is operand >= word.
  bool AddLimit(const Node& node) {
    const auto value = NumberOf(node);
    if (!value) return false;
    Step step{.bit = bit_, .offset = program_.slots[node.right].offset};
    constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    std::int64_t bound = *value;
    switch (node.relation) {
      case Relation::kLessEqual:
        break;
      case Relation::kLess:
        if (bound == kMost) return false;
        ++bound;
        break;
      case Relation::kGreaterEqual:
        step.flip = ~std::uint64_t{0};
        break;
      case Relation::kGreater:
        if (bound == kLeast) return false;
        --bound;
        step.flip = ~std::uint64_t{0};
        break;
      case Relation::kIn:
      case Relation::kEqual:
      case Relation::kMultipleOf:
      case Relation::kKnown:
      case Relation::kRunsOn:
        return false;
    }
    step.operand = std::bit_cast<std::uint64_t>(bound) ^ step.flip;
    limits_.push_back(step);
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
  std::vector<Step> words_, any_, each_, limits_;
};

}  // namespace

void Settle(const Program& program, BoundModel& model) {
  const SideBounds side(program, model);
  SettleAll(program, side, model.settled);
  StepMaker maker(program, side, model);
  for (std::size_t block = 0; block * 64 < program.rules.size(); ++block) maker.AddBlock(block);
}

void Settle(const Program& program, BoundWorker& worker) {
  SettleAll(program, SideBounds(program, worker), worker.settled);
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
