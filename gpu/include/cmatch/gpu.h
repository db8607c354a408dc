#ifndef CMATCH_GPU_H_
#define CMATCH_GPU_H_

// The GPUs of this machine, as facts that BuildEcp (build_ecp.h) takes.
//
//   auto gpus = cmatch::QueryGpus();
//   if (!gpus) return Fail(gpus.error());  // no driver: gpus.error().problems[0].code
//   for (const cmatch::GpuFacts& gpu : *gpus) Use(gpu);
//
// Nothing else of cmatch asks a driver anything: a program that may not must not link this library.
// Any thread may call at any time; nothing is kept between calls.

#include <expected>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/gpu_facts.h"

namespace cmatch {

struct GpuQueryOptions {
  // Whether the CUDA runtime may be asked for compute capabilities that NVML does not tell (a
  // driver before 418, or no NVML at all). False: NVML only.
  bool cuda = true;
};

// Asks NVML for every GPU: name, UUID, memory, compute capability, driver version; and the CUDA
// runtime for the compute capabilities that are then still missing, matched by PCI address. Device
// queries only: no context is made and no GPU memory is allocated.
//
// In NVML's order, which is that of nvidia-smi; CUDA_VISIBLE_DEVICES does not change it. A GPU that
// is cut into MIG instances is left out, its instances stand in its place: `mig` is true, `index`
// is the GPU's, `uuid` the instance's own. A fact that the driver does not tell stays empty, and
// `warnings` says so where that is a failure. A machine whose driver works and has no GPU is an
// empty list.
//
// Errors, all kInvalidEcp:
//   gpu-no-driver      no NVIDIA driver is installed (and the CUDA runtime cannot help)
//   gpu-driver-failed  a driver is installed but does not answer; the message has its words
[[nodiscard]] std::expected<std::vector<GpuFacts>, Error> QueryGpus(
    const GpuQueryOptions& options = {});

// Whether this build can ask the CUDA runtime (CMATCH_WITH_CUDA).
[[nodiscard]] bool HasCudaRuntime();

}  // namespace cmatch

#endif  // CMATCH_GPU_H_
