// cmatch lint: every problem of rule and table files. Exit 1 for any error found, 2 only where a
// path cannot be read.

#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include "cmatch/rules_io.h"
#include "context.h"

namespace cmatch::cli {
namespace {

struct LintVerb {
  std::vector<std::string> paths;

  Exit Run(Context& run) const;
};

// What cannot be read is not a finding about what it says.
bool Unreadable(const Problem& problem) { return problem.code.starts_with("file-"); }

Exit Tell(Context& run, const Error& error) {
  Exit exit = Exit::kGood;
  for (const Problem& problem : error.problems) {
    if (!problem.warning)
      exit = Worst(exit, Unreadable(problem) ? Exit::kCouldNotJudge : Exit::kBad);
  }
  if (run.json()) {
    Print(RenderJson(error) + '\n');
    return exit;
  }
  for (const Problem& problem : error.problems) Print(RenderProblem(problem, run.out_text()));
  if (!run.globals().quiet) {
    PrintError(std::to_string(error.problems.size()) +
               (error.problems.size() == 1 ? " problem\n" : " problems\n"));
  }
  return exit;
}

Exit LintVerb::Run(Context& run) const {
  const std::vector<std::string> directories = paths.empty() ? run.globals().rules : paths;
  std::vector<Problem> problems;
  if (directories.empty()) {
    run.Rules();  // the built-in set was checked when it was built
  } else {
    problems = LintRules(directories);
  }
  if (!problems.empty()) return Tell(run, MakeError(ErrorKind::kInvalidRules, std::move(problems)));
  if (run.json()) {
    Print(
        "{\"schema\":\"cmatch.error/1\",\"error\":null,\"message\":\"no "
        "problems\",\"problems\":[]}\n");
  } else if (!run.globals().quiet) {
    Print("no problems\n");
  }
  return Exit::kGood;
}

}  // namespace

Verb AddLint(CLI::App& app) {
  auto verb = std::make_shared<LintVerb>();
  app.add_option("PATH", verb->paths, "Rule directories or files (--rules, if none is named)");
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
