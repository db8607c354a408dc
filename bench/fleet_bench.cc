// Every model on every worker, the four rules of CMATCH-8030 with a bitmap for each rule and one
// for the verdict: the fleet's index beside a pairwise loop written by hand for these rules with
// AVX2 over flat records, and beside Check() of each pair. Models and workers are random, with up
// to four of 24 quant kinds and any context, so that few are alike. Then all shipped rules over
// workers from every engine's tables; the index itself; questions about one model or worker, and
// one changed.

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "cmatch/build_ecp.h"
#include "cmatch/fleet.h"
#include "cmatch/matrix.h"
#include "cmatch/rules_io.h"
#include "fleet_pairwise.h"
#include "support/four_rules.h"

namespace {

using cmatch::CapabilityMatcher;
using cmatch::Ecp;
using cmatch::Fleet;
using cmatch::FleetBlock;
using cmatch::Mcd;
using cmatch::Model;
using cmatch::Worker;
using cmatch::bench::FlatFleet;

constexpr int kPositional = 8;
constexpr int kAttention = 8;
constexpr int kQuant = 24;
constexpr std::int64_t kContext = 131072;

std::shared_ptr<const cmatch::RuleSet> FourRules() {
  const auto list = [](const char* dimension, char letter, int count) {
    std::string text = std::string("  ") + dimension + ":\n";
    for (int i = 0; i < count; ++i) {
      text += std::string("    ") + letter + std::to_string(i) + ": \"a kind\"\n";
    }
    return text;
  };
  const std::string kinds = "kind: cmatch.kinds/v1\nkinds:\n" +
                            list("positional", 'p', kPositional) +
                            list("attention", 'a', kAttention) + list("quant", 'q', kQuant);
  auto tables = cmatch::ReadTables(
      {{"kinds.yaml", kinds}, {"rules.yaml", std::string(cmatch::testing::kFourRules)}});
  if (!tables) std::abort();
  auto set = cmatch::RuleSet::Create(std::move(*tables));
  if (!set) std::abort();
  return *set;
}

// The same random fleet twice: as records of the baseline, and bound.
struct RandomPairs {
  CapabilityMatcher matcher{FourRules()};
  FlatFleet flat;
  std::vector<Model> models;
  std::vector<Worker> workers;
  std::mt19937 random{8030};

  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random); }

  std::vector<std::string> Names(char letter, std::uint32_t mask) {
    std::vector<std::string> names;
    for (int i = 0; i < 32; ++i) {
      if (mask >> i & 1) names.push_back(letter + std::to_string(i));
    }
    return names;
  }
  // Each kind with a chance of 3/4.
  std::uint32_t Most(int count) {
    std::uint32_t mask = 0;
    for (int i = 0; i < count; ++i) mask |= Below(4) != 0 ? 1U << i : 0;
    return mask;
  }

  void AddModel() {
    Mcd mcd;
    const int positional = Below(kPositional);
    const int attention = Below(kAttention);
    std::uint32_t quant = 0;
    for (int i = Below(4); i >= 0; --i) quant |= 1U << Below(kQuant);
    mcd.model_id = "m";
    mcd.positional = 'p' + std::to_string(positional);
    mcd.attention = 'a' + std::to_string(attention);
    mcd.quant = Names('q', quant);
    mcd.context_max = Below(kContext) + 1;
    mcd.vocab_size = 1;
    flat.model_positional.push_back(1U << positional);
    flat.model_attention.push_back(1U << attention);
    flat.model_quant.push_back(quant);
    flat.model_context.push_back(static_cast<std::int32_t>(mcd.context_max));
    models.push_back(*matcher.Bind(mcd));
  }

  Worker NextWorker() {
    Ecp ecp;
    const std::uint32_t positional = Most(kPositional);
    const std::uint32_t attention = Most(kAttention);
    const std::uint32_t quant = Most(kQuant) & Most(kQuant);
    ecp.worker_id = "w";
    ecp.supports_positional = Names('p', positional);
    ecp.supports_attention = Names('a', attention);
    ecp.supports_quant = Names('q', quant);
    ecp.max_context = Below(kContext) + 1;
    flat.worker_positional.push_back(positional);
    flat.worker_attention.push_back(attention);
    flat.worker_quant.push_back(quant);
    flat.worker_context.push_back(static_cast<std::int32_t>(ecp.max_context));
    return *matcher.Bind(ecp);
  }

  RandomPairs(std::int64_t model_count, std::int64_t worker_count) {
    for (std::int64_t i = 0; i < model_count; ++i) AddModel();
    for (std::int64_t i = 0; i < worker_count; ++i) workers.push_back(NextWorker());
  }
};

