// kind: cmatch.gpus/v1

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

// Against typing errors; no part has more than 7 (NVIDIA MIG User Guide).
constexpr std::int64_t kMostMigInstances = 64;

void ReadGpu(YamlInput& in, const YamlNode& node, Tables& tables) {
  YamlMap row(in, node, "GPU");
  Gpu gpu;
  gpu.origin = row.origin();
  gpu.name = row.RequiredText("name");
  if (const YamlNode* compute = row.Required("compute")) {
    const std::optional<ComputeRange> range = in.ReadCompute(*compute, "compute");
    if (range && !(range->low == range->high)) {
      in.Refuse(*compute, "yaml-bad-compute", "a GPU has one compute capability, not a range");
    }
    if (range) gpu.compute = range->low;
  }
  if (const YamlNode* memory = row.Required("memory")) gpu.memory = ReadMemory(in, *memory);
  gpu.mig = row.OptionalInteger("mig", 0, 0, kMostMigInstances);
  gpu.mig_of = row.OptionalText("mig_of");
  gpu.unified = row.OptionalFlag("unified");
  gpu.note = row.OptionalText("note");
  gpu.source = row.RequiredText("source");
  row.Done();
  tables.gpus.push_back(std::move(gpu));
}

}  // namespace

std::vector<std::int64_t> ReadMemory(YamlInput& in, const YamlNode& node) {
  std::vector<std::int64_t> sizes;
  for (const YamlNode* item : in.Items(node, "memory")) {
    if (const std::optional<std::int64_t> size = in.ReadSize(*item, "memory")) {
      sizes.push_back(*size);
    }
  }
  return sizes;
}

void ReadGpusFile(YamlMap& root, Tables& tables) {
  YamlInput& in = root.in();
  if (const YamlNode* gpus = root.Required("gpus")) {
    for (const YamlNode* gpu : in.Items(*gpus, "gpus")) ReadGpu(in, *gpu, tables);
  }
}

}  // namespace cmatch::internal
