#include "cmatch/gpu.h"

#include "edges.h"
#include "query.h"

namespace cmatch {
namespace {

class ThisMachine final : public internal::Machine {
 public:
  internal::Answer<std::unique_ptr<internal::Nvml>> OpenNvml() override {
    return internal::OpenNvmlLibrary();
  }
  internal::Answer<std::unique_ptr<internal::CudaRuntime>> OpenCuda() override {
    return internal::OpenCudaRuntime();
  }
};

}  // namespace

std::expected<std::vector<GpuFacts>, Error> QueryGpus(const GpuQueryOptions& options) {
  ThisMachine machine;
  return internal::QueryMachine(machine, options);
}

}  // namespace cmatch
