// The CUDA runtime, of which only device queries are called. Contexts are made by cudaSetDevice,
// cudaInitDevice and by calls that need a current one (CUDA Runtime API 13.0, Device Management);
// none of those is here.

#include "edges.h"

#if defined(CMATCH_HAS_CUDART)

#include <cuda_runtime_api.h>

#include <array>

#include "cmatch/gpu.h"

namespace cmatch {

bool HasCudaRuntime() { return true; }

namespace internal {
namespace {

std::unexpected<Refusal> Refused(cudaError_t status) {
  return std::unexpected(
      Refusal{.reason = Refusal::Reason::kFailed, .words = cudaGetErrorString(status)});
}

class Runtime final : public CudaRuntime {
 public:
  Answer<int> DeviceCount() override {
    int count = 0;
    const cudaError_t status = cudaGetDeviceCount(&count);
    if (status != cudaSuccess) return Refused(status);
    return count;
  }

  Answer<ComputeCapability> Compute(int device) override {
    int major = 0;
    int minor = 0;
    cudaError_t status = cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device);
    if (status != cudaSuccess) return Refused(status);
    status = cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device);
    if (status != cudaSuccess) return Refused(status);
    return ComputeCapability{static_cast<std::uint16_t>(major), static_cast<std::uint16_t>(minor)};
  }

  Answer<std::string> PciAddress(int device) override {
    std::array<char, 32> text{};
    const cudaError_t status = cudaDeviceGetPCIBusId(text.data(), int{text.size()}, device);
    if (status != cudaSuccess) return Refused(status);
    return std::string(text.data());
  }
};

}  // namespace

Answer<std::unique_ptr<CudaRuntime>> OpenCudaRuntime() { return std::make_unique<Runtime>(); }

}  // namespace internal
}  // namespace cmatch

#else

#include "cmatch/gpu.h"

namespace cmatch {

bool HasCudaRuntime() { return false; }

namespace internal {

Answer<std::unique_ptr<CudaRuntime>> OpenCudaRuntime() {
  return std::unexpected(Refusal{.reason = Refusal::Reason::kNotThere,
                                 .words = "this build does not have the CUDA runtime"});
}

}  // namespace internal
}  // namespace cmatch

#endif
