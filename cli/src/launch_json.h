#ifndef CMATCH_CLI_LAUNCH_JSON_H_
#define CMATCH_CLI_LAUNCH_JSON_H_

#include <optional>
#include <string>

#include "cmatch/command.h"

namespace cmatch::cli {

// "cmatch.launch/1" on one line; without a command: `known` is false.
std::string LaunchJson(const std::optional<EngineCommand>& command);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_LAUNCH_JSON_H_
