#ifndef CMATCH_CLI_CONFIG_H_
#define CMATCH_CLI_CONFIG_H_

#include "context.h"

namespace cmatch::cli {

// Fills what the command line left open: from CMATCH_ENGINE, CMATCH_GPU, CMATCH_RULES (directories
// separated by ':'), then from /etc/cmatch/cmatch.yaml where that exists. Errors: kInvalidRules for
// a configuration that cannot be read.
std::expected<void, Error> ApplyDefaults(Globals& globals);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_CONFIG_H_
