// Reports, errors, descriptions and results made of any texts, rendered for people, for programs,
// and for the systems that show findings beside code.

#include "cmatch/render.h"

#include <algorithm>

#include "cmatch/results.h"
#include "fuzz/feed.h"
#include "fuzz/fuzz.h"

namespace cmatch::fuzz {
namespace {

constexpr std::size_t kMost = 3;  // of each list

Value AnyValue(Feed& feed) {
  switch (feed.Below(8)) {
    case 0:
      return feed.Below(2) == 0;
    case 1:
      return feed.Number();
    case 2:
      return static_cast<double>(feed.Number()) / 8;
    case 3:
      return feed.Text();
    case 4:
      return std::vector<std::int64_t>{feed.Number(), feed.Number()};
    case 5:
      return std::vector<std::string>{feed.Text(), feed.Text()};
    case 6:
      return Opaque{};
    default:
      return {};
  }
}

Location AnyPlace(Feed& feed) {
  return {feed.Text(), static_cast<std::uint32_t>(feed.Below(300)),
          static_cast<std::uint32_t>(feed.Below(300))};
}

Finding AnyFinding(Feed& feed) {
  Finding finding;
  finding.rule = feed.Text();
  finding.error = feed.Text();
  finding.severity = feed.Below(2) == 0 ? Severity::kError : Severity::kWarning;
  finding.required = AnyValue(feed);
  finding.has_supported = feed.Below(2) == 0;
  for (std::size_t i = feed.Below(kMost); i > 0; --i) finding.supported.push_back(feed.Text());
  if (feed.Below(2) == 0) finding.max = feed.Number();
  if (feed.Below(4) == 0) finding.min = feed.Number();
  if (feed.Below(4) == 0) finding.multiple_of = feed.Number();
  finding.message = feed.Text();
  finding.hint = feed.Text();
  if (feed.Below(2) == 0) finding.source = Source{AnyPlace(feed), feed.Text()};
  return finding;
}

Remedy AnyRemedy(Feed& feed) {
  Remedy remedy;
  for (std::size_t i = feed.Below(kMost); i > 0; --i) {
    remedy.changes.push_back({.what = "gpu",
                              .from = feed.Text(),
                              .to = feed.Text(),
                              .option = feed.Text(),
                              .also = {feed.Text()},
                              .more = feed.Below(3)});
  }
  remedy.compatible = feed.Below(2) == 0;
  for (auto* rules : {&remedy.remaining, &remedy.unchecked, &remedy.warnings}) {
    for (std::size_t i = feed.Below(kMost); i > 0; --i) rules->push_back(feed.Text());
  }
  return remedy;
}

Report AnyReport(Feed& feed) {
  Report report;
  report.model_id = feed.Text();
  report.worker_id = feed.Text();
  report.ruleset_version = feed.Text();
  report.ruleset_digest = feed.Text();
  for (auto* list : {&report.violations, &report.warnings, &report.waived}) {
    for (std::size_t i = feed.Below(kMost); i > 0; --i) list->push_back(AnyFinding(feed));
  }
  for (std::size_t i = feed.Below(kMost); i > 0; --i) {
    report.skipped.push_back({feed.Text(), feed.Text()});
    report.trace.push_back({feed.Text(), "does not apply", feed.Text()});
  }
  report.compatible = report.violations.empty();
  if (feed.Below(2) == 1) report.remedies = {AnyRemedy(feed), AnyRemedy(feed)};
  return report;
}

Error AnyError(Feed& feed) {
  Error error;
  error.message = feed.Text();
  for (std::size_t i = feed.Below(kMost); i > 0; --i) {
    Problem problem{"some-code", feed.Text(), feed.Text(),       AnyPlace(feed),
                    {},          feed.Text(), feed.Below(2) == 0};
    if (feed.Below(2) == 0) problem.notes.push_back({feed.Text(), AnyPlace(feed)});
    error.problems.push_back(std::move(problem));
  }
  return error;
}

Inspection AnyInspection(Feed& feed) {
  Inspection inspection;
  inspection.model = feed.Text();
  for (std::size_t i = feed.Below(kMost); i > 0; --i) {
    const std::string member = i == 1 ? "quant" : feed.Text();
    inspection.members[member] = AnyValue(feed);
    inspection.origin[member] = feed.Text();
    inspection.missing.push_back(feed.Text());
    inspection.warnings.push_back(AnyFinding(feed));
  }
  return inspection;
}

ToolRun AnyRun(Feed& feed) {
  ToolRun run;
  run.tool_version = feed.Text();
  run.successful = feed.Below(2) == 0;
  for (std::size_t i = feed.Below(kMost); i > 0; --i) {
    run.rules.push_back(
        {feed.Text(), feed.Text(), feed.Text(), feed.Text(), "https://example.org/"});
    ToolResult result;
    result.rule = feed.Below(2) == 0 ? run.rules.back().id : feed.Text();
    result.level = static_cast<ResultLevel>(feed.Below(3));
    result.kind = static_cast<ResultKind>(feed.Below(4));
    result.message = feed.Text();
    result.where = AnyPlace(feed);
    if (feed.Below(2) == 0) result.related.push_back({feed.Text(), AnyPlace(feed)});
    if (feed.Below(4) == 3) result.suppressed_because = feed.Text();
    run.results.push_back(std::move(result));
  }
  return run;
}

// A line for each result that is told, and no line that a text from a file has begun.
void ExpectCommands(const ToolRun& run, const std::string& text) {
  const auto told = std::ranges::count_if(run.results, [](const ToolResult& result) {
    return result.kind == ResultKind::kFail && result.suppressed_because.empty();
  });
  Expect(std::ranges::count(text, '\n') == told, "a command for each result", text);
  ExpectPrintable(text);
}

template <typename T>
void Render(const T& what, const TextOptions& options) {
  ExpectPrintable(RenderText(what, options), options.color);
  ExpectJson(RenderJson(what));
}

}  // namespace

void Run(std::string_view input) {
  Feed feed(input);
  TextOptions options;
  options.color = feed.Below(2) == 0;
  options.verbose = feed.Below(2) == 0;
  options.width = feed.Below(200);
  Render(AnyReport(feed), options);
  Render(AnyError(feed), options);
  Render(AnyInspection(feed), options);
  const ToolRun run = AnyRun(feed);
  ExpectJson(RenderSarif(run));
  ExpectCommands(run, RenderGithub(run));
  const std::string text = feed.Text();
  ExpectPrintable(Escape(text));
  Expect(Escape(Escape(text)) == Escape(text), "what is escaped stays as it is", text);
}

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  for (const char* text : {"plain", "\x1b[31mred\x1b[0m", "\"quoted\" <b>&amp;</b> ]]>",
                           "\xE2\x80\xAE reversed \xFF\xC0\x80", "two\nlines\r\t\x7F\xC2\x9B"}) {
    for (int control = 0; control < 4; ++control) {
      FeedWriter writer;
      for (int i = 0; i < 60; ++i) writer.Byte(control * 85 + i).Text(text);
      seeds.push_back(writer.bytes());
    }
  }
  return seeds;
}

}  // namespace cmatch::fuzz
