// What a GPU must have: found by checks, and each boundary checked again from both sides.

#include "cmatch/requirement.h"

#include "toy.h"

namespace cmatch::testing {
namespace {

std::shared_ptr<const RuleSet> Rules() {
  return MakeRules(
      ToyFiles(std::string(kTableRules) +
               RuleYaml("FITS", "{value: mcd.size, le: ecp.vram_bytes}", "severity: warning") +
               RuleYaml("MUST", "{value: mcd.n, le: ecp.vram_bytes}")));
}

// "7.0 driver 580 memory 3 comfort 5"
std::string Told(const Requirement& required) {
  std::string text;
  for (const GpuRequirement& gpu : required.gpus) {
    text += (text.empty() ? "" : "; ") + ToString(gpu.compute);
    if (!gpu.driver.empty()) text += " driver " + gpu.driver;
    if (gpu.memory_mib) text += " memory " + std::to_string(*gpu.memory_mib);
    if (gpu.comfort_mib) text += " comfort " + std::to_string(*gpu.comfort_mib);
  }
  return text;
}

TEST_CASE("requirement: capabilities, driver and memory") {
  const CapabilityMatcher matcher(Rules());
  const struct {
    const char* name;
    EngineChoice choice;
    Mcd mcd;
    const char* want;
  } cases[] = {
      {"the build's images and driver, the engine's floor and paths",
       {.engine = "toy"},
       Model(),
       "8.0 driver 580; 8.6 driver 580; 8.9 driver 580; 9.0 driver 580"},
      {"another build",
       {.engine = "toy", .build = "old"},
       Model(),
       "7.0 driver 525.60.13; 7.5 driver 525.60.13; 8.0 driver 525.60.13; 8.6 driver 525.60.13; "
       "8.7 driver 525.60.13; 8.9 driver 525.60.13; 9.0 driver 525.60.13"},
      {"a release without a driver floor",
       {.engine = "toy", .version = "1.9", .build = "old"},
       Model({}),
       "7.0; 7.5; 8.0; 8.6; 8.9"},
      {"a launch setting",
       {.engine = "toy", .launch = {{"kv_cache", "fp8"}}},
       Model(),
       "8.9 driver 580; 9.0 driver 580"},
      {"memory: to the byte, in MiB",
       {.engine = "toy", .launch = {{"kv_cache", "fp8"}}},
       Model({{"head_dim", I(128)}, {"n", I(3 << 20)}, {"size", I((5 << 20) + 1)}}),
       "8.9 driver 580 memory 3 comfort 6; 9.0 driver 580 memory 3 comfort 6"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto required = RequirementOf(matcher, c.mcd, c.choice);
    REQUIRE(required.has_value());
    CHECK(Told(*required) == c.want);
    CHECK(required->nearest.has_value() == required->gpus.empty());
  }
}

TEST_CASE("requirement: what is named passes, and the least below does not") {
  const CapabilityMatcher matcher(Rules());
  const Mcd mcd = Model({{"head_dim", I(128)}, {"n", I((7 << 20) + 1)}});
  const auto required = RequirementOf(matcher, mcd, {.engine = "toy"});
  REQUIRE(required.has_value());
  REQUIRE_FALSE(required->gpus.empty());
  for (const GpuRequirement& gpu : required->gpus) {
    const auto passes = [&](std::int64_t mib, const char* driver) {
      GpuFacts facts;
      facts.compute = gpu.compute;
      facts.driver = driver;
      facts.memory_bytes = mib << 20;
      const auto ecp = BuildEcp(matcher.rules(), {.engine = "toy"}, facts);
      REQUIRE(ecp.has_value());
      return matcher.check_compatibility(mcd, *ecp)->compatible;
    };
    REQUIRE(gpu.memory_mib == 8);
    CHECK(passes(8, gpu.driver.c_str()));
    CHECK_FALSE(passes(7, gpu.driver.c_str()));
    CHECK_FALSE(passes(8, "579.99"));
  }
}

TEST_CASE("requirement: the GPUs that are launched on, what could not be checked, and errors") {
  const CapabilityMatcher matcher(Rules());
  const auto two =
      RequirementOf(matcher, Model(), {.engine = "toy", .launch = {{"tensor_parallel", "2"}}});
  REQUIRE(two.has_value());
  CHECK(two->gpu_count == 2);
  CHECK(two->version == "2.0");
  CHECK(two->build == "new");
  CHECK(Ids(two->skipped) == "TENSOR FITS MUST");
  CHECK_FALSE(RequirementOf(matcher, Model(), {.engine = "none"}).has_value());
  CHECK_FALSE(RequirementOf(matcher, Mcd(), {.engine = "toy"}).has_value());
  Mcd learned = Model();
  learned.positional = "learned";
  const auto none = RequirementOf(matcher, learned, {.engine = "toy"});
  REQUIRE(none.has_value());
  CHECK(none->gpus.empty());
  REQUIRE(none->nearest.has_value());
  CHECK(Ids(none->nearest->violations) == "POS");
}

}  // namespace
}  // namespace cmatch::testing
