#include "support/rules.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace cmatch::testing {
namespace {

constexpr std::string_view kFields = R"(kind: cmatch.rules/v1
name: test
version: "1.0.0"
fields:
  mcd.model_id: {type: text}
  mcd.positional: {type: kind, of: positional}
  mcd.attention: {type: kind, of: attention}
  mcd.quant: {type: kinds, of: quant}
  mcd.context_max: {type: integer}
  mcd.vocab_size: {type: integer}
  mcd.requested_context: {type: integer}
  mcd.tensor_types: {type: kinds, of: tensor_type}
  mcd.head_dim: {type: integer}
  ecp.worker_id: {type: text}
  ecp.supports_positional: {type: kinds, of: positional}
  ecp.supports_attention: {type: kinds, of: attention}
  ecp.supports_quant: {type: kinds, of: quant}
  ecp.supports_tensor_type: {type: kinds, of: tensor_type}
  ecp.supports_kv_cache: {type: kinds, of: kv_cache}
  ecp.max_context: {type: integer}
  ecp.vram_bytes: {type: bytes}
  ecp.engine: {type: text}
  ecp.engine_version: {type: text}
  ecp.build: {type: text}
  ecp.compute: {type: compute}
  ecp.driver: {type: version}
  ecp.kv_cache: {type: kind, of: kv_cache}
  ecp.kv_cache_k: {type: kind, of: kv_cache}
  ecp.kv_cache_v: {type: kind, of: kv_cache}
  ecp.attention_backend: {type: text}
  ecp.tensor_parallel: {type: integer}
)";

constexpr std::string_view kTypedFields[] = {
    "one: {type: kind, of: quant}", "many: {type: kinds, of: quant}",
    "n: {type: integer}",           "m: {type: integer}",
    "list: {type: integers}",       "real: {type: number}",
    "size: {type: bytes}",          "flag: {type: bool}",
    "word: {type: text}",           "cc: {type: compute}",
    "ver: {type: version}"};

std::string Joined(std::string text, std::string_view more) {
  if (!text.empty()) text += ' ';
  return text.append(more);
}

// The rules whose bit is set, in order.
std::string IdsOf(const RuleSet& rules, const Verdict::Bits& bits) {
  std::string ids;
  for (std::size_t i = 0; i < rules.tables().rules.size(); ++i) {
    if (Verdict::Has(bits, i)) ids = Joined(std::move(ids), rules.tables().rules[i].id);
  }
  return ids;
}

// Findings that are a rule's own, not one of the tables or the date.
std::vector<Finding> OfRules(const RuleSet& rules, const std::vector<Finding>& findings) {
  std::vector<Finding> own;
  std::copy_if(findings.begin(), findings.end(), std::back_inserter(own),
               [&](const Finding& f) { return rules.FindRule(f.rule) != nullptr; });
  return own;
}

}  // namespace

const std::string_view kKindsYaml = R"(kind: cmatch.kinds/v1
kinds:
  positional: {rope_llama: "pairs", rope_neox: "halves", alibi: "a bias"}
  attention: {mha: "m", gqa: "g", mqa: "q", mixed: "x"}
  quant: {fp16: "16 bit", fp8: "8 bit", int8: "8 bit"}
  tensor_type: {fp16: "16 bit"}
  kv_cache: {auto: "as the weights", fp16: "16 bit", fp8: "8 bit"}
aliases:
  positional: {rope_norm: {is: rope_llama, because: "ggml's name"}}
  quant: {f16: {is: fp16, because: "short"}, half: {is: fp16, because: "short"}}
file_types:
  q4_k_m: {id: 15, main: q4_k}
  q2_k_s: {id: 21, main: q2_k}
tensor_types:
  f32: {id: 0, block_size: 1, type_size: 4}
  q4_k: {id: 12, block_size: 256, type_size: 144}
  q2_k: {id: 10, block_size: 256, type_size: 84}
)";

const std::string_view kGpusYaml = R"(kind: cmatch.gpus/v1
gpus:
  - {name: "V100", compute: "7.0", memory: [16GiB, 32GiB], source: "s"}
  - {name: "T4", compute: "7.5", memory: [16GiB], source: "s"}
  - {name: "A100", compute: "8.0", memory: [40GiB, 80GiB], source: "s"}
  - {name: "A10", compute: "8.6", memory: [24GiB], source: "s"}
  - {name: "Orin", compute: "8.7", memory: [64GiB], source: "s"}
  - {name: "L4", compute: "8.9", memory: [24GiB], source: "s"}
  - {name: "H100", compute: "9.0", memory: [80GiB], source: "s"}
  - {name: "B200", compute: "10.0", memory: [180GiB], source: "s"}
  - {name: "RTX 5090", compute: "12.0", memory: [32GiB], source: "s"}
)";

