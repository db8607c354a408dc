// The same calls from C++, through the C ABI and, where there is a cargo, through the Rust crate,
// in one run: what each border costs. Then a reload, and the memory that a rule set holds.
// bench/embed runs it and prints the ratios.

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "cmatch.h"
#include "cmatch/check.h"
#include "cmatch/ecp_source.h"
#include "cmatch/mcd_source.h"
#include "cmatch/rule_store.h"
#include "cmatch/rules_io.h"

#ifdef CMATCH_BENCH_RUST
extern "C" {
struct RustState;
RustState* bench_rust_new(const char* mcd, std::size_t mcd_len, const char* ecp,
                          std::size_t ecp_len);
void bench_rust_free(RustState* state);
std::size_t bench_rust_run(const RustState* state, int what, std::size_t count);
}
#endif

namespace {

// CMATCH-8010 and 8020 with what the tables read besides. `context` decides the verdict.
std::string McdJson(int context) {
  return R"({"model_id":"meta-llama/Llama-3.1-8B","positional":"rope_llama","attention":"gqa",)"
         R"("quant":["q4_k_m"],"context_max":)" +
         std::to_string(context) +
         R"(,"vocab_size":128256,"architecture":"llama","head_dim":128,)"
         R"("tensor_types":["f32","q4_k","q6_k"]})";
}
constexpr const char* kEcp =
    R"({"worker_id":"gpu-0-worker","supports_positional":["rope_llama","rope_neox","alibi"],)"
    R"("supports_attention":["mha","gqa","mqa"],"supports_quant":["q4_0","q4_k_m","q8_0","fp16"],)"
    R"("max_context":16384,"vram_bytes":24000000000})";
constexpr int kFits = 8192, kTooLong = 32768;

struct Pair {
  std::string mcd_json, ecp_json = kEcp;
  std::shared_ptr<const cmatch::RuleSet> set = cmatch::LoadBuiltinRules();
  cmatch::CapabilityMatcher matcher{set};
  cmatch::Mcd mcd;
  cmatch::Ecp ecp;
  cmatch::Model model;
  cmatch::Worker worker;
  cmatch_rules* rules = nullptr;
  cmatch_model* c_model = nullptr;
  cmatch_worker* c_worker = nullptr;

