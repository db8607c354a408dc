#include "evaluate.h"

#include <algorithm>
#include <bit>

namespace cmatch::internal {
namespace {

using Subject = Clause::Subject;

constexpr Judgement kUnknown{Truth::kUnknown, Level::kNative};

Judgement Is(bool truth) { return {truth ? Truth::kTrue : Truth::kFalse, Level::kNative}; }

template <typename T>
bool Ordered(Relation relation, const T& left, const T& right) {
  switch (relation) {
    case Relation::kEqual:
    case Relation::kIn:
      return left == right;
    case Relation::kLess:
      return left < right;
    case Relation::kLessEqual:
      return !(right < left);
    case Relation::kGreater:
      return right < left;
    case Relation::kGreaterEqual:
      return !(left < right);
    case Relation::kMultipleOf:
    case Relation::kKnown:
    case Relation::kRunsOn:
      break;
  }
  return false;  // not reached: no order
}

}  // namespace

Judgement Evaluator::Evaluate(const Node& node) const {
  switch (node.op) {
    case Op::kKinds:
      return EvaluateKinds(node);
    case Op::kOrder:
      return EvaluateOrder(node);
    case Op::kAll:
      return EvaluateAll(node);
    case Op::kAny:
      return EvaluateAny(node);
    case Op::kNot: {
      const Judgement inner = Evaluate(node.first);
      if (inner.truth == Truth::kUnknown) return kUnknown;
      return Is(inner.truth == Truth::kFalse);
    }
    case Op::kText:
      return EvaluateText(node);
    case Op::kVersion:
      return EvaluateVersion(node);
    case Op::kKnown:
      if (node.subject == Subject::kLeastOf) return Is(LeastOf(node).has_value() == node.wanted);
      return Is(Known(program_.slots[node.left]) == node.wanted);
    case Op::kFloor:
      return worker_.floor;
    case Op::kImages:
      return worker_.images;
    case Op::kPaths:
      return EvaluatePaths();
  }
  return kUnknown;
}

// False if one is; else unknown if one is; a true one has the worst level.
Judgement Evaluator::EvaluateAll(const Node& node) const {
  Judgement all{Truth::kTrue, Level::kNative};
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Judgement one = Evaluate(node.first + i);
    all.truth = std::min(all.truth, one.truth);
    if (one.truth == Truth::kTrue) all.level = std::min(all.level, one.level);
  }
  return all;
}

// True if one is, with the best level of those; else unknown if one is.
Judgement Evaluator::EvaluateAny(const Node& node) const {
  Judgement any{Truth::kFalse, Level::kUnsupported};
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Judgement one = Evaluate(node.first + i);
    any.truth = std::max(any.truth, one.truth);
    if (one.truth == Truth::kTrue) any.level = std::max(any.level, one.level);
  }
  return any;
}

// The engine takes the first path that accepts, also where that one then fails (level unsupported).
// A path that may or may not accept leaves the answer open, unless every path it could be agrees.
Judgement Evaluator::EvaluateGroup(const BoundPathGroup& group, const BoundPath** chosen) const {
  bool may_run = false;
  bool may_fail = false;
  for (const BoundPath& path : group.paths) {
    const Truth accepts = Evaluate(path.node).truth;
    if (accepts == Truth::kFalse) continue;
    const bool runs = path.path->level != Level::kUnsupported;
    if (accepts == Truth::kUnknown) {
      (runs ? may_run : may_fail) = true;
      continue;
    }
    if (runs ? may_fail : may_run) return kUnknown;
    if (chosen != nullptr) *chosen = &path;
    return {runs ? Truth::kTrue : Truth::kFalse, path.path->level};
  }
  return may_run ? kUnknown : Is(false);
}

Judgement Evaluator::EvaluatePaths() const {
  if (!worker_.paths_known) return kUnknown;
  Judgement all{Truth::kTrue, Level::kNative};
  for (const BoundPathGroup& group : worker_.paths) {
    const Judgement one = EvaluateGroup(group, nullptr);
    all.truth = std::min(all.truth, one.truth);
    if (one.truth == Truth::kTrue) all.level = std::min(all.level, one.level);
  }
  return all;
}

Judgement Evaluator::EvaluateKinds(const Node& node) const {
  const Slot& left = program_.slots[node.left];
  const Record& left_record = RecordOf(left);
  if (!left_record.Known(left)) return kUnknown;
  const std::uint64_t* needed = left_record.Data(left);
  const std::uint64_t* offered = program_.masks.data() + node.literal;
  const std::uint64_t* degraded = nullptr;
  if (node.right != kNoSlot) {
    const Slot& right = program_.slots[node.right];
    const Record& right_record = RecordOf(right);
    if (!right_record.Known(right)) return kUnknown;
    offered = right_record.Data(right);
    if (right.ecp) degraded = offered + right.words;
  }
  std::uint64_t found = 0;
  std::uint64_t native = 0;
  std::uint64_t lacking = 0;
  std::uint64_t poor = 0;
  for (std::uint32_t i = 0; i < left.words; ++i) {
    const std::uint64_t hit = needed[i] & offered[i];
    const std::uint64_t weak = degraded == nullptr ? 0 : hit & degraded[i];
    found |= hit;
    native |= hit & ~weak;
    poor |= weak;
    lacking |= needed[i] & ~offered[i];
  }
  const bool any = node.subject != Subject::kEachOf;
  Judgement result;
  if (any) {
    result = {found != 0 ? Truth::kTrue : Truth::kFalse,
              native != 0 ? Level::kNative : Level::kDegraded};
  } else {
    result = {lacking == 0 ? Truth::kTrue : Truth::kFalse,
              poor == 0 ? Level::kNative : Level::kDegraded};
  }
  return left_record.extras.empty() ? result : EvaluateExtras(node, any, result);
}

