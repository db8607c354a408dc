// Remedies from the shipped tables: what they offer, a user can do.

#include "cmatch/remedy.h"

#include <algorithm>

#include "spec/support.h"

namespace cmatch {
namespace {

using testing::Builtin;
using testing::kSeedMcd;
using testing::ParseMcd;

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

RemedyRequest Fp8OnAmpere() {
  RemedyRequest request{.mcd = ParseMcd(kSeedMcd), .engine = ParseEngine("vllm@0.4.2")};
  request.mcd.quant = {"fp8"};
  request.gpu.name = "NVIDIA GeForce RTX 3090";
  request.gpu.compute = ParseCompute("8.6");
  request.gpu.memory_bytes = 24 * kGiB;
  return request;
}

std::vector<std::string> GpusOffered(const RemedyRequest& request) {
  const CapabilityMatcher matcher(Builtin());
  for (const Remedy& remedy : Remedies(matcher, request)) {
    if (remedy.changes.size() != 1 || remedy.changes[0].what != "gpu") continue;
    std::vector<std::string> names = remedy.changes[0].also;
    names.insert(names.begin(), remedy.changes[0].to);
    return names;
  }
  return {};
}

std::int64_t MemoryOf(const std::string& name) {
  for (const Gpu& gpu : Builtin()->tables().gpus) {
    if (gpu.name == name && gpu.memory.size() == 1) return gpu.memory[0];
  }
  return 0;
}

TEST_CASE("remedies: the smallest GPU that holds the weights comes first") {
  RemedyRequest request = Fp8OnAmpere();
  std::int64_t before = 0;
  for (const std::int64_t weights : {4 * kGiB, 14 * kGiB, 40 * kGiB, 100 * kGiB}) {
    CAPTURE(weights);
    request.mcd.attributes["file_bytes"] = weights;
    const std::vector<std::string> gpus = GpusOffered(request);
    REQUIRE_FALSE(gpus.empty());
    const std::int64_t first = MemoryOf(gpus[0]);
    CHECK(first >= before);
    before = first;
    for (const std::string& gpu : gpus) {
      CAPTURE(gpu);
      CHECK(MemoryOf(gpu) >= weights);
      CHECK(MemoryOf(gpu) >= first);
    }
  }
}

TEST_CASE("remedies: no GPU is offered where none holds the weights") {
  RemedyRequest request = Fp8OnAmpere();
  request.mcd.attributes["file_bytes"] = 2000 * kGiB;
  CHECK(GpusOffered(request).empty());
}

TEST_CASE("remedies: weights not known, so no GPU smaller than the one asked for comes first") {
  RemedyRequest request = Fp8OnAmpere();
  const std::vector<std::string> gpus = GpusOffered(request);
  REQUIRE_FALSE(gpus.empty());
  for (const std::string& gpu : gpus) CHECK(MemoryOf(gpu) >= 24 * kGiB - kGiB / 2);
}

TEST_CASE("remedies: a model that is split is not measured against one GPU") {
  RemedyRequest request = Fp8OnAmpere();
  request.mcd.attributes["file_bytes"] = 300 * kGiB;
  request.mcd.attributes["head_count"] = std::int64_t{32};
  request.engine.launch["tensor_parallel"] = "8";
  CHECK_FALSE(GpusOffered(request).empty());
}

}  // namespace
}  // namespace cmatch
