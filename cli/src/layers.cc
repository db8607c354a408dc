// cmatch layers: every override and waiver of rule directories, and which end. Exit 1 where one is
// past its date, or ends within the time that was asked about.

#include "cmatch/layers.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cmatch/render_layers.h"
#include "cmatch/rules_io.h"
#include "context.h"
#include "dates.h"

namespace cmatch::cli {
namespace {

struct LayersVerb {
  std::vector<std::string> paths;
  std::string within, today;

  Exit Run(Context& run) const;
};

Exit LayersVerb::Run(Context& run) const {
  std::vector<std::string> directories = run.globals().rules_given;
  directories.insert(directories.end(), paths.begin(), paths.end());
  const auto rules = directories.empty() ? run.Rules() : LoadRules(directories);
  if (!rules) return run.Fail(rules.error());
  const std::string day = today.empty() ? Today() : today;
  const std::vector<LayerItem> layers =
      LayersOf(**rules, day, within.empty() ? "" : DaysAfter(day, within));
  if (run.json()) {
    Print(RenderJson(layers) + '\n');
  } else {
    const std::string text = RenderText(layers, run.out_text());
    // The answer alone is the last line.
    const std::size_t last = text.find_last_of('\n', text.size() - 2);
    Print(run.globals().quiet && last != std::string::npos ? text.substr(last + 1) : text);
  }
  const bool ends = std::any_of(layers.begin(), layers.end(), [](const LayerItem& item) {
    return item.state != LayerState::kApplies;
  });
  return ends ? Exit::kBad : Exit::kGood;
}

}  // namespace

Verb AddLayers(CLI::App& app) {
  auto verb = std::make_shared<LayersVerb>();
  app.add_option(
      "PATH", verb->paths,
      "Rule directories, on top of those of --rules (those set for every verb, if none is "
      "named)");
  app.add_option("--within", verb->within, "Also what ends within so many days: 30d")
      ->check(ValidateDays);
  app.add_option("--today", verb->today, "Day that decides, YYYY-MM-DD (today)")
      ->check(ValidateDate);
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
