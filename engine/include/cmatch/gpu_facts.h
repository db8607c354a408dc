#ifndef CMATCH_GPU_FACTS_H_
#define CMATCH_GPU_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmatch/compute.h"

namespace cmatch {

// What is known of the GPU (or the equal GPUs) a worker is to run on, from whatever source: this
// machine, a gpu-inventory document, a product name, or `cc=...`. What a source does not state
// stays empty.
struct GpuFacts {
  std::string name;  // "NVIDIA GeForce RTX 4090"; may be empty
  std::optional<ComputeCapability> compute;
  std::optional<std::int64_t> memory_bytes;  // of one GPU; nullopt where not known
  std::vector<std::int64_t>
      memory_choices;  // several sizes under one name: what it may be, in bytes
  // How many such GPUs the worker gets; nullopt where nobody said so: a name is a kind of GPU, an
  // index one of those that are there.
  std::optional<std::int64_t> count;
  std::string driver;  // "550.54.14"; empty where not known
  std::string uuid;
  std::optional<int> index;           // on this machine, or in the document
  bool mig = false;                   // a MIG slice: no tensor parallelism across slices
  std::vector<std::string> warnings;  // "vram_gb is rounded: taken as 24 GiB"
};

}  // namespace cmatch

#endif  // CMATCH_GPU_FACTS_H_
