// cmatch check: the verdict for each model.

#include "cmatch/check.h"

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "cmatch/mcd_source.h"
#include "worker_options.h"

namespace cmatch::cli {
namespace {

constexpr std::size_t kManyModels = 8;  // from here on stderr says how far it is

// What every model is judged against.
struct Asked {
  const CapabilityMatcher& matcher;
  std::expected<RemedyRequest, Error> request;
  std::vector<GpuFacts> inventory;  // the GPUs of the document that --gpu names
  std::expected<Worker, Error> worker;
};

struct CheckVerb {
  std::vector<std::string> models;
  WorkerOptions worker;
  std::string context, catalog;
  bool no_sidecar = false, strict = false, trace = false, no_remedies = false;

  Exit Run(Context& context_of_run) const;
  std::expected<Model, Error> ReadDescriptor(const CapabilityMatcher& matcher,
                                             const std::string& model,
                                             std::vector<Finding>& warnings) const;
  Exit CheckModel(Context& run, const Asked& asked, const std::string& model) const;
};

std::string Answer(const Context& run, const Report& report) {
  if (run.json()) return RenderJson(report) + '\n';
  if (!run.globals().quiet) return RenderText(report, run.out_text());
  return std::string(report.compatible ? "COMPATIBLE" : "NOT COMPATIBLE") + ": " +
         Escape(report.model_id) + " on " + Escape(report.worker_id) + '\n';
}

std::expected<Model, Error> CheckVerb::ReadDescriptor(const CapabilityMatcher& matcher,
                                                      const std::string& model,
                                                      std::vector<Finding>& warnings) const {
  auto facts =
      ReadModelArgument(model, matcher.rules(), {.catalog = catalog, .sidecar = !no_sidecar});
  if (!facts) return std::unexpected(std::move(facts.error()));
  auto mcd = McdFrom(*facts);
  if (!mcd) return std::unexpected(std::move(mcd.error()));
  if (!context.empty()) mcd->attributes["requested_context"] = ParseTokens(context);
  warnings = std::move(facts->warnings);
  return matcher.Bind(*mcd);
}

Exit CheckVerb::CheckModel(Context& run, const Asked& asked, const std::string& model) const {
  std::vector<Finding> warnings;
  const auto descriptor = ReadDescriptor(asked.matcher, model, warnings);
  if (!descriptor && !asked.worker) {  // every problem of both, under the model's name
    std::vector<Problem> problems = descriptor.error().problems;
    problems.insert(problems.end(), asked.worker.error().problems.begin(),
                    asked.worker.error().problems.end());
    return run.Fail(MakeError(ErrorKind::kInvalidMcd, std::move(problems)), model);
  }
  if (!descriptor) return run.Fail(descriptor.error(), model);
  if (!asked.worker) return run.Fail(asked.worker.error(), models.size() > 1 ? model : "");
  Report report = asked.matcher.Explain(*descriptor, *asked.worker);
  report.warnings.insert(report.warnings.end(), warnings.begin(), warnings.end());
  if (!report.compatible && !no_remedies && !run.globals().quiet) {
    RemedyRequest request = *asked.request;
    request.mcd = descriptor->mcd();
    request.gpus = asked.inventory;
    report.remedies = Remedies(asked.matcher, request);
  }
  Print(Answer(run, report));
  const bool failed = !report.compatible || (strict && !report.warnings.empty());
  return failed ? Exit::kBad : Exit::kGood;
}

Exit CheckVerb::Run(Context& run) const {
  const auto rules = run.Rules();
  if (!rules) return run.Fail(rules.error());
  const std::string today = Today();
  const CapabilityMatcher matcher(*rules,
                                  {.today = today, .trace = trace || run.globals().verbose});
  Asked asked{.matcher = matcher, .request = {}, .inventory = {}, .worker = {}};
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
    worst = Worst(worst, CheckModel(run, asked, models[i]));
  }
  if (progress) PrintError("\r\033[K");
  return worst;
}

}  // namespace

Verb AddCheck(CLI::App& app) {
  auto verb = std::make_shared<CheckVerb>();
  app.add_option("MODEL", verb->models,
                 "GGUF file, *.mcd.json, Hugging Face directory, or with --catalog an id")
      ->required();
  verb->worker.Add(app, true);
  app.add_option("--context", verb->context, "Tokens you will run it with, if not all it has")
      ->check(ValidateTokens);
  app.add_option("--catalog", verb->catalog, "Model catalog, a JSON object of id -> entry");
  app.add_flag("--no-sidecar", verb->no_sidecar, "Leave out the .mcd.json beside the model");
  app.add_flag("--strict", verb->strict, "Warnings make it fail too");
  app.add_flag("--trace", verb->trace, "Show every rule with its values, passes included");
  app.add_flag("--no-remedies", verb->no_remedies, "Do not look for what would make it run");
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
