// GPU inventories, in any of their shapes.

#include "cmatch/ecp_source.h"
#include "fuzz/fuzz.h"

namespace cmatch::fuzz {

void Run(std::string_view input) {
  const auto gpus = ReadInventory(input, "fuzz.json", Rules());
  if (!gpus) return ExpectError(gpus.error());
  for (const GpuFacts& gpu : *gpus) {
    Expect(gpu.count.value_or(1) >= 1, "a GPU that is listed is there", input);
    Expect(gpu.memory_bytes.value_or(1) > 0, "memory is more than nothing", input);
  }
}

std::vector<std::string> Seeds() {
  return {
      R"({"gpus": [{"id": "GPU-0", "name": "NVIDIA GeForce RTX 4090", "vram_gb": 24,
 "compute_capability": "8.9"}, {"info": {"id": "gpu1", "model_name": "NVIDIA A100",
 "compute_capability": [8, 0], "driver_version": "550.54.14"},
 "vram": {"total_bytes": 42949672960, "available_bytes": 42000000000}}]})",
      R"([{"index": 0, "uuid": "GPU-1", "name": "L4", "memory_bytes": 24000000000, "driver": "580.1",
 "compute": "8.9", "mig": true, "count": 2}])",
      R"({"devices": [{"name": "x", "compute_capability": {"major": 9, "minor": 0}}]})",
      R"({"name": "NVIDIA H100", "vram_gb": 80.5})",
      R"({"gpus": []})",
  };
}

}  // namespace cmatch::fuzz
