#include "workers/gpu_spec.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "base_rules.h"
#include "cmatch/ecp_source.h"
#include "workers/gpu_names.h"

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

// A part of rules/gpus.yaml that has every trap of product names.
const std::vector<Gpu>& Known() {
  static const std::vector<Gpu> known = {
      Row("Tesla T4", "7.5", {15360}),
      Row("Quadro RTX 6000", "7.5", {24576}),
      Row("NVIDIA A100-SXM4-40GB", "8.0", {40960}),
      Row("NVIDIA A100-SXM4-80GB", "8.0", {81920}),
      Row("NVIDIA A100 80GB PCIe", "8.0", {81920}),
      Row("NVIDIA RTX A6000", "8.6", {49140}),
      Row("NVIDIA GeForce RTX 3080", "8.6", {10240, 12288}),
      Row("NVIDIA GeForce RTX 3080 Ti", "8.6", {12288}),
      Row("NVIDIA RTX 6000 Ada Generation", "8.9", {49140}),
      Row("NVIDIA GeForce RTX 4090", "8.9", {24564}),
      Row("NVIDIA GeForce RTX 4090 Laptop GPU", "8.9", {16376}),
      Row("NVIDIA H100 PCIe", "9.0", {81559}),
      Row("NVIDIA H100 NVL", "9.0", {95830}),
      Row("NVIDIA H200", "9.0", {143771}),
      Row("NVIDIA H200 MIG 1g.18gb", "9.0", {16384}, "NVIDIA H200"),
      Row("NVIDIA RTX PRO 6000 Blackwell Server Edition", "12.0", {97887}),
  };
  return known;
}

std::string Sizes(const GpuFacts& facts) {
  if (facts.memory_bytes) return std::to_string(*facts.memory_bytes / kMiB);
  std::string sizes;
  for (const std::int64_t size : facts.memory_choices) {
    sizes += (sizes.empty() ? "" : "|") + std::to_string(size / kMiB);
  }
  return sizes.empty() ? "?" : sizes;
}

