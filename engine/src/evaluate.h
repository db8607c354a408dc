#ifndef CMATCH_ENGINE_EVALUATE_H_
#define CMATCH_ENGINE_EVALUATE_H_

#include "program.h"
#include "record.h"

namespace cmatch::internal {

// Judges nodes of one program over one bound pair. Allocates nothing.
class Evaluator {
 public:
  Evaluator(const Program& program, const BoundModel& model, const BoundWorker& worker)
      : Evaluator(program, model.record, worker) {}
  Evaluator(const Program& program, const Record& model, const BoundWorker& worker)
      : program_(program), model_(model), worker_(worker) {}

  Judgement Evaluate(std::uint32_t node) const { return Evaluate(program_.nodes[node]); }
  Judgement Evaluate(const Node& node) const;

  // A group of kernel paths; `chosen` (may be nullptr) receives the path that decides.
  Judgement EvaluateGroup(const BoundPathGroup& group, const BoundPath** chosen) const;

  const Record& RecordOf(const Slot& slot) const { return slot.ecp ? worker_.record : model_; }
  bool Known(const Slot& slot) const { return RecordOf(slot).Known(slot); }
  // The product of the fields on the right; nullopt where one is not known, 0 where it is too
  // large.
  std::optional<std::int64_t> ProductOf(const Node& node) const;
  // The smallest of a least_of's fields that are known; nullopt: none is.
  std::optional<std::int64_t> LeastOf(const Node& node) const;

 private:
  Judgement EvaluateAll(const Node& node) const;
  Judgement EvaluateAny(const Node& node) const;
  Judgement EvaluatePaths() const;
  Judgement EvaluateKinds(const Node& node) const;
  Judgement EvaluateExtras(const Node& node, bool any, Judgement result) const;
  Judgement EvaluateOrder(const Node& node) const;
  Judgement EvaluateText(const Node& node) const;
  Judgement EvaluateVersion(const Node& node) const;
  bool HoldsFor(const Node& node, std::int64_t left) const;

  const Program& program_;
  const Record& model_;
  const BoundWorker& worker_;
};

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_EVALUATE_H_
