#ifndef CMATCH_ENGINE_SETTLE_H_
#define CMATCH_ENGINE_SETTLE_H_

#include "program.h"
#include "record.h"

namespace cmatch::internal {

// Judges every rule by one side alone; a model also gets its steps.
void Settle(const Program& program, BoundModel& model);
void Settle(const Program& program, BoundWorker& worker);

// The severities of the rules as masks.
std::array<Policy, kRuleBlocks> PoliciesOf(const std::vector<CompiledRule>& rules);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_SETTLE_H_
