// One model against one worker, the four rules of CMATCH-8030 over lists of 16, 64 and 256 quant
// kinds: the interned check beside a search over strings, beside hash sets, and beside a bit set
// written by hand for these four rules. Then what comes around it: the check with all shipped
// rules, a check from strings, the report, the built-in tables.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <bitset>
#include <string>
#include <unordered_set>
#include <vector>

#include "cmatch/check.h"
#include "cmatch/rules_io.h"

namespace {

using cmatch::CapabilityMatcher;
using cmatch::Ecp;
using cmatch::Mcd;

std::vector<std::string> Names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("quant_kind_" + std::to_string(i));
  return names;
}

// The rule that matters is last: the model has the last of `count` kinds.
Mcd ModelWith(std::size_t count) {
  Mcd mcd;
  mcd.model_id = "org/model";
  mcd.positional = "rope_neox";
  mcd.attention = "gqa";
  mcd.quant = {"quant_kind_" + std::to_string(count - 1)};
  mcd.context_max = 8192;
  mcd.vocab_size = 128256;
  return mcd;
}

Ecp WorkerWith(std::size_t count) {
  Ecp ecp;
  ecp.worker_id = "worker";
  ecp.supports_positional = {"rope_llama", "rope_neox", "alibi"};
  ecp.supports_attention = {"mha", "gqa", "mqa"};
  ecp.supports_quant = Names(count);
  ecp.max_context = 16384;
  ecp.vram_bytes = 24'000'000'000;
  return ecp;
}

// A rule set of the four rules over `count` kinds.
std::shared_ptr<const cmatch::RuleSet> FourRules(std::size_t count) {
  std::string kinds =
      "kind: cmatch.kinds/v1\nkinds:\n  positional: {rope_llama: a, rope_neox: b, alibi: c}\n"
      "  attention: {mha: a, gqa: b, mqa: c}\n  quant:\n";
  for (const std::string& name : Names(count)) kinds += "    " + name + ": \"a kind\"\n";
  const std::string rules = R"(kind: cmatch.rules/v1
name: four
version: "1"
fields:
  mcd.positional: {type: kind, of: positional}
  mcd.attention: {type: kind, of: attention}
  mcd.quant: {type: kinds, of: quant}
  mcd.context_max: {type: integer}
  ecp.supports_positional: {type: kinds, of: positional}
  ecp.supports_attention: {type: kinds, of: attention}
  ecp.supports_quant: {type: kinds, of: quant}
  ecp.max_context: {type: integer}
rules:
  - {id: R-1, name: a, severity: error, check: {value: mcd.positional, in: ecp.supports_positional}, error: IncompatiblePositional, message: m, source: s}
  - {id: R-2, name: b, severity: error, check: {value: mcd.attention, in: ecp.supports_attention}, error: IncompatibleAttention, message: m, source: s}
  - {id: R-3, name: c, severity: error, check: {any_of: mcd.quant, in: ecp.supports_quant}, error: IncompatibleQuant, message: m, source: s}
  - {id: R-4, name: d, severity: error, check: {value: mcd.context_max, le: ecp.max_context}, error: ContextTooLarge, message: m, source: s}
)";
  auto tables = cmatch::ReadTables({{"kinds.yaml", kinds}, {"rules.yaml", rules}});
  if (!tables) return nullptr;
  auto set = cmatch::RuleSet::Create(std::move(*tables));
  return set ? *set : nullptr;
}

bool Contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

void NaiveFind(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Mcd mcd = ModelWith(count);
  const Ecp ecp = WorkerWith(count);
  for (auto _ : state) {
    unsigned failed = 0;
    failed |= Contains(ecp.supports_positional, mcd.positional) ? 0U : 1U;
    failed |= Contains(ecp.supports_attention, mcd.attention) ? 0U : 2U;
    const bool quant = std::any_of(mcd.quant.begin(), mcd.quant.end(),
                                   [&](const auto& q) { return Contains(ecp.supports_quant, q); });
    failed |= quant ? 0U : 4U;
    failed |= mcd.context_max <= ecp.max_context ? 0U : 8U;
    benchmark::DoNotOptimize(failed);
  }
}
BENCHMARK(NaiveFind)->Arg(16)->Arg(64)->Arg(256);

