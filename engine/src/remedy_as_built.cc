// The request behind a profile that the tables wrote.

#include "record.h"
#include "remedy_options.h"

namespace cmatch::internal {
namespace {

std::string TextOf(const Ecp& ecp, std::string_view name) { return ToString(MemberOf(ecp, name)); }

GpuFacts GpuOf(const Ecp& ecp) {
  GpuFacts gpu;
  gpu.name = TextOf(ecp, "gpu");
  gpu.compute = ParseCompute(TextOf(ecp, "compute"));
  gpu.memory_bytes = ecp.vram_bytes;
  gpu.driver = TextOf(ecp, "driver");
  const Value count = MemberOf(ecp, "gpu_count");
  if (const auto* number = std::get_if<std::int64_t>(&count)) gpu.count = *number;
  gpu.mig = MemberOf(ecp, "mig") == Value(true);
  return gpu;
}

bool Same(const Ecp& a, const Ecp& b) {
  return a.supports_positional == b.supports_positional &&
         a.supports_attention == b.supports_attention && a.supports_quant == b.supports_quant &&
         a.vram_bytes == b.vram_bytes && a.attributes == b.attributes;
}

}  // namespace

RemedyRequest AsBuilt(const RuleSet& rules, const RemedyRequest& request) {
  if (!request.ecp) return request;
  const Ecp& ecp = *request.ecp;
  const auto release = FindRelease(rules, TextOf(ecp, "engine"), TextOf(ecp, "engine_version"));
  if (!release) return request;
  RemedyRequest built = request;
  built.ecp.reset();
  built.engine.engine = TextOf(ecp, "engine");
  built.engine.version = TextOf(ecp, "engine_version");
  built.gpu = GpuOf(ecp);
  // Only what is not left to the tables anyway: defaults change with the release.
  const auto bare = BuildEcp(rules, built.engine, built.gpu);
  if (!bare) return request;
  const auto differs = [&](std::string_view name) {
    return ecp.attributes.contains(name) && MemberOf(ecp, name) != MemberOf(*bare, name);
  };
  if (differs("build")) built.engine.build = TextOf(ecp, "build");
  for (const LaunchKey* key : LaunchKeysOf(*release)) {
    if (differs(key->name)) built.engine.launch[std::string(key->name)] = TextOf(ecp, key->name);
  }
  const auto again = BuildEcp(rules, built.engine, built.gpu);
  if (!again || !Same(*again, ecp)) return request;
  // Left to the tables unless the profile says otherwise: both may change with the release.
  if (again->worker_id != ecp.worker_id) built.engine.worker_id = ecp.worker_id;
  if (again->max_context != ecp.max_context) built.engine.max_context = ecp.max_context;
  return built;
}

}  // namespace cmatch::internal
