#ifndef CMATCH_RULES_IO_H_
#define CMATCH_RULES_IO_H_

// Rules and tables from YAML (rules/), strict: docs/reference/tables.md.

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/rule_set.h"
#include "cmatch/tables.h"

namespace cmatch {

// One input file: its name in messages, and its bytes.
struct RuleFile {
  std::string name;
  std::string text;
};

// The tables compiled into the library.
std::shared_ptr<const RuleSet> LoadBuiltinRules();

// The same with the rows of one engine, for a process that asks about no other: ready in a third of
// the time, and every report on a worker of that engine is the same. Of the other engines it knows
// the names and kinds, but no release, so that it refuses to build their profiles; it has nothing
// to say of them in remedies or tables. An engine that no table has leaves none with rows.
std::shared_ptr<const RuleSet> LoadBuiltinRules(std::string_view engine);

// Reads directories as the command line does: the base is the built-in set, or the first directory
// that holds a validation.yaml; every further one adds to it, in order; files within one sort by
// name. `cases/` and `schema/` are not part of a rule set. Errors: kInvalidRules with every problem
// of all files.
std::expected<std::shared_ptr<const RuleSet>, Error> LoadRules(
    const std::vector<std::string>& directories);

// The same for files in memory, on top of nothing.
std::expected<Tables, Error> ReadTables(const std::vector<RuleFile>& files);

struct LintOptions {
  std::string today = {};  // "YYYY-MM-DD": what is past its date; empty: nothing is
  // Directories that lie beneath what is linted; none: the built-in tables.
  std::vector<std::string> beneath = {};
};

// Every problem of `paths`: of directories as LoadRules() and LoadCases() read them together, what
// their cases say of them, and what is legal but hardly meant (lint.h); and of files of any kind
// each by itself (an overlay on top of what lies beneath). Warnings are about these files alone,
// not about tables beneath them. Codes that begin with `file-` are about what cannot be read.
std::vector<Problem> LintRules(const std::vector<std::string>& paths,
                               const LintOptions& options = {});

// The problems of one file by itself, as LintRules() finds them. A file of that name in the
// directories beneath is left out.
std::vector<Problem> LintFile(const RuleFile& file, const LintOptions& options = {});

}  // namespace cmatch

#endif  // CMATCH_RULES_IO_H_