// Kept between the benchmarks of one size.
RandomPairs& Pairs(const benchmark::State& state) {
  static std::unique_ptr<RandomPairs> pairs;
  static std::pair<std::int64_t, std::int64_t> size;
  const std::pair<std::int64_t, std::int64_t> wanted(state.range(0), state.range(1));
  if (pairs == nullptr || size != wanted) {
    pairs.reset();
    pairs = std::make_unique<RandomPairs>(wanted.first, wanted.second);
    size = wanted;
  }
  return *pairs;
}

void CountPairs(benchmark::State& state, std::int64_t pairs) {
  state.counters["pairs"] = static_cast<double>(pairs);
  state.counters["per_pair"] =
      benchmark::Counter(static_cast<double>(pairs) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void CountPairs(benchmark::State& state) { CountPairs(state, state.range(0) * state.range(1)); }

// One model's five rows, as the baseline leaves them.
std::size_t CopyRows(const FleetBlock& block, std::size_t model, std::size_t rules,
                     std::uint64_t* out) {
  const std::size_t words = block.Compatible(model).size();
  for (std::size_t rule = 0; rule < rules; ++rule) {
    std::copy_n(block.Failed(rule, model).data(), words, out + rule * words);
  }
  std::copy_n(block.Compatible(model).data(), words, out + rules * words);
  return (rules + 1) * words;
}

void PairwiseAvx2(benchmark::State& state) {
  const RandomPairs& pairs = Pairs(state);
  if (!FlatFleet::Supported()) return state.SkipWithError("no AVX2");
  std::vector<std::uint64_t> rows(5 * (pairs.workers.size() / 64));
  for (auto _ : state) {
    for (std::size_t model = 0; model < pairs.models.size(); ++model) {
      pairs.flat.Judge(model, rows.data());
      benchmark::DoNotOptimize(rows.data());
      benchmark::ClobberMemory();
    }
  }
  CountPairs(state);
}

void PairwiseCheck(benchmark::State& state) {
  const RandomPairs& pairs = Pairs(state);
  for (auto _ : state) {
    for (const Model& model : pairs.models) {
      for (const Worker& worker : pairs.workers) {
        benchmark::DoNotOptimize(pairs.matcher.Check(model, worker));
      }
    }
  }
  CountPairs(state);
}

// The bitmaps where they are: what a caller that reads them pays.
void FleetBitmaps(benchmark::State& state) {
  const RandomPairs& pairs = Pairs(state);
  const Fleet fleet(pairs.matcher, pairs.models, pairs.workers);
  for (auto _ : state) {
    fleet.ForEachBlock([](const FleetBlock& block) {
      benchmark::DoNotOptimize(block.Compatible(0).data());
      benchmark::ClobberMemory();
    });
  }
  CountPairs(state);
}

// And copied, each model's five rows one after the other, as the baseline writes them.
void FleetBitmapsCopied(benchmark::State& state) {
  const RandomPairs& pairs = Pairs(state);
  const Fleet fleet(pairs.matcher, pairs.models, pairs.workers);
  std::vector<std::uint64_t> rows(5 * 32);
  for (auto _ : state) {
    fleet.ForEachBlock([&](const FleetBlock& block) {
      for (std::size_t model = 0; model < block.models; ++model) {
        CopyRows(block, model, 4, rows.data());
        benchmark::DoNotOptimize(rows.data());
        benchmark::ClobberMemory();
      }
    });
  }
  CountPairs(state);
}

// As FleetBitmaps, on two threads: to be read by the clock.
void FleetOnTwoThreads(benchmark::State& state) {
  const RandomPairs& pairs = Pairs(state);
  const auto two = [](std::size_t tasks, const std::function<void(std::size_t)>& run) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t task = next++; task < tasks; task = next++) run(task);
    };
    const std::jthread other(work);
    work();
  };
  const Fleet fleet(pairs.matcher, pairs.models, pairs.workers, {.executor = two});
  for (auto _ : state) {
    fleet.ForEachBlock([](const FleetBlock& block) {
      benchmark::DoNotOptimize(block.Compatible(0).data());
      benchmark::ClobberMemory();
    });
  }
  CountPairs(state);
}

