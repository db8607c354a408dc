// Descriptors as JSON (CMATCH-8010).

#include "cmatch/mcd_source.h"
#include "cmatch/render.h"
#include "fuzz/fuzz.h"

namespace cmatch::fuzz {

void Run(std::string_view input) {
  const auto facts = ReadMcdJson(input, "fuzz.mcd.json", Rules());
  if (!facts) return ExpectError(facts.error());
  const auto mcd = McdFrom(*facts);
  if (!mcd) return ExpectError(mcd.error());
  const std::string json = RenderJson(*mcd);
  ExpectJson(json);
  const auto again = ReadMcdJson(json, "fuzz.mcd.json", Rules());
  Expect(again.has_value(), "a descriptor that is written can be read", json);
  const auto second = McdFrom(*again);
  Expect(second.has_value() && RenderJson(*second) == json, "and says the same", json);
}

std::vector<std::string> Seeds() {
  return {
      R"({"model_id": "meta-llama/Llama-3.1-8B", "positional": "rope_llama", "attention": "gqa",
 "quant": ["q4_0", "q8_0"], "context_max": 8192, "vocab_size": 128256, "head_dim": 128,
 "tensor_types": ["q4_0", "f32"], "causal": true, "rope_scaling": "yarn",
 "attn_logit_softcapping": 50.0, "head_count_kv": [8, 8, 4], "weight_block_size": [128, 128]})",
      R"({"model_id":"m","positional":"none","attention":"none","quant":"f16","context_max":1,
 "vocab_size":9223372036854775807,"other":{"a":[1,2,{"b":null}]}})",
      R"({"model_id":"","positional":7,"quant":[],"quant":["x"],"context_max":1e3})",
      R"({"model_id": "caf\u00e9 \ud83e\udda9 \u202e", "head_count": 18446744073709551616})",
      "{",
      "[[[[1]]]]",
      "",
      "null",
      "{\"a\":\"\xFF\"}",
  };
}

}  // namespace cmatch::fuzz
