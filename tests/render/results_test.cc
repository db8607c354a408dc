// SARIF and GitHub annotations.

#include "cmatch/results.h"

#include <doctest/doctest.h>

namespace cmatch {
namespace {

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

ToolRun RunOf(ToolResult result) {
  ToolRun run;
  run.tool_version = "1.2.3";
  run.results.push_back(std::move(result));
  return run;
}

TEST_CASE("SARIF: a result with its rule, place, related places and suppression") {
  ToolRun run = RunOf({.rule = "yaml-duplicate-key",
                       .level = ResultLevel::kError,
                       .kind = ResultKind::kFail,
                       .message = "\"level\" is there twice",
                       .where = {"rules/x.yaml", 3, 5},
                       .related = {{.message = "the first one", .where = {"rules/x.yaml", 2, 5}},
                                   {.message = "nowhere", .where = {}}},
                       .suppressed_because = "OPS-1"});
  run.rules = {{.id = "other", .name = "unused", .description = "", .help = "", .help_uri = ""},
               {.id = "yaml-duplicate-key",
                .name = "duplicate-key",
                .description = "A key is there twice.",
                .help = "Keep one.",
                .help_uri = "https://example.org/e"}};
  CHECK(
      RenderSarif(run) ==
      R"({"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",)"
      R"("version":"2.1.0","runs":[{"tool":{"driver":{"name":"cmatch","version":"1.2.3","rules":[)"
      R"({"id":"other","name":"unused"},)"
      R"({"id":"yaml-duplicate-key","name":"duplicate-key","shortDescription":{"text":"A key is there twice."},)"
      R"("help":{"text":"Keep one."},"helpUri":"https://example.org/e"}]}},)"
      R"("invocations":[{"executionSuccessful":true}],"results":[)"
      R"({"ruleId":"yaml-duplicate-key","ruleIndex":1,"kind":"fail","level":"error",)"
      R"("message":{"text":"\"level\" is there twice"},"locations":[{"physicalLocation":)"
      R"({"artifactLocation":{"uri":"rules/x.yaml"},"region":{"startLine":3,"startColumn":5}}}],)"
      R"("relatedLocations":[{"physicalLocation":{"artifactLocation":{"uri":"rules/x.yaml"},)"
      R"("region":{"startLine":2,"startColumn":5}},"message":{"text":"the first one"}}],)"
      R"("suppressions":[{"kind":"external","justification":"OPS-1"}]}]}]})");
}

TEST_CASE("SARIF: what is not a failure has no level, and a rule that nobody listed is listed") {
  const struct {
    ResultKind kind;
    const char* want;
  } cases[] = {{ResultKind::kFail, R"("kind":"fail","level":"warning")"},
               {ResultKind::kPass, R"("kind":"pass","level":"none")"},
               {ResultKind::kNotApplicable, R"("kind":"notApplicable","level":"none")"},
               {ResultKind::kOpen, R"("kind":"open","level":"none")"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.want));
    const std::string log = RenderSarif(
        RunOf({.rule = "R", .level = ResultLevel::kWarning, .kind = c.kind, .message = "m"}));
    CHECK(Has(log, c.want));
    CHECK(Has(log, R"("rules":[{"id":"R"}])"));
    CHECK_FALSE(Has(log, "locations"));
  }
}

TEST_CASE("SARIF: a run that could not judge everything says so") {
  ToolRun run;
  run.successful = false;
  CHECK(Has(RenderSarif(run), R"("invocations":[{"executionSuccessful":false}],"results":[])"));
}

TEST_CASE("SARIF: file names become URIs") {
  const struct {
    const char* file;
    const char* want;
  } cases[] = {{"rules/engines/vllm.yaml", "rules/engines/vllm.yaml"},
               {"/etc/cmatch/x.yaml", "file:///etc/cmatch/x.yaml"},
               {"a b#c?.gguf", "a%20b%23c%3F.gguf"},
               {"http://x", "http%3A//x"},
               {"100%.gguf", "100%25.gguf"},
               {"\xc3\xa9\n.gguf", "%C3%A9%0A.gguf"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.file));
    const std::string log = RenderSarif(RunOf({.rule = "R", .message = "m", .where = {c.file}}));
    CHECK(Has(log, std::string(R"("artifactLocation":{"uri":")") + c.want + R"("}}}])"));
  }
}

TEST_CASE("GitHub: one command a failure") {
  ToolRun run = RunOf({.rule = "CMATCH-8030.3",
                       .level = ResultLevel::kError,
                       .message = "50% of it\n::error::forged",
                       .where = {"a,b:c.yaml", 12, 3}});
  run.results.push_back({.rule = "W", .level = ResultLevel::kWarning, .message = "no place"});
  run.results.push_back({.rule = "N", .level = ResultLevel::kNote, .where = {"f", 7}});
  run.results.push_back({.rule = "passed", .kind = ResultKind::kPass, .message = "m"});
  run.results.push_back({.rule = "waived", .message = "m", .suppressed_because = "OPS-1"});
  CHECK(RenderGithub(run) ==
        "::error file=a%2Cb%3Ac.yaml,line=12,col=3,title=CMATCH-8030.3::"
        "50%25 of it\\x0a::error::forged\n"
        "::warning title=W::no place\n"
        "::notice file=f,line=7,title=N::\n");
}

}  // namespace
}  // namespace cmatch