  explicit Pair(int context) : mcd_json(McdJson(context)) {
    mcd = *McdFrom(*cmatch::ReadMcdJson(mcd_json, "mcd", *set));
    ecp = *cmatch::ReadEcp(ecp_json, "ecp", *set);
    model = *matcher.Bind(mcd);
    worker = *matcher.Bind(ecp);
    cmatch_rules_builtin(nullptr, &rules, nullptr);
    cmatch_model_from_json(rules, Mcd(), nullptr, &c_model, nullptr);
    cmatch_worker_from_json(rules, Ecp(), &c_worker, nullptr);
  }
  ~Pair() {
    cmatch_model_free(c_model);
    cmatch_worker_free(c_worker);
    cmatch_rules_free(rules);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  cmatch_str Mcd() const { return {mcd_json.data(), mcd_json.size()}; }
  cmatch_str Ecp() const { return {ecp_json.data(), ecp_json.size()}; }
};

void Require(benchmark::State& state, bool holds) {
  if (!holds) state.SkipWithError("another verdict");
}

// ---- The verdict of a bound pair.

void VerdictCxx(benchmark::State& state) {
  const Pair pair(kFits);
  Require(state, pair.matcher.Check(pair.model, pair.worker).compatible());
  for (auto _ : state) {
    benchmark::DoNotOptimize(pair.matcher.Check(pair.model, pair.worker).compatible());
  }
}
BENCHMARK(VerdictCxx)->Name("verdict/C++");

void VerdictC(benchmark::State& state) {
  const Pair pair(kFits);
  Require(state, cmatch_check(pair.rules, pair.c_model, pair.c_worker, nullptr) == CMATCH_OK);
  for (auto _ : state) {
    benchmark::DoNotOptimize(cmatch_check(pair.rules, pair.c_model, pair.c_worker, nullptr));
  }
}
BENCHMARK(VerdictC)->Name("verdict/C");

// ---- Why a bound pair fails: the report.

void ReportCxx(benchmark::State& state) {
  const Pair pair(kTooLong);
  Require(state, !pair.matcher.Explain(pair.model, pair.worker).compatible);
  for (auto _ : state) benchmark::DoNotOptimize(pair.matcher.Explain(pair.model, pair.worker));
}
BENCHMARK(ReportCxx)->Name("report/C++");

void ReportC(benchmark::State& state) {
  const Pair pair(kTooLong);
  for (auto _ : state) {
    cmatch_report* report = nullptr;
    cmatch_report_new(pair.rules, pair.c_model, pair.c_worker, 0, &report, nullptr);
    if (report == nullptr) state.SkipWithError("no report");
    cmatch_report_free(report);
  }
}
BENCHMARK(ReportC)->Name("report/C");

// ---- From structs, the verdict.

void StructsCxx(benchmark::State& state) {
  const Pair pair(kFits);
  for (auto _ : state) {
    const auto model = pair.matcher.Bind(pair.mcd);
    const auto worker = pair.matcher.Bind(pair.ecp);
    benchmark::DoNotOptimize(pair.matcher.Check(*model, *worker).compatible());
  }
}
BENCHMARK(StructsCxx)->Name("structs/C++");

void StructsC(benchmark::State& state) {
  const Pair pair(kFits);
  cmatch_mcd mcd{};
  mcd.struct_size = sizeof mcd;
  cmatch_ecp ecp{};
  ecp.struct_size = sizeof ecp;
  cmatch_model_mcd(pair.c_model, &mcd);
  cmatch_worker_ecp(pair.c_worker, &ecp);
  const std::string attributes =
      R"({"architecture":"llama","head_dim":128,"tensor_types":["f32","q4_k","q6_k"]})";
  mcd.attributes = {attributes.data(), attributes.size()};
  Require(state, cmatch_check_typed(pair.rules, &mcd, &ecp, 0, nullptr, nullptr) == CMATCH_OK);
  for (auto _ : state) {
    benchmark::DoNotOptimize(cmatch_check_typed(pair.rules, &mcd, &ecp, 0, nullptr, nullptr));
  }
}
BENCHMARK(StructsC)->Name("structs/C");

// ---- From JSON, the verdict.

void JsonCxx(benchmark::State& state) {
  const Pair pair(kFits);
  for (auto _ : state) {
    const auto mcd = McdFrom(*cmatch::ReadMcdJson(pair.mcd_json, "mcd", *pair.set));
    const auto ecp = cmatch::ReadEcp(pair.ecp_json, "ecp", *pair.set);
    const auto model = pair.matcher.Bind(*mcd);
    const auto worker = pair.matcher.Bind(*ecp);
    benchmark::DoNotOptimize(pair.matcher.Check(*model, *worker).compatible());
  }
}
BENCHMARK(JsonCxx)->Name("json/C++");

void JsonC(benchmark::State& state) {
  const Pair pair(kFits);
  Require(state,
          cmatch_check_json(pair.rules, pair.Mcd(), pair.Ecp(), 0, nullptr, nullptr) == CMATCH_OK);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        cmatch_check_json(pair.rules, pair.Mcd(), pair.Ecp(), 0, nullptr, nullptr));
  }
}
BENCHMARK(JsonC)->Name("json/C");

#ifdef CMATCH_BENCH_RUST
void Rust(benchmark::State& state, int what, int context, bool fits) {
  constexpr std::size_t kBatch = 64;
  const std::string mcd = McdJson(context), ecp = kEcp;
  RustState* rust = bench_rust_new(mcd.data(), mcd.size(), ecp.data(), ecp.size());
  if (rust == nullptr) return state.SkipWithError("no state");
  while (state.KeepRunningBatch(kBatch)) {
    const std::size_t fitting = bench_rust_run(rust, what, kBatch);
    if (fitting != (fits ? kBatch : 0)) state.SkipWithError("another verdict");
  }
  bench_rust_free(rust);
}
BENCHMARK_CAPTURE(Rust, verdict, 0, kFits, true)->Name("verdict/Rust");
BENCHMARK_CAPTURE(Rust, report, 1, kTooLong, false)->Name("report/Rust");
BENCHMARK_CAPTURE(Rust, structs, 2, kFits, true)->Name("structs/Rust");
BENCHMARK_CAPTURE(Rust, json, 3, kFits, true)->Name("json/Rust");
#endif

