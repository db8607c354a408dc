// A libnvidia-ml.so.1 of a machine with an RTX 4090 and an A100 with one MIG instance, to try the
// loading and the calls of nvml_edge.cc. nvmlInit_v2 returns what FAKE_NVML_INIT says.

#include <cstdlib>
#include <cstring>

namespace {

constexpr int kSuccess = 0;
constexpr int kInvalidArgument = 2;
constexpr int kNotSupported = 3;
constexpr int kNotFound = 6;
constexpr int kInsufficientSize = 7;

struct Device {
  const char* name;
  const char* uuid;
  const char* bus_id;
  unsigned long long memory;
  int major;
  int minor;
};

Device devices[] = {
    {"NVIDIA GeForce RTX 4090", "GPU-0", "00000000:01:00.0", 25757220864ULL, 8, 9},
    {"NVIDIA A100-SXM4-40GB", "GPU-1", "00000000:3B:00.0", 42949672960ULL, 8, 0},
    {"NVIDIA A100-SXM4-40GB MIG 1g.5gb", "MIG-0", "00000000:3B:00.0", 5100273664ULL, 8, 0},
};

int Copy(const char* text, char* buffer, unsigned size) {
  if (std::strlen(text) >= size) return kInsufficientSize;
  std::strcpy(buffer, text);
  return kSuccess;
}

}  // namespace

#define NVML extern "C" __attribute__((visibility("default"))) int

struct PciInfo {
  char bus_id_legacy[16];
  unsigned numbers[5];
  char bus_id[32];
};
struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};

NVML nvmlInit_v2() {
  const char* status = std::getenv("FAKE_NVML_INIT");
  return status == nullptr ? kSuccess : std::atoi(status);
}
NVML nvmlShutdown() { return kSuccess; }
extern "C" __attribute__((visibility("default"))) const char* nvmlErrorString(int status) {
  if (status == 9) return "Driver Not Loaded";
  return status == 18 ? "Driver/library version mismatch" : "Unknown Error";
}
NVML nvmlSystemGetDriverVersion(char* text, unsigned size) { return Copy("550.54.14", text, size); }
NVML nvmlDeviceGetCount_v2(unsigned* count) {
  *count = 2;
  return kSuccess;
}
NVML nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  if (index > 1) return kInvalidArgument;
  *device = &devices[index];
  return kSuccess;
}
NVML nvmlDeviceGetName(void* device, char* text, unsigned size) {
  return Copy(static_cast<Device*>(device)->name, text, size);
}
NVML nvmlDeviceGetUUID(void* device, char* text, unsigned size) {
  return Copy(static_cast<Device*>(device)->uuid, text, size);
}
NVML nvmlDeviceGetPciInfo_v3(void* device, PciInfo* info) {
  return Copy(static_cast<Device*>(device)->bus_id, info->bus_id, sizeof(info->bus_id));
}
NVML nvmlDeviceGetMemoryInfo(void* device, Memory* memory) {
  memory->total = static_cast<Device*>(device)->memory;
  memory->free = 1;
  memory->used = 2;
  return kSuccess;
}
NVML nvmlDeviceGetCudaComputeCapability(void* device, int* major, int* minor) {
  *major = static_cast<Device*>(device)->major;
  *minor = static_cast<Device*>(device)->minor;
  return kSuccess;
}
NVML nvmlDeviceGetMigMode(void* device, unsigned* current, unsigned* pending) {
  if (device == &devices[0]) return kNotSupported;
  *current = *pending = 1;
  return kSuccess;
}
NVML nvmlDeviceGetMaxMigDeviceCount(void*, unsigned* count) {
  *count = 7;
  return kSuccess;
}
NVML nvmlDeviceGetMigDeviceHandleByIndex(void*, unsigned index, void** device) {
  if (index != 0) return kNotFound;
  *device = &devices[2];
  return kSuccess;
}