// What malloc has given out.
std::size_t HeapBytes() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

template <typename Pairs>
void IndexPairs(benchmark::State& state, const Pairs& pairs) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(Fleet(pairs.matcher, pairs.models, pairs.workers));
  }
  const std::size_t before = HeapBytes();
  const Fleet fleet(pairs.matcher, pairs.models, pairs.workers);
  state.counters["heap"] = static_cast<double>(HeapBytes() - before);
}

void FleetIndexing(benchmark::State& state) {
  IndexPairs(state, Pairs(state));
  CountPairs(state);
}

void WorkersForModel(benchmark::State& state) {
  const RandomPairs& pairs = Pairs(state);
  const Fleet fleet(pairs.matcher, pairs.models, pairs.workers);
  std::size_t model = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(fleet.WorkersFor(model));
    model = (model + 7919) % pairs.models.size();
  }
}

void ModelsForWorker(benchmark::State& state) {
  const RandomPairs& pairs = Pairs(state);
  const Fleet fleet(pairs.matcher, pairs.models, pairs.workers, {.models_for_worker = true});
  std::size_t worker = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(fleet.ModelsFor(worker));
    worker = (worker + 311) % pairs.workers.size();
  }
}

void ReplaceWorker(benchmark::State& state) {
  RandomPairs& pairs = Pairs(state);
  Fleet fleet(pairs.matcher, pairs.models, pairs.workers);
  std::vector<Worker> others;
  for (int i = 0; i < 64; ++i) others.push_back(pairs.workers[static_cast<std::size_t>(i * 13)]);
  std::size_t i = 0;
  for (auto _ : state) {
    fleet.Replace((i * 311) % pairs.workers.size(), others[i % 64]);
    ++i;
  }
}

void Sizes(benchmark::internal::Benchmark* bench) {
  bench->Args({10000, 1024})->Args({100000, 1024})->Args({100000, 10240})->Args({100000, 102400});
  bench->Unit(benchmark::kMillisecond);
}

BENCHMARK(PairwiseAvx2)->Args({100000, 1024})->Unit(benchmark::kMillisecond);
BENCHMARK(PairwiseCheck)->Args({1000, 1024})->Unit(benchmark::kMillisecond);
BENCHMARK(FleetBitmaps)->Apply(Sizes);
BENCHMARK(FleetBitmapsCopied)->Apply(Sizes);
BENCHMARK(FleetOnTwoThreads)->Args({100000, 102400})->Unit(benchmark::kMillisecond);
BENCHMARK(FleetIndexing)->Apply(Sizes);
BENCHMARK(WorkersForModel)->Args({100000, 1024})->Unit(benchmark::kMicrosecond);
BENCHMARK(ModelsForWorker)->Args({100000, 1024})->Unit(benchmark::kMicrosecond);
BENCHMARK(ReplaceWorker)->Args({100000, 1024})->Unit(benchmark::kMicrosecond);

// --- All shipped rules, workers from the tables, models that differ in what those read.

struct ShippedPairs {
  CapabilityMatcher matcher{cmatch::LoadBuiltinRules()};
  std::vector<Model> models;
  std::vector<Worker> workers;

  static const ShippedPairs& Get() {
    static const ShippedPairs pairs;
    return pairs;
  }

  ShippedPairs() {
    std::vector<Worker> distinct;
    for (const std::string_view engine : cmatch::EngineNames(matcher.rules())) {
      for (const cmatch::ComputeCapability compute : matcher.rules().KnownCompute()) {
        for (const std::int64_t context : {8192, 32768, 131072}) {
          cmatch::GpuFacts gpu;
          gpu.compute = compute;
          gpu.driver = "570.26";
          const auto ecp = cmatch::BuildEcp(
              matcher.rules(), {.engine = std::string(engine), .max_context = context}, gpu);
          if (ecp) distinct.push_back(*matcher.Bind(*ecp));
        }
      }
    }
    for (std::size_t i = 0; i < 1024; ++i) workers.push_back(distinct[i % distinct.size()]);
    for (int i = 0; i < 100000; ++i) models.push_back(*matcher.Bind(NextModel()));
  }

