#ifndef CMATCH_CLI_CHECK_LOG_H_
#define CMATCH_CLI_CHECK_LOG_H_

// The verdicts of a run of `check` as findings beside the models' files, for SARIF and annotations.

#include <string>

#include "cmatch/error.h"
#include "cmatch/report.h"
#include "cmatch/results.h"
#include "cmatch/rule_set.h"

namespace cmatch::cli {

// Every rule of the set, whether or not something fails it.
ToolRun StartCheckLog(const RuleSet& rules);

// `model`: as it was named; the place of the findings. What a rule could not check is told as open,
// what was waived as suppressed.
void AddToLog(const std::string& model, const Report& report, ToolRun& run);
// The run is then one that did not succeed.
void AddToLog(const std::string& model, const Error& error, ToolRun& run);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_CHECK_LOG_H_
