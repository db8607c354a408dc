#include "workers/inventory.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cmatch::internal {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;

Gpu Row(std::string_view name, std::string_view compute, std::vector<std::int64_t> mib,
        std::string_view mig_of = {}) {
  Gpu gpu;
  gpu.name = name;
  gpu.compute = ParseCompute(compute).value();
  for (const std::int64_t size : mib) gpu.memory.push_back(size * kMiB);
  gpu.mig_of = mig_of;
  return gpu;
}

const std::vector<Gpu>& Known() {
  static const std::vector<Gpu> known = {
      Row("Quadro RTX 6000", "7.5", {24576}),
      Row("NVIDIA GeForce RTX 3080", "8.6", {10240, 12288}),
      Row("NVIDIA GeForce RTX 3090", "8.6", {24576}),
      Row("NVIDIA RTX 6000 Ada Generation", "8.9", {49140}),
      Row("NVIDIA H200", "9.0", {143771}),
      Row("NVIDIA H200 MIG 1g.18gb", "9.0", {16384}, "NVIDIA H200"),
  };
  return known;
}

TEST_CASE("CMATCH-8021 inventory: the five shapes of the host system, and bare GPUs") {
  struct Case {
    std::string name;
    std::string text;
    std::string gpu;
    std::string compute;
    std::int64_t memory;
    std::optional<int> index;
    std::string driver;
    std::size_t warnings;
  };
  const std::vector<Case> cases = {
      {"gpu-info",
       R"({"available":true,"count":1,"devices":[{"index":1,"name":"NVIDIA GeForce RTX 3090",
           "vram_total_bytes":25769803776,"vram_free_bytes":1,"compute_capability":[8,6],
           "pci_bus_id":"0000:01:00.0"}]})",
       "NVIDIA GeForce RTX 3090", "8.6", 25769803776, 1, "", 0},
      {"gpu-inventory snapshot",
       R"([{"device_id":0,"name":"NVIDIA GeForce RTX 3090","total_vram_bytes":24000000000,
           "allocated_vram_bytes":0}])",
       "NVIDIA GeForce RTX 3090", "8.6", 24000000000, 0, "", 1},
      {"gpu-inventory specification",
       R"({"info":{"id":2,"model_name":"NVIDIA L4","compute_capability":[8,9],
           "driver_version":"550.54.14","cuda_version":"12.4"},
           "vram":{"total_bytes":24152899584,"available_bytes":1},"health":"Healthy"})",
       "NVIDIA L4", "8.9", 24152899584, 2, "550.54.14", 0},
      {"node capabilities",
       R"({"gpus":[{"device_id":0,"name":"x","vram_total_bytes":1,"compute_capability":"8.9"}],
           "cpu_cores":64,"ram_total_bytes":1})",
       "x", "8.9", 1, 0, "", 0},
      {"pool registration",
       R"({"pool_id":"pool-1","gpus":[{"id":0,"model":"RTX 4090","total_vram_gb":24,
           "compute_capability":"8.9"}]})",
       "RTX 4090", "8.9", 24 * 1024 * kMiB, 0, "", 1},
      {"rbee-hive", R"({"id":"GPU-0","vram_gb":24,"compute_capability":"8.6"})", "", "8.6",
       24 * 1024 * kMiB, std::nullopt, "", 1},
      {"worker health", R"({"sm":86,"vram_bytes":5})", "", "8.6", 5, std::nullopt, "", 0},
      {"sm of three digits", R"({"sm":120,"vram_bytes":5})", "", "12.0", 5, std::nullopt, "", 0},
      {"major and minor", R"({"compute_capability":{"major":12,"minor":1},"vram_bytes":5})", "",
       "12.1", 5, std::nullopt, "", 0},
      {"gigabytes with a point", R"({"sm":75,"vram_gb":22.5})", "", "7.5", 23040 * kMiB,
       std::nullopt, "", 1},
      {"bytes win over gigabytes", R"({"sm":75,"vram_gb":22,"vram_total_bytes":7})", "", "7.5", 7,
       std::nullopt, "", 0},
      {"memory by the product's name", R"({"index":0,"name":"H200"})", "H200", "9.0", 143771 * kMiB,
       0, "", 2},
      {"the device's capability wins over the name's",
       R"({"name":"NVIDIA H200","sm":86,"vram_bytes":5})", "NVIDIA H200", "8.6", 5, std::nullopt,
       "", 1},
      {"nulls are not stated",
       R"({"index":null,"device_id":3,"name":null,"sm":86,"vram_total_bytes":null,"vram_gb":1})",
       "", "8.6", 1024 * kMiB, 3, "", 1},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto gpus = ReadInventoryDocument(c.text, "inv.json", Known());
    REQUIRE(gpus.has_value());
    REQUIRE(gpus->size() == 1);
    const GpuFacts& gpu = gpus->front();
    CHECK(gpu.name == c.gpu);
    CHECK(ToString(gpu.compute.value()) == c.compute);
    CHECK(gpu.memory_bytes == c.memory);
    CHECK(gpu.index == c.index);
    CHECK(gpu.driver == c.driver);
    CHECK(gpu.warnings.size() == c.warnings);
  }
}

