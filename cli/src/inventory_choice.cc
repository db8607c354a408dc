#include "inventory_choice.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace cmatch::cli {
namespace {

std::int64_t NumberOf(const std::vector<GpuFacts>& gpus, std::size_t at) {
  return gpus[at].index ? *gpus[at].index : static_cast<std::int64_t>(at);
}

// All that a worker's profile takes from a GPU.
bool Alike(const GpuFacts& a, const GpuFacts& b) {
  const auto judged = [](const GpuFacts& gpu) {
    return std::tie(gpu.name, gpu.compute, gpu.memory_bytes, gpu.memory_choices, gpu.count,
                    gpu.driver, gpu.mig);
  };
  return judged(a) == judged(b);
}

// "NVIDIA L4, 8.9, 23034MiB, driver 550.54.14"
std::string Described(const GpuFacts& gpu) {
  std::string text = gpu.name;
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (gpu.compute) add(ToString(*gpu.compute));
  if (gpu.memory_bytes) add(std::to_string(*gpu.memory_bytes >> 20) + "MiB");
  if (!gpu.driver.empty()) add("driver " + gpu.driver);
  return text;
}

// The first GPU of each sort, as --gpu takes it.
std::string Choices(const std::vector<GpuFacts>& gpus, std::string_view file) {
  constexpr std::size_t kNamed = 8;
  std::string text;
  std::vector<std::size_t> sorts;
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    const bool seen = std::any_of(sorts.begin(), sorts.end(),
                                  [&](std::size_t other) { return Alike(gpus[other], gpus[i]); });
    if (seen) continue;
    sorts.push_back(i);
    if (sorts.size() > kNamed) return text + ", ...";
    text += (text.empty() ? "@" : ", @") + std::string(file) + "#" +
            std::to_string(NumberOf(gpus, i)) + " (" + Described(gpus[i]) + ")";
  }
  return text;
}

}  // namespace

std::expected<GpuFacts, Error> ChooseGpu(const std::vector<GpuFacts>& gpus,
                                         std::optional<std::int64_t> wanted,
                                         std::string_view file) {
  const auto refuse = [&](std::string code, const std::string& what) {
    return std::unexpected(
        MakeError(ErrorKind::kInvalidEcp, std::move(code), std::string(file) + " lists " + what));
  };
  if (!wanted) {
    if (gpus.empty()) return refuse("inventory-no-gpu", "no GPU");
    const bool alike = std::all_of(gpus.begin(), gpus.end(),
                                   [&](const GpuFacts& gpu) { return Alike(gpu, gpus[0]); });
    if (alike) return gpus[0];
    auto several =
        refuse("inventory-several-gpus", std::to_string(gpus.size()) + " GPUs that differ");
    several.error().problems[0].help = "name one: " + Choices(gpus, file);
    return several;
  }
  const GpuFacts* found = nullptr;
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    if (NumberOf(gpus, i) != *wanted) continue;
    if (found != nullptr) {
      return refuse("inventory-no-gpu", "several GPUs " + std::to_string(*wanted));
    }
    found = &gpus[i];
  }
  if (found != nullptr) return *found;
  return refuse("inventory-no-gpu", "no GPU " + std::to_string(*wanted));
}

}  // namespace cmatch::cli
