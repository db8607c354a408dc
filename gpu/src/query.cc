#include "query.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "pci_address.h"

namespace cmatch::internal {
namespace {

// A GPU with what is needed to find it again in the CUDA runtime's list.
struct Found {
  GpuFacts facts;
  std::optional<PciAddress> address;
};

// The value of an answer; where it is a failure (not: does not tell), a warning that names the
// fact.
template <typename T>
std::optional<T> Known(Answer<T> answer, const char* fact, GpuFacts& facts) {
  if (answer) return std::move(*answer);
  if (answer.error().reason == Refusal::Reason::kFailed) {
    facts.warnings.push_back(std::string(fact) + " not known: NVML says " + answer.error().words);
  }
  return std::nullopt;
}

void ReadMemory(Nvml& nvml, NvmlHandle device, GpuFacts& facts) {
  const auto bytes = Known(nvml.MemoryBytes(device), "memory", facts);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (bytes && *bytes > 0 && *bytes <= kMost) {
    facts.memory_bytes = static_cast<std::int64_t>(*bytes);
  }
}

Found ReadDevice(Nvml& nvml, NvmlHandle device, int index, const std::string& driver) {
  Found found;
  GpuFacts& facts = found.facts;
  facts.index = index;
  facts.driver = driver;
  facts.name = Known(nvml.Name(device), "name", facts).value_or("");
  facts.uuid = Known(nvml.Uuid(device), "UUID", facts).value_or("");
  facts.compute = Known(nvml.Compute(device), "compute capability", facts);
  ReadMemory(nvml, device, facts);
  if (const auto text = nvml.PciAddress(device)) found.address = ParsePciAddress(*text);
  return found;
}

// The MIG instances of `parent`: its facts, with their own name, UUID and memory.
std::vector<Found> ReadMigDevices(Nvml& nvml, NvmlHandle device, const Found& parent) {
  std::vector<Found> instances;
  const unsigned most = nvml.MaxMigDevices(device).value_or(0U);
  for (unsigned i = 0; i < most; ++i) {
    const Answer<NvmlHandle> instance = nvml.MigDevice(device, i);
    if (!instance) continue;
    Found& found = instances.emplace_back(parent);
    GpuFacts& facts = found.facts;
    facts.mig = true;
    facts.warnings.clear();
    facts.uuid = Known(nvml.Uuid(*instance), "UUID", facts).value_or("");
    if (auto name = nvml.Name(*instance); name && !name->empty()) facts.name = std::move(*name);
    facts.memory_bytes = std::nullopt;
    ReadMemory(nvml, *instance, facts);
  }
  return instances;
}

Answer<std::vector<Found>> ReadNvml(Nvml& nvml) {
  const Answer<unsigned> count = nvml.DeviceCount();
  if (!count) return std::unexpected(count.error());
  const std::string driver = nvml.DriverVersion().value_or("");

  std::vector<Found> all;
  for (unsigned i = 0; i < *count; ++i) {
    const int index = static_cast<int>(i);
    const Answer<NvmlHandle> device = nvml.Device(i);
    if (!device) {
      Found& lost = all.emplace_back();
      lost.facts.index = index;
      lost.facts.driver = driver;
      lost.facts.warnings.push_back("cannot be used: NVML says " + device.error().words);
      continue;
    }
    Found whole = ReadDevice(nvml, *device, index, driver);
    if (!nvml.MigEnabled(*device).value_or(false)) {
      all.push_back(std::move(whole));
      continue;
    }
    std::vector<Found> instances = ReadMigDevices(nvml, *device, whole);
    if (instances.empty()) {
      whole.facts.warnings.push_back(
          "MIG is enabled and there is no MIG instance: nothing can run here");
      instances.push_back(std::move(whole));
    }
    std::ranges::move(instances, std::back_inserter(all));
  }
  return all;
}

// Fills in the compute capabilities that are missing in `all`.
void AskCuda(CudaRuntime& cuda, std::vector<Found>& all) {
  const int count = cuda.DeviceCount().value_or(0);
  for (int device = 0; device < count; ++device) {
    const Answer<std::string> text = cuda.PciAddress(device);
    const auto address = text ? ParsePciAddress(*text) : std::nullopt;
    const Answer<ComputeCapability> compute = cuda.Compute(device);
    if (!address || !compute) continue;
    for (Found& found : all) {
      if (found.address == address && !found.facts.compute) found.facts.compute = *compute;
    }
  }
}

// All that is known where there is no NVML (or it fails): `why` goes with each GPU.
std::vector<GpuFacts> OnlyCuda(CudaRuntime& cuda, const std::string& why) {
  std::vector<GpuFacts> all;
  const int count = cuda.DeviceCount().value_or(0);
  for (int device = 0; device < count; ++device) {
    GpuFacts& facts = all.emplace_back();
    facts.index = device;
    if (const auto compute = cuda.Compute(device)) facts.compute = *compute;
    facts.warnings.push_back("name, memory and driver not known: " + why);
  }
  return all;
}

Error Unusable(const Refusal& refusal) {
  const bool none = refusal.reason == Refusal::Reason::kNotThere;
  Error error = none ? MakeError(ErrorKind::kInvalidEcp, "gpu-no-driver",
                                 "this machine has no NVIDIA driver (" + refusal.words + ")")
                     : MakeError(ErrorKind::kInvalidEcp, "gpu-driver-failed",
                                 "the NVIDIA driver of this machine does not answer: NVML says " +
                                     refusal.words);
  error.problems.front().help =
      "to judge for another machine, name its GPU: a product name, cc=8.9,vram=24GiB, or an "
      "inventory file";
  return error;
}

}  // namespace

std::expected<std::vector<GpuFacts>, Error> QueryMachine(Machine& machine,
                                                         const GpuQueryOptions& options) {
  Answer<std::vector<Found>> all = std::unexpected(Refusal{});
  if (Answer<std::unique_ptr<Nvml>> nvml = machine.OpenNvml()) {
    all = ReadNvml(**nvml);
  } else {
    all = std::unexpected(std::move(nvml.error()));
  }

  const bool complete =
      all && std::ranges::all_of(*all, [](const Found& gpu) { return bool(gpu.facts.compute); });
  if (!complete && options.cuda) {
    if (Answer<std::unique_ptr<CudaRuntime>> cuda = machine.OpenCuda()) {
      if (all) {
        AskCuda(**cuda, *all);
      } else if (auto gpus = OnlyCuda(**cuda, all.error().words); !gpus.empty()) {
        return gpus;
      }
    }
  }
  if (!all) return std::unexpected(Unusable(all.error()));

  std::vector<GpuFacts> gpus;
  for (Found& found : *all) gpus.push_back(std::move(found.facts));
  return gpus;
}

}  // namespace cmatch::internal
