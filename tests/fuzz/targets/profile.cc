// A worker that is to be started: engine, build, GPU and launch settings, one a line:
//   ENGINE[@VERSION] / BUILD / GPU / KEY=VALUE ...

#include "cmatch/build_ecp.h"
#include "cmatch/check.h"
#include "cmatch/ecp_source.h"
#include "cmatch/render.h"
#include "fuzz/fuzz.h"

namespace cmatch::fuzz {
namespace {

std::string_view TakeLine(std::string_view* rest) {
  const std::size_t end = std::min(rest->find('\n'), rest->size());
  const std::string_view line = rest->substr(0, end);
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return line;
}

}  // namespace

void Run(std::string_view input) {
  EngineChoice choice = ParseEngine(TakeLine(&input));
  choice.build = TakeLine(&input);
  const auto gpu = ParseGpu(TakeLine(&input), Rules());
  if (!gpu) return;
  while (!input.empty()) {
    const std::string_view line = TakeLine(&input);
    const std::size_t sign = std::min(line.find('='), line.size());
    choice.launch[std::string(line.substr(0, sign))] = line.substr(std::min(sign + 1, line.size()));
  }
  const auto ecp = BuildEcp(Rules(), choice, *gpu);
  if (!ecp) return ExpectError(ecp.error());
  const std::string json = RenderJson(*ecp);
  ExpectJson(json);
  const auto again = ReadEcp(json, "fuzz.json", Rules());
  Expect(again.has_value() && RenderJson(*again) == json, "a profile is read as it was written",
         json);
  const auto worker = CapabilityMatcher(SharedRules()).Bind(*ecp);
  if (!worker) ExpectError(worker.error());
  Expect(worker.has_value(), "a profile that the tables give can be used", json);
}

std::vector<std::string> Seeds() {
  return {
      "vllm@0.9.0\n\nRTX 4090\nkv_cache=fp8\ntensor_parallel=2",
      "vllm\ncuda13\ncc=9.0,vram=80GiB,driver=580.65\nattention_backend=FLASHINFER",
      "llama.cpp@b5000\n\nRTX 3090\nkv_cache_k=q8_0\nkv_cache_v=q8_0\nflash_attention=on",
      "sglang\n\nH100 SXM\nkv_cache=fp8_e5m2",
      "tensorrt-llm@1.0.0\n\nB200\n",
      "vllm@9.9\nx\nL4\nx=y",
      "none@1\n\nL4",
  };
}

}  // namespace cmatch::fuzz
