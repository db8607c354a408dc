// GPUs as a person writes them: "RTX 4090", "cc=8.9,vram=24GiB,count=2".

#include "cmatch/ecp_source.h"
#include "fuzz/fuzz.h"

namespace cmatch::fuzz {
namespace {

// The same GPU by settings alone.
std::string Settings(const GpuFacts& gpu) {
  std::string text = "cc=" + ToString(*gpu.compute);
  if (gpu.count) text += ",count=" + std::to_string(*gpu.count);
  if (gpu.memory_bytes) text += ",vram=" + std::to_string(*gpu.memory_bytes);
  if (!gpu.driver.empty()) text += ",driver=" + gpu.driver;
  return text;
}

}  // namespace

void Run(std::string_view input) {
  const auto gpu = ParseGpu(input, Rules());
  if (!gpu) return ExpectError(gpu.error());
  Expect(gpu->compute.has_value(), "a GPU that is read has a capability", input);
  Expect(gpu->count.value_or(1) >= 1 && gpu->memory_bytes.value_or(1) > 0, "and is something",
         input);
  const std::string settings = Settings(*gpu);
  const auto again = ParseGpu(settings, Rules());
  Expect(again.has_value() && again->compute == gpu->compute &&
             again->memory_bytes == gpu->memory_bytes && again->count == gpu->count &&
             again->driver == gpu->driver,
         "settings say what was said", settings);
}

std::vector<std::string> Seeds() {
  return {"RTX 4090",
          "NVIDIA H100 80GB HBM3",
          "rtx-3080,vram=12GiB,driver=550.54",
          "cc=8.9,vram=24GiB,count=2,driver=550.54.14,name=a b",
          "A100 (SXM4) 80GB,cc=8.0",
          "H200 1g.18gb",
          "RTX 6000",
          "cc=12.0,vram=24564MiB",
          "cc=8.9,vram=24000000000",
          "vram=1,cc=,count=0",
          ",,=",
          "Quadro RTX 6000,name=\xC3\xA9"};
}

}  // namespace cmatch::fuzz
