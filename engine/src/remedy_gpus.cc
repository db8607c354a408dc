// GPUs that could be taken instead.

#include <algorithm>
#include <limits>
#include <tuple>

#include "cmatch/command.h"
#include "record.h"
#include "remedy_options.h"

namespace cmatch::internal {
namespace {

// Of a name that is sold in several sizes, the smallest counts; 0: not known.
std::int64_t Memory(const GpuFacts& gpu) {
  if (gpu.memory_bytes) return *gpu.memory_bytes;
  const auto least = std::ranges::min_element(gpu.memory_choices);
  return least == gpu.memory_choices.end() ? 0 : *least;
}

std::vector<GpuFacts> Products(const RuleSet& rules, const RemedyRequest& request) {
  std::vector<GpuFacts> gpus;
  for (const Gpu& row : rules.tables().gpus) {
    if (!row.mig_of.empty()) continue;
    GpuFacts gpu;
    gpu.name = row.name;
    gpu.compute = row.compute;
    if (row.memory.size() == 1) gpu.memory_bytes = row.memory[0];
    gpu.memory_choices = row.memory;
    // The machine around the GPU stays as it is.
    gpu.count = request.gpu.count;
    gpu.driver = request.gpu.driver;
    gpus.push_back(std::move(gpu));
  }
  return gpus;
}

}  // namespace

// The smallest first. Where the weights are not known, nothing says which are large enough: then
// those with as much memory as was asked for come first, and the others from the largest down.
std::vector<RemedyOption> GpuOptions(const RuleSet& rules, const RemedyRequest& request) {
  if (request.ecp) return {};
  std::vector<GpuFacts> gpus(request.gpus.begin(), request.gpus.end());
  if (gpus.empty()) gpus = Products(rules, request);
  const bool weights_known =
      !std::holds_alternative<std::monostate>(MemberOf(request.mcd, "file_bytes"));
  const std::int64_t asked = weights_known ? 0 : Memory(request.gpu);
  const auto order = [&](const GpuFacts& gpu) {
    const std::int64_t memory = Memory(gpu);
    const bool enough = memory > 0 && memory >= asked;
    const std::int64_t size = enough ? memory : std::numeric_limits<std::int64_t>::max() - memory;
    return std::tuple(!enough, size, gpu.compute);
  };
  std::ranges::stable_sort(
      gpus, [&](const GpuFacts& a, const GpuFacts& b) { return order(a) < order(b); });
  std::vector<RemedyOption> options;
  for (GpuFacts& gpu : gpus) {
    if (!gpu.compute || gpu.name.empty() || gpu.name == request.gpu.name) continue;
    RemedyOption option;
    option.change = {.what = "gpu",
                     .from = request.gpu.name,
                     .to = gpu.name,
                     .option = "--gpu " + ShellWord(gpu.name)};
    option.apply = [gpu](RemedyRequest& changed) { changed.gpu = gpu; };
    options.push_back(std::move(option));
  }
  return options;
}

}  // namespace cmatch::internal
