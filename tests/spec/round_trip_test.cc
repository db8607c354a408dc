// What is written is read back as it was, over generated descriptors (fixed seed).

#include <random>

#include "cmatch/build_ecp.h"
#include "cmatch/matrix.h"
#include "cmatch/render.h"
#include "spec/support.h"

namespace cmatch {
namespace {

using testing::Builtin;
using testing::SeedEcp;
using testing::SeedMcd;

constexpr int kDescriptors = 300;

class Random {
 public:
  std::size_t Below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  // Names a JSON text has to escape among them.
  std::string Name() {
    static const char* const kNames[] = {"q4_0",          "fp16", "Rope-Norm",        "a b",
                                         "a\"b",          "a\\b", "caf\xc3\xa9",      "</script>",
                                         "a/b@c",         "{x}",  "\xf0\x9f\xa6\x99", "%s%n",
                                         "\xe2\x80\xa8 b"};
    return kNames[Below(std::size(kNames))];
  }

  std::vector<std::string> Names(std::size_t least) {
    std::vector<std::string> names;
    for (std::size_t i = 0, count = least + Below(4); i < count; ++i) names.push_back(Name());
    return names;
  }

  std::int64_t Count() {
    static constexpr std::int64_t kCounts[] = {1,        2, 4096, 131072, INT32_MAX, INT64_MAX - 1,
                                               INT64_MAX};
    return kCounts[Below(std::size(kCounts))];
  }

 private:
  std::mt19937 random_{8060};
};

TEST_CASE("law: an MCD that is written as JSON is read back equal") {
  Random random;
  for (int i = 0; i < kDescriptors; ++i) {
    CAPTURE(i);
    Mcd mcd = SeedMcd();
    mcd.model_id = random.Name();
    mcd.positional = random.Name();
    mcd.attention = random.Name();
    mcd.quant = random.Names(1);
    mcd.context_max = random.Count();
    mcd.vocab_size = random.Count();
    if (random.Below(2) == 0) mcd.attributes["head_dim"] = random.Count();
    if (random.Below(2) == 0) mcd.attributes["head_count_kv"] = std::vector<std::int64_t>{8, 0, 8};
    if (random.Below(2) == 0) mcd.attributes["tensor_types"] = random.Names(1);
    if (random.Below(2) == 0) mcd.attributes["causal"] = random.Below(2) == 0;
    if (random.Below(2) == 0)
      mcd.attributes["attn_logit_softcapping"] = 0.1 * static_cast<double>(random.Below(100));
    if (random.Below(2) == 0) mcd.attributes["rope_scaling"] = random.Name();
    const std::string json = RenderJson(mcd);
    CAPTURE(json);
    const auto facts = ReadMcdJson(json, "m.mcd.json", *Builtin());
    REQUIRE(facts.has_value());
    const auto again = McdFrom(*facts);
    REQUIRE(again.has_value());
    CHECK(again->model_id == mcd.model_id);
    CHECK(again->quant == mcd.quant);
    CHECK(again->context_max == mcd.context_max);
    CHECK(RenderJson(*again) == json);
  }
}

TEST_CASE("law: an ECP that is written as JSON is read back equal") {
  Random random;
  for (int i = 0; i < kDescriptors; ++i) {
    CAPTURE(i);
    Ecp ecp = SeedEcp();
    ecp.worker_id = random.Name();
    ecp.supports_positional = random.Names(0);
    ecp.supports_attention = random.Names(0);
    ecp.supports_quant = random.Names(0);
    ecp.max_context = random.Count();
    ecp.vram_bytes = random.Count();
    if (random.Below(2) == 0) ecp.attributes["gpu_count"] = random.Count();
    if (random.Below(2) == 0) ecp.attributes["gpu"] = random.Name();
    if (random.Below(2) == 0) ecp.attributes["mig"] = true;
    if (random.Below(2) == 0) ecp.attributes["supports_kv_cache"] = random.Names(0);
    const std::string json = RenderJson(ecp);
    CAPTURE(json);
    const auto again = ReadEcp(json, "w.json", *Builtin());
    REQUIRE(again.has_value());
    CHECK(again->worker_id == ecp.worker_id);
    CHECK(again->supports_quant == ecp.supports_quant);
    CHECK(again->vram_bytes == ecp.vram_bytes);
    CHECK(RenderJson(*again) == json);
  }
}

TEST_CASE("law: a profile from the tables that is written as JSON is the same worker again") {
  const RuleSet& rules = *Builtin();
  const CapabilityMatcher matcher(Builtin());
  int without_memory = 0;
  for (const std::string_view engine : EngineNames(rules)) {
    for (const Gpu& gpu : rules.tables().gpus) {
      CAPTURE(engine);
      CAPTURE(gpu.name);
      GpuFacts facts;
      facts.name = gpu.name;
      facts.compute = gpu.compute;
      facts.mig = !gpu.mig_of.empty();
      if (gpu.memory.size() == 1) facts.memory_bytes = gpu.memory[0];
      const auto ecp = BuildEcp(rules, {.engine = std::string(engine)}, facts);
      REQUIRE(ecp.has_value());
      const std::string json = RenderJson(*ecp);
      const auto again = ReadEcp(json, "w.json", rules);
      REQUIRE_MESSAGE(again.has_value(), again.error().message);
      CHECK(again->worker_id == ecp->worker_id);
      CHECK(again->supports_positional == ecp->supports_positional);
      CHECK(again->supports_attention == ecp->supports_attention);
      CHECK(again->supports_quant == ecp->supports_quant);
      CHECK(again->max_context == ecp->max_context);
      CHECK(again->vram_bytes == ecp->vram_bytes);
      CHECK(again->attributes == ecp->attributes);
      const auto worker = matcher.Bind(*again);
      REQUIRE(worker.has_value());
      CHECK(worker->ecp().attributes == ecp->attributes);
      without_memory += ecp->vram_bytes ? 0 : 1;
    }
  }
  CHECK(without_memory > 0);
}

}  // namespace
}  // namespace cmatch
