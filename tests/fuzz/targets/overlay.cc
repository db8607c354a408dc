// Overlays and waivers, on top of the engine `toy`.

#include "cmatch/tables.h"
#include "fuzz/fuzz.h"
#include "parsers/yaml_samples.h"
#include "support/rules.h"
#include "tables/table_files.h"

namespace cmatch::fuzz {

void Run(std::string_view input) {
  static const Tables base = *ReadTables(testing::ToyFiles(testing::kTableRules));
  Tables tables = base;
  std::vector<Problem> problems;
  internal::AddFiles({{"fuzz.yaml", std::string(input)}}, tables, problems);
  ExpectProblems(problems);
  if (!problems.empty()) return;
  if (const auto rules = RuleSet::Create(std::move(tables)); !rules) ExpectError(rules.error());
}

std::vector<std::string> Seeds() {
  const std::string head =
      "kind: cmatch.overlay/v1\nlayer: site\nreason: \"driver bug\"\nowner: ops\n";
  return {
      std::string(testing::kOverlaySample),
      head +
          "expires: \"2027-03-01\"\nset:\n"
          "  - target: engines/toy/supports/quant/fp16\n"
          "    entries: [{compute: [\"8.0..9.0\"], level: unsupported, because: \"bug\"}]\n"
          "  - target: rules/CMATCH-8131/severity\n    value: warning\n    expect: error\n"
          "waive:\n  - {rule: CMATCH-8130, model: \"org/*\", worker: \"*\", reason: \"known\", "
          "expires: \"2026-12-31\"}\n",
      head +
          "set:\n  - {target: engines/toy/default_version, value: \"1.0\"}\n"
          "  - {target: engines/toy/builds/old, entries: [{versions: \"<2.0\", cuda: \"12.1\", "
          "images: [\"7.0\"], source: s}]}\n"
          "  - {target: engines/toy/launch/kv_cache, values: [auto], default: auto}\n",
      head +
          "add:\n  gpus:\n    - {name: \"Own GPU\", compute: \"8.9\", memory: [48GiB], source: s}\n"
          "remove:\n  - rules/CMATCH-8132\n",
  };
}

}  // namespace cmatch::fuzz
