// Profiles as JSON (CMATCH-8020), and what a rule set makes of them.

#include "cmatch/check.h"
#include "cmatch/ecp_source.h"
#include "cmatch/render.h"
#include "fuzz/fuzz.h"

namespace cmatch::fuzz {
namespace {

Mcd AnyModel() {
  Mcd mcd;
  mcd.model_id = "m";
  mcd.positional = "rope_llama";
  mcd.attention = "gqa";
  mcd.quant = {"q4_0"};
  mcd.context_max = 8192;
  mcd.vocab_size = 1000;
  return mcd;
}

}  // namespace

void Run(std::string_view input) {
  const auto ecp = ReadEcp(input, "fuzz.json", Rules());
  if (!ecp) return ExpectError(ecp.error());
  const std::string json = RenderJson(*ecp);
  ExpectJson(json);
  const auto again = ReadEcp(json, "fuzz.json", Rules());
  Expect(again.has_value() && RenderJson(*again) == json, "a profile is read as it was written",
         json);
  const CapabilityMatcher matcher(SharedRules());
  const auto worker = matcher.Bind(*ecp);
  if (!worker) return ExpectError(worker.error());
  const auto model = matcher.Bind(AnyModel());
  Expect(model.has_value(), "the model is good");
  const Report report = matcher.Explain(*model, *worker);
  Expect(report.compatible == matcher.Check(*model, *worker).compatible(),
         "the report says what the verdict says", json);
  Expect(report.compatible == report.violations.empty(), "an incompatible pair has a reason", json);
  ExpectPrintable(RenderText(report));
  ExpectJson(RenderJson(report));
}

std::vector<std::string> Seeds() {
  return {
      R"({"worker_id": "gpu-0-worker", "supports_positional": ["rope_llama", "rope_neox", "alibi"],
 "supports_attention": ["mha", "gqa", "mqa"], "supports_quant": ["q4_0", "q8_0", "fp16"],
 "max_context": 16384, "vram_bytes": 24000000000, "engine": "vllm", "engine_version": "0.9.0",
 "build": "cuda12", "compute": "8.9"})",
      R"({"worker_id":"w","supports_positional":[],"supports_attention":["x"],"supports_quant":["q4_0"],
 "max_context":1,"vram_bytes":null,"engine":"llama.cpp","engine_version":"b5000","driver":"550.54.14",
 "kv_cache":"q8_0","supports_tensor_type":["f32"],"other":[{}]})",
      R"({"worker_id":"w","supports_positional":"rope_llama","max_context":-1,"vram_bytes":"24GiB"})",
      "[]",
  };
}

}  // namespace cmatch::fuzz
