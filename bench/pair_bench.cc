// One model against one worker, the four rules of CMATCH-8030 over 16 to 4,096 quant kinds, the one
// that matters last: the check over bound sides beside a search over strings, hash sets, errors
// that own their texts, and a bit set written by hand for these four rules. Then what comes around
// it: a check from strings, the report, each shipped rule alone and all together.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <bitset>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unordered_set>
#include <vector>

#include "cmatch/build_ecp.h"
#include "cmatch/check.h"
#include "cmatch/rules_io.h"
#include "pair_inputs.h"

namespace {

using cmatch::CapabilityMatcher;
using cmatch::Ecp;
using cmatch::Mcd;
using cmatch::bench::FourRules;
using cmatch::bench::ModelWith;
using cmatch::bench::WorkerWith;

void Kinds(benchmark::internal::Benchmark* bench) {
  for (const int count : {16, 64, 256, 1024, 4096}) bench->Arg(count);
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
BENCHMARK(NaiveFind)->Apply(Kinds);

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
BENCHMARK(HashSets)->Apply(Kinds);

template <std::size_t kBits>
struct HandSide {
  std::bitset<8> positional, attention;
  std::bitset<kBits> quant;
  std::int64_t context;
};

// What one would write for just these four rules; `kBits` is known when it is compiled.
template <std::size_t kBits>
void HandWritten(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  HandSide<kBits> model{2, 2, {}, 8192};
  HandSide<kBits> worker{7, 7, {}, 16384};
  model.quant.set(count - 1);
  for (std::size_t i = 0; i < count; ++i) worker.quant.set(i);
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
BENCHMARK(HandWritten<64>)->Name("HandWritten")->Arg(16)->Arg(64);
BENCHMARK(HandWritten<256>)->Name("HandWritten")->Arg(256);
BENCHMARK(HandWritten<1024>)->Name("HandWritten")->Arg(1024);
BENCHMARK(HandWritten<4096>)->Name("HandWritten")->Arg(4096);

// As the matchers of other tools are written: every failure an object that owns its texts.
struct OwnedError {
  std::string rule, required;
  std::vector<std::string> supported;
};

void OwnedErrors(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Mcd mcd = ModelWith(count);
  const Ecp ecp = WorkerWith(count);
  for (auto _ : state) {
    std::vector<OwnedError> errors;
    const auto judge = [&](const char* rule, const std::string& required,
                           const std::vector<std::string>& supported) {
      if (!Contains(supported, required)) errors.push_back({rule, required, supported});
    };
    judge("IncompatiblePositional", mcd.positional, ecp.supports_positional);
    judge("IncompatibleAttention", mcd.attention, ecp.supports_attention);
    for (const std::string& quant : mcd.quant) judge("quant", quant, ecp.supports_quant);
    if (mcd.context_max > ecp.max_context) errors.push_back({"ContextTooLarge", "", {}});
    benchmark::DoNotOptimize(errors);
  }
}
BENCHMARK(OwnedErrors)->Apply(Kinds);

void Interned(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const CapabilityMatcher matcher(FourRules(count));
  const auto model = matcher.Bind(ModelWith(count));
  const auto worker = matcher.Bind(WorkerWith(count));
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Check(*model, *worker));
}
BENCHMARK(Interned)->Apply(Kinds);

void FromStrings(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const CapabilityMatcher matcher(FourRules(count));
  const Mcd mcd = ModelWith(count);
  const auto worker = matcher.Bind(WorkerWith(count));
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Check(mcd, *worker));
}
BENCHMARK(FromStrings)->Apply(Kinds);

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
BENCHMARK(BindAndCheck)->Arg(256);

void ReportOfFourRules(benchmark::State& state) {
  // 16: the worker has all kinds, the last of which the model needs; 17: it lacks that one.
  const auto count = static_cast<std::size_t>(state.range(0));
  const CapabilityMatcher matcher(FourRules(count));
  const auto model = matcher.Bind(ModelWith(count));
  const auto worker = matcher.Bind(WorkerWith(16));
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Explain(*model, *worker));
}
BENCHMARK(ReportOfFourRules)->Arg(16)->Arg(17);

