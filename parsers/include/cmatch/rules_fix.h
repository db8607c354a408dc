#ifndef CMATCH_RULES_FIX_H_
#define CMATCH_RULES_FIX_H_

// Mends what is wrong with a rule file where there is one way to mean it (`cmatch lint --fix`).

#include <string>
#include <vector>

#include "cmatch/location.h"
#include "cmatch/rules_io.h"

namespace cmatch {

// One edit: `from` at `where` became `to`. All other bytes stay.
struct RuleFix {
  std::string code;  // of the problem that it mends
  Location where;    // in the text as it was before this edit
  std::string from, to;
};

struct FixedFile {
  std::string text;
  std::vector<RuleFix> fixes;
};

// Mends, one after another:
// - a compute capability or image without quotes (yaml-unquoted-compute): the same, in quotes;
// - a key or word that is one edit away from the only one it may be (yaml-unknown-key,
//   yaml-unknown-word);
// - a single value where a list is wanted (yaml-wrong-type): the same, in brackets;
// - an integer in quotes (yaml-wrong-type): without them;
// - tabs before a comment, or in a line of blanks (yaml-tab): spaces.
// An edit after which the file has not fewer problems (LintFile) is not made.
FixedFile FixFile(const RuleFile& file, const LintOptions& options = {});

}  // namespace cmatch

#endif  // CMATCH_RULES_FIX_H_
