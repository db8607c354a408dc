#ifndef CMATCH_TESTS_GPU_FAKE_MACHINE_H_
#define CMATCH_TESTS_GPU_FAKE_MACHINE_H_

// Machines written down as values, with the driver's refusals where it refuses.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "machine.h"

namespace cmatch::internal::testing {

inline std::unexpected<Refusal> Refuse(Refusal::Reason reason, std::string words) {
  return std::unexpected(Refusal{.reason = reason, .words = std::move(words)});
}

inline const Refusal kSilent{.reason = Refusal::Reason::kNotSupported, .words = "Not Supported"};

struct FakeGpu {
  Answer<std::string> name;
  Answer<std::string> uuid;
  Answer<std::uint64_t> memory_bytes;
  Answer<ComputeCapability> compute;
  Answer<std::string> pci_address = std::string("00000000:01:00.0");
  Answer<bool> mig_enabled = std::unexpected(kSilent);
  std::vector<std::optional<FakeGpu>> mig_devices = {};  // nullopt: a place without an instance
  std::optional<Refusal> lost = std::nullopt;            // no handle can be had
};

struct FakeCudaGpu {
  Answer<ComputeCapability> compute;
  Answer<std::string> pci_address;
};

struct FakeMachine final : Machine {
  std::optional<Refusal> no_nvml;
  std::optional<Refusal> no_cuda = kSilent;
  Answer<std::string> driver = std::string("550.54.14");
  Answer<unsigned> count = 0U;  // set by AddGpu
  std::vector<FakeGpu> gpus;
  std::vector<FakeCudaGpu> cuda_gpus;
  int cuda_opened = 0;

  void AddGpu(FakeGpu gpu) {
    gpus.push_back(std::move(gpu));
    count = static_cast<unsigned>(gpus.size());
  }

  Answer<std::unique_ptr<Nvml>> OpenNvml() override;
  Answer<std::unique_ptr<CudaRuntime>> OpenCuda() override;
};

}  // namespace cmatch::internal::testing

#endif  // CMATCH_TESTS_GPU_FAKE_MACHINE_H_
