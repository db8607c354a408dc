#include "check_log.h"

namespace cmatch::cli {
namespace {

ToolResult ResultOf(const std::string& model, const Finding& finding, ResultLevel level) {
  ToolResult result{.rule = finding.rule, .level = level, .where = {.file = model}};
  result.message = finding.message;
  if (!finding.hint.empty()) result.message += " (help: " + finding.hint + ")";
  if (finding.source && !finding.source->where.file.empty()) {
    std::string said = "the row that decided";
    if (!finding.source->text.empty()) said += ": " + finding.source->text;
    result.related.push_back({.message = std::move(said), .where = finding.source->where});
  }
  return result;
}

}  // namespace

ToolRun StartCheckLog(const RuleSet& rules) {
  ToolRun run;
  run.tool_version = CMATCH_VERSION;
  for (const Rule& rule : rules.tables().rules) {
    run.rules.push_back({.id = std::string(rule.id),
                         .name = std::string(rule.name),
                         .description = std::string(rule.why.empty() ? rule.message : rule.why),
                         .help = std::string(rule.hint)});
  }
  return run;
}

void AddToLog(const std::string& model, const Report& report, ToolRun& run) {
  for (const Finding& finding : report.violations) {
    run.results.push_back(ResultOf(model, finding, ResultLevel::kError));
  }
  for (const Finding& finding : report.warnings) {
    run.results.push_back(ResultOf(model, finding, ResultLevel::kWarning));
  }
  for (const Finding& finding : report.waived) {
    run.results.push_back(ResultOf(model, finding, ResultLevel::kError));
    run.results.back().suppressed_because = finding.hint;
  }
  for (const Skipped& skipped : report.skipped) {
    run.results.push_back({.rule = skipped.rule,
                           .kind = ResultKind::kOpen,
                           .message = skipped.because,
                           .where = {.file = model}});
  }
}

void AddToLog(const std::string& model, const Error& error, ToolRun& run) {
  run.successful = false;
  for (const Problem& problem : error.problems) {
    ToolResult result{.rule = problem.code,
                      .level = problem.warning ? ResultLevel::kWarning : ResultLevel::kError,
                      .where = problem.where};
    if (result.where.file.empty()) result.where.file = model;
    result.message = (problem.path.empty() ? "" : problem.path + ": ") + problem.message;
    if (!problem.help.empty()) result.message += " (help: " + problem.help + ")";
    for (const Note& note : problem.notes) {
      result.related.push_back({.message = note.message, .where = note.where});
    }
    run.results.push_back(std::move(result));
  }
}

}  // namespace cmatch::cli
