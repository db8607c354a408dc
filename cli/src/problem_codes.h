#ifndef CMATCH_CLI_PROBLEM_CODES_H_
#define CMATCH_CLI_PROBLEM_CODES_H_

// What docs/errors-*.md say of each problem code; the pages are compiled in.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmatch::cli {

struct ProblemCode {
  std::string what, fix;  // Markdown, on one line each; `fix` may be empty
  std::string page;       // "docs/errors-gguf.md"
};

// Nothing where no page has a heading `### CODE`.
std::optional<ProblemCode> FindProblemCode(std::string_view code);

// All codes, page by page.
std::vector<std::string_view> ProblemCodeNames();

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_PROBLEM_CODES_H_
