#ifndef CMATCH_CLI_FIX_H_
#define CMATCH_CLI_FIX_H_

#include <expected>
#include <string>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/rules_io.h"
#include "context.h"

namespace cmatch::cli {

struct FixOutcome {
  std::string told;               // what was changed, or with `dry` the differences
  std::vector<Problem> problems;  // of files that cannot be read or written
  std::size_t fixes = 0;
};

// Mends what is safe to mend in the files that `problems` are about (rules_fix.h). A file is
// replaced as a whole, or not at all. `dry`: nothing is written.
FixOutcome FixFiles(const std::vector<Problem>& problems, const LintOptions& options, bool dry);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_FIX_H_
