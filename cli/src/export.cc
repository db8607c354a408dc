// cmatch export: what a model requires of a GPU, in the words of what schedules it.

#include <CLI/CLI.hpp>

#include "cmatch/render_kubernetes.h"
#include "cmatch/requirement.h"
#include "dates.h"
#include "source_options.h"
#include "worker_options.h"

namespace cmatch::cli {
namespace {

struct ExportVerb {
  std::string target, model, context;
  SourceOptions source;
  WorkerOptions worker;
  bool strict = false;

  Exit Run(Context& run) const;
  std::expected<Requirement, Error> Find(Context& run, const RuleSet& rules,
                                         const CapabilityMatcher& matcher) const;
};

std::expected<Requirement, Error> ExportVerb::Find(Context& run, const RuleSet& rules,
                                                   const CapabilityMatcher& matcher) const {
  const auto facts = ReadModelArgument(model, rules, source.ForModel());
  if (!facts) return std::unexpected(facts.error());
  auto mcd = McdFrom(*facts);
  if (!mcd) return std::unexpected(std::move(mcd.error()));
  if (!context.empty()) mcd->attributes["requested_context"] = ParseTokens(context);
  std::vector<Problem> problems;
  const auto choice = worker.Choose(run.globals(), &problems);
  if (!choice) return std::unexpected(choice.error());
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidEcp, std::move(problems)));
  }
  return RequirementOf(matcher, *mcd, *choice);
}

Exit ExportVerb::Run(Context& run) const {
  const auto rules = run.Rules();
  if (!rules) return run.Fail(rules.error());
  const std::string today = Today();
  const CapabilityMatcher matcher(*rules, {.today = today, .trace = false});
  const auto required = Find(run, **rules, matcher);
  if (!required) return run.Fail(required.error(), model);
  const bool some = !required->gpus.empty();
  if (run.json()) {
    Print(RenderKubernetesJson(*required, strict) + '\n');
  } else if (some) {
    Print(RenderKubernetes(*required, strict));
  }
  if (some) return Exit::kGood;
  PrintError("cmatch export: no GPU that the tables know would do; the nearest:\n");
  if (required->nearest) PrintError(RenderText(*required->nearest, run.err_text()));
  return Exit::kBad;
}

}  // namespace

Verb AddExport(CLI::App& app) {
  auto verb = std::make_shared<ExportVerb>();
  app.add_option("TARGET", verb->target, "What it is written for: kubernetes")
      ->required()
      ->check(CLI::IsMember({"kubernetes"}));
  app.add_option("MODEL", verb->model, kModelHelp)->required();
  verb->worker.Add(app, Offers::kAnyGpu);
  app.add_option("--context", verb->context, "Tokens you will run it with, if not all it has")
      ->check(ValidateTokens);
  verb->source.Add(app);
  app.add_flag("--strict", verb->strict, "Require memory below which a rule only warns");
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
