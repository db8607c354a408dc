#include "bounds.h"

#include <algorithm>

namespace cmatch::internal {
namespace {

constexpr Bounds kOpen{Grade::kFalse, Grade::kNative};
constexpr Bounds kUnknowable{Grade::kUnknown, Grade::kUnknown};

constexpr Bounds Exactly(Grade grade) { return {grade, grade}; }
Bounds Exactly(Judgement judgement) { return Exactly(GradeOf(judgement)); }

constexpr Grade Not(Grade grade) {
  if (grade == Grade::kUnknown) return grade;
  return grade == Grade::kFalse ? Grade::kNative : Grade::kFalse;
}

// Never read: the evaluator is asked for nodes of the other side only.
const BoundModel& NoModel() {
  static const BoundModel none;
  return none;
}

const BoundWorker& NoWorker() {
  static const BoundWorker none;
  return none;
}

}  // namespace

SideBounds::SideBounds(const Program& program, const BoundModel& model)
    : program_(program), worker_(nullptr), evaluator_(program, model, NoWorker()) {}

SideBounds::SideBounds(const Program& program, const BoundWorker& worker)
    : program_(program), worker_(&worker), evaluator_(program, NoModel(), worker) {}

Bounds SideBounds::Of(const Node& node) const {
  switch (node.op) {
    case Op::kAll: {
      Bounds all = Exactly(Grade::kNative);
      for (std::uint32_t i = 0; i < node.count; ++i) {
        const Bounds one = Of(node.first + i);
        all = {std::min(all.low, one.low), std::min(all.high, one.high)};
      }
      return all;
    }
    case Op::kAny: {
      Bounds any = Exactly(Grade::kFalse);
      for (std::uint32_t i = 0; i < node.count; ++i) {
        const Bounds one = Of(node.first + i);
        any = {std::max(any.low, one.low), std::max(any.high, one.high)};
      }
      return any;
    }
    case Op::kNot: {
      const Bounds inner = Of(node.first);
      // Not() falls as its argument grows, but for the one in the middle.
      const Bounds turned{Not(inner.high), Not(inner.low)};
      return {std::min(turned.low, turned.high), std::max(turned.low, turned.high)};
    }
    case Op::kPaths:
      return worker_ == nullptr ? kOpen : OfPaths();
    case Op::kFloor:
    case Op::kImages:
    case Op::kKinds:
    case Op::kOrder:
    case Op::kText:
    case Op::kVersion:
    case Op::kKnown:
      return OfLeaf(node);
  }
  return kOpen;
}

Bounds SideBounds::OfLeaf(const Node& leaf) const {
  const std::uint8_t own = worker_ == nullptr ? kModelSide : kWorkerSide;
  if (leaf.sides == own) return Exactly(evaluator_.Evaluate(leaf));
  if ((leaf.sides & own) != 0 && leaf.op != Op::kKnown && OwnPartUnknown(leaf)) return kUnknowable;
  return kOpen;
}

// The field is this side's and not known.
bool SideBounds::Lacks(std::uint32_t slot) const {
  if (slot == kNoSlot) return false;
  const Slot& field = program_.slots[slot];
  return field.ecp == (worker_ != nullptr) && !evaluator_.Known(field);
}

// Of a test over both sides.
bool SideBounds::OwnPartUnknown(const Node& leaf) const {
  if (Lacks(leaf.right)) return true;
  for (std::uint32_t i = 0; i < leaf.factors; ++i) {
    if (Lacks(program_.slot_lists[leaf.product + i])) return true;
  }
  if (leaf.subject != Clause::Subject::kLeastOf) return Lacks(leaf.left);
  for (std::uint32_t i = 0; i < leaf.count; ++i) {
    if (!Lacks(program_.slot_lists[leaf.first + i])) return false;
  }
  return true;
}

Bounds SideBounds::OfPaths() const {
  if (!worker_->paths_known) return kUnknowable;
  Bounds all = Exactly(Grade::kNative);
  for (const BoundPathGroup& group : worker_->paths) {
    const Bounds one = OfGroup(group);
    all = {std::min(all.low, one.low), std::min(all.high, one.high)};
  }
  return all;
}

// Decided where the first path that can accept is one that accepts every model.
Bounds SideBounds::OfGroup(const BoundPathGroup& group) const {
  for (const BoundPath& path : group.paths) {
    const Bounds accepts = Of(path.node);
    if (accepts.high == Grade::kFalse) continue;
    if (!accepts.Holds()) return kOpen;
    const bool runs = path.path->level != Level::kUnsupported;
    return Exactly({runs ? Truth::kTrue : Truth::kFalse, path.path->level});
  }
  return Exactly(Grade::kFalse);
}

}  // namespace cmatch::internal
