// The pairs of bench/peers/run checked from C++: prints nanoseconds a pair, then the failing rules
// of each pair as a hexadecimal digit.
//   usage: cmatch_bench_peers RULES MODELS WORKERS

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "cmatch/check.h"
#include "cmatch/ecp_source.h"
#include "cmatch/mcd_source.h"
#include "cmatch/rules_io.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRounds = 200;  // over all pairs; the fastest counts

std::vector<std::string> Lines(const char* path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto rules = cmatch::LoadRules({argv[1]});
  if (!rules) return 2;
  const cmatch::CapabilityMatcher matcher(*rules);
  std::vector<cmatch::Model> models;
  std::vector<cmatch::Worker> workers;
  for (const std::string& line : Lines(argv[2])) {
    models.push_back(*matcher.Bind(*cmatch::McdFrom(*cmatch::ReadMcdJson(line, "m", **rules))));
  }
  for (const std::string& line : Lines(argv[3])) {
    workers.push_back(*matcher.Bind(*cmatch::ReadEcp(line, "w", **rules)));
  }
  std::vector<unsigned char> masks(models.size() * workers.size());
  double best = 1e300;
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = Clock::now();
    std::size_t at = 0;
    for (const cmatch::Model& model : models) {
      for (const cmatch::Worker& worker : workers) {
        masks[at++] = static_cast<unsigned char>(matcher.Check(model, worker).failed[0]);
      }
    }
    const std::chrono::duration<double, std::nano> took = Clock::now() - begin;
    best = std::min(best, took.count() / static_cast<double>(masks.size()));
  }
  std::printf("%.3f\n", best);
  for (const unsigned char mask : masks) std::printf("%x", static_cast<unsigned>(mask));
  std::puts("");
  return 0;
}
