// cmatch inspect: what the sources of a model say.

#include <CLI/CLI.hpp>

#include "cmatch/mcd_source.h"
#include "context.h"

namespace cmatch::cli {
namespace {

struct InspectVerb {
  std::string model, catalog;
  bool no_sidecar = false;

  Exit Run(Context& run) const {
    const auto rules = run.Rules();
    if (!rules) return run.Fail(rules.error());
    const auto facts =
        ReadModelArgument(model, **rules, {.catalog = catalog, .sidecar = !no_sidecar});
    if (!facts) return run.Fail(facts.error(), model);
    Inspection inspection;
    inspection.model = model;
    for (const auto& [name, member] : facts->members) {
      inspection.members.emplace(name, member.value);
      inspection.origin.emplace(name, member.origin);
    }
    inspection.missing = MissingMembers(*facts);
    inspection.warnings = facts->warnings;
    if (const auto unchecked = UncheckedData(model, *facts)) {
      Finding& warning = inspection.warnings.emplace_back();
      warning.rule = unchecked->rule;
      warning.error = "SourceWarning";
      warning.severity = Severity::kWarning;
      warning.message = unchecked->because;
    }
    Print(run.json() ? RenderJson(inspection) + '\n' : RenderText(inspection, run.out_text()));
    return Exit::kGood;
  }
};

}  // namespace

Verb AddInspect(CLI::App& app) {
  auto verb = std::make_shared<InspectVerb>();
  app.add_option("MODEL", verb->model,
                 "GGUF file, *.mcd.json, Hugging Face directory, or with --catalog an id")
      ->required();
  app.add_option("--catalog", verb->catalog, "Model catalog, a JSON object of id -> entry")
      ->check(ValidateGiven);
  app.add_flag("--no-sidecar", verb->no_sidecar, "Leave out the .mcd.json beside the model");
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
