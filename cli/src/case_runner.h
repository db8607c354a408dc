#ifndef CMATCH_CLI_CASE_RUNNER_H_
#define CMATCH_CLI_CASE_RUNNER_H_

#include <memory>
#include <string>
#include <vector>

#include "cmatch/cases_io.h"
#include "cmatch/coverage.h"

namespace cmatch::cli {

struct CaseResult {
  std::string id;
  Location where;
  std::string failure;  // empty: as expected
};

// Runs regression cases against one rule set; `coverage` counts the table rows they reach.
std::vector<CaseResult> RunCases(const std::shared_ptr<const RuleSet>& rules, const Cases& cases,
                                 Coverage& coverage);

std::string EscapeXml(std::string_view text);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_CASE_RUNNER_H_
