#include "gpu/fake_machine.h"

namespace cmatch::internal::testing {
namespace {

FakeGpu& Gpu(NvmlHandle device) { return *static_cast<FakeGpu*>(device); }

class FakeNvml final : public Nvml {
 public:
  explicit FakeNvml(FakeMachine& machine) : machine_(machine) {}

  Answer<std::string> DriverVersion() override { return machine_.driver; }
  Answer<unsigned> DeviceCount() override { return machine_.count; }
  Answer<NvmlHandle> Device(unsigned index) override {
    FakeGpu& gpu = machine_.gpus.at(index);
    if (gpu.lost) return std::unexpected(*gpu.lost);
    return static_cast<NvmlHandle>(&gpu);
  }

  Answer<std::string> Name(NvmlHandle device) override { return Gpu(device).name; }
  Answer<std::string> Uuid(NvmlHandle device) override { return Gpu(device).uuid; }
  Answer<std::string> PciAddress(NvmlHandle device) override { return Gpu(device).pci_address; }
  Answer<std::uint64_t> MemoryBytes(NvmlHandle device) override { return Gpu(device).memory_bytes; }
  Answer<ComputeCapability> Compute(NvmlHandle device) override { return Gpu(device).compute; }

  Answer<bool> MigEnabled(NvmlHandle device) override { return Gpu(device).mig_enabled; }
  Answer<unsigned> MaxMigDevices(NvmlHandle device) override {
    return static_cast<unsigned>(Gpu(device).mig_devices.size());
  }
  Answer<NvmlHandle> MigDevice(NvmlHandle device, unsigned index) override {
    std::optional<FakeGpu>& instance = Gpu(device).mig_devices.at(index);
    if (!instance) return Refuse(Refusal::Reason::kNotThere, "Not Found");
    return static_cast<NvmlHandle>(&*instance);
  }

 private:
  FakeMachine& machine_;
};

class FakeCuda final : public CudaRuntime {
 public:
  explicit FakeCuda(FakeMachine& machine) : machine_(machine) {}

  Answer<int> DeviceCount() override { return static_cast<int>(machine_.cuda_gpus.size()); }
  Answer<ComputeCapability> Compute(int device) override { return At(device).compute; }
  Answer<std::string> PciAddress(int device) override { return At(device).pci_address; }

 private:
  FakeCudaGpu& At(int device) { return machine_.cuda_gpus.at(static_cast<std::size_t>(device)); }

  FakeMachine& machine_;
};

}  // namespace

Answer<std::unique_ptr<Nvml>> FakeMachine::OpenNvml() {
  if (no_nvml) return std::unexpected(*no_nvml);
  return std::make_unique<FakeNvml>(*this);
}

Answer<std::unique_ptr<CudaRuntime>> FakeMachine::OpenCuda() {
  ++cuda_opened;
  if (no_cuda) return std::unexpected(*no_cuda);
  return std::make_unique<FakeCuda>(*this);
}

}  // namespace cmatch::internal::testing
