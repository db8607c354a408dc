// NVML, loaded at run time: its header is not needed and a machine without a driver still runs us.
// Signatures, layouts and numbers: NVML API Reference Guide (docs.nvidia.com/deploy/nvml-api).

#include <dlfcn.h>

#include <array>
#include <utility>

#include "edges.h"

namespace cmatch::internal {
namespace {

using Status = int;  // nvmlReturn_t
constexpr Status kSuccess = 0;
constexpr Status kNotSupported = 3;
constexpr Status kNotFound = 6;
constexpr Status kDriverNotLoaded = 9;
constexpr Status kFunctionNotFound = 13;

// NVML_DEVICE_NAME_V2_BUFFER_SIZE and NVML_DEVICE_UUID_V2_BUFFER_SIZE are 96,
// NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE is 80.
constexpr unsigned kTextSize = 96;

// nvmlMemory_t, in bytes.
struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};

// nvmlPciInfo_t of nvmlDeviceGetPciInfo_v3.
struct PciInfo {
  std::array<char, 16> bus_id_legacy;
  unsigned domain;
  unsigned bus;
  unsigned device;
  unsigned pci_device_id;
  unsigned pci_subsystem_id;
  std::array<char, 32> bus_id;
};
static_assert(sizeof(Memory) == 24 && sizeof(PciInfo) == 68);

class Library {
 public:
  Library() = default;
  explicit Library(const char* name) : handle_(dlopen(name, RTLD_NOW | RTLD_LOCAL)) {}
  Library(Library&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Library& operator=(Library&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Library() {
    if (handle_ != nullptr) dlclose(handle_);
  }

  explicit operator bool() const { return handle_ != nullptr; }

  // The function of that name; nullptr in a driver that does not have it.
  template <typename Function>
  Function* Find(const char* name) const {
    return reinterpret_cast<Function*>(dlsym(handle_, name));
  }

 private:
  void* handle_ = nullptr;
};

class Session final : public Nvml {
 public:
  explicit Session(Library library) : library_(std::move(library)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() override {
    if (started_) Call<Status()>("nvmlShutdown");
  }

  Status Start() {
    const Status status = Call<Status()>("nvmlInit_v2");
    started_ = status == kSuccess;
    return status;
  }

  Refusal Refused(Status status) const {
    Refusal refusal;
    if (status == kNotSupported || status == kFunctionNotFound) {
      refusal.reason = Refusal::Reason::kNotSupported;
    } else if (status == kNotFound || status == kDriverNotLoaded) {
      refusal.reason = Refusal::Reason::kNotThere;
    }
    auto* words = library_.Find<const char*(Status)>("nvmlErrorString");
    const char* text = words == nullptr ? nullptr : words(status);
    refusal.words = text == nullptr ? "error " + std::to_string(status) : text;
    return refusal;
  }

  Answer<std::string> DriverVersion() override {
    return Text<Status(char*, unsigned)>("nvmlSystemGetDriverVersion");
  }

  Answer<unsigned> DeviceCount() override {
    return Value<unsigned, Status(unsigned*)>("nvmlDeviceGetCount_v2");
  }

  Answer<NvmlHandle> Device(unsigned index) override {
    return Value<NvmlHandle, Status(unsigned, NvmlHandle*)>("nvmlDeviceGetHandleByIndex_v2", index);
  }

  Answer<std::string> Name(NvmlHandle device) override {
    return Text<Status(NvmlHandle, char*, unsigned)>("nvmlDeviceGetName", device);
  }

  Answer<std::string> Uuid(NvmlHandle device) override {
    return Text<Status(NvmlHandle, char*, unsigned)>("nvmlDeviceGetUUID", device);
  }

  Answer<std::string> PciAddress(NvmlHandle device) override {
    auto info = Value<PciInfo, Status(NvmlHandle, PciInfo*)>("nvmlDeviceGetPciInfo_v3", device);
    if (!info) return std::unexpected(std::move(info.error()));
    info->bus_id.back() = '\0';
    return std::string(info->bus_id.data());
  }

  Answer<std::uint64_t> MemoryBytes(NvmlHandle device) override {
    auto memory = Value<Memory, Status(NvmlHandle, Memory*)>("nvmlDeviceGetMemoryInfo", device);
    if (!memory) return std::unexpected(std::move(memory.error()));
    return memory->total;
  }

  Answer<ComputeCapability> Compute(NvmlHandle device) override {
    int major = 0;
    int minor = 0;
    const Status status = Call<Status(NvmlHandle, int*, int*)>("nvmlDeviceGetCudaComputeCapability",
                                                               device, &major, &minor);
    if (status != kSuccess) return std::unexpected(Refused(status));
    return ComputeCapability{static_cast<std::uint16_t>(major), static_cast<std::uint16_t>(minor)};
  }

  Answer<bool> MigEnabled(NvmlHandle device) override {
    unsigned current = 0;
    unsigned pending = 0;
    const Status status = Call<Status(NvmlHandle, unsigned*, unsigned*)>(
        "nvmlDeviceGetMigMode", device, &current, &pending);
    if (status != kSuccess) return std::unexpected(Refused(status));
    return current == 1;  // NVML_DEVICE_MIG_ENABLE
  }

  Answer<unsigned> MaxMigDevices(NvmlHandle device) override {
    return Value<unsigned, Status(NvmlHandle, unsigned*)>("nvmlDeviceGetMaxMigDeviceCount", device);
  }

  Answer<NvmlHandle> MigDevice(NvmlHandle device, unsigned index) override {
    return Value<NvmlHandle, Status(NvmlHandle, unsigned, NvmlHandle*)>(
        "nvmlDeviceGetMigDeviceHandleByIndex", device, index);
  }

 private:
  template <typename Function, typename... Arguments>
  Status Call(const char* name, Arguments... arguments) const {
    auto* function = library_.Find<Function>(name);
    return function == nullptr ? kFunctionNotFound : function(arguments...);
  }

  // A call whose last parameter is where its one result goes.
  template <typename T, typename Function, typename... Arguments>
  Answer<T> Value(const char* name, Arguments... arguments) const {
    T value{};
    const Status status = Call<Function>(name, arguments..., &value);
    if (status != kSuccess) return std::unexpected(Refused(status));
    return value;
  }

  // A call that ends with a buffer and its size.
  template <typename Function, typename... Arguments>
  Answer<std::string> Text(const char* name, Arguments... arguments) const {
    std::array<char, kTextSize + 1> text{};
    const Status status = Call<Function>(name, arguments..., text.data(), kTextSize);
    if (status != kSuccess) return std::unexpected(Refused(status));
    return std::string(text.data());
  }

  Library library_;
  bool started_ = false;
};

}  // namespace

Answer<std::unique_ptr<Nvml>> OpenNvmlLibrary() {
  Library library("libnvidia-ml.so.1");
  // Under WSL 2 the driver's libraries lie here and not always on the loader's path.
  if (!library) library = Library("/usr/lib/wsl/lib/libnvidia-ml.so.1");
  if (!library) {
    return std::unexpected(Refusal{.reason = Refusal::Reason::kNotThere,
                                   .words = "its library libnvidia-ml.so.1 is not there"});
  }
  auto session = std::make_unique<Session>(std::move(library));
  const Status status = session->Start();
  if (status != kSuccess) return std::unexpected(session->Refused(status));
  return session;
}

}  // namespace cmatch::internal