TEST_CASE("inventory: several GPUs, none, memory that a name leaves open, MIG slices") {
  const auto two = ReadInventoryDocument(R"([{"index":0,"sm":86},{"index":1,"sm":90}])", "x", {});
  REQUIRE(two.has_value());
  REQUIRE(two->size() == 2);
  CHECK(ToString(two->at(1).compute.value()) == "9.0");
  CHECK_FALSE(two->at(1).memory_bytes.has_value());

  const auto none = ReadInventoryDocument(R"({"available":false,"count":0,"devices":[]})", "x", {});
  REQUIRE(none.has_value());
  CHECK(none->empty());

  const auto open = ReadInventoryDocument(R"({"name":"RTX 3080"})", "x", Known());
  REQUIRE(open.has_value());
  CHECK_FALSE(open->front().memory_bytes.has_value());
  CHECK(open->front().memory_choices.size() == 2);

  const auto slice =
      ReadInventoryDocument(R"({"uuid":"MIG-1-2","name":"NVIDIA H200","sm":90})", "x", Known());
  REQUIRE(slice.has_value());
  CHECK(slice->front().mig);
  CHECK_FALSE(slice->front().memory_bytes.has_value());

  const auto named = ReadInventoryDocument(R"({"name":"NVIDIA H200 MIG 1g.18gb"})", "x", Known());
  REQUIRE(named.has_value());
  CHECK(named->front().mig);
  CHECK(named->front().memory_bytes == 16384 * kMiB);
}