// Kinds that no table knows are compared by name with those of the other side.
Judgement Evaluator::EvaluateExtras(const Node& node, bool any, Judgement result) const {
  const Slot& left = program_.slots[node.left];
  const auto offered = [&](std::string_view name) {
    if (node.right == kNoSlot) return false;
    const Slot& right = program_.slots[node.right];
    const std::vector<ExtraKind>& extras = RecordOf(right).extras;
    return std::any_of(extras.begin(), extras.end(), [&](const ExtraKind& extra) {
      return extra.slot == right.index && extra.name == name;
    });
  };
  for (const ExtraKind& extra : RecordOf(left).extras) {
    if (extra.slot != left.index) continue;
    const bool found = offered(extra.name);
    if (any && found) return Is(true);
    if (!any && !found) return Is(false);
  }
  return result;
}

std::optional<std::int64_t> Evaluator::LeastOf(const Node& node) const {
  std::optional<std::int64_t> least;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Slot& slot = program_.slots[program_.slot_lists[node.first + i]];
    if (!Known(slot)) continue;
    const auto value = std::bit_cast<std::int64_t>(*RecordOf(slot).Data(slot));
    least = least ? std::min(*least, value) : value;
  }
  return least;
}

std::optional<std::int64_t> Evaluator::ProductOf(const Node& node) const {
  std::int64_t product = 1;
  for (std::uint32_t i = 0; i < node.factors; ++i) {
    const Slot& slot = program_.slots[program_.slot_lists[node.product + i]];
    if (!Known(slot)) return std::nullopt;
    const auto factor = std::bit_cast<std::int64_t>(*RecordOf(slot).Data(slot));
    if (__builtin_mul_overflow(product, factor, &product)) return 0;
  }
  return product;
}

bool Evaluator::HoldsFor(const Node& node, std::int64_t left) const {
  const auto holds = [&](std::int64_t right) {
    if (node.relation == Relation::kMultipleOf) return right > 0 && left % right == 0;
    return Ordered(node.relation, left, right);
  };
  if (node.factors != 0) {
    const std::int64_t product = ProductOf(node).value_or(0);
    return product != 0 && holds(product);
  }
  if (node.right != kNoSlot) {
    const Slot& right = program_.slots[node.right];
    return holds(std::bit_cast<std::int64_t>(*RecordOf(right).Data(right)));
  }
  for (std::uint32_t i = 0; i < node.literals; ++i) {
    if (holds(program_.numbers[node.literal + i])) return true;
  }
  return false;
}

Judgement Evaluator::EvaluateOrder(const Node& node) const {
  if (node.right != kNoSlot && !Known(program_.slots[node.right])) return kUnknown;
  if (node.factors != 0 && !ProductOf(node)) return kUnknown;
  if (node.subject == Subject::kLeastOf) {
    const auto least = LeastOf(node);
    return least ? Is(HoldsFor(node, *least)) : kUnknown;
  }
  const Slot& left = program_.slots[node.left];
  const Record& record = RecordOf(left);
  if (!record.Known(left)) return kUnknown;
  const std::uint64_t word = *record.Data(left);
  if (left.field->type == FieldType::kNumber) {
    const double right =
        node.right != kNoSlot
            ? std::bit_cast<double>(
                  *RecordOf(program_.slots[node.right]).Data(program_.slots[node.right]))
            : program_.reals[node.literal];
    return Is(Ordered(node.relation, std::bit_cast<double>(word), right));
  }
  if (left.field->type != FieldType::kIntegers) {
    return Is(HoldsFor(node, std::bit_cast<std::int64_t>(word)));
  }
  const std::vector<std::int64_t>& list = record.lists[word];
  const auto holds = [&](std::int64_t value) { return HoldsFor(node, value); };
  return Is(node.subject == Subject::kAnyOf ? std::any_of(list.begin(), list.end(), holds)
                                            : std::all_of(list.begin(), list.end(), holds));
}

Judgement Evaluator::EvaluateText(const Node& node) const {
  const Slot& left = program_.slots[node.left];
  if (!Known(left)) return kUnknown;
  const std::string& text = RecordOf(left).texts[*RecordOf(left).Data(left)];
  if (node.right != kNoSlot) {
    const Slot& right = program_.slots[node.right];
    if (!Known(right)) return kUnknown;
    return Is(text == RecordOf(right).texts[*RecordOf(right).Data(right)]);
  }
  for (std::uint32_t i = 0; i < node.literals; ++i) {
    if (text == program_.texts[node.literal + i]) return Is(true);
  }
  return Is(false);
}

Judgement Evaluator::EvaluateVersion(const Node& node) const {
  const Slot& left = program_.slots[node.left];
  if (!Known(left)) return kUnknown;
  const Version& version = RecordOf(left).versions[*RecordOf(left).Data(left)];
  if (node.right == kNoSlot) {
    return Is(Ordered(node.relation, version, program_.versions[node.literal]));
  }
  const Slot& right = program_.slots[node.right];
  if (!Known(right)) return kUnknown;
  return Is(
      Ordered(node.relation, version, RecordOf(right).versions[*RecordOf(right).Data(right)]));
}

}  // namespace cmatch::internal
