#ifndef CMATCH_LINT_H_
#define CMATCH_LINT_H_

// What is legal in rules and tables and yet hardly meant. Pure; safe from any thread.

#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/rule_set.h"

namespace cmatch {

// Warnings, by engine and then by what else they are about: releases between two windows
// (rules-window-gap), rows that no release or GPU can reach (rules-unreachable-row), kinds that no
// engine has rows for (rules-unused-kind), overlays and waivers past their date (rules-expired),
// changes that change nothing (rules-idle-change), open lists that no rule asks about
// (rules-idle-open), rules without a source (rules-no-source).
// `today` is "YYYY-MM-DD"; empty: nothing has expired.
std::vector<Problem> LintTables(const RuleSet& rules, std::string_view today);

}  // namespace cmatch

#endif  // CMATCH_LINT_H_
