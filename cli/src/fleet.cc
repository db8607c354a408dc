// cmatch fleet: every model on every worker of two NDJSON files.

#include "cmatch/fleet.h"

#include <CLI/CLI.hpp>

#include "cmatch/ecp_source.h"
#include "cmatch/fleet_summary.h"
#include "cmatch/mcd_source.h"
#include "cmatch/render_fleet.h"
#include "context.h"
#include "dates.h"

namespace cmatch::cli {
namespace {

constexpr std::size_t kMaxLines = std::size_t{1} << 30;  // bytes of an NDJSON file

struct FleetVerb {
  std::string models, workers;
  bool pairs = false;

  Exit Run(Context& run) const;
};

// Puts problems of one line, which call it line 1 or none, where the line is.
void MoveTo(std::uint32_t line, const std::string& name, std::vector<Problem> found,
            std::vector<Problem>& problems) {
  const auto move = [&](Location& where) {
    if (where.file.empty()) where.file = name;
    where.line = line;
  };
  for (Problem& problem : found) {
    move(problem.where);
    for (Note& note : problem.notes) move(note.where);
    problems.push_back(std::move(problem));
  }
}

// Calls `read(line)` for each line that is not blank; its problems are collected with their places.
template <typename Side, typename Read>
std::vector<Side> ReadLines(std::string_view text, const std::string& name, ErrorKind kind,
                            Read read, std::vector<Problem>& problems) {
  std::vector<Side> side;
  std::uint32_t number = 0;
  bool wrong = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto one = read(line);
    if (one) {
      side.push_back(std::move(*one));
    } else {
      wrong = true;
      MoveTo(number, name, std::move(one.error().problems), problems);
    }
  }
  if (side.empty() && !wrong) {
    const char* what = kind == ErrorKind::kInvalidMcd ? "no model" : "no worker";
    problems.push_back(
        MakeError(kind, "file-no-line", std::string("the file has ") + what, {name}).problems[0]);
  }
  return side;
}

std::expected<Model, Error> ReadModelLine(const CapabilityMatcher& matcher, std::string_view line,
                                          const std::string& name) {
  const auto facts = ReadMcdJson(line, name, matcher.rules());
  if (!facts) return std::unexpected(facts.error());
  const auto mcd = McdFrom(*facts);
  if (!mcd) return std::unexpected(mcd.error());
  return matcher.Bind(*mcd);
}

std::expected<Worker, Error> ReadWorkerLine(const CapabilityMatcher& matcher, std::string_view line,
                                            const std::string& name) {
  const auto ecp = ReadEcp(line, name, matcher.rules());
  if (!ecp) return std::unexpected(ecp.error());
  return matcher.Bind(*ecp);
}

void PrintPairs(const Fleet& fleet, bool json) {
  for (std::size_t model = 0; model < fleet.models().size(); ++model) {
    for (std::size_t worker = 0; worker < fleet.workers().size(); ++worker) {
      const Verdict verdict = fleet.matcher().Check(fleet.models()[model], fleet.workers()[worker]);
      Print(json ? RenderPairJson(fleet, model, worker, verdict) + '\n'
                 : RenderPairText(fleet, model, worker, verdict));
    }
  }
}

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n') + 1); }

Exit FleetVerb::Run(Context& run) const {
  if (models == "-" && workers == "-") {
    PrintError("cmatch fleet: only one of --models and --workers can be stdin\n");
    return Exit::kCouldNotJudge;
  }
  const auto rules = run.Rules();
  if (!rules) return run.Fail(rules.error());
  const std::string today = Today();
  const CapabilityMatcher matcher(*rules, {.today = today});
  const auto model_text = ReadInput(models, ErrorKind::kInvalidMcd, kMaxLines);
  if (!model_text) return run.Fail(model_text.error());
  const auto worker_text = ReadInput(workers, ErrorKind::kInvalidEcp, kMaxLines);
  if (!worker_text) return run.Fail(worker_text.error());
  const std::string model_name = models == "-" ? "stdin" : models;
  const std::string worker_name = workers == "-" ? "stdin" : workers;
  std::vector<Problem> problems;
  auto model_side = ReadLines<Model>(
      *model_text, model_name, ErrorKind::kInvalidMcd,
      [&](std::string_view line) { return ReadModelLine(matcher, line, model_name); }, problems);
  const ErrorKind kind = problems.empty() ? ErrorKind::kInvalidEcp : ErrorKind::kInvalidMcd;
  auto worker_side = ReadLines<Worker>(
      *worker_text, worker_name, ErrorKind::kInvalidEcp,
      [&](std::string_view line) { return ReadWorkerLine(matcher, line, worker_name); }, problems);
  if (!problems.empty()) return run.Fail(MakeError(kind, std::move(problems)));

  const Fleet fleet(matcher, std::move(model_side), std::move(worker_side));
  const FleetSummary summary = Summarise(fleet);
  if (pairs) PrintPairs(fleet, run.json());
  const std::string text =
      run.json() ? RenderJson(fleet, summary) + '\n' : RenderText(fleet, summary, run.out_text());
  Print(run.globals().quiet && !run.json() ? FirstLine(text) : text);
  return summary.models_without_worker.empty() ? Exit::kGood : Exit::kBad;
}

}  // namespace

Verb AddFleet(CLI::App& app) {
  auto verb = std::make_shared<FleetVerb>();
  app.add_option("--models", verb->models, "Models, an MCD as JSON on each line; - is stdin")
      ->required();
  app.add_option("--workers", verb->workers, "Workers, an ECP as JSON on each line; - is stdin")
      ->required();
  app.add_flag("--pairs", verb->pairs, "Every pair with its rules, before the summary");
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
