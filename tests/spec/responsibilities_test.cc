// CMATCH-8001 to CMATCH-8004, CMATCH-8040 and CMATCH-8060: what the product has to do, and its part
// of what the daemon does.

#include <algorithm>

#include "cmatch/build_ecp.h"
#include "cmatch/render.h"
#include "spec/support.h"
#include "support/files.h"
#include "support/gguf_writer.h"

namespace cmatch {
namespace {

using testing::Builtin;
using testing::Ids;
using testing::Judged;
using testing::kSeedEcp;
using testing::kSeedMcd;
using testing::ParseEcp;
using testing::ParseMcd;
using testing::SmallModel;
using testing::TempDir;
using testing::With;

Ecp ProfileOf(const EngineChoice& engine, std::string_view gpu) {
  const auto facts = ParseGpu(gpu, *Builtin());
  REQUIRE_MESSAGE(facts.has_value(), facts.error().message);
  auto ecp = BuildEcp(*Builtin(), engine, *facts);
  REQUIRE_MESSAGE(ecp.has_value(), ecp.error().message);
  return *ecp;
}

TEST_CASE("CMATCH-8001 preflight: a verdict before anything is spawned") {
  // From a file's header and a GPU's name alone: no worker, no weights, no GPU.
  const TempDir directory;
  const std::string path = directory.Write("small.gguf", SmallModel().Bytes());
  const auto facts = ReadModel(path, *Builtin());
  REQUIRE(facts.has_value());
  const auto mcd = McdFrom(*facts);
  REQUIRE(mcd.has_value());
  CHECK(Judged(*mcd, ProfileOf({.engine = "llama.cpp"}, "RTX 4090")).compatible);
  // and it is fast to fail: an old GPU that the engine does not start on
  const Report refused = Judged(*mcd, ProfileOf({.engine = "tensorrt-llm"}, "cc=7.0,vram=16GiB"));
  CHECK_FALSE(refused.compatible);
}

TEST_CASE("CMATCH-8001 preflight: the same input always gives the same answer") {
  const Mcd mcd = ParseMcd(kSeedMcd);
  const Ecp ecp = ParseEcp(With(kSeedEcp, "\"rope_llama\", ", ""));
  const std::string first = RenderJson(Judged(mcd, ecp));
  for (int i = 0; i < 10; ++i) CHECK(RenderJson(Judged(mcd, ecp)) == first);
}

TEST_CASE("CMATCH-8002 MCD parsing: from metadata to a descriptor") {
  const Mcd mcd = ParseMcd(kSeedMcd);
  CHECK(mcd.model_id == "meta-llama/Llama-3.1-8B");
  CHECK(mcd.positional == "rope_llama");
  CHECK(mcd.attention == "gqa");
  CHECK(mcd.quant == std::vector<std::string>{"q4_0", "q8_0"});
  CHECK(mcd.context_max == 8192);
  CHECK(mcd.vocab_size == 128256);

  const auto gguf = ReadGgufBytes(SmallModel().Bytes(), "small.gguf", *Builtin());
  REQUIRE(gguf.has_value());
  const auto from_file = McdFrom(*gguf);
  REQUIRE(from_file.has_value());
  CHECK(from_file->positional == "rope_llama");
  CHECK(from_file->attention == "gqa");
  CHECK(from_file->context_max == 4096);
}

TEST_CASE("CMATCH-8003 ECP querying: a GPU and an engine make a profile") {
  const auto gpus = ReadInventory(
      R"({"devices": [{"index": 0, "name": "NVIDIA GeForce RTX 3090", "vram_total_bytes": 25769803776, "compute_capability": [8, 6]}]})",
      "inventory.json", *Builtin());
  REQUIRE(gpus.has_value());
  REQUIRE(gpus->size() == 1);
  const auto ecp = BuildEcp(*Builtin(), {.engine = "llama.cpp"}, (*gpus)[0]);
  REQUIRE(ecp.has_value());
  CHECK(ecp->vram_bytes == 25769803776);
  CHECK(std::get<std::string>(ecp->attributes.at("compute")) == "8.6");
  CHECK_FALSE(ecp->supports_positional.empty());
  CHECK_FALSE(ecp->supports_attention.empty());
  CHECK_FALSE(ecp->supports_quant.empty());
}

TEST_CASE("CMATCH-8004 compatibility: requirements must be a subset of capabilities") {
  CHECK(Judged(ParseMcd(kSeedMcd), ParseEcp(kSeedEcp)).compatible);
  const Report report = Judged(ParseMcd(With(kSeedMcd, "gqa", "mla")), ParseEcp(kSeedEcp));
  CHECK_FALSE(report.compatible);
  CHECK(Ids(report.violations) == "CMATCH-8030.2");
}

// Steps 1, 5 (spawning) and 6 (answering orchestratord) are the daemon's.
TEST_CASE(
    "CMATCH-8040 workflow: extract the MCD, build the ECP, check, pass or an error to return") {
  const TempDir directory;
  const std::string model = directory.Write("x.mcd.json", kSeedMcd);
  // 2. model metadata -> MCD
  const auto facts = ReadModel(model, *Builtin());
  REQUIRE(facts.has_value());
  const auto mcd = McdFrom(*facts);
  REQUIRE(mcd.has_value());
  // 3. GPU 0 -> ECP
  const auto gpus = ReadInventory(
      R"([{"index": 0, "name": "NVIDIA L4", "vram_total_bytes": 24152899584, "compute_capability": [8, 9]}])",
      "inventory.json", *Builtin());
  REQUIRE(gpus.has_value());
  const auto ecp = BuildEcp(*Builtin(), {.engine = "llama.cpp", .worker_id = "gpu-0"}, (*gpus)[0]);
  REQUIRE(ecp.has_value());
  // 4. check, by the name of the specification
  const CapabilityMatcher matcher(Builtin());
  const auto pass = matcher.check_compatibility(*mcd, *ecp);
  REQUIRE(pass.has_value());
  CHECK(pass->compatible);
  // 6. what to return where it fails
  Mcd longer = *mcd;
  longer.context_max = 32768;
  Ecp small = *ecp;
  small.max_context = 16384;
  const auto fail = matcher.check_compatibility(longer, small);
  REQUIRE(fail.has_value());
  CHECK_FALSE(fail->compatible);
  CHECK(RenderJson(*fail).find("\"ContextTooLarge\"") != std::string::npos);
}

// serde and serde_json, thiserror and tracing are the daemon's crates. What they would do is done
// by the JSON readers and writers, by Error and Report, and by the log callback of the C library.
TEST_CASE("CMATCH-8060 crates: descriptors go out as JSON and come back equal") {
  const Mcd mcd = ParseMcd(kSeedMcd);
  const Mcd again = ParseMcd(RenderJson(mcd));
  CHECK(RenderJson(again) == RenderJson(mcd));
  CHECK(again.quant == mcd.quant);
  const Ecp ecp = ParseEcp(kSeedEcp);
  const Ecp ecp_again = ParseEcp(RenderJson(ecp));
  CHECK(RenderJson(ecp_again) == RenderJson(ecp));
  CHECK(ecp_again.vram_bytes == ecp.vram_bytes);
}

}  // namespace
}  // namespace cmatch
