// cmatch inspect: what the sources of a model say.

#include <CLI/CLI.hpp>

#include "cmatch/mcd_source.h"
#include "context.h"
#include "source_options.h"

namespace cmatch::cli {
namespace {

struct InspectVerb {
  std::string model;
  SourceOptions source;

  Exit Run(Context& run) const {
    const auto rules = run.Rules();
    if (!rules) return run.Fail(rules.error());
    const auto facts = ReadModelArgument(model, **rules, source.ForModel());
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
  app.add_option("MODEL", verb->model, kModelHelp)->required();
  verb->source.Add(app);
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