 private:
  template <typename Choice>
  Choice Pick(const std::vector<Choice>& choices) {
    return choices[std::uniform_int_distribution<std::size_t>(0, choices.size() - 1)(random_)];
  }

  Mcd NextModel() {
    using Strings = std::vector<std::string>;
    const auto kinds = matcher.rules().KindsOf("quant");
    Mcd mcd;
    mcd.model_id = "org/model-" + std::to_string(models.size());
    mcd.positional = Pick<std::string>({"rope_llama", "rope_neox", "mrope", "alibi", "learned"});
    mcd.attention = Pick<std::string>({"gqa", "gqa", "mha", "mqa", "mla"});
    mcd.quant = {std::string(
        kinds[static_cast<std::size_t>(Pick<int>({0, 1, 2, 5, 9, 14})) % kinds.size()])};
    mcd.context_max = Pick<std::int64_t>({4096, 8192, 32768, 40960, 131072, 262144});
    mcd.vocab_size = 128256;
    mcd.attributes["format"] = Pick<std::string>({"gguf", "hf"});
    mcd.attributes["tensor_types"] = Pick<Strings>(
        {{"f32", "q4_k", "q6_k"}, {"bf16"}, {"f32", "q8_0"}, {"fp8"}, {"f32", "mxfp4"}});
    mcd.attributes["architecture"] = Pick<std::string>({"llama", "qwen3", "gpt_oss", "deepseek2"});
    mcd.attributes["head_dim"] = Pick<std::int64_t>({64, 80, 96, 128, 192, 256, 576});
    mcd.attributes["head_count"] = Pick<std::int64_t>({16, 32, 40, 64});
    mcd.attributes["intermediate_size"] = Pick<std::int64_t>({11008, 14336, 28672});
    mcd.attributes["attention_sink"] = Pick<int>({0, 0, 0, 1}) == 1;
    return mcd;
  }

  std::mt19937 random_{8030};
};

void ShippedCheck(benchmark::State& state) {
  const ShippedPairs& pairs = ShippedPairs::Get();
  for (auto _ : state) {
    for (std::size_t model = 0; model < 100; ++model) {
      for (const Worker& worker : pairs.workers) {
        benchmark::DoNotOptimize(pairs.matcher.Check(pairs.models[model], worker));
      }
    }
  }
  CountPairs(state, 100 * 1024);
}
BENCHMARK(ShippedCheck)->Unit(benchmark::kMillisecond);

void ShippedFleet(benchmark::State& state) {
  const ShippedPairs& pairs = ShippedPairs::Get();
  const Fleet fleet(pairs.matcher, pairs.models, pairs.workers);
  for (auto _ : state) {
    fleet.ForEachBlock([](const FleetBlock& block) {
      benchmark::DoNotOptimize(block.Compatible(0).data());
      benchmark::ClobberMemory();
    });
  }
  CountPairs(state, 100000 * 1024);
}
BENCHMARK(ShippedFleet)->Unit(benchmark::kMillisecond);

void ShippedIndexing(benchmark::State& state) {
  IndexPairs(state, ShippedPairs::Get());
  CountPairs(state, 100000 * 1024);
}
BENCHMARK(ShippedIndexing)->Unit(benchmark::kMillisecond);

// The baseline and the fleet say the same of every pair, or nothing here means anything.
void Verify() {
  const RandomPairs pairs(500, 1024);
  if (!FlatFleet::Supported()) return;
  const Fleet fleet(pairs.matcher, pairs.models, pairs.workers);
  std::vector<std::uint64_t> ours(5 * 16);
  std::vector<std::uint64_t> theirs(5 * 16);
  fleet.ForEachBlock([&](const FleetBlock& block) {
    for (std::size_t model = 0; model < block.models; ++model) {
      CopyRows(block, model, 4, ours.data());
      pairs.flat.Judge(block.first_model + model, theirs.data());
      if (ours == theirs) continue;
      std::fprintf(stderr, "the baseline and the fleet differ\n");
      std::exit(1);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  Verify();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