TEST_CASE("CMATCH-8021 gpu: product names are compared by words") {
  struct Case {
    std::string text;
    std::string name;
    std::string compute;
    std::string memory;  // MiB; several: one of these
  };
  const std::vector<Case> cases = {
      {"RTX 4090", "NVIDIA GeForce RTX 4090", "8.9", "24564"},
      {"NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090", "8.9", "24564"},
      {"nvidia geforce rtx 4090", "NVIDIA GeForce RTX 4090", "8.9", "24564"},
      {"GeForce-RTX-4090", "NVIDIA GeForce RTX 4090", "8.9", "24564"},
      {"  RTX   4090  ", "NVIDIA GeForce RTX 4090", "8.9", "24564"},
      {"RTX 4090 Laptop", "NVIDIA GeForce RTX 4090 Laptop GPU", "8.9", "16376"},
      {"RTX 4090 (Laptop GPU)", "NVIDIA GeForce RTX 4090 Laptop GPU", "8.9", "16376"},
      {"4090", "4090", "8.9", "16376|24564"},
      {"T4", "Tesla T4", "7.5", "15360"},
      {"NVIDIA T4", "Tesla T4", "7.5", "15360"},
      {"Quadro RTX 6000", "Quadro RTX 6000", "7.5", "24576"},
      {"RTX 6000 Ada", "NVIDIA RTX 6000 Ada Generation", "8.9", "49140"},
      {"RTX PRO 6000", "NVIDIA RTX PRO 6000 Blackwell Server Edition", "12.0", "97887"},
      {"A6000", "NVIDIA RTX A6000", "8.6", "49140"},
      {"A100", "A100", "8.0", "40960|81920"},
      {"A100 40GB", "NVIDIA A100-SXM4-40GB", "8.0", "40960"},
      {"A100 80GB", "A100 80GB", "8.0", "81920"},
      {"A100-PCIe-80GB", "NVIDIA A100 80GB PCIe", "8.0", "81920"},
      {"RTX 3080", "NVIDIA GeForce RTX 3080", "8.6", "10240|12288"},
      {"RTX 3080 Ti", "NVIDIA GeForce RTX 3080 Ti", "8.6", "12288"},
      {"H100", "H100", "9.0", "81559|95830"},
      {"H200", "NVIDIA H200", "9.0", "143771"},
      {"H200 1g.18gb", "NVIDIA H200 MIG 1g.18gb", "9.0", "16384"},
      {"H200 MIG 1g.18gb", "NVIDIA H200 MIG 1g.18gb", "9.0", "16384"},
      {"RTX 6000,cc=8.9", "NVIDIA RTX 6000 Ada Generation", "8.9", "49140"},
      {"RTX 3080,vram=12GiB", "NVIDIA GeForce RTX 3080", "8.6", "12288"},
      {"RTX 3080, vram=12GiB , driver=550.54", "NVIDIA GeForce RTX 3080", "8.6", "12288"},
      {"RTX 4090,name=mine", "mine", "8.9", "24564"},
      {"cc=8.9,vram=24GiB", "", "8.9", "24576"},
      {"vram=24564MiB,cc=8.9", "", "8.9", "24564"},
      {"cc=12.0", "", "12.0", "?"},
      {"cc=8.10", "", "8.10", "?"},
      {"cc=9.0,name=H100 of mine", "H100 of mine", "9.0", "?"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto facts = ParseGpuSpec(c.text, Known());
    REQUIRE(facts.has_value());
    CHECK(facts->name == c.name);
    CHECK(ToString(facts->compute.value()) == c.compute);
    CHECK(Sizes(*facts) == c.memory);
    CHECK(facts->mig == (c.name.find("MIG") != std::string::npos));
  }
}

TEST_CASE("CMATCH-8021 gpu: settings") {
  const auto facts = ParseGpuSpec("cc=8.9,vram=24000000000,count=2,driver=550.54.14", Known());
  REQUIRE(facts.has_value());
  CHECK(facts->memory_bytes == 24000000000);
  CHECK(facts->count == 2);
  CHECK(facts->driver == "550.54.14");
  CHECK_FALSE(ParseGpuSpec("RTX 4090", Known())->count);  // a kind of GPU, not how many
}

TEST_CASE("CMATCH-8021 gpu: what is refused") {
  struct Case {
    std::string text;
    std::string codes;
    std::string said;  // in the first problem's message or help
  };
  const std::vector<Case> cases = {
      {"", "gpu-no-compute", "cc="},
      {"vram=24GiB", "gpu-no-compute", "cc="},
      {"NVIDIA", "gpu-unknown-name", "NVIDIA"},
      {"RTX 4091", "gpu-unknown-name", "NVIDIA GeForce RTX 4090"},
      {"RTX4090", "gpu-unknown-name", "NVIDIA GeForce RTX 4090"},
      {"Radeon RX 7900", "gpu-unknown-name", "gpus --known"},
      {"H100 MIG 1g.18gb", "gpu-unknown-name", "H100 MIG"},
      {"RTX 6000", "gpu-ambiguous-name", "NVIDIA RTX 6000 Ada Generation (8.9)"},
      {"RTX 6000", "gpu-ambiguous-name", "Quadro RTX 6000 (7.5)"},
      {"RTX 4090,cc=8.6", "gpu-unknown-name", "has compute capability 8.9, not 8.6"},
      {"cc=89", "gpu-bad-compute", "cc=8.9"},
      {"cc=120", "gpu-bad-compute", "cc=12.0"},
      {"cc=sm_89", "gpu-bad-compute", "cc=8.9"},
      {"cc=9.0a", "gpu-bad-compute", "cc=9.0"},
      {"cc=8.9.1", "gpu-bad-compute", "MAJOR.MINOR"},
      {"cc=", "gpu-bad-compute", "MAJOR.MINOR"},
      {"cc=8.9,vram=24GB", "gpu-bad-size", "24GiB"},
      {"cc=8.9,vram=0", "gpu-bad-size", "24GiB"},
      {"cc=8.9,vram=-1", "gpu-bad-size", "24GiB"},
      {"cc=8.9,vram=22.5GiB", "gpu-bad-size", "24GiB"},
      {"cc=8.9,count=0", "gpu-bad-setting", "> 0"},
      {"cc=8.9,count=1.0", "gpu-bad-setting", "> 0"},
      {"cc=8.9,driver=new", "gpu-bad-setting", "550.54.14"},
      {"cc=8.9,name=", "gpu-bad-setting", "name"},
      {"cc=8.9,vrm=1GiB", "gpu-bad-setting", "did you mean vram"},
      {"cc=8.9,CC=8.9", "gpu-bad-setting", "cc"},
      {"cc=8.9,cc=8.9", "gpu-bad-setting", "twice"},
      {"cc=8.9,RTX 4090", "gpu-bad-setting", "comes first"},
      {"cc=8.9,", "gpu-bad-setting", "KEY=VALUE"},
      {"RTX 9999,vram=1GB,count=-1", "gpu-unknown-name gpu-bad-setting gpu-bad-size", "RTX 9999"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto facts = ParseGpuSpec(c.text, Known());
    REQUIRE_FALSE(facts.has_value());
    std::string codes;
    for (const Problem& problem : facts.error()) {
      codes += (codes.empty() ? "" : " ") + problem.code;
    }
    CHECK(codes == c.codes);
    const std::string said = facts.error()[0].message + " / " + facts.error()[0].help;
    CAPTURE(said);
    CHECK(said.find(c.said) != std::string::npos);
  }
}

TEST_CASE("gpu: amounts of memory") {
  struct Case {
    std::string text;
    std::optional<std::int64_t> want;
  };
  const std::vector<Case> cases = {
      {"1", 1},
      {"24000000000", 24000000000},
      {"16Ki", 16384},
      {"16KiB", 16384},
      {"24564MiB", 24564 * kMiB},
      {"24GiB", 24 * 1024 * kMiB},
      {"1TiB", 1024 * 1024 * kMiB},
      {"8388607TiB", 8388607LL << 40},
      {"8388608TiB", std::nullopt},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"9223372036854775808", std::nullopt},
      {"0", std::nullopt},
      {"0GiB", std::nullopt},
      {"-1GiB", std::nullopt},
      {"+1GiB", std::nullopt},
      {"GiB", std::nullopt},
      {"", std::nullopt},
      {"24GB", std::nullopt},
      {"24G", std::nullopt},
      {"24B", std::nullopt},
      {"24gib", std::nullopt},
      {"24 GiB", std::nullopt},
      {"1.5GiB", std::nullopt},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(ParseMemory(c.text) == c.want);
  }
}

TEST_CASE("gpu: words of a name") {
  CHECK(GpuWords("NVIDIA GeForce RTX 4090") == std::vector<std::string>{"4090", "rtx"});
  CHECK(GpuWords("Tesla V100-SXM2-32GB") == std::vector<std::string>{"32gb", "sxm2", "v100"});
  CHECK(GpuWords("(nvidia) -") == std::vector<std::string>{});
}

TEST_CASE("CMATCH-8021 gpu: every product of the tables is found by its own name") {
  const RuleSet& rules = testing::BaseRules();
  REQUIRE(rules.tables().gpus.size() > 100);
  for (const Gpu& gpu : rules.tables().gpus) {
    CAPTURE(std::string(gpu.name));
    const auto facts = ParseGpu(gpu.name, rules);
    REQUIRE(facts.has_value());
    CHECK(facts->name == gpu.name);
    CHECK(facts->compute == gpu.compute);
    CHECK(facts->mig == !gpu.mig_of.empty());
    if (gpu.memory.size() == 1) CHECK(facts->memory_bytes == gpu.memory[0]);
    if (gpu.memory.size() > 1) CHECK(facts->memory_choices.size() == gpu.memory.size());
  }
  const auto several = ParseGpu("RTX 6000", rules);
  REQUIRE_FALSE(several.has_value());
  CHECK(several.error().kind == ErrorKind::kInvalidEcp);
  for (const char* compute : {"(7.5)", "(8.9)", "(12.0)"}) {
    CAPTURE(std::string(compute));
    CHECK(several.error().message.find(compute) != std::string::npos);
  }
}

TEST_CASE("CMATCH-8021 inventory: through the tables") {
  const RuleSet& rules = testing::BaseRules();
  const auto gpus = ReadInventory(R"([{"device_id":0,"name":"Tesla T4"}])", "x", rules);
  REQUIRE(gpus.has_value());
  CHECK(ToString(gpus->at(0).compute.value()) == "7.5");
  const auto none = ReadInventory(R"([{"device_id":0}])", "x", rules);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().kind == ErrorKind::kInvalidEcp);
}

}  // namespace
}  // namespace cmatch::internal
