// cmatch check: the verdict for each model.

#include "cmatch/check.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "check_log.h"
#include "cmatch/command.h"
#include "cmatch/html.h"
#include "cmatch/mcd_source.h"
#include "dates.h"
#include "launch_json.h"
#include "source_options.h"
#include "worker_options.h"

namespace cmatch::cli {
namespace {

constexpr std::size_t kManyModels = 8;  // from here on stderr says how far it is

// What every model is judged against.
struct Asked {
  const CapabilityMatcher& matcher;  // it may have the rows of the one engine alone
  CheckOptions options;
  std::expected<RemedyRequest, Error> request;
  std::vector<GpuFacts> inventory;  // the GPUs of the document that --gpu names
  std::expected<Worker, Error> worker;
};

// What the engine is given to load: the file or directory, or the name of a model that was only
// described.
std::string LoadedAs(const Model& descriptor, const std::string& model) {
  const bool described =
      model == "-" || model.ends_with(".json") || access(model.c_str(), F_OK) != 0;
  return described ? descriptor.mcd().model_id : model;
}

std::string LaunchText(const Context& run, const std::optional<EngineCommand>& command) {
  if (run.json()) return LaunchJson(command) + '\n';
  if (!command)
    return run.globals().quiet ? "" : "  launch: the tables do not say how it is started\n";
  const std::string line = Escape(ToString(*command));
  if (run.globals().quiet) return line + '\n';
  std::string text = "  launch: " + line + '\n';
  for (const std::string& setting : command->unsaid) {
    text += "    not said: how to set " + Escape(setting) + '\n';
  }
  return text;
}

// The answers of a run: printed one by one, or kept for a document about all of them.
class Answers {
 public:
  Answers(Context& run, std::string html) : run_(run), html_(std::move(html)) {
    log_.tool_version = CMATCH_VERSION;
  }

  void Start(std::shared_ptr<const RuleSet> rules) {
    if (Keeps()) log_ = StartCheckLog(*rules);
    rules_ = std::move(rules);
  }
  void Add(const std::string& model, Report report, const std::string& launch);
  // `named`: the model stands before the message.
  Exit Add(const std::string& model, const Error& error, bool named);
  // Writes what was kept.
  Exit Finish(Exit worst) const;

 private:
  bool Keeps() const {
    return run_.globals().format == "sarif" || run_.globals().format == "github";
  }

  Context& run_;
  std::string html_;
  std::shared_ptr<const RuleSet> rules_;
  ToolRun log_;
  std::vector<HtmlVerdict> verdicts_;
};

struct CheckVerb {
  std::vector<std::string> models;
  WorkerOptions worker;
  std::string context, html;
  SourceOptions source;
  bool strict = false, trace = false, no_remedies = false, print_launch = false;

