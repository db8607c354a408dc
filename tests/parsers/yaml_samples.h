#ifndef CMATCH_TESTS_PARSERS_YAML_SAMPLES_H_
#define CMATCH_TESTS_PARSERS_YAML_SAMPLES_H_

// Small whole files of each kind, for tests that change one thing in them.

#include <string>
#include <string_view>
#include <vector>

#include "cmatch/rules_io.h"

namespace cmatch::testing {

inline constexpr std::string_view kRulesSample = R"(kind: cmatch.rules/v1
name: base
version: "1.0.0"
fields:
  mcd.positional: {type: kind, of: positional}
  mcd.head_dim: {type: integer}
  ecp.supports_positional: {type: kinds, of: positional}
rules:
  - id: CMATCH-8030.1
    name: positional-supported
    severity: error
    check: {value: mcd.positional, in: ecp.supports_positional}
    error: IncompatiblePositional
    message: "needs {required}"
    source: {spec: CMATCH-8030}
retired: [CMATCH-8199]
)";

inline constexpr std::string_view kKindsSample = R"(kind: cmatch.kinds/v1
kinds:
  positional: {rope_llama: "pairs", alibi: "a bias"}
  quant: {fp16: "16 bit", fp8: "8 bit"}
aliases:
  positional: {rope_norm: {is: rope_llama, because: "ggml's name"}}
file_types:
  q4_k_m: {id: 15, main: q4_k}
tensor_types:
  q4_k: {id: 12, block_size: 256, type_size: 144}
  q4_2: {id: 4, block_size: 0, type_size: 0, removed: true}
)";

inline constexpr std::string_view kGpusSample = R"(kind: cmatch.gpus/v1
gpus:
  - {name: "NVIDIA A100", compute: "8.0", memory: [40GiB, 80GiB], mig: 7, source: "docs"}
  - {name: "NVIDIA L4", compute: "8.9", memory: [23034MiB], source: "docs"}
  - {name: "Tesla V100", compute: "7.0", memory: [16GiB, 32GiB], source: "docs"}
  - {name: "NVIDIA H100", compute: "9.0", memory: [80GiB], source: "docs"}
)";

inline constexpr std::string_view kArchitecturesSample = R"(kind: cmatch.architectures/v1
architectures:
  llama: {positional: rope_llama, source: "s"}
  mpt:
    positional:
      - {when: {value: gguf.attention.max_alibi_bias, gt: 0}, is: alibi}
      - {is: rope_llama}
    source: "s"
  gptj: {unsupported: "the name only", source: "s"}
model_types:
  mistral: {positional: rope_llama, source: "s"}
)";

inline constexpr std::string_view kEngineSample = R"(kind: cmatch.engine/v1
engine: vllm
versioning: pep440
windows: [{versions: ">=0.2.0 <0.33.0", source: "s"}]
default_version: "0.32.0"
default_build: [cuda13, cuda12]
floor:
  - {compute: ["7.0..9.0"], level: native, source: "s"}
max_context: of_model
builds:
  cuda13: {versions: ">=0.20", cuda: "13.0", images: ["8.0", "9.0a", "12.0+ptx"], min_driver: [{driver: "580"}], source: "s"}
  cuda12:
    - {versions: "<0.10", cuda: "12.1", images: ["8.0"], source: "s"}
    - {versions: ">=0.10", cuda: "12.8", images: ["8.0", "7.5ptx"], source: "s"}
launch:
  kv_cache: {values: [auto, fp16], default: auto, source: "s"}
  tensor_parallel: {integer: [1, 64], default: 1, source: "s"}
supports:
  positional:
    source: "s"
    kinds:
      rope_llama: [{level: native, source: "s"}]
  attention: {source: "s", kinds: {}}
  quant:
    source: "s"
    kinds:
      fp8:
        - {compute: ["8.9..9.0"], level: native, source: "s"}
        - {compute: ["8.0"], versions: ">=0.14.0", level: degraded, because: "weights only", source: "s", verified: tested}
paths:
  attention:
    - {id: FLASHMLA, compute: ["9.0"], level: native, accepts: [{value: mcd.head_dim, in: [64, 128]}], source: "s"}
)";

inline constexpr std::string_view kOverlaySample = R"(kind: cmatch.overlay/v1
layer: site-ams1
reason: "OPS-1234: driver bug"
owner: ops-ams
expires: "2027-03-01"
set:
  - target: engines/vllm/supports/quant/fp8
    entries: [{compute: ["8.9"], level: unsupported, because: "OPS-1234"}]
  - target: rules/CMATCH-8030.1/severity
    value: warning
    expect: error
waive:
  - {rule: CMATCH-8030.1, model: "org/*", reason: "known", expires: "2026-12-31"}
)";

inline constexpr std::string_view kCasesSample = R"(kind: cmatch.cases/v1
mcds:
  small: {model_id: "org/small", positional: rope_llama, attention: gqa, quant: [q4_0], context_max: 8192, vocab_size: 32000, head_dim: 128, causal: true, attn_logit_softcapping: 0.5}
ecps:
  t4: {engine: "vllm@0.9.0", gpu: "cc=7.5,vram=16GiB", launch: {tensor_parallel: 2}, max_context: 16Ki}
  given: {worker_id: w, supports_positional: [rope_llama], supports_attention: [], supports_quant: [q4_0], max_context: 4096, compute: "7.5"}
cases:
  - {id: small-on-t4, mcd: small, ecp: t4, fails: [], warns: [CMATCH-8030.1]}
  - {id: small-on-given, mcd: small, ecp: given, error: InvalidEcp}
)";

inline constexpr std::string_view kConfigSample = R"(kind: cmatch.config/v1
engine: vllm@0.9.0
gpu: "RTX 4090"
rules: [/etc/cmatch/rules]
)";

// The tables of the samples above, as files in memory.
inline std::vector<RuleFile> SampleFiles() {
  return {{"validation.yaml", std::string(kRulesSample)},
          {"kinds.yaml", std::string(kKindsSample)},
          {"gpus.yaml", std::string(kGpusSample)},
          {"architectures.yaml", std::string(kArchitecturesSample)},
          {"engines/vllm.yaml", std::string(kEngineSample)}};
}

inline std::vector<Problem> ProblemsIn(const std::vector<RuleFile>& files) {
  const auto tables = ReadTables(files);
  return tables ? std::vector<Problem>() : tables.error().problems;
}

inline std::vector<Problem> ProblemsIn(std::string_view text) {
  return ProblemsIn({RuleFile{"f.yaml", std::string(text)}});
}

// `text` with the first `from` replaced.
inline std::string Changed(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const std::size_t at = out.find(from);
  if (at == std::string::npos) return "no such text in the sample: " + std::string(from);
  return out.replace(at, from.size(), to);
}

// "line:column code", for comparing.
inline std::string Brief(const Problem& problem) {
  return std::to_string(problem.where.line) + ":" + std::to_string(problem.where.column) + " " +
         problem.code;
}

// All of them, "; " between.
inline std::string Brief(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) out += (out.empty() ? "" : "; ") + Brief(problem);
  return out;
}

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_PARSERS_YAML_SAMPLES_H_
