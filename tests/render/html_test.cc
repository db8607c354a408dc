// Pages: what reads well is looked at in a browser and checked by tests/reports/check_html.py; here
// the text and its escapes.

#include "cmatch/html.h"

#include <doctest/doctest.h>

#include "support/command.h"

namespace cmatch {
namespace {

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The page without its style, script and their hashes.
std::string Content(const std::string& page) {
  const std::size_t from = page.find("<main");
  return page.substr(from, page.find("</footer>") - from);
}

TEST_CASE("html: a small matrix") {
  SupportMatrix matrix;
  matrix.engine = "toy";
  matrix.version = "2.0";
  matrix.compute = {{7, 5}, {8, 9}};
  const SupportCell native{.level = Level::kNative,
                           .because = {},
                           .source = "org/toy@1234567 src/a.cc: rows",
                           .where = {"engines/toy.yaml", 3, 5}};
  const SupportCell degraded{.level = Level::kDegraded,
                             .because = "weights <only>",
                             .source = "docs",
                             .where = {"engines/toy.yaml", 4, 5}};
  matrix.floor = {native, native};
  matrix.rows = {{"quant", "fp8", {degraded, native}}, {"quant", "<b>", {SupportCell{}, native}}};
  const std::string page = RenderHtml(std::span(&matrix, 1), {"1.0.0", "xxh128:0"});
  CHECK(testing::GoldenDifference(CMATCH_SOURCE_DIR "/tests/golden/matrix.html", Content(page)) ==
        "");
}

TEST_CASE("html: nothing that a file says is markup") {
  const std::string hostile = "<script>alert(1)</script>\"'&\033[31m";
  Finding finding;
  finding.rule = finding.error = finding.message = finding.hint = hostile;
  finding.required = std::vector<std::string>{hostile};
  finding.supported = {hostile};
  finding.has_supported = true;
  finding.source = Source{.where = {hostile, 1, 2}, .text = hostile};
  Report report;
  report.model_id = report.worker_id = hostile;
  report.violations = report.warnings = report.waived = {finding};
  report.skipped = {{hostile, hostile}};
  report.trace = {{hostile, hostile, hostile}};
  Remedy remedy;
  remedy.changes = {{.what = "quant", .to = hostile, .option = hostile, .also = {hostile}}};
  remedy.remaining = {hostile};
  report.remedies = std::vector{remedy};
  Problem problem;
  problem.code = problem.message = problem.help = hostile;
  problem.where.file = hostile;
  const HtmlVerdict verdicts[] = {
      {.model = hostile, .report = report},
      {.model = hostile, .error = MakeError(ErrorKind::kInvalidMcd, {problem})}};
  const std::string page = RenderHtml(verdicts, {hostile, hostile});
  CHECK_FALSE(Has(page, "<script"));
  CHECK_FALSE(Has(page, "\033"));
  CHECK(Has(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\x1b[31m"));
}

TEST_CASE("html: the policy lets nothing in") {
  const std::string page = RenderHtml(std::span<const HtmlVerdict>(), {"1", "d"});
  CHECK(Has(page, "content=\"default-src 'none'; style-src 'sha256-"));
  CHECK(Has(page, "'; script-src 'none'; base-uri 'none'; form-action 'none'\""));
}

TEST_CASE("html: sources that name a repository are links to it") {
  const struct {
    const char* source;
    const char* want;
  } cases[] = {
      {"ggml-org/llama.cpp@d775b8967 common/arg.cpp",
       "https://github.com/ggml-org/llama.cpp/blob/d775b8967/common/arg.cpp"},
      {"ollama/ollama@v0.5.0 envconfig/config.go OLLAMA_KV_CACHE_TYPE, llm/server.go",
       "https://github.com/ollama/ollama/blob/v0.5.0/envconfig/config.go"},
      {"ollama/ollama@v0.5.0 llama/llama.cpp llama_rope_type",
       "https://github.com/ollama/ollama/blob/v0.5.0/llama/llama.cpp"},
      {"ggml-org/llama.cpp@57ad015dc GGML_OP_ROPE",
       "https://github.com/ggml-org/llama.cpp/tree/57ad015dc"},
      {"a/b@c", "https://github.com/a/b/tree/c"},
      {"a/b@c ../../etc/passwd.txt", "https://github.com/a/b/tree/c"},
      {"docs v0.9.0: compute capability", ""},
      {"gguf.py@00620f91; docs", ""},
      {"a/<b>@c x.y", ""},
      {"/b@c", ""},
      {"a/b", ""},
      {"a@b/c", ""},
      {"a/b@<c>", ""},
      {"a/<b>@c", ""},
      {"A9-z/b._-@v1.2-rc_3 Src/x-1.H", "https://github.com/A9-z/b._-/blob/v1.2-rc_3/Src/x-1.H"},
      {"a/b@c .hidden.txt", "https://github.com/a/b/tree/c"},
      {"a/b@c x/../y.txt", "https://github.com/a/b/tree/c"},
      {"a/b@c x<1>.txt", "https://github.com/a/b/tree/c"},
      {"a/b@c,d x.txt", "https://github.com/a/b/tree/c"},
      {"", ""}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.source));
    CHECK(SourceUrl(c.source) == c.want);
  }
}

}  // namespace
}  // namespace cmatch
