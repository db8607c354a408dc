#ifndef CMATCH_ENGINE_LINT_ENGINE_H_
#define CMATCH_ENGINE_LINT_ENGINE_H_

#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/rule_set.h"

namespace cmatch::internal {

// A warning at a place of the tables.
Problem& Warn(std::vector<Problem>& problems, const Tables& tables, Origin where, const char* code,
              std::string message, std::string help);

// Releases that lie between two windows of the engine, over all its files.
void LintWindows(const RuleSet& rules, std::string_view engine, std::vector<Problem>& problems);

// Rows of one file that nothing can reach: no release of the windows, no GPU that the engine runs
// on, or a kernel path before them that takes every model.
void LintReach(const RuleSet& rules, const Engine& engine, std::vector<Problem>& problems);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_LINT_ENGINE_H_
