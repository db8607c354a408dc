#ifndef CMATCH_ENGINE_ADVISORIES_H_
#define CMATCH_ENGINE_ADVISORIES_H_

#include "evaluate.h"

namespace cmatch::internal {

// Calls visit(advisory, truth) for each advisory of the worker's engine release that may concern
// the model, in table order: `truth` is that of its `when`, true or unknown.
template <typename Visit>
void ForEachAdvisory(const Evaluator& evaluator, const Program& program, const BoundWorker& worker,
                     Visit visit) {
  const EngineProfile& profile = worker.profile;
  if (profile.engine == nullptr || !profile.version) return;
  for (const CompiledAdvisory& compiled : program.advisories) {
    if (compiled.advisory->severity == Severity::kOff) continue;
    if (compiled.advisory->engine != profile.engine->name) continue;
    if (!compiled.versions.Contains(*profile.version)) continue;
    const Truth truth =
        compiled.when == kNoSlot ? Truth::kTrue : evaluator.Evaluate(compiled.when).truth;
    if (truth != Truth::kFalse) visit(compiled, truth);
  }
}

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_ADVISORIES_H_