// ---- The log: none, one that is off, one that takes every record.

void Logged(benchmark::State& state, std::int32_t level) {
  const Pair pair(kFits);
  cmatch_options options{};
  options.struct_size = sizeof options;
  options.log = [](void*, std::int32_t, cmatch_str) {};
  options.log_level = level;
  cmatch_rules* rules = nullptr;
  cmatch_rules_with(pair.rules, &options, &rules, nullptr);
  for (auto _ : state) {
    benchmark::DoNotOptimize(cmatch_check(rules, pair.c_model, pair.c_worker, nullptr));
  }
  cmatch_rules_free(rules);
}
BENCHMARK_CAPTURE(Logged, off, CMATCH_LOG_OFF)->Name("verdict, log off/C");
BENCHMARK_CAPTURE(Logged, info, CMATCH_LOG_INFO)->Name("verdict, log of failures/C");
BENCHMARK_CAPTURE(Logged, all, CMATCH_LOG_TRACE)->Name("verdict, every record/C");

// ---- A reload: the built-in set with an overlay; the shipped files from disk, with and without
// their cases.

void Reload(benchmark::State& state, const std::vector<std::string>& directories) {
  cmatch::RuleStore store;
  if (!store.Load(directories)) return state.SkipWithError("cannot be loaded");
  for (auto _ : state) benchmark::DoNotOptimize(store.Reload());
}

void ReloadOverlay(benchmark::State& state) {
  const auto directory = std::filesystem::temp_directory_path() / "cmatch-bench-overlay";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "site.yaml")
      << "kind: cmatch.overlay/v1\nlayer: site\nreason: bench\nowner: bench\nset:\n"
         "  - {target: rules/CMATCH-8030.4/severity, value: warning}\n";
  Reload(state, {directory.string()});
  std::filesystem::remove_all(directory);
}
BENCHMARK(ReloadOverlay)->Name("reload: built-in and an overlay")->Unit(benchmark::kMillisecond);

void ReloadFiles(benchmark::State& state) { Reload(state, {CMATCH_SOURCE_DIR "/rules"}); }
BENCHMARK(ReloadFiles)->Name("reload: all files, all cases")->Unit(benchmark::kMillisecond);

void LoadFiles(benchmark::State& state) {
  for (auto _ : state) {
    const auto rules = cmatch::LoadRules({CMATCH_SOURCE_DIR "/rules"});
    if (!rules) state.SkipWithError("cannot be loaded");
  }
}
BENCHMARK(LoadFiles)->Name("load: all files, no cases")->Unit(benchmark::kMillisecond);

void LoadBuiltin(benchmark::State& state) {
  for (auto _ : state) {
    cmatch_rules* rules = nullptr;
    cmatch_rules_builtin(nullptr, &rules, nullptr);
    cmatch_rules_free(rules);
  }
}
BENCHMARK(LoadBuiltin)->Name("load: built-in")->Unit(benchmark::kMillisecond);

// ---- Memory: bytes that malloc has given out for a rule set; the first one of the process pays
// for what is shared, so the second is measured.

std::size_t InUse() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

void Memory(benchmark::State& state) {
  cmatch_rules* first = nullptr;
  cmatch_rules_builtin(nullptr, &first, nullptr);
  const std::size_t before = InUse();
  cmatch_rules* rules = nullptr;
  cmatch_rules_builtin(nullptr, &rules, nullptr);
  const std::size_t held = InUse() - before;
  for (auto _ : state) benchmark::DoNotOptimize(cmatch_rules_count(rules));
  state.counters["MiB"] = static_cast<double>(held) / (1 << 20);
  cmatch_rules_free(rules);
  cmatch_rules_free(first);
}
BENCHMARK(Memory)->Name("memory of a rule set, all tables")->Iterations(1);

}  // namespace
