// Rules as YAML: read, checked and compiled, beside YAML::Load of the same text, which only builds
// a tree. And the tables that are compiled in.

#include <benchmark/benchmark.h>
#include <yaml-cpp/yaml.h>

#include "inputs.h"

namespace {

void YamlLoad(benchmark::State& state) {
  const auto files = cmatch::bench::GeneratedRules(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    for (const cmatch::RuleFile& file : files) benchmark::DoNotOptimize(YAML::Load(file.text));
  }
}
BENCHMARK(YamlLoad)->Arg(5000)->Arg(50000)->Unit(benchmark::kMillisecond);

void RulesFromYaml(benchmark::State& state) {
  const auto files = cmatch::bench::GeneratedRules(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    auto tables = cmatch::ReadTables(files);
    auto rules = tables ? cmatch::RuleSet::Create(std::move(*tables))
                        : std::unexpected(std::move(tables.error()));
    if (!rules) {
      const cmatch::Problem& first = rules.error().problems.front();
      state.SkipWithError((ToString(first.where) + ": " + first.message).c_str());
    }
    benchmark::DoNotOptimize(rules);
  }
}
BENCHMARK(RulesFromYaml)->Arg(5000)->Arg(50000)->Unit(benchmark::kMillisecond);

void BuiltinTables(benchmark::State& state) {
  std::shared_ptr<const cmatch::RuleSet> rules;
  for (auto _ : state) {
    rules = cmatch::LoadBuiltinRules();
    benchmark::DoNotOptimize(rules);
    state.PauseTiming();
    rules.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(BuiltinTables)->Unit(benchmark::kMicrosecond);

}  // namespace