const std::string_view kToyYaml = R"(kind: cmatch.engine/v1
engine: toy
versioning: pep440
windows: [{versions: ">=1.0 <3.0", source: "s"}]
default_version: "2.0"
default_build: [new, old]
floor:
  - {compute: ["7.0..9.0"], versions: "<2.0", level: native, source: "floor 1"}
  - {compute: ["7.0"], versions: ">=2.0", level: degraded, because: "slow there", source: "floor 2"}
  - {compute: ["7.5..12.0"], versions: ">=2.0", level: native, source: "floor 2"}
max_context: of_model
builds:
  new: {versions: ">=2.0", cuda: "13.0", images: ["8.0", "8.9", "9.0a", "10.0f", "9.0ptx"], min_driver: [{driver: "580"}], source: "s"}
  old:
    - {versions: "<2.0", cuda: "12.1", images: ["7.0", "8.0"], source: "s"}
    - {versions: ">=2.0", cuda: "12.8", images: ["7.0", "7.5ptx"], min_driver: [{driver: "525.60.13"}], source: "s"}
launch:
  kv_cache: {values: [auto, fp16, fp8], default: auto, source: "s"}
  attention_backend: {values: [auto, FIRST, SECOND], source: "s"}
  tensor_parallel: {integer: [1, 8], default: 1, source: "s"}
  chunked: {values: ["on", "off"], default: "on", versions: ">=2.0", source: "s"}
supports:
  positional:
    source: "positional"
    kinds:
      rope_llama: [{level: native, source: "s"}]
      alibi: [{versions: ">=2.0", level: native, source: "s"}]
  attention:
    source: "attention"
    kinds:
      mha: [{level: native, source: "s"}]
      gqa: [{level: native, source: "s"}]
  quant:
    source: "quant"
    kinds:
      fp16: [{level: native, source: "s"}]
      fp8:
        - {compute: ["8.9..9.0"], level: native, source: "fp8 rows"}
        - {compute: ["8.0..8.7"], versions: ">=2.0", level: degraded, because: "weights only", source: "fp8 rows"}
  tensor_type:
    source: "tensor_type"
    kinds:
      f32: [{level: native, source: "s"}]
      fp16: [{level: native, source: "s"}]
      q4_k: [{level: native, source: "s"}]
  kv_cache:
    source: "kv_cache"
    kinds:
      auto: [{level: native, source: "s"}]
      fp16: [{level: native, source: "s"}]
      fp8: [{compute: ["8.9..9.0"], level: native, source: "s"}]
paths:
  attention:
    - {id: FIRST, compute: ["8.0..9.0"], versions: ">=2.0", level: native, accepts: [{value: mcd.head_dim, in: [64, 128]}], source: "first"}
    - {id: NEVER, compute: ["8.0..9.0"], versions: ">=2.0", level: unsupported, because: "head size 96 crashes", accepts: [{value: mcd.head_dim, eq: 96}], source: "never"}
    - {id: SECOND, compute: ["7.0..9.0"], versions: ">=2.0", level: degraded, because: "no tensor cores", accepts: [{value: mcd.head_dim, le: 256}], source: "second"}
)";

const std::string_view kTableRules = R"(
  - {id: POS, name: p, severity: error, check: {value: mcd.positional, in: ecp.supports_positional}, error: IncompatiblePositional, message: "m", source: "s"}
  - {id: QUANT, name: q, severity: error, check: {any_of: mcd.quant, in: ecp.supports_quant}, error: IncompatibleQuant, message: "m", source: "s"}
  - {id: FLOOR, name: f, severity: error, check: {value: ecp.compute, in: ecp.floor}, error: RuleFailed, message: "m", source: "s"}
  - {id: TENSOR, name: t, severity: error, check: {each_of: mcd.tensor_types, in: ecp.supports_tensor_type}, error: RuleFailed, message: "m", source: "s"}
  - {id: IMAGE, name: i, severity: error, check: {value: ecp.images, runs_on: ecp.compute}, error: RuleFailed, message: "m", source: "s"}
  - {id: DRIVER, name: d, severity: error, check: {value: ecp.driver, ge: ecp.min_driver}, error: RuleFailed, message: "m", source: "s"}
  - {id: KV, name: k, severity: error, check: {all: [{value: ecp.kv_cache_k, in: ecp.supports_kv_cache}, {value: ecp.kv_cache_v, in: ecp.supports_kv_cache}]}, error: RuleFailed, message: "m", source: "s"}
  - {id: PATH, name: x, severity: error, check: {some_path: ecp.paths}, error: RuleFailed, message: "{because}", source: "s"}
)";

std::string RulesYaml(std::string_view rules, std::string_view more_fields) {
  std::string text(kFields);
  for (const std::string_view side : {"  mcd.", "  ecp."}) {
    for (const std::string_view field : kTypedFields) {
      text.append(side).append(field).append("\n");
    }
  }
  text.append(more_fields);
  return text.append("rules:\n").append(rules);
}

