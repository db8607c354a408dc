#ifndef CMATCH_ENGINE_DIFF_TABLES_H_
#define CMATCH_ENGINE_DIFF_TABLES_H_

#include <string_view>

#include "cmatch/diff.h"

namespace cmatch::internal {

// Rules, waivers, kinds, types, architectures, GPUs and the settings of engines: what was added,
// removed, or differs. Adds to `diff.tables`.
void CompareTables(const RuleSet& before, const RuleSet& after, std::string_view today,
                   RuleSetDiff& diff);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_DIFF_TABLES_H_
