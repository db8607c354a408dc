// The GPUs of the machine that the tests run on. Exit code 77 (skipped) where there is none.

#include <cstdio>

#include "cmatch/gpu.h"

int main() {
  const auto gpus = cmatch::QueryGpus();
  if (!gpus) {
    std::printf("skipped: %s\n", gpus.error().message.c_str());
    return 77;
  }
  if (gpus->empty()) {
    std::puts("skipped: the driver sees no GPU");
    return 77;
  }
  int failed = 0;
  for (const cmatch::GpuFacts& gpu : *gpus) {
    const std::string compute = gpu.compute ? ToString(*gpu.compute) : "";
    std::printf("%d: %s, %s, compute capability %s, %lld bytes, driver %s\n",
                gpu.index.value_or(-1), gpu.name.c_str(), gpu.uuid.c_str(), compute.c_str(),
                static_cast<long long>(gpu.memory_bytes.value_or(0)), gpu.driver.c_str());
    for (const std::string& warning : gpu.warnings)
      std::printf("   warning: %s\n", warning.c_str());
    if (compute.empty() || gpu.name.empty() || gpu.driver.empty() || !gpu.index) ++failed;
  }
  return failed == 0 ? 0 : 1;
}