TEST_CASE("inventory: an id that is a text is a UUID, or nothing") {
  const struct {
    std::string text;
    std::string uuid;
  } cases[] = {{R"({"sm":86,"id":"GPU-1"})", "GPU-1"},
               {R"({"sm":86,"id":"MIG-1"})", "MIG-1"},
               {R"({"sm":86,"id":"gpu0"})", ""},
               {R"({"sm":86,"id":"GPU-1","uuid":"GPU-2"})", "GPU-2"},
               {R"({"sm":86,"id":"GPU-1\u001b[2J"})", ""},
               {R"({"sm":86,"id":"GPU-)" + std::string(10'000, '1') + R"("})", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.text.substr(0, 60));
    const auto gpus = ReadInventoryDocument(c.text, "i.json", {});
    REQUIRE(gpus.has_value());
    CHECK(gpus->front().uuid == c.uuid);
    CHECK_FALSE(gpus->front().index.has_value());
  }
}

TEST_CASE("inventory: a member that nearly has a name that is read is a warning") {
  const auto warnings = [](const char* member) {
    const auto gpus = ReadInventoryDocument(
        "{\"sm\":86,\"vram_bytes\":5,\"" + std::string(member) + "\":1}", "x", {});
    REQUIRE(gpus.has_value());
    std::string text;
    for (const std::string& warning : gpus->front().warnings) text += warning;
    return text;
  };
  CHECK(warnings("compute_capabilty") ==
        "the GPU: \"compute_capabilty\" is not read; did you mean \"compute_capability\"?");
  CHECK(warnings("vram_totl_bytes").find("\"vram_total_bytes\"") != std::string::npos);
  CHECK(warnings("free_bytes") == "");
  CHECK(warnings("temperature") == "");
  CHECK(warnings("vram_total_bytes") == "");
}

TEST_CASE("inventory: what is refused") {
  struct Case {
    std::string text;
    std::string want;  // CODE@POINTER of every problem
  };
  const std::vector<Case> cases = {
      {"", "json-syntax@"},
      {"5", "inventory-wrong-value@"},
      {"[5]", "inventory-wrong-value@/0"},
      {"{}", "inventory-no-compute@"},
      {R"([{"vram_total_bytes":1}])", "inventory-no-compute@/0"},
      {R"([{"name":"Radeon"}])", "gpu-unknown-name@/0"},
      {R"([{"name":"RTX 6000"}])", "gpu-ambiguous-name@/0"},
      {R"({"gpus":[{"sm":86},{"name":""}]})", "inventory-no-compute@/gpus/1"},
      {R"({"sm":8})", "inventory-wrong-compute@/sm"},
      {R"({"sm":8.6})", "inventory-wrong-compute@/sm"},
      {R"({"compute_capability":8.6})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":"86"})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":[8]})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":[8,6,1]})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":[8,"6"]})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":[]})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":{"major":8}})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":[-8,6]})", "inventory-wrong-compute@/compute_capability"},
      {R"({"sm":86,"vram_total_bytes":0})", "inventory-wrong-value@/vram_total_bytes"},
      {R"({"sm":86,"vram_total_bytes":-1})", "inventory-wrong-value@/vram_total_bytes"},
      {R"({"sm":86,"vram_total_bytes":1.0})", "inventory-wrong-value@/vram_total_bytes"},
      {R"({"sm":86,"vram_total_bytes":"24GiB"})", "inventory-wrong-value@/vram_total_bytes"},
      {R"({"sm":86,"vram":{"total_bytes":18446744073709551616}})",
       "inventory-wrong-value@/vram/total_bytes"},
      {R"({"sm":86,"vram_gb":0})", "inventory-wrong-value@/vram_gb"},
      {R"({"sm":86,"vram_gb":"24"})", "inventory-wrong-value@/vram_gb"},
      {R"({"devices":{}})", "inventory-wrong-value@/devices"},
      {R"({"gpus":"RTX 4090"})", "inventory-wrong-value@/gpus"},
      {R"({"sm":86,"driver_version":"abc"})", "inventory-wrong-value@/driver_version"},
      {R"({"sm":86,"driver":550.54})", "inventory-wrong-value@/driver"},
      {R"({"sm":86,"index":-1})", "inventory-wrong-value@/index"},
      {R"({"sm":9999999})", "inventory-wrong-compute@/sm"},
      {R"({"compute_capability":[70000,0]})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":[8,70000]})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":true})", "inventory-wrong-compute@/compute_capability"},
      {R"({"compute_capability":18446744073709551616})",
       "inventory-wrong-compute@/compute_capability"},
      {R"({"sm":86,"vram_gb":1048577})", "inventory-wrong-value@/vram_gb"},
      {R"({"sm":86,"index":65536})", "inventory-wrong-value@/index"},
      {R"({"sm":86,"index":0.0})", "inventory-wrong-value@/index"},
      {R"({"gpus":"none"})", "inventory-wrong-value@/gpus"},
      {R"({"sm":86,"name":")" + std::string(10'000, 'a') + R"("})", "inventory-wrong-value@/name"},
      {R"({"sm":86,"name":5})", "inventory-wrong-value@/name"},
      {R"({"sm":86,"name":"a\u0007b"})", "inventory-wrong-value@/name"},
      {R"([{"sm":8,"vram_gb":0},{"vram_total_bytes":-1,"sm":86}])",
       "inventory-wrong-value@/0/vram_gb inventory-wrong-compute@/0/sm "
       "inventory-wrong-value@/1/vram_total_bytes"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto gpus = ReadInventoryDocument(c.text, "inv.json", Known());
    REQUIRE_FALSE(gpus.has_value());
    std::string got;
    for (const Problem& problem : gpus.error()) {
      got += (got.empty() ? "" : " ") + problem.code + "@" + problem.path;
      CHECK(problem.where.line == 1);
    }
    CHECK(got == c.want);
  }
}

TEST_CASE("inventory: 4,096 GPUs are read, more are refused with one problem") {
  for (const std::size_t count : {4'096UL, 4'097UL}) {
    for (const char* gpu : {"1", R"({"compute_capability":"8.9"})"}) {
      std::string text = "{\"gpus\":[";
      for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + std::string(gpu);
      const auto gpus = ReadInventoryDocument(text + "]}", "i.json", {});
      const bool objects = gpu[0] == '{';
      CAPTURE(count);
      CHECK(gpus.has_value() == (objects && count == 4'096));
      if (gpus) {
        CHECK(gpus->size() == count);
        continue;
      }
      const std::vector<Problem>& problems = gpus.error();
      CHECK(problems.size() == (count == 4'096 ? count : 1));
      CHECK(problems[0].code ==
            (count == 4'096 ? "inventory-wrong-value" : "inventory-too-many-gpus"));
    }
  }
}

}  // namespace
}  // namespace cmatch::internal