  Exit Run(Context& context_of_run) const;
  std::expected<Model, Error> ReadDescriptor(const CapabilityMatcher& matcher,
                                             const std::string& model,
                                             std::vector<Finding>& warnings,
                                             std::optional<Skipped>& unchecked) const;
  Exit CheckModel(Context& run, const Asked& asked, const std::string& model,
                  Answers& answers) const;
};

std::string Answer(const Context& run, const Report& report) {
  if (run.json()) return RenderJson(report) + '\n';
  if (!run.globals().quiet) return RenderText(report, run.out_text());
  return std::string(report.compatible ? "COMPATIBLE" : "NOT COMPATIBLE") + ": " +
         Escape(report.model_id) + " on " + Escape(report.worker_id) + '\n';
}

void Answers::Add(const std::string& model, Report report, const std::string& launch) {
  if (Keeps()) {
    AddToLog(model, report, log_);
  } else {
    Print(Answer(run_, report) + launch);
  }
  if (!html_.empty()) verdicts_.push_back({.model = model, .report = std::move(report)});
}

Exit Answers::Add(const std::string& model, const Error& error, bool named) {
  if (Keeps()) AddToLog(model, error, log_);
  if (!html_.empty()) verdicts_.push_back({.model = model, .error = error});
  return run_.Fail(error, named ? model : "");
}

Exit Answers::Finish(Exit worst) const {
  if (run_.globals().format == "sarif") Print(RenderSarif(log_) + '\n');
  if (run_.globals().format == "github") Print(RenderGithub(log_));
  if (html_.empty() || rules_ == nullptr) return worst;
  const std::string page =
      RenderHtml(verdicts_, HtmlRules{.version = rules_->version(), .digest = rules_->digest()});
  return Worst(worst, WriteOutput(html_, page) ? Exit::kGood : Exit::kCouldNotJudge);
}

std::expected<Model, Error> CheckVerb::ReadDescriptor(const CapabilityMatcher& matcher,
                                                      const std::string& model,
                                                      std::vector<Finding>& warnings,
                                                      std::optional<Skipped>& unchecked) const {
  auto facts = ReadModelArgument(model, matcher.rules(), source.ForModel());
  if (!facts) return std::unexpected(std::move(facts.error()));
  auto mcd = McdFrom(*facts);
  if (!mcd) return std::unexpected(std::move(mcd.error()));
  if (!context.empty()) mcd->attributes["requested_context"] = ParseTokens(context);
  warnings = std::move(facts->warnings);
  unchecked = UncheckedData(model, *facts);
  return matcher.Bind(*mcd);
}

Exit CheckVerb::CheckModel(Context& run, const Asked& asked, const std::string& model,
                           Answers& answers) const {
  std::vector<Finding> warnings;
  std::optional<Skipped> unchecked;
  const auto descriptor = ReadDescriptor(asked.matcher, model, warnings, unchecked);
  if (!descriptor && !asked.worker) {  // every problem of both, under the model's name
    std::vector<Problem> problems = descriptor.error().problems;
    problems.insert(problems.end(), asked.worker.error().problems.begin(),
                    asked.worker.error().problems.end());
    return answers.Add(model, MakeError(ErrorKind::kInvalidMcd, std::move(problems)), true);
  }
  if (!descriptor) return answers.Add(model, descriptor.error(), true);
  if (!asked.worker) return answers.Add(model, asked.worker.error(), models.size() > 1);
  Report report = asked.matcher.Explain(*descriptor, *asked.worker);
  report.warnings.insert(report.warnings.end(), warnings.begin(), warnings.end());
  if (unchecked) report.skipped.push_back(std::move(*unchecked));
  if (!report.compatible && !no_remedies && !run.globals().quiet) {
    RemedyRequest request = *asked.request;
    request.mcd = descriptor->mcd();
    request.gpus = asked.inventory;
    // Help may come from any engine.
    const auto every = run.Rules();
    if (every) report.remedies = Remedies(CapabilityMatcher(*every, asked.options), request);
  }
  const bool failed = !report.compatible || (strict && !report.warnings.empty());
  std::string launch;
  if (print_launch && report.compatible) {
    launch = LaunchText(run, CommandFor(asked.matcher.rules(), descriptor->mcd(),
                                        asked.worker->ecp(), LoadedAs(*descriptor, model)));
  }
  if (failed && report.compatible && !run.json()) {
    PrintError("cmatch check: " + std::to_string(report.warnings.size()) +
               (report.warnings.size() == 1 ? " warning fails" : " warnings fail") +
               ", by --strict\n");
  }
  answers.Add(model, std::move(report), launch);
  return failed ? Exit::kBad : Exit::kGood;
}

Exit CheckVerb::Run(Context& run) const {
  if (std::ranges::count(models, "-") + (worker.ecp == "-" ? 1 : 0) > 1) {
    PrintError("cmatch check: only one of the models and --ecp can be stdin\n");
    return Exit::kCouldNotJudge;
  }
  Answers answers(run, html);
  const auto rules = run.RulesOf(worker.EngineName(run.globals()));
  if (!rules) return answers.Finish(answers.Add("", rules.error(), false));
  answers.Start(*rules);
  const std::string today = Today();
  const CheckOptions options{.today = today, .trace = trace || run.globals().verbose};
  const CapabilityMatcher matcher(*rules, options);
  Asked asked{.matcher = matcher, .options = options, .request = {}, .inventory = {}, .worker = {}};
  asked.request = worker.Request(**rules, run.globals(), &asked.inventory);
  const auto ecp =
      asked.request ? ProfileOf(**rules, *asked.request) : std::unexpected(asked.request.error());
  asked.worker = ecp ? matcher.Bind(*ecp) : std::unexpected(ecp.error());
  Exit worst = Exit::kGood;
  const bool progress =
      models.size() >= kManyModels && isatty(STDERR_FILENO) != 0 && !run.globals().quiet;
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (progress)
      PrintError("\r" + std::to_string(i + 1) + "/" + std::to_string(models.size()) + "\033[K");
    worst = Worst(worst, CheckModel(run, asked, models[i], answers));
  }
  if (progress) PrintError("\r\033[K");
  return answers.Finish(worst);
}

}  // namespace

Verb AddCheck(CLI::App& app) {
  auto verb = std::make_shared<CheckVerb>();
  app.add_option("MODEL", verb->models, kModelHelp)->required();
  verb->worker.Add(app, Offers::kGpuOrProfile);
  app.add_option("--context", verb->context, "Tokens you will run it with, if not all it has")
      ->check(ValidateTokens);
  verb->source.Add(app);
  app.add_flag("--strict", verb->strict, "Warnings make it fail too");
  app.add_flag("--trace", verb->trace, "Show every rule with its values, passes included");
  app.add_flag("--no-remedies", verb->no_remedies, "Do not look for what would make it run");
  app.add_flag("--print-launch", verb->print_launch,
               "Show how the engine is started with the settings that were judged");
  app.add_option("--html", verb->html, "Write the verdicts to this file too, as a page")
      ->check(ValidateGiven);
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
