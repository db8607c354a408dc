#ifndef CMATCH_RESULTS_H_
#define CMATCH_RESULTS_H_

// What a run found, for the systems that show findings beside code: SARIF 2.1.0 (code scanning,
// editors) and GitHub's workflow commands (annotations of a pull request). Which findings, rules
// and places there are is the caller's; here they become documents. Pure functions, safe from any
// thread; whatever comes from a file is escaped.
//
//   ToolRun run;
//   run.tool_version = "0.2.0";
//   run.rules = {{.id = "yaml-duplicate-key", .name = "", .description = "A key is there twice."}};
//   run.results = {{.rule = "yaml-duplicate-key", .message = "\"level\" is there twice",
//                   .where = {"rules/x.yaml", 3, 5}}};
//   std::string log = RenderSarif(run);

#include <string>
#include <string_view>
#include <vector>

#include "cmatch/location.h"

namespace cmatch {

// What a result may be about; results name it by its id.
struct ToolRule {
  std::string id = {};           // "CMATCH-8030.3", "yaml-duplicate-key"; unique in a run
  std::string name = {};         // "quant-supported"; may be empty
  std::string description = {};  // one sentence
  std::string help = {};         // what to do about it; may be empty
  std::string help_uri = {};     // absolute; may be empty
};

enum class ResultLevel { kError, kWarning, kNote };
std::string_view ToString(ResultLevel level);  // "error", "warning", "note": SARIF's words

// Fail: something is wrong. The others are told for completeness and are never an alert: a rule
// that passed, that does not apply, or that could not be checked (SARIF 2.1.0, 3.27.9).
enum class ResultKind { kFail, kPass, kNotApplicable, kOpen };

struct RelatedPlace {
  std::string message = {};
  Location where = {};
};

struct ToolResult {
  std::string rule = {};  // a ToolRule's id; one that is not listed is added without a description
  ResultLevel level = ResultLevel::kError;
  ResultKind kind = ResultKind::kFail;
  std::string message = {};
  Location where = {};  // no file: the result has no place
  std::vector<RelatedPlace> related = {};
  // Not empty: seen and let pass, for this reason (a waiver).
  std::string suppressed_because = {};
};

struct ToolRun {
  std::string tool = "cmatch";
  std::string tool_version = {};
  std::string information_uri = {};  // absolute; may be empty
  std::vector<ToolRule> rules = {};
  std::vector<ToolResult> results = {};
  bool successful = true;  // false: something could not be judged, so results may be missing
};

// One SARIF 2.1.0 log with one run, on one line, without a newline at the end. Files become URIs:
// relative ones stay so, absolute ones begin with file://.
std::string RenderSarif(const ToolRun& run);

// One workflow command a result, "::error file=...,line=...,col=...,title=RULE::MESSAGE\n"; what
// passed or was let pass is left out. GitHub Actions, "Workflow commands".
std::string RenderGithub(const ToolRun& run);

}  // namespace cmatch

#endif  // CMATCH_RESULTS_H_
