#ifndef CMATCH_GPU_SRC_QUERY_H_
#define CMATCH_GPU_SRC_QUERY_H_

#include <expected>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/gpu.h"
#include "cmatch/gpu_facts.h"
#include "machine.h"

namespace cmatch::internal {

// QueryGpus on any machine.
std::expected<std::vector<GpuFacts>, Error> QueryMachine(Machine& machine,
                                                         const GpuQueryOptions& options);

}  // namespace cmatch::internal

#endif  // CMATCH_GPU_SRC_QUERY_H_
