#ifndef CMATCH_CLI_PROBLEM_PAGES_H_
#define CMATCH_CLI_PROBLEM_PAGES_H_

#include <cstddef>
#include <string_view>

namespace cmatch::cli {

// A page of docs/, as text; the definitions are written by the build (cli/CMakeLists.txt).
struct ProblemPage {
  std::string_view name, text;
};
extern const ProblemPage kProblemPages[];
extern const std::size_t kProblemPageCount;

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_PROBLEM_PAGES_H_
