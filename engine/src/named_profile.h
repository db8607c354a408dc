#ifndef CMATCH_ENGINE_NAMED_PROFILE_H_
#define CMATCH_ENGINE_NAMED_PROFILE_H_

// What a profile that is given whole names of the tables: engine, release, build, capability,
// launch settings. It meets the same checks as one that is built from them (docs/decisions/0006).

#include <vector>

#include "cmatch/ecp.h"
#include "cmatch/error.h"
#include "cmatch/report.h"
#include "cmatch/rule_set.h"
#include "profile.h"

namespace cmatch::internal {

struct NamedProfile {
  EngineProfile profile;  // engine == nullptr: engine, release and capability are not all named
  std::vector<Finding> warnings;
};

// Writes engine, release and launch values in `ecp` as the tables do, where they know them in
// another spelling. `problems` have the pointer of their member as path.
NamedProfile Resolve(const RuleSet& rules, Ecp& ecp, std::vector<Problem>& problems);

// A warning about where the profile comes from (CMATCH-8021).
Finding ProfileWarning(std::string error, std::string message, std::string hint = {});

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_NAMED_PROFILE_H_
