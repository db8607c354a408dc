// A consumer in C++: needs nothing but what is installed.
#include <cmatch/check.h>
#include <cmatch/render.h>
#include <cmatch/rules_io.h>

#include <cstdio>

int main() {
  const cmatch::CapabilityMatcher matcher(cmatch::LoadBuiltinRules());
  const auto report = matcher.check_compatibility({.model_id = "m",
                                                   .positional = "rope_neox",
                                                   .attention = "gqa",
                                                   .quant = {"q4_0"},
                                                   .context_max = 8192,
                                                   .vocab_size = 128256,
                                                   .attributes = {}},
                                                  {.worker_id = "w",
                                                   .supports_positional = {"rope_llama"},
                                                   .supports_attention = {"gqa"},
                                                   .supports_quant = {"q4_0"},
                                                   .max_context = 16384,
                                                   .vram_bytes = 24000000000,
                                                   .attributes = {}});
  if (!report) return 2;
  std::printf("%s\n", cmatch::RenderJson(*report).c_str());
  return !report->compatible && report->violations.size() == 1 ? 0 : 1;
}
