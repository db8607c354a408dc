#ifndef CMATCH_GPU_SRC_EDGES_H_
#define CMATCH_GPU_SRC_EDGES_H_

#include <memory>

#include "machine.h"

namespace cmatch::internal {

// Loads NVML (libnvidia-ml.so.1) and starts a session, which ends with the object.
Answer<std::unique_ptr<Nvml>> OpenNvmlLibrary();

// kNotThere in a build without the CUDA runtime.
Answer<std::unique_ptr<CudaRuntime>> OpenCudaRuntime();

}  // namespace cmatch::internal

#endif  // CMATCH_GPU_SRC_EDGES_H_
