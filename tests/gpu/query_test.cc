#include "query.h"

#include <doctest/doctest.h>

#include "gpu/fake_machine.h"

namespace cmatch::internal::testing {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
const Refusal kLost{.reason = Refusal::Reason::kFailed, .words = "GPU is lost"};
const Refusal kNoLibrary{.reason = Refusal::Reason::kNotThere,
                         .words = "its library libnvidia-ml.so.1 is not there"};

FakeGpu Rtx4090() {
  return {.name = std::string("NVIDIA GeForce RTX 4090"),
          .uuid = std::string("GPU-1b2c"),
          .memory_bytes = 24564 * kMiB,
          .compute = ComputeCapability{8, 9}};
}

FakeGpu A100(std::vector<std::optional<FakeGpu>> instances) {
  return {.name = std::string("NVIDIA A100-SXM4-40GB"),
          .uuid = std::string("GPU-a100"),
          .memory_bytes = 40960 * kMiB,
          .compute = ComputeCapability{8, 0},
          .pci_address = std::string("00000000:3B:00.0"),
          .mig_enabled = true,
          .mig_devices = std::move(instances)};
}

FakeGpu MigInstance(std::string uuid, Answer<std::string> name) {
  return {.name = std::move(name),
          .uuid = std::move(uuid),
          .memory_bytes = 4864 * kMiB,
          .compute = ComputeCapability{8, 0}};
}

TEST_CASE("CMATCH-8021 gpu: name, UUID, memory, compute capability and driver come from NVML") {
  FakeMachine machine;
  machine.AddGpu(Rtx4090());
  const auto gpus = QueryMachine(machine, {});
  REQUIRE(gpus.has_value());
  REQUIRE(gpus->size() == 1);
  const GpuFacts& gpu = gpus->front();
  CHECK(gpu.name == "NVIDIA GeForce RTX 4090");
  CHECK(gpu.uuid == "GPU-1b2c");
  CHECK(gpu.memory_bytes == std::int64_t{25757220864});
  CHECK(gpu.compute == ComputeCapability{8, 9});
  CHECK(gpu.driver == "550.54.14");
  CHECK(gpu.index == 0);
  CHECK_FALSE(gpu.count);
  CHECK_FALSE(gpu.mig);
  CHECK(gpu.warnings.empty());
  CHECK_MESSAGE(machine.cuda_opened == 0, "the CUDA runtime is asked only for what is missing");
}

TEST_CASE("CMATCH-8003 gpu: a machine whose driver cannot be used is an error that says why") {
  struct Case {
    const char* name;
    Refusal refusal;
    const char* code;
    const char* message;
  };
  const Case cases[] = {
      {"no library", kNoLibrary, "gpu-no-driver",
       "this machine has no NVIDIA driver (its library libnvidia-ml.so.1 is not there)"},
      {"module not loaded",
       {.reason = Refusal::Reason::kNotThere, .words = "Driver Not Loaded"},
       "gpu-no-driver",
       "this machine has no NVIDIA driver (Driver Not Loaded)"},
      {"half an upgrade",
       {.reason = Refusal::Reason::kFailed, .words = "Driver/library version mismatch"},
       "gpu-driver-failed",
       "the NVIDIA driver of this machine does not answer: NVML says Driver/library version "
       "mismatch"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    FakeMachine machine;
    machine.no_nvml = c.refusal;
    const auto gpus = QueryMachine(machine, {});
    REQUIRE_FALSE(gpus.has_value());
    CHECK(gpus.error().kind == ErrorKind::kInvalidEcp);
    CHECK(gpus.error().message == c.message);
    REQUIRE(gpus.error().problems.size() == 1);
    CHECK(gpus.error().problems.front().code == c.code);
    CHECK(gpus.error().problems.front().help.find("cc=8.9") != std::string::npos);
  }
}

TEST_CASE("a driver that does not even count is an error, one without GPUs is not") {
  FakeMachine machine;
  machine.count = Refuse(Refusal::Reason::kFailed, "Unknown Error");
  CHECK(QueryMachine(machine, {}).error().problems.front().code == "gpu-driver-failed");

  FakeMachine empty;
  const auto none = QueryMachine(empty, {});
  REQUIRE(none.has_value());
  CHECK(none->empty());
}

TEST_CASE("what the driver does not tell is empty, what fails is a warning too") {
  FakeMachine machine;
  FakeGpu unified = Rtx4090();
  unified.memory_bytes = std::unexpected(kSilent);
  FakeGpu broken = Rtx4090();
  broken.name = std::unexpected(kLost);
  broken.memory_bytes = 0U;
  FakeGpu lost = Rtx4090();
  lost.lost = kLost;
  machine.AddGpu(unified);
  machine.AddGpu(broken);
  machine.AddGpu(lost);
  machine.driver = std::unexpected(kSilent);

  const auto gpus = QueryMachine(machine, {});
  REQUIRE(gpus.has_value());
  REQUIRE(gpus->size() == 3);
  CHECK_FALSE(gpus->at(0).memory_bytes.has_value());
  CHECK(gpus->at(0).warnings.empty());
  CHECK(gpus->at(0).driver.empty());
  CHECK(gpus->at(1).name.empty());
  CHECK_FALSE(gpus->at(1).memory_bytes.has_value());
  CHECK(gpus->at(1).warnings == std::vector<std::string>{"name not known: NVML says GPU is lost"});
  CHECK(gpus->at(2).index == 2);
  CHECK_FALSE(gpus->at(2).compute.has_value());
  CHECK(gpus->at(2).warnings == std::vector<std::string>{"cannot be used: NVML says GPU is lost"});
}

TEST_CASE("MIG instances stand in the place of the GPU they are cut from") {
  FakeMachine machine;
  machine.AddGpu(Rtx4090());
  machine.AddGpu(A100({MigInstance("MIG-1", std::string("NVIDIA A100-SXM4-40GB MIG 1g.5gb")),
                       std::nullopt, MigInstance("MIG-2", std::unexpected(kSilent))}));
  const auto gpus = QueryMachine(machine, {});
  REQUIRE(gpus.has_value());
  REQUIRE(gpus->size() == 3);
  for (const std::size_t i : {1U, 2U}) {
    CAPTURE(i);
    CHECK(gpus->at(i).mig);
    CHECK(gpus->at(i).index == 1);
    CHECK(gpus->at(i).compute == ComputeCapability{8, 0});
    CHECK(gpus->at(i).memory_bytes == static_cast<std::int64_t>(4864 * kMiB));
    CHECK(gpus->at(i).driver == "550.54.14");
  }
  CHECK(gpus->at(1).uuid == "MIG-1");
  CHECK(gpus->at(1).name == "NVIDIA A100-SXM4-40GB MIG 1g.5gb");
  CHECK(gpus->at(2).uuid == "MIG-2");
  CHECK(gpus->at(2).name == "NVIDIA A100-SXM4-40GB");
}

TEST_CASE("MIG enabled without an instance is the whole GPU and a warning") {
  FakeMachine machine;
  machine.AddGpu(A100({std::nullopt}));
  const auto gpus = QueryMachine(machine, {});
  REQUIRE(gpus.has_value());
  REQUIRE(gpus->size() == 1);
  CHECK_FALSE(gpus->front().mig);
  CHECK(gpus->front().warnings.size() == 1);
}

TEST_CASE("CMATCH-8021 gpu: the CUDA runtime fills in compute capabilities, by PCI address") {
  FakeMachine machine;
  FakeGpu first = Rtx4090();
  first.compute = std::unexpected(kSilent);
  first.pci_address = std::string("00000000:AF:00.0");
  FakeGpu second = Rtx4090();
  second.compute = std::unexpected(kSilent);
  FakeGpu known = Rtx4090();
  known.pci_address = std::string("00000000:5E:00.0");
  machine.AddGpu(first);
  machine.AddGpu(second);
  machine.AddGpu(known);
  machine.no_cuda.reset();
  machine.cuda_gpus = {{ComputeCapability{7, 5}, std::string("0000:01:00.0")},
                       {ComputeCapability{12, 0}, std::string("0000:af:00.0")},
                       {ComputeCapability{6, 1}, std::string("0000:5e:00.0")},
                       {ComputeCapability{9, 0}, std::string("not an address")}};
  const auto gpus = QueryMachine(machine, {});
  REQUIRE(gpus.has_value());
  REQUIRE(gpus->size() == 3);
  CHECK(gpus->at(0).compute == ComputeCapability{12, 0});
  CHECK(gpus->at(1).compute == ComputeCapability{7, 5});
  CHECK(gpus->at(2).compute == ComputeCapability{8, 9});

  machine.cuda_opened = 0;
  CHECK_FALSE(QueryMachine(machine, {.cuda = false})->front().compute.has_value());
  CHECK(machine.cuda_opened == 0);
}

TEST_CASE("without NVML the CUDA runtime still tells the compute capability") {
  FakeMachine machine;
  machine.no_nvml = kNoLibrary;
  machine.no_cuda.reset();
  machine.cuda_gpus = {{ComputeCapability{8, 7}, std::string("0000:00:00.0")}};
  const auto gpus = QueryMachine(machine, {});
  REQUIRE(gpus.has_value());
  REQUIRE(gpus->size() == 1);
  CHECK(gpus->front().compute == ComputeCapability{8, 7});
  CHECK(gpus->front().index == 0);
  CHECK(gpus->front().warnings ==
        std::vector<std::string>{
            "name, memory and driver not known: its library libnvidia-ml.so.1 is not there"});

  CHECK_FALSE(QueryMachine(machine, {.cuda = false}).has_value());
  machine.cuda_gpus.clear();
  CHECK(QueryMachine(machine, {}).error().problems.front().code == "gpu-no-driver");
}

}  // namespace
}  // namespace cmatch::internal::testing
