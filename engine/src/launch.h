#ifndef CMATCH_ENGINE_LAUNCH_H_
#define CMATCH_ENGINE_LAUNCH_H_

// The launch settings of an engine release, asked for by themselves or stated in a whole profile.

#include <optional>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/rule_set.h"
#include "profile.h"

namespace cmatch::internal {

// The row of a setting; nullptr where the release has none.
const LaunchKey* FindLaunchKey(const std::vector<const LaunchKey*>& keys, std::string_view name);

// `value` as the table writes it, a number for a setting of numbers; nullopt where the release does
// not take it.
std::optional<Value> LaunchValue(const RuleSet& rules, const LaunchKey& key, const Value& value);

// The settings of every release of an engine, a row for each range of releases.
std::vector<const LaunchKey*> AllLaunchKeys(const RuleSet& rules, std::string_view engine);

// What is known, and what is near. Their path is that of the setting.
Problem BadLaunchValue(const EngineProfile& release, const LaunchKey& key, std::string_view value);
Problem UnknownLaunchKey(const EngineProfile& release, std::string_view name);

// The same where no release is named: what none of the engine's takes. `rows`: those of the
// setting, at least one.
Problem BadLaunchValue(std::string_view engine, const std::vector<const LaunchKey*>& rows,
                       std::string_view value);
Problem UnknownLaunchKey(const RuleSet& rules, std::string_view engine, std::string_view name);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_LAUNCH_H_