void HashSets(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Mcd mcd = ModelWith(count);
  const Ecp ecp = WorkerWith(count);
  const std::unordered_set<std::string> positional(ecp.supports_positional.begin(),
                                                   ecp.supports_positional.end());
  const std::unordered_set<std::string> attention(ecp.supports_attention.begin(),
                                                  ecp.supports_attention.end());
  const std::unordered_set<std::string> quants(ecp.supports_quant.begin(),
                                               ecp.supports_quant.end());
  for (auto _ : state) {
    unsigned failed = 0;
    failed |= positional.contains(mcd.positional) ? 0U : 1U;
    failed |= attention.contains(mcd.attention) ? 0U : 2U;
    const bool quant = std::any_of(mcd.quant.begin(), mcd.quant.end(),
                                   [&](const auto& q) { return quants.contains(q); });
    failed |= quant ? 0U : 4U;
    failed |= mcd.context_max <= ecp.max_context ? 0U : 8U;
    benchmark::DoNotOptimize(failed);
  }
}
BENCHMARK(HashSets)->Arg(16)->Arg(64)->Arg(256);

struct HandModel {
  std::bitset<8> positional, attention;
  std::bitset<256> quant;
  std::int64_t context;
};

void HandWritten(benchmark::State& state) {
  HandModel model{2, 2, {}, 8192};
  HandModel worker{7, 7, {}, 16384};
  model.quant.set(static_cast<std::size_t>(state.range(0)) - 1);
  for (std::size_t i = 0; i < static_cast<std::size_t>(state.range(0)); ++i) worker.quant.set(i);
  for (auto _ : state) {
    benchmark::DoNotOptimize(model);
    benchmark::DoNotOptimize(worker);
    unsigned failed = 0;
    failed |= (model.positional & ~worker.positional).none() ? 0U : 1U;
    failed |= (model.attention & ~worker.attention).none() ? 0U : 2U;
    failed |= (model.quant & worker.quant).any() ? 0U : 4U;
    failed |= model.context <= worker.context ? 0U : 8U;
    benchmark::DoNotOptimize(failed);
  }
}
BENCHMARK(HandWritten)->Arg(16)->Arg(64)->Arg(256);

void Interned(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const CapabilityMatcher matcher(FourRules(count));
  const auto model = matcher.Bind(ModelWith(count));
  const auto worker = matcher.Bind(WorkerWith(count));
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Check(*model, *worker));
}
BENCHMARK(Interned)->Arg(16)->Arg(64)->Arg(256);

void FromStrings(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const CapabilityMatcher matcher(FourRules(count));
  const Mcd mcd = ModelWith(count);
  const auto worker = matcher.Bind(WorkerWith(count));
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Check(mcd, *worker));
}
BENCHMARK(FromStrings)->Arg(16)->Arg(64)->Arg(256);

void BindAndCheck(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const CapabilityMatcher matcher(FourRules(count));
  const Mcd mcd = ModelWith(count);
  const auto worker = matcher.Bind(WorkerWith(count));
  for (auto _ : state) {
    const auto model = matcher.Bind(mcd);
    benchmark::DoNotOptimize(matcher.Check(*model, *worker));
  }
}
BENCHMARK(BindAndCheck)->Arg(16)->Arg(64)->Arg(256);

void ReportOfFourRules(benchmark::State& state) {
  // 16: the worker has all kinds, the last of which the model needs; 17: it lacks that one.
  const auto count = static_cast<std::size_t>(state.range(0));
  const CapabilityMatcher matcher(FourRules(count));
  const auto model = matcher.Bind(ModelWith(count));
  const auto worker = matcher.Bind(WorkerWith(16));
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Explain(*model, *worker));
}
BENCHMARK(ReportOfFourRules)->Arg(16)->Arg(17);

Mcd Llama() {
  Mcd mcd = ModelWith(1);
  mcd.quant = {"q4_k_m"};
  mcd.attributes = {{"tensor_types", std::vector<std::string>{"f32", "q4_k", "q6_k"}},
                    {"head_dim", std::int64_t{128}},
                    {"architecture", std::string("llama")}};
  return mcd;
}

void ShippedRules(benchmark::State& state) {
  const CapabilityMatcher matcher(cmatch::LoadBuiltinRules());
  const auto model = matcher.Bind(Llama());
  const auto worker = matcher.Bind(WorkerWith(16));
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Check(*model, *worker));
}
BENCHMARK(ShippedRules);

void ReportOfAFailure(benchmark::State& state) {
  const CapabilityMatcher matcher(cmatch::LoadBuiltinRules());
  const auto model = matcher.Bind(Llama());
  const auto worker = matcher.Bind(WorkerWith(16));
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Explain(*model, *worker));
}
BENCHMARK(ReportOfAFailure);

void BuiltinTables(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(cmatch::LoadBuiltinRules());
}
BENCHMARK(BuiltinTables)->Unit(benchmark::kMicrosecond);

}  // namespace
