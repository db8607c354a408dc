#ifndef CMATCH_ENGINE_BOUNDS_H_
#define CMATCH_ENGINE_BOUNDS_H_

// What a clause can still come to when only one side of the pair is known.

#include "evaluate.h"

namespace cmatch::internal {

// Truth and level of a judgement in one order, in which `all` is the least and `any` the greatest.
enum class Grade : std::uint8_t { kFalse, kUnknown, kDegraded, kNative };

constexpr Grade GradeOf(Judgement judgement) {
  if (judgement.truth == Truth::kFalse) return Grade::kFalse;
  if (judgement.truth == Truth::kUnknown) return Grade::kUnknown;
  return judgement.level == Level::kNative ? Grade::kNative : Grade::kDegraded;
}

struct Bounds {
  Grade low;
  Grade high;

  constexpr bool Exact() const { return low == high; }
  constexpr bool Unknowable() const { return low == Grade::kUnknown && high == Grade::kUnknown; }
  constexpr bool Holds() const { return low >= Grade::kDegraded; }
};

// Over one side; what it says holds for every other side.
class SideBounds {
 public:
  SideBounds(const Program& program, const BoundModel& model);
  SideBounds(const Program& program, const BoundWorker& worker);

  Bounds Of(std::uint32_t node) const { return Of(program_.nodes[node]); }
  const Evaluator& evaluator() const { return evaluator_; }

 private:
  Bounds Of(const Node& node) const;
  Bounds OfLeaf(const Node& leaf) const;
  Bounds OfPaths() const;
  Bounds OfGroup(const BoundPathGroup& group) const;
  bool OwnPartUnknown(const Node& leaf) const;
  bool Lacks(std::uint32_t slot) const;

  const Program& program_;
  const BoundWorker* worker_;  // nullptr: the model's side
  Evaluator evaluator_;        // over the side and an empty other one
};

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_BOUNDS_H_
