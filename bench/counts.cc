// The hot paths, one call each, for bench/counts: it counts the instructions of cmatch_measured().
//   cmatch_bench_counts NAME
//   cmatch_bench_counts write-gguf FILE     the header that is read, with a hole for the data

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string_view>

#include "cmatch/check.h"
#include "cmatch/mcd_source.h"
#include "inputs.h"
#include "pair_inputs.h"

extern "C" {
[[gnu::noinline]] void cmatch_measured(const std::function<void()>& call);
}

void cmatch_measured(const std::function<void()>& call) { call(); }

namespace {

using cmatch::CapabilityMatcher;
using cmatch::bench::FourRules;
using cmatch::bench::ModelWith;
using cmatch::bench::WorkerWith;

constexpr std::size_t kKinds = 256;

bool g_good = false;  // what was measured came out as it should

void Pair(bool compatible) {
  const CapabilityMatcher matcher(FourRules(kKinds));
  const auto model = matcher.Bind(ModelWith(kKinds));
  const auto worker = matcher.Bind(WorkerWith(compatible ? kKinds : 1));
  cmatch_measured([&] { g_good = matcher.Check(*model, *worker).compatible() == compatible; });
}

void Strings() {
  const CapabilityMatcher matcher(FourRules(kKinds));
  const cmatch::Mcd mcd = ModelWith(kKinds);
  const auto worker = matcher.Bind(WorkerWith(kKinds));
  cmatch_measured([&] { g_good = matcher.Check(mcd, *worker)->compatible(); });
}

void Report() {
  const CapabilityMatcher matcher(FourRules(kKinds));
  const auto model = matcher.Bind(ModelWith(kKinds));
  const auto worker = matcher.Bind(WorkerWith(1));
  cmatch_measured([&] { g_good = matcher.Explain(*model, *worker).violations.size() == 1; });
}

void Gguf() {
  const auto rules = cmatch::LoadBuiltinRules();
  const std::string header = cmatch::bench::LargeGgufHeader();
  cmatch_measured(
      [&] { g_good = cmatch::ReadGgufBytes(header, "m.gguf", *rules)->members.size() > 5; });
}

void Rules() {
  const auto files = cmatch::bench::GeneratedRules(1000);
  cmatch_measured([&] {
    auto tables = cmatch::ReadTables(files);
    g_good = tables && cmatch::RuleSet::Create(std::move(*tables));
  });
}

bool WriteGguf(const std::filesystem::path& path) {
  std::ofstream out(path, std::ios::binary);
  out << cmatch::bench::LargeGgufHeader() << std::flush;
  if (!out) return false;
  std::filesystem::resize_file(path, std::uintmax_t{16} << 30U);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc >= 2 ? argv[1] : "";
  if (argc == 3 && name == "write-gguf") return WriteGguf(argv[2]) ? 0 : 1;
  if (name == "pair") {
    Pair(true);
  } else if (name == "pair-fails") {
    Pair(false);
  } else if (name == "strings") {
    Strings();
  } else if (name == "report") {
    Report();
  } else if (name == "gguf") {
    Gguf();
  } else if (name == "rules") {
    Rules();
  }
  if (g_good) return 0;
  std::fprintf(stderr, "usage: cmatch_bench_counts pair|pair-fails|strings|report|gguf|rules\n");
  return 1;
}