std::string RuleYaml(std::string_view id, std::string_view check, std::string_view more) {
  std::string text = "  - {id: ";
  text.append(id).append(", name: n, check: ").append(check);
  if (more.find("severity:") == std::string_view::npos) text += ", severity: error";
  if (!more.empty()) text.append(", ").append(more);
  return text + ", error: RuleFailed, message: \"m\", source: \"s\"}\n";
}

std::vector<RuleFile> ToyFiles(std::string_view rules, std::string_view engine) {
  return {{"validation.yaml", RulesYaml(rules)},
          {"kinds.yaml", std::string(kKindsYaml)},
          {"gpus.yaml", std::string(kGpusYaml)},
          {"engines/toy.yaml", std::string(engine)}};
}

namespace {

std::expected<std::shared_ptr<const RuleSet>, Error> TryRules(const std::vector<RuleFile>& files) {
  auto tables = ReadTables(files);
  if (!tables) return std::unexpected(std::move(tables.error()));
  return RuleSet::Create(std::move(*tables));
}

}  // namespace

std::shared_ptr<const RuleSet> MakeRules(const std::vector<RuleFile>& files) {
  auto rules = TryRules(files);
  if (rules) return *rules;
  std::string text;
  for (const Problem& problem : rules.error().problems) {
    text += ToString(problem.where) + ": " + problem.code + ": " + problem.message + '\n';
  }
  throw std::runtime_error(text);
}

std::string ProblemCodes(const std::vector<RuleFile>& files) {
  const auto rules = TryRules(files);
  std::string codes;
  if (rules) return codes;
  for (const Problem& problem : rules.error().problems) {
    codes += (codes.empty() ? "" : "; ") + problem.code;
  }
  return codes;
}

Mcd SeedMcd() {
  return {.model_id = "meta-llama/Llama-3.1-8B",
          .positional = "rope_llama",
          .attention = "gqa",
          .quant = {"q4_0", "q8_0"},
          .context_max = 8192,
          .vocab_size = 128256,
          .attributes = {}};
}

Ecp SeedEcp() {
  return {.worker_id = "gpu-0-worker",
          .supports_positional = {"rope_llama", "rope_neox", "alibi"},
          .supports_attention = {"mha", "gqa", "mqa"},
          .supports_quant = {"q4_0", "q8_0", "fp16"},
          .max_context = 16384,
          .vram_bytes = 24000000000,
          .attributes = {}};
}

std::string OutcomeOf(const std::shared_ptr<const RuleSet>& rules, std::string_view id,
                      const Attributes& mcd, const Attributes& ecp, const CheckOptions& options) {
  CheckOptions traced = options;
  traced.trace = true;
  const CapabilityMatcher matcher(rules, traced);
  Mcd model = SeedMcd();
  model.attributes = mcd;
  Ecp worker = SeedEcp();
  worker.attributes = ecp;
  const auto bound_model = matcher.Bind(model);
  if (!bound_model) return bound_model.error().message;
  const auto bound_worker = matcher.Bind(worker);
  if (!bound_worker) return bound_worker.error().message;
  std::string difference = Disagreement(matcher, *bound_model, *bound_worker);
  if (!difference.empty()) return difference;
  for (const TraceStep& step : matcher.Explain(*bound_model, *bound_worker).trace) {
    if (step.rule == id) return step.outcome;
  }
  return "no such rule";
}

std::string Disagreement(const CapabilityMatcher& matcher, const Model& model,
                         const Worker& worker) {
  const Verdict verdict = matcher.Check(model, worker);
  const Report report = matcher.Explain(model, worker);
  const RuleSet& rules = matcher.rules();
  const std::pair<std::string, std::string> pairs[] = {
      {IdsOf(rules, verdict.failed), Ids(report.violations)},
      {IdsOf(rules, verdict.warned), Ids(OfRules(rules, report.warnings))},
      {IdsOf(rules, verdict.skipped), Ids(report.skipped)},
      {IdsOf(rules, verdict.waived), Ids(report.waived)},
      {verdict.compatible() ? "compatible" : "not", report.compatible ? "compatible" : "not"}};
  for (const auto& [checked, explained] : pairs) {
    if (checked != explained) return "Check() says " + checked + ", Explain() says " + explained;
  }
  const auto once = matcher.Check(model.mcd(), worker);
  if (!once || *once != verdict) return "Check() of the descriptor says something else";
  return {};
}

std::string Ids(const std::vector<Finding>& findings) {
  std::string ids;
  for (const Finding& finding : findings) ids = Joined(std::move(ids), finding.rule);
  return ids;
}

std::string Ids(const std::vector<Skipped>& skipped) {
  std::string ids;
  for (const Skipped& skip : skipped) ids = Joined(std::move(ids), skip.rule);
  return ids;
}

}  // namespace cmatch::testing
