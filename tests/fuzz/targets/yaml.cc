// Rule and table files of every kind but overlays: read, compiled, and read as cases and as
// configuration.

#include "cmatch/cases_io.h"
#include "cmatch/config_io.h"
#include "fuzz/fuzz.h"
#include "parsers/yaml_samples.h"
#include "support/rules.h"

namespace cmatch::fuzz {

void Run(std::string_view input) {
  const RuleFile file{"fuzz.yaml", std::string(input)};
  auto tables = ReadTables({file});
  if (tables) {
    if (const auto rules = RuleSet::Create(std::move(*tables)); !rules) ExpectError(rules.error());
  } else {
    ExpectError(tables.error());
  }
  if (const auto cases = ReadCases({file}); !cases) ExpectError(cases.error());
  if (const auto config = ReadConfig(input, "fuzz.yaml"); !config) ExpectError(config.error());
}

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  for (const std::string_view sample :
       {testing::kRulesSample, testing::kKindsSample, testing::kGpusSample,
        testing::kArchitecturesSample, testing::kEngineSample, testing::kKindsYaml,
        testing::kGpusYaml, testing::kToyYaml, testing::kCasesSample, testing::kConfigSample}) {
    seeds.emplace_back(sample);
  }
  seeds.push_back(testing::RulesYaml(testing::kTableRules));
  seeds.push_back(testing::RulesYaml(
      testing::RuleYaml("R-1",
                        "{all: [{value: mcd.n, le: 5}, {any: [{value: mcd.real, gt: 0.5}, "
                        "{not: {value: mcd.word, eq: x}}]}]}",
                        "when: {value: mcd.flag, eq: true}")));
  seeds.push_back(testing::RulesYaml(
      testing::RuleYaml("R-2", "{value: mcd.many, all_in: ecp.many}", "severity: warning") +
      testing::RuleYaml("R-3", "{value: mcd.list, each: {multiple_of: 8, min: 1}}")));
  seeds.emplace_back("a: &x [*x]\nb: !t {<<: *x}\n? [k]\n: |\n  text\n--- # second\n");
  return seeds;
}

}  // namespace cmatch::fuzz
