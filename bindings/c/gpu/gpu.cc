// libcmatch_gpu: the probe as inventory JSON.

#include "cmatch/gpu.h"

#include <new>
#include <string>
#include <utility>

#include "cmatch_gpu.h"
#include "json_text.h"

using cmatch::c::AppendMember;

struct cmatch_gpus {
  std::size_t count = 0;
  std::string json;
  std::string code;
  std::string message;
};

namespace {

void AppendNumber(std::string& json, std::string_view key, std::int64_t number) {
  if (!json.ends_with('{')) json += ',';
  json += '"' + std::string(key) + "\":" + std::to_string(number);
}

void AppendGpu(std::string& json, const cmatch::GpuFacts& gpu) {
  json += '{';
  if (gpu.index) AppendNumber(json, "index", *gpu.index);
  if (!gpu.name.empty()) AppendMember(json, "name", gpu.name);
  if (!gpu.uuid.empty()) AppendMember(json, "uuid", gpu.uuid);
  if (gpu.memory_bytes) AppendNumber(json, "vram_total_bytes", *gpu.memory_bytes);
  if (gpu.compute) {
    json += json.ends_with('{') ? "" : ",";
    json += "\"compute_capability\":[" + std::to_string(gpu.compute->major) + ',' +
            std::to_string(gpu.compute->minor) + ']';
  }
  if (!gpu.driver.empty()) AppendMember(json, "driver_version", gpu.driver);
  json += '}';
}

cmatch_status Probe(bool cuda, cmatch_gpus& result) {
  const auto gpus = cmatch::QueryGpus({.cuda = cuda});
  if (!gpus) {
    if (!gpus.error().problems.empty()) result.code = gpus.error().problems.front().code;
    result.message = gpus.error().message;
    result.json = R"({"available":false,"count":0,"devices":[]})";
    return CMATCH_E_GPU;
  }
  result.count = gpus->size();
  result.json = R"({"available":true,"count":)" + std::to_string(result.count) + ",\"devices\":[";
  for (const cmatch::GpuFacts& gpu : *gpus) {
    if (!result.json.ends_with('[')) result.json += ',';
    AppendGpu(result.json, gpu);
  }
  result.json += "]}";
  return CMATCH_OK;
}

cmatch_str ToC(const std::string& text) noexcept { return {text.data(), text.size()}; }

}  // namespace

extern "C" {

uint32_t cmatch_gpus_abi_version(void) noexcept { return CMATCH_ABI_VERSION; }

cmatch_status cmatch_gpus_probe(uint32_t flags, cmatch_gpus** out) noexcept {
  if (out == nullptr) return CMATCH_E_ARGUMENT;
  *out = nullptr;
  if ((flags & ~CMATCH_GPU_NO_CUDA) != 0) return CMATCH_E_ARGUMENT;
  auto* gpus = new (std::nothrow) cmatch_gpus;
  if (gpus == nullptr) return CMATCH_E_NOMEM;
  try {
    const cmatch_status status = Probe((flags & CMATCH_GPU_NO_CUDA) == 0, *gpus);
    *out = gpus;
    return status;
  } catch (const std::bad_alloc&) {
    delete gpus;
    return CMATCH_E_NOMEM;
  } catch (...) {
    delete gpus;
    return CMATCH_E_INTERNAL;
  }
}

size_t cmatch_gpus_count(const cmatch_gpus* gpus) noexcept {
  return gpus == nullptr ? 0 : gpus->count;
}

cmatch_str cmatch_gpus_json(const cmatch_gpus* gpus) noexcept {
  return gpus == nullptr ? cmatch_str{} : ToC(gpus->json);
}

cmatch_str cmatch_gpus_code(const cmatch_gpus* gpus) noexcept {
  return gpus == nullptr ? cmatch_str{} : ToC(gpus->code);
}

cmatch_str cmatch_gpus_message(const cmatch_gpus* gpus) noexcept {
  return gpus == nullptr ? cmatch_str{} : ToC(gpus->message);
}

void cmatch_gpus_free(cmatch_gpus* gpus) noexcept { delete gpus; }

}  // extern "C"
