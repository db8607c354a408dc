// How the shipped tables start each engine, both sides of each change.

#include "cmatch/command.h"

#include <map>
#include <string>

#include "cmatch/build_ecp.h"
#include "spec/support.h"

namespace cmatch {
namespace {

using testing::Builtin;
using testing::kSeedMcd;
using testing::ParseMcd;

std::string Line(const char* engine, const std::map<std::string, std::string>& launch) {
  GpuFacts gpu;
  gpu.compute = ParseCompute("9.0");
  EngineChoice choice = ParseEngine(engine);
  for (const auto& [key, value] : launch) choice.launch[key] = value;
  const auto ecp = BuildEcp(*Builtin(), choice, gpu);
  REQUIRE_MESSAGE(ecp.has_value(), ecp.error().message);
  const auto command = CommandFor(*Builtin(), ParseMcd(kSeedMcd), *ecp, "m");
  if (!command) return "none";
  std::string line = ToString(*command);
  for (const std::string& setting : command->unsaid) line += " ?" + setting;
  return line;
}

TEST_CASE("command: each shipped engine at both ends of a change") {
  const struct {
    const char* engine;
    std::map<std::string, std::string> launch;
    const char* want;
  } cases[] = {
      {"llama.cpp@b1500", {}, "server -m m -ngl 999 -c 8192"},
      {"llama.cpp@b2770",
       {{"kv_cache", "q8_0"}},
       "server -m m -ngl 999 -c 8192 ?kv_cache_k=q8_0 ?kv_cache_v=q8_0"},
      {"llama.cpp@b2771",
       {{"kv_cache", "q8_0"}, {"flash_attn", "on"}},
       "server -m m -ngl 999 -c 8192 -ctk q8_0 -ctv q8_0 -fa"},
      {"llama.cpp@b3061", {}, "server -m m -ngl 999 -c 8192 -ctk f16 -ctv f16"},
      {"llama.cpp@b3062", {}, "none"},
      {"llama.cpp@b3294", {}, "none"},
      {"llama.cpp@b3295", {}, "llama-server -m m -ngl 999 -c 8192 -ctk f16 -ctv f16"},
      {"llama.cpp@b6886", {}, "llama-server -m m -ngl 999 -c 8192 -ctk f16 -ctv f16 -fa auto"},
      {"llama.cpp@b6887", {}, "llama-server -m m -c 8192 -ctk f16 -ctv f16 -fa auto"},
      {"vllm@0.12.0",
       {{"attention_backend", "FLASHINFER"}},
       "VLLM_ATTENTION_BACKEND=FLASHINFER vllm serve m --max-model-len 8192 --tensor-parallel-size "
       "1 "
       "--pipeline-parallel-size 1 --kv-cache-dtype auto"},
      {"vllm@0.13.0",
       {{"attention_backend", "FLASHINFER"}},
       "vllm serve m --max-model-len 8192 --tensor-parallel-size 1 --pipeline-parallel-size 1 "
       "--kv-cache-dtype auto --attention-backend FLASHINFER"},
      {"tensorrt-llm@1.2.1",
       {{"kv_cache", "fp8"}},
       "trtllm-serve m --max_seq_len 8192 --tp_size 1 --pp_size 1 ?kv_cache=fp8"},
      {"tensorrt-llm@1.3.0rc27",
       {{"kv_cache", "fp8"}},
       "trtllm-serve m --max_seq_len 8192 --tp_size 1 --pp_size 1 --kv_cache_dtype fp8"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.engine);
    CHECK(Line(c.engine, c.launch) == c.want);
  }
}

}  // namespace
}  // namespace cmatch
