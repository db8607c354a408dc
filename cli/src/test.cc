// cmatch test: runs the regression cases of rule directories.

#include <CLI/CLI.hpp>

#include "cmatch/case_runner.h"
#include "cmatch/html.h"
#include "cmatch/results.h"
#include "cmatch/rules_io.h"
#include "context.h"
#include "table.h"

namespace cmatch::cli {
namespace {

struct TestVerb {
  std::vector<std::string> paths;
  bool coverage = false;

  Exit Run(Context& run) const;
};

std::string Listed(const std::vector<std::string>& directories) {
  std::string text;
  for (const std::string& directory : directories) {
    text += (text.empty() ? "" : ", ") + Escape(directory);
  }
  return text;
}

std::string JUnit(const std::vector<CaseResult>& results, std::size_t failed) {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"cmatch\" tests=\"" +
      std::to_string(results.size()) + "\" failures=\"" + std::to_string(failed) + "\">\n";
  for (const CaseResult& result : results) {
    xml += "  <testcase classname=\"" + EscapeHtml(result.where.file) + "\" name=\"" +
           EscapeHtml(result.id) + "\"";
    if (result.failure.empty()) {
      xml += "/>\n";
    } else {
      xml += "><failure message=\"" + EscapeHtml(result.failure) + "\">" +
             EscapeHtml(ToString(result.where)) + "</failure></testcase>\n";
    }
  }
  return xml + "</testsuite>\n";
}

std::string Github(const std::vector<CaseResult>& results) {
  ToolRun run;
  for (const CaseResult& result : results) {
    if (result.failure.empty()) continue;
    run.results.push_back(
        {.rule = "case " + result.id, .message = result.failure, .where = result.where});
  }
  return RenderGithub(run);
}

std::string Json(const std::vector<CaseResult>& results, std::size_t failed,
                 const std::vector<std::string>& untouched) {
  std::string json =
      "{\"schema\":\"cmatch.test/1\",\"passed\":" + std::to_string(results.size() - failed) +
      ",\"failed\":" + std::to_string(failed) + ",\"failures\":[";
  bool first = true;
  for (const CaseResult& result : results) {
    if (result.failure.empty()) continue;
    json += std::string(first ? "" : ",") + "{\"id\":" + JsonString(result.id) +
            ",\"file\":" + JsonString(result.where.file) +
            ",\"line\":" + std::to_string(result.where.line) +
            ",\"message\":" + JsonString(result.failure) + "}";
    first = false;
  }
  json += "],\"untouched\":[";
  for (std::size_t i = 0; i < untouched.size(); ++i)
    json += (i == 0 ? "" : ",") + JsonString(untouched[i]);
  return json + "]}\n";
}

Exit TestVerb::Run(Context& run) const {
  const std::vector<std::string> directories = paths.empty() ? run.globals().rules : paths;
  if (directories.empty()) {
    PrintError("cmatch test: no cases: name a rule directory, as in cmatch test rules\n");
    return Exit::kCouldNotJudge;
  }
  const auto rules = LoadRules(directories);
  if (!rules) return run.Fail(rules.error());
  const auto cases = LoadCases(directories);
  if (!cases) return run.Fail(cases.error());
  if (cases->cases.empty()) {
    PrintError("cmatch test: no cases in " + Listed(directories) +
               ": they are the YAML files of cases/ in a rule directory\n");
    return Exit::kCouldNotJudge;
  }
  Coverage touched(*rules);
  const std::vector<CaseResult> results = RunCases(*rules, *cases, &touched);
  std::size_t failed = 0;
  for (const CaseResult& result : results) failed += result.failure.empty() ? 0U : 1U;
  std::vector<std::string> untouched;
  for (const Coverage::Gap& gap : touched.Gaps()) {
    untouched.push_back(ToString(gap.where) + " " + gap.what);
  }
  if (run.globals().format == "junit") {
    Print(JUnit(results, failed));
  } else if (run.globals().format == "github") {
    Print(Github(results));
  } else if (run.json()) {
    Print(Json(results, failed, untouched));
  } else {
    for (const CaseResult& result : results) {
      if (result.failure.empty()) continue;
      Print("FAIL " + ToString(result.where) + " " + Escape(result.id) + ": " +
            Escape(result.failure) + '\n');
    }
    if (coverage) {
      for (const std::string& row : untouched) Print("untouched: " + Escape(row) + '\n');
    }
    Print(std::to_string(results.size() - failed) + " passed, " + std::to_string(failed) +
          " failed; " + std::to_string(untouched.size()) + " of " + std::to_string(touched.rows()) +
          " rules and table rows touched by no case\n");
  }
  return failed == 0 ? Exit::kGood : Exit::kBad;
}

}  // namespace

Verb AddTest(CLI::App& app) {
  auto verb = std::make_shared<TestVerb>();
  app.add_option("PATH", verb->paths, "Rule directories with cases/ (--rules, if none is named)");
  app.add_flag("--coverage", verb->coverage, "List the rules and table rows that no case touches");
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
