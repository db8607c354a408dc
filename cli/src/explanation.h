#ifndef CMATCH_CLI_EXPLANATION_H_
#define CMATCH_CLI_EXPLANATION_H_

// What `cmatch explain` answers: topics that the command itself knows (explain_words.cc) and those
// of the rule set in use (explain_rules.cc, explain_tables.cc).

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmatch/rule_set.h"

namespace cmatch::cli {

struct Explanation {
  std::string id;
  std::string more = {};  // what follows the id on the first line of the text
  // Names and what is said under them, in order; empty ones are left out. "name", "dimension" and
  // "also" stand on the first line of the text already.
  std::vector<std::pair<std::string, std::string>> parts = {};
};

using Explanations = std::vector<Explanation>;

// Names compare without case, '-' as '_'.
bool SameName(std::string_view a, std::string_view b);

// An error of a report or a refusal (IncompatibleQuant).
std::optional<Explanation> ExplainError(std::string_view id);
std::vector<std::string_view> ErrorNames();
// A section of the specification, in full or by its number (CMATCH-8030, 8030).
std::optional<Explanation> ExplainSection(std::string_view id);
// What helps where a rule with this error fails and does not say it itself.
std::string FixOf(std::string_view error);

// Rules by id, in full, by number, or by the section they belong to (CMATCH-8132, 8132.1).
Explanations ExplainRules(const RuleSet& rules, std::string_view id);
Explanations ExplainAdvisories(const RuleSet& rules, std::string_view id);
// Everything in the tables of that name: kinds, architectures, engines, launch keys, fields, GPUs,
// a compute capability.
Explanations ExplainTables(const RuleSet& rules, std::string_view id);
// For did-you-mean.
std::vector<std::string_view> TableNames(const RuleSet& rules);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_EXPLANATION_H_
