// The shipped rules over workers of every engine's tables.

#include "cmatch/fleet.h"

#include "cmatch/build_ecp.h"
#include "cmatch/matrix.h"
#include "spec/support.h"
#include "support/fleet.h"

namespace cmatch {
namespace {

using testing::Builtin;
using testing::I;
using testing::K;
using testing::L;
using testing::RandomFleet;
using testing::S;
using testing::SeedEcp;
using testing::SeedMcd;

// Each engine's default release on each capability, with and without a driver.
std::vector<Worker> TableWorkers(const CapabilityMatcher& matcher) {
  std::vector<Worker> workers;
  for (const std::string_view engine : EngineNames(*Builtin())) {
    for (const ComputeCapability compute : Builtin()->KnownCompute()) {
      GpuFacts gpu;
      gpu.compute = compute;
      gpu.memory_bytes = std::int64_t{24} << 30;
      if (compute.minor == 0) gpu.driver = "535.1";
      EngineChoice choice{.engine = std::string(engine)};
      if (engine == "vllm" && compute.major == 8) choice.launch["tensor_parallel"] = "4";
      const auto ecp = BuildEcp(*Builtin(), choice, gpu);
      if (!ecp) continue;
      const auto worker = matcher.Bind(*ecp);
      REQUIRE(worker.has_value());
      workers.push_back(*worker);
    }
  }
  return workers;
}

template <typename Value>
const Value& Pick(RandomFleet& random, const std::vector<Value>& values) {
  return values[static_cast<std::size_t>(random.Below(static_cast<int>(values.size())))];
}

Mcd NextMcd(RandomFleet& random) {
  Mcd mcd = SeedMcd();
  mcd.positional = Pick<std::string>(random, {"rope_llama", "rope_neox", "mrope", "alibi"});
  mcd.attention = Pick<std::string>(random, {"gqa", "mha", "mla", "mixed", "brand_new"});
  mcd.quant = {Pick<std::string>(random, {"q4_k_m", "fp8", "nvfp4", "bf16", "mxfp4", "awq"})};
  const std::vector<std::pair<const char*, std::vector<cmatch::Value>>> choices = {
      {"format", {S("gguf"), S("hf")}},
      {"architecture", {S("llama"), S("gptoss"), S("nothing")}},
      {"tensor_types", {K({"f32", "q4_k", "q6_k"}), K({"bf16"}), K({"mxfp4", "f32"})}},
      {"attention_kinds", {K({"gqa"}), K({"gqa", "mla"})}},
      {"head_dim", {I(64), I(80), I(128), I(576)}},
      {"head_count", {I(32), I(6), L({32, 16})}},
      {"intermediate_size", {I(11008), I(4097)}},
      {"group_size", {I(128)}},
      {"requested_context", {I(4096), I(1000000)}},
      {"dtype", {S("bf16"), S("fp16"), S("f32")}},
      {"attention_sink", {true, false}},
      {"sliding_window", {I(4096)}},
      {"kv_lora_rank", {I(512)}}};
  for (const auto& [name, values] : choices) {
    if (random.Coin()) mcd.attributes[name] = Pick(random, values);
  }
  return mcd;
}

TEST_CASE("CMATCH-8030 fleet: the shipped rules over every engine's tables, as pair by pair") {
  const CapabilityMatcher matcher(Builtin());
  std::vector<Worker> workers = TableWorkers(matcher);
  REQUIRE(workers.size() > 50);
  Ecp whole = SeedEcp();
  whole.attributes["supports_kv_cache"] = K({"fp16"});
  workers.push_back(*matcher.Bind(whole));
  workers.push_back(*matcher.Bind(SeedEcp()));
  RandomFleet random(8030);
  std::vector<Model> models;
  for (int i = 0; i < 300; ++i) models.push_back(*matcher.Bind(NextMcd(random)));
  const Fleet fleet(matcher, models, workers, {.models_for_worker = true});
  CHECK(testing::FleetDisagreement(fleet) == "");

  // every rule that these can decide was seen to fail and to pass
  std::vector<std::size_t> failed(Builtin()->tables().rules.size());
  std::size_t compatible = 0;
  fleet.ForEachBlock([&](const FleetBlock& block) {
    for (std::size_t model = 0; model < block.models; ++model) {
      for (const std::uint64_t word : block.Compatible(model)) {
        compatible += static_cast<std::size_t>(std::popcount(word));
      }
      for (std::size_t rule = 0; rule < failed.size(); ++rule) {
        for (const std::uint64_t word : block.Failed(rule, model)) {
          failed[rule] += static_cast<std::size_t>(std::popcount(word));
        }
      }
    }
  });
  CHECK(compatible > 0);
  for (const char* id : {"CMATCH-8030.1", "CMATCH-8030.2", "CMATCH-8030.3", "CMATCH-8130",
                         "CMATCH-8131", "CMATCH-8136", "CMATCH-8138", "CMATCH-8139"}) {
    const Rule* rule = Builtin()->FindRule(id);
    REQUIRE(rule != nullptr);
    CAPTURE(id);
    const auto index = static_cast<std::size_t>(rule - Builtin()->tables().rules.data());
    CHECK(failed[index] > 0);
    CHECK(failed[index] < models.size() * workers.size());
  }
}

}  // namespace
}  // namespace cmatch
