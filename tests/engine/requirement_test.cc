// What a GPU must have for a model: found by checks over the capabilities of the tables.

#include "cmatch/requirement.h"

#include <doctest/doctest.h>

#include "support/rules.h"

namespace cmatch {
namespace {

using testing::RuleYaml;

std::string CapabilitiesOf(const Requirement& required) {
  std::string text;
  for (const GpuRequirement& gpu : required.gpus) {
    text += (text.empty() ? "" : " ") + ToString(gpu.compute);
  }
  return text;
}

// On the toy engine, whose rows and GPUs are in support/rules.cc.
Requirement Of(std::string_view rules, const EngineChoice& choice, const char* quant = "fp16") {
  const CapabilityMatcher matcher(testing::MakeRules(
      testing::ToyFiles(std::string(testing::kTableRules) + std::string(rules))));
  Mcd mcd = testing::SeedMcd();
  mcd.quant = {quant};
  mcd.attributes["head_dim"] = testing::I(64);
  const auto required = RequirementOf(matcher, mcd, choice);
  REQUIRE_MESSAGE(required.has_value(), required.error().message);
  return *required;
}

EngineChoice Toy(const char* version, const char* build,
                 std::map<std::string, std::string> launch = {}) {
  EngineChoice choice;
  choice.engine = "toy";
  choice.version = version;
  choice.build = build;
  for (auto& [key, value] : launch) choice.launch.emplace(key, value);
  return choice;
}

TEST_CASE(
    "requirement: capabilities on which nothing fails, with the least driver that a build names") {
  const struct {
    const char* version;
    const char* build;
    const char* quant;
    const char* compute;
    const char* driver;  // of each
  } cases[] = {
      {"2.0", "new", "fp16", "8.0 8.6 8.9 9.0", "580"},
      {"2.0", "new", "fp8", "8.0 8.6 8.9 9.0", "580"},
      {"2.0", "old", "fp16", "7.0 7.5 8.0 8.6 8.7 8.9 9.0", "525.60.13"},
      {"1.0", "old", "fp16", "7.0 7.5 8.0 8.6 8.9", ""},
      {"2.0", "new", "int8", "", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.version) + '/' + c.build + ' ' + c.quant);
    const Requirement required = Of("", Toy(c.version, c.build), c.quant);
    CHECK(CapabilitiesOf(required) == c.compute);
    CHECK(required.engine == "toy");
    CHECK(required.version == c.version);
    CHECK(required.build == c.build);
    for (const GpuRequirement& gpu : required.gpus) {
      CHECK(gpu.driver == c.driver);
      CHECK_FALSE(gpu.memory_mib.has_value());
      CHECK_FALSE(gpu.comfort_mib.has_value());
    }
    CHECK(required.nearest.has_value() == required.gpus.empty());
    // of those that fail the one that fails least
    if (required.nearest) CHECK(testing::Ids(required.nearest->violations) == "QUANT");
  }
}

TEST_CASE("requirement: memory to the MiB, failing and warning apart") {
  const std::string fails = RuleYaml("MEM", "{value: ecp.vram_bytes, ge: 1048576001}");
  const std::string warns =
      RuleYaml("COMFORT", "{value: ecp.vram_bytes, ge: 2097152000}", "severity: warning");
  const auto memory = [](const Requirement& required) {
    REQUIRE_FALSE(required.gpus.empty());
    return std::pair(required.gpus[0].memory_mib.value_or(0),
                     required.gpus[0].comfort_mib.value_or(0));
  };
  using Pair = std::pair<std::int64_t, std::int64_t>;
  CHECK(memory(Of(fails, Toy("1.0", "old"))) == Pair(1001, 1001));
  CHECK(memory(Of(warns, Toy("1.0", "old"))) == Pair(0, 2000));
  CHECK(memory(Of(fails + warns, Toy("1.0", "old"))) == Pair(1001, 2000));
}

TEST_CASE("requirement: as many GPUs as the launch settings ask for") {
  CHECK(Of("", Toy("2.0", "old")).gpu_count == 1);
  CHECK(Of("", Toy("2.0", "old", {{"tensor_parallel", "4"}})).gpu_count == 4);
  CHECK(Of("", Toy("2.0", "old", {{"tensor_parallel", "1"}})).gpu_count == 1);
}

TEST_CASE("requirement: what cannot be judged anywhere is an error") {
  const CapabilityMatcher matcher(testing::MakeRules(testing::ToyFiles(testing::kTableRules)));
  Mcd nameless = testing::SeedMcd();
  nameless.model_id.clear();
  const auto model = RequirementOf(matcher, nameless, Toy("2.0", "new"));
  REQUIRE_FALSE(model.has_value());
  CHECK(model.error().kind == ErrorKind::kInvalidMcd);
  const auto release = RequirementOf(matcher, testing::SeedMcd(), Toy("9.0", "new"));
  REQUIRE_FALSE(release.has_value());
  CHECK(release.error().kind == ErrorKind::kInvalidEcp);
}

}  // namespace
}  // namespace cmatch
