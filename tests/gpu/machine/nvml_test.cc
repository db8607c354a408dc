// Runs with the library of fake_nvml.cc in the place of the driver's.

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "cmatch/gpu.h"

namespace cmatch {
namespace {

TEST_CASE("CMATCH-8003 gpu: NVML is loaded and asked through its own ABI") {
  unsetenv("FAKE_NVML_INIT");
  const auto gpus = QueryGpus({.cuda = false});
  REQUIRE(gpus.has_value());
  REQUIRE(gpus->size() == 2);
  CHECK(gpus->at(0).name == "NVIDIA GeForce RTX 4090");
  CHECK(gpus->at(0).uuid == "GPU-0");
  CHECK(gpus->at(0).memory_bytes == std::int64_t{25757220864});
  CHECK(gpus->at(0).compute == ComputeCapability{8, 9});
  CHECK(gpus->at(0).driver == "550.54.14");
  CHECK(gpus->at(1).mig);
  CHECK(gpus->at(1).name == "NVIDIA A100-SXM4-40GB MIG 1g.5gb");
  CHECK(gpus->at(1).uuid == "MIG-0");
  CHECK(gpus->at(1).memory_bytes == std::int64_t{5100273664});
}

TEST_CASE("CMATCH-8003 gpu: a session that does not start is told in the driver's words") {
  struct Case {
    const char* status;
    const char* code;
    const char* words;
  };
  for (const Case& c : {Case{"9", "gpu-no-driver", "Driver Not Loaded"},
                        Case{"18", "gpu-driver-failed", "Driver/library version mismatch"}}) {
    CAPTURE(c.status);
    setenv("FAKE_NVML_INIT", c.status, 1);
    const auto gpus = QueryGpus({.cuda = false});
    REQUIRE_FALSE(gpus.has_value());
    CHECK(gpus.error().problems.front().code == c.code);
    CHECK(gpus.error().message.find(c.words) != std::string::npos);
  }
}

}  // namespace
}  // namespace cmatch
