// cmatch lint: every problem of rule and table files. Exit 1 for any error found, 2 only where a
// path cannot be read.

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "cmatch/results.h"
#include "cmatch/rules_io.h"
#include "context.h"
#include "dates.h"
#include "fix.h"
#include "problem_codes.h"

namespace cmatch::cli {
namespace {

struct LintVerb {
  std::vector<std::string> paths;
  std::string today;
  bool strict = false, fix = false, dry_run = false;

  Exit Run(Context& run) const;
  Exit ExitOf(const std::vector<Problem>& problems) const;
};

// The lines of files that problems are about, for excerpts.
class Lines {
 public:
  // "" where there is none.
  std::string_view At(const Location& where) {
    const auto [file, added] = files_.try_emplace(where.file);
    if (added) {
      if (auto text = ReadInput(where.file, ErrorKind::kInvalidRules)) file->second = *text;
    }
    std::string_view rest = file->second;
    for (std::uint32_t line = 1; line < where.line && !rest.empty(); ++line) {
      rest.remove_prefix(std::min(std::min(rest.find('\n'), rest.size()) + 1, rest.size()));
    }
    const std::string_view line = where.line == 0 ? "" : rest.substr(0, rest.find('\n'));
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
  }

 private:
  std::map<std::string, std::string, std::less<>> files_;
};

// What cannot be read is not a finding about what it says.
bool Unreadable(const Problem& problem) { return problem.code.starts_with("file-"); }

ToolRun ResultsOf(const std::vector<Problem>& problems) {
  ToolRun run;
  run.tool_version = CMATCH_VERSION;
  for (const Problem& problem : problems) {
    const auto known = [&](const ToolRule& rule) { return rule.id == problem.code; };
    if (std::none_of(run.rules.begin(), run.rules.end(), known)) {
      const ProblemCode page = FindProblemCode(problem.code).value_or(ProblemCode{});
      run.rules.push_back({.id = problem.code, .description = page.what, .help = page.fix});
    }
    ToolResult& result = run.results.emplace_back();
    result.rule = problem.code;
    result.level = problem.warning ? ResultLevel::kWarning : ResultLevel::kError;
    result.message = problem.message + (problem.help.empty() ? "" : "; " + problem.help);
    result.where = problem.where;
    for (const Note& note : problem.notes) result.related.push_back({note.message, note.where});
    if (Unreadable(problem)) run.successful = false;
  }
  return run;
}

void Tell(const Context& run, const std::vector<Problem>& problems) {
  if (run.json()) return Print(RenderJson(problems) + '\n');
  if (run.globals().format == "sarif") return Print(RenderSarif(ResultsOf(problems)) + '\n');
  if (run.globals().format == "github") return Print(RenderGithub(ResultsOf(problems)));
  Lines lines;
  for (const Problem& problem : problems) {
    Print(RenderProblem(problem, lines.At(problem.where), run.out_text()));
  }
  if (run.globals().quiet) return;
  if (problems.empty()) return Print("no problems\n");
  PrintError(std::to_string(problems.size()) +
             (problems.size() == 1 ? " problem\n" : " problems\n"));
}

Exit LintVerb::ExitOf(const std::vector<Problem>& problems) const {
  Exit exit = Exit::kGood;
  for (const Problem& problem : problems) {
    if (problem.warning && !strict) continue;
    exit = Worst(exit, Unreadable(problem) ? Exit::kCouldNotJudge : Exit::kBad);
  }
  return exit;
}

// A file is mended among the directories that it was linted with.
LintOptions AllBeneath(LintOptions options, const std::vector<std::string>& named) {
  for (const std::string& path : named) {
    struct stat status{};
    if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
      options.beneath.push_back(path);
    }
  }
  return options;
}

Exit LintVerb::Run(Context& run) const {
  const std::vector<std::string> named = paths.empty() ? run.globals().rules : paths;
  // With PATH, --rules lies beneath.
  LintOptions options{
      .today = today.empty() ? Today() : today,
      .beneath = paths.empty() ? std::vector<std::string>{} : run.globals().rules_given};
  std::vector<Problem> problems;
  // The built-in set was checked when it was built.
  if (!named.empty()) problems = LintRules(named, options);
  if (fix || dry_run) {
    const FixOutcome outcome = FixFiles(problems, AllBeneath(options, named), dry_run);
    const bool text = run.globals().format == "text";
    if (!outcome.told.empty()) (text ? Print : PrintError)(outcome.told);
    if (dry_run) return outcome.fixes != 0 ? Worst(Exit::kBad, ExitOf(problems)) : ExitOf(problems);
    problems = LintRules(named, options);
    problems.insert(problems.end(), outcome.problems.begin(), outcome.problems.end());
  }
  Tell(run, problems);
  return ExitOf(problems);
}

}  // namespace

Verb AddLint(CLI::App& app) {
  auto verb = std::make_shared<LintVerb>();
  app.add_option("PATH", verb->paths,
                 "Rule directories or files, on top of those of --rules (those set for every verb, "
                 "if none is named)");
  app.add_flag("--strict", verb->strict, "Warnings make it fail too");
  app.add_flag("--fix", verb->fix, "Mend what can be meant in one way only; says what it changed");
  app.add_flag("--dry-run", verb->dry_run, "Show what --fix would change, and change nothing");
  app.add_option("--today", verb->today, "Day for what expires, YYYY-MM-DD (today)")
      ->check(ValidateDate);
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
