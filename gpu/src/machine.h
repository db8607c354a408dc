#ifndef CMATCH_GPU_SRC_MACHINE_H_
#define CMATCH_GPU_SRC_MACHINE_H_

// What of a machine QueryGpus looks at, behind interfaces, so that tests can be any machine.

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "cmatch/compute.h"

namespace cmatch::internal {

// Why a call gave nothing.
struct Refusal {
  enum class Reason {
    kNotThere,      // library, function or device do not exist
    kNotSupported,  // this driver or device does not tell: no failure
    kFailed,
  };
  Reason reason = Reason::kFailed;
  std::string words;  // the driver's own: "Driver/library version mismatch"
};

template <typename T>
using Answer = std::expected<T, Refusal>;

// A device of NVML; means nothing outside the Nvml it came from.
using NvmlHandle = void*;

// One session with NVML.
class Nvml {
 public:
  virtual ~Nvml() = default;

  virtual Answer<std::string> DriverVersion() = 0;
  virtual Answer<unsigned> DeviceCount() = 0;
  virtual Answer<NvmlHandle> Device(unsigned index) = 0;

  virtual Answer<std::string> Name(NvmlHandle device) = 0;
  virtual Answer<std::string> Uuid(NvmlHandle device) = 0;
  virtual Answer<std::string> PciAddress(NvmlHandle device) = 0;
  virtual Answer<std::uint64_t> MemoryBytes(NvmlHandle device) = 0;
  virtual Answer<ComputeCapability> Compute(NvmlHandle device) = 0;

  virtual Answer<bool> MigEnabled(NvmlHandle device) = 0;
  // How many instances there can be; each may or may not exist.
  virtual Answer<unsigned> MaxMigDevices(NvmlHandle device) = 0;
  virtual Answer<NvmlHandle> MigDevice(NvmlHandle device, unsigned index) = 0;
};

// The device queries of the CUDA runtime.
class CudaRuntime {
 public:
  virtual ~CudaRuntime() = default;

  virtual Answer<int> DeviceCount() = 0;
  virtual Answer<ComputeCapability> Compute(int device) = 0;
  virtual Answer<std::string> PciAddress(int device) = 0;
};

class Machine {
 public:
  virtual ~Machine() = default;

  virtual Answer<std::unique_ptr<Nvml>> OpenNvml() = 0;
  virtual Answer<std::unique_ptr<CudaRuntime>> OpenCuda() = 0;
};

}  // namespace cmatch::internal

#endif  // CMATCH_GPU_SRC_MACHINE_H_
