#ifndef CMATCH_CASE_RUNNER_H_
#define CMATCH_CASE_RUNNER_H_

// Runs regression cases of rule tables (cases_io.h) against a rule set: what `cmatch test` does,
// and a RuleStore before it takes new rules. Pure; safe from any thread.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/cases_io.h"
#include "cmatch/coverage.h"
#include "cmatch/diff.h"
#include "cmatch/error.h"
#include "cmatch/location.h"
#include "cmatch/rule_set.h"

namespace cmatch {

struct CaseResult {
  std::string id;
  Location where;
  std::string failure;  // what was expected and what came; empty: as expected
};

// One result a case, in order. `coverage`, where it is not null, counts the table rows they reach.
std::vector<CaseResult> RunCases(const std::shared_ptr<const RuleSet>& rules, const Cases& cases,
                                 Coverage* coverage = nullptr);

// The cases that are not as expected, as problems (rules-case-failed).
std::vector<Problem> FailedCases(std::vector<CaseResult> results);

// What the rule set says of each case, whatever it states, for CompareCases() (diff.h). `today` as
// in CheckOptions.
std::vector<CaseVerdict> JudgeCases(const std::shared_ptr<const RuleSet>& rules, const Cases& cases,
                                    std::string_view today = {});

}  // namespace cmatch

#endif  // CMATCH_CASE_RUNNER_H_