// A model and a worker of which every shipped rule knows all that it reads.
Mcd Llama() {
  Mcd mcd = ModelWith(1);
  mcd.positional = "rope_neox";
  mcd.quant = {"fp16"};
  mcd.attributes = {{"tensor_types", std::vector<std::string>{"f32", "f16"}},
                    {"attention_kinds", std::vector<std::string>{"gqa"}},
                    {"format", std::string("hf")},
                    {"architecture", std::string("llama")},
                    {"requested_context", std::int64_t{4096}},
                    {"head_count", std::int64_t{32}},
                    {"head_count_kv", std::int64_t{8}},
                    {"intermediate_size", std::int64_t{14336}},
                    {"group_size", std::int64_t{128}},
                    {"head_dim", std::int64_t{128}}};
  return mcd;
}

Ecp Vllm(const cmatch::RuleSet& rules) {
  cmatch::GpuFacts gpu;
  gpu.compute = cmatch::ParseCompute("8.9");
  gpu.driver = "590.10";
  gpu.count = 2;
  const auto ecp =
      cmatch::BuildEcp(rules, {.engine = "vllm", .launch = {{"tensor_parallel", "2"}}}, gpu);
  return ecp ? *ecp : WorkerWith(1);
}

std::vector<cmatch::RuleFile> ShippedFiles() {
  namespace fs = std::filesystem;
  const fs::path root = CMATCH_SOURCE_DIR "/rules";
  std::vector<cmatch::RuleFile> files;
  for (const fs::path& folder : {root, root / "engines"}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".yaml") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      files.push_back({entry.path().lexically_relative(root).generic_string(),
                       std::string(std::istreambuf_iterator<char>(in), {})});
    }
  }
  return files;
}

// The shipped rules whose id begins with `id`, alone.
std::shared_ptr<const cmatch::RuleSet> Shipped(std::string_view id) {
  auto tables = cmatch::ReadTables(ShippedFiles());
  if (!tables) return nullptr;
  std::erase_if(tables->rules, [&](const cmatch::Rule& rule) { return !rule.id.starts_with(id); });
  auto rules = cmatch::RuleSet::Create(std::move(*tables));
  return rules ? *rules : nullptr;
}

void ShippedRule(benchmark::State& state, const char* id) {
  const auto rules = Shipped(id);
  if (rules == nullptr) return state.SkipWithError("rules/ cannot be read");
  const CapabilityMatcher matcher(rules);
  const auto model = matcher.Bind(Llama());
  const auto worker = matcher.Bind(Vllm(matcher.rules()));
  if (!model || !worker) return state.SkipWithError("the pair cannot be bound");
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Check(*model, *worker));
}
BENCHMARK_CAPTURE(ShippedRule, none, "none");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8030, "CMATCH-8030");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8130, "CMATCH-8130");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8131, "CMATCH-8131");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8132, "CMATCH-8132");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8133, "CMATCH-8133");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8134, "CMATCH-8134");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8135, "CMATCH-8135");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8136, "CMATCH-8136");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8137, "CMATCH-8137");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8138, "CMATCH-8138");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8139, "CMATCH-8139");
BENCHMARK_CAPTURE(ShippedRule, CMATCH - 8140, "CMATCH-8140");
BENCHMARK_CAPTURE(ShippedRule, all, "");

void ReportOfAFailure(benchmark::State& state) {
  const CapabilityMatcher matcher(cmatch::LoadBuiltinRules());
  const auto model = matcher.Bind(Llama());
  const auto worker = matcher.Bind(WorkerWith(16));
  for (auto _ : state) benchmark::DoNotOptimize(matcher.Explain(*model, *worker));
}
BENCHMARK(ReportOfAFailure);

}  // namespace
