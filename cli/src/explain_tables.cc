// What `cmatch explain` says of names in the tables: kinds, architectures, engines, launch keys,
// fields, GPUs, compute capabilities.

#include <algorithm>
#include <cstdint>

#include "cmatch/clause_text.h"
#include "explanation.h"
#include "worker_options.h"

namespace cmatch::cli {
namespace {

void Append(std::string& list, std::string_view item, std::string_view separator = ", ") {
  if (!list.empty()) list += separator;
  list += item;
}

std::string Place(const RuleSet& rules, Origin origin, Text source) {
  std::string place = ToString(rules.tables().Locate(origin));
  if (!source.empty()) place += " (" + std::string(source) + ")";
  return place;
}

// "llama.cpp, vllm": the engines with rows of a kind, each once.
std::string EnginesWith(const RuleSet& rules, std::string_view dimension, std::string_view kind) {
  std::vector<std::string_view> engines;
  for (const Engine& engine : rules.tables().engines) {
    for (const Dimension& stated : engine.supports) {
      if (stated.name != dimension) continue;
      const bool has = std::any_of(stated.kinds.begin(), stated.kinds.end(),
                                   [&](const KindSupport& row) { return row.kind == kind; });
      if (has && std::find(engines.begin(), engines.end(), engine.name) == engines.end()) {
        engines.push_back(engine.name);
      }
    }
  }
  std::string text;
  for (const std::string_view engine : engines) Append(text, engine);
  return text;
}

// What a kind is, and where that stands: kinds.yaml, or the number of a file or tensor type.
std::pair<std::string, std::string> MeaningOf(const RuleSet& rules, std::string_view dimension,
                                              std::string_view kind) {
  const Tables& tables = rules.tables();
  for (const KindName& row : tables.kinds) {
    if (row.dimension == dimension && row.name == kind) {
      return {std::string(row.meaning), Place(rules, row.origin, {})};
    }
  }
  for (const FileType& row : tables.file_types) {
    if (dimension == "quant" && row.name == kind) {
      return {"GGUF file type " + std::to_string(row.id) + ", most of whose tensors are " +
                  std::string(row.main),
              Place(rules, row.origin, {})};
    }
  }
  for (const TensorType& row : tables.tensor_types) {
    if (row.name == kind) {
      return {"GGUF tensor type " + std::to_string(row.id) + ": " + std::to_string(row.type_size) +
                  " bytes for " + std::to_string(row.block_size) + " weights",
              Place(rules, row.origin, {})};
    }
  }
  return {"a kind that rows of the tables name", ""};
}

void AddKinds(const RuleSet& rules, std::string_view id, Explanations& found) {
  std::vector<std::string_view> dimensions = {"positional", "attention", "quant", "tensor_type",
                                              "kv_cache"};
  for (const KindName& kind : rules.tables().kinds) {
    if (std::find(dimensions.begin(), dimensions.end(), kind.dimension) == dimensions.end()) {
      dimensions.push_back(kind.dimension);
    }
  }
  for (const std::string_view dimension : dimensions) {
    const std::string kind = rules.Canonical(dimension, id);
    const auto known = rules.KindsOf(dimension);
    if (std::find(known.begin(), known.end(), kind) == known.end()) continue;
    std::string aliases;
    for (const KindAlias& alias : rules.tables().aliases) {
      if (alias.dimension == dimension && alias.is == kind) Append(aliases, alias.alias);
    }
    auto [what, where] = MeaningOf(rules, dimension, kind);
    const std::string engines = EnginesWith(rules, dimension, kind);
    found.push_back({.id = kind,
                     .more = "(" + std::string(dimension) + ")",
                     .parts = {{"dimension", std::string(dimension)},
                               {"what", std::move(what)},
                               {"aliases", std::move(aliases)},
                               {"engines", engines.empty() ? "none has rows of it" : engines},
                               {"see", "cmatch matrix --engine NAME"},
                               {"source", std::move(where)}}});
  }
}

std::string PositionalOf(const Architecture& row) {
  std::string text;
  for (const ConditionalKind& kind : row.positional) {
    Append(text, kind.is);
    if (kind.when) text += " when " + ToString(*kind.when);
  }
  return text;
}

void AddArchitectures(const RuleSet& rules, std::string_view id, Explanations& found) {
  for (const Architecture& row : rules.tables().architectures) {
    if (!SameName(row.name, id)) continue;
    const std::string attention = row.attention.empty()
                                      ? (row.unsupported.empty() ? "as the file's keys say" : "")
                                      : std::string(row.attention);
    found.push_back(
        {.id = std::string(row.name),
         .more = row.hf ? "(model type)" : "(architecture)",
         .parts = {
             {"dimension", row.hf ? "model_type" : "architecture"},
             {"what", row.hf ? "a model_type of Hugging Face's config.json"
                             : "a general.architecture of GGUF files"},
             {"why", row.unsupported.empty() ? std::string(row.because)
                                             : "cannot be judged: " + std::string(row.unsupported)},
             {"positional", PositionalOf(row)},
             {"attention", attention},
             {"engines", row.hf ? "" : EnginesWith(rules, "architecture", row.name)},
             {"source", Place(rules, row.origin, row.source)}}});
  }
}

std::string ValuesOf(const LaunchKey& key) {
  std::string text;
  if (key.integer) {
    text = "a number from " + std::to_string(key.min);
    if (key.max != INT64_MAX) text += " to " + std::to_string(key.max);
  }
  for (const Text value : key.values) Append(text, value);
  if (!key.default_value.empty()) text += "; default " + std::string(key.default_value);
  return text;
}

void AddEngines(const RuleSet& rules, std::string_view id, Explanations& found) {
  for (const Engine& engine : rules.tables().engines) {
    if (!SameName(engine.name, id)) continue;
    std::string releases, builds, launch;
    for (const Window& window : engine.windows) Append(releases, window.versions.text, "; ");
    std::vector<std::string_view> told;
    const auto once = [&](std::string& list, std::string_view name) {
      if (std::find(told.begin(), told.end(), name) != told.end()) return;
      told.push_back(name);
      Append(list, name);
    };
    for (const Build& build : engine.builds) once(builds, build.name);
    told.clear();
    for (const LaunchKey& key : engine.launch) once(launch, key.name);
    found.push_back({.id = std::string(engine.name),
                     .more = "(engine)",
                     .parts = {{"dimension", "engine"},
                               {"what", "an inference engine that the tables cover"},
                               {"releases", std::move(releases)},
                               {"default", std::string(engine.default_version)},
                               {"builds", std::move(builds)},
                               {"launch", std::move(launch)},
                               {"see", "cmatch matrix --engine " + std::string(engine.name)},
                               {"source", Place(rules, engine.origin, {})}}});
  }
}

// One answer a key, with what each engine takes.
void AddLaunchKeys(const RuleSet& rules, std::string_view id, Explanations& found) {
  std::string name, source;
  std::vector<std::pair<std::string, std::string>> engines;
  for (const Engine& engine : rules.tables().engines) {
    for (const LaunchKey& key : engine.launch) {
      if (!SameName(key.name, id)) continue;
      name = key.name;
      if (source.empty()) source = Place(rules, key.origin, key.source);
      std::string says = ValuesOf(key);
      if (!key.versions.Everything()) says.insert(0, std::string(key.versions.text) + ": ");
      const auto same = std::find_if(engines.begin(), engines.end(),
                                     [&](const auto& row) { return row.first == engine.name; });
      if (same == engines.end()) {
        engines.emplace_back(engine.name, std::move(says));
      } else {
        same->second += "; " + says;
      }
    }
  }
  if (engines.empty()) return;
  Explanation explanation{
      .id = name,
      .more = "(launch key)",
      .parts = {
          {"dimension", "launch"},
          {"what", "a setting that an engine is launched with: --launch " + name + "=VALUE"}}};
  for (auto& engine : engines) explanation.parts.push_back(std::move(engine));
  explanation.parts.emplace_back("source", std::move(source));
  found.push_back(std::move(explanation));
}

bool Reads(const Clause& clause, std::string_view field) {
  const auto is = [&](std::string_view name) { return name == field; };
  return std::any_of(clause.fields.begin(), clause.fields.end(), is) ||
         (clause.right_is_field && std::any_of(clause.right.begin(), clause.right.end(), is)) ||
         std::any_of(clause.children.begin(), clause.children.end(),
                     [&](const Clause& child) { return Reads(child, field); });
}

bool PathsRead(const Engine& engine, std::string_view field) {
  const auto reads = [&](const Path& path) {
    return std::any_of(path.accepts.begin(), path.accepts.end(),
                       [&](const Clause& clause) { return Reads(clause, field); });
  };
  return std::any_of(engine.paths.begin(), engine.paths.end(), [&](const PathGroup& group) {
    return std::any_of(group.paths.begin(), group.paths.end(), reads);
  });
}

void AddFields(const RuleSet& rules, std::string_view id, Explanations& found) {
  for (const Field& field : rules.tables().fields) {
    if (!SameName(field.name, id) && !SameName(field.name.substr(4), id)) continue;
    const auto* type = std::find_if(kFieldTypes.begin(), kFieldTypes.end(),
                                    [&](const auto& row) { return row.first == field.type; });
    std::string readers;
    for (const Rule& rule : rules.tables().rules) {
      if (Reads(rule.check, field.name) || (rule.when && Reads(*rule.when, field.name))) {
        Append(readers, rule.id);
      }
    }
    std::string engines;
    for (const Engine& engine : rules.tables().engines) {
      if (PathsRead(engine, field.name) && engines.find(engine.name) == std::string::npos) {
        Append(engines, engine.name);
      }
    }
    if (!engines.empty()) Append(readers, "kernel paths of " + engines);
    found.push_back(
        {.id = std::string(field.name),
         .more = "(field)",
         .parts = {
             {"dimension", "field"},
             {"what", std::string(field.name.starts_with("mcd.") ? "a fact of the model, "
                                                                 : "a fact of the worker, ") +
                          "of type " + std::string(type->second) +
                          (field.of.empty() ? "" : " of " + std::string(field.of))},
             {"rules", readers.empty() ? "none reads it" : readers},
             {"see", field.name.starts_with("mcd.") ? "cmatch inspect MODEL"
                                                    : "cmatch profile --engine NAME --gpu GPU"},
             {"source", Place(rules, field.origin, {})}}});
  }
}

// "8.9" and every GPU that has it.
bool AddCompute(const RuleSet& rules, std::string_view id, Explanations& found) {
  std::string gpus;
  for (const Gpu& gpu : rules.tables().gpus) {
    if (ToString(gpu.compute) == id && gpu.mig_of.empty()) Append(gpus, gpu.name);
  }
  if (gpus.empty()) return false;
  found.push_back({.id = std::string(id),
                   .more = "(compute capability)",
                   .parts = {{"dimension", "compute"},
                             {"what", "the compute capability of these GPUs"},
                             {"gpus", std::move(gpus)},
                             {"see", "cmatch matrix"}}});
  return true;
}

void AddGpus(const RuleSet& rules, std::string_view id, Explanations& found) {
  if (id.find_first_of("=,") != std::string_view::npos || AddCompute(rules, id, found)) return;
  for (const Gpu* named : GpusNamed(rules, id)) {
    const Gpu& gpu = *named;
    std::string memory;
    for (const std::int64_t bytes : gpu.memory) {
      Append(memory, std::to_string(bytes >> 20) + " MiB", " or ");
    }
    found.push_back(
        {.id = std::string(gpu.name),
         .more = "(GPU)",
         .parts = {{"dimension", "gpu"},
                   {"what", gpu.mig_of.empty() ? "a product that the tables know"
                                               : "a MIG slice of " + std::string(gpu.mig_of)},
                   {"compute", ToString(gpu.compute)},
                   {"memory", memory + (gpu.unified ? ", shared with the CPU" : "")},
                   {"mig", gpu.mig == 0 ? "" : "up to " + std::to_string(gpu.mig) + " instances"},
                   {"note", std::string(gpu.note)},
                   {"source", Place(rules, gpu.origin, gpu.source)}}});
  }
}

}  // namespace

Explanations ExplainTables(const RuleSet& rules, std::string_view id) {
  Explanations found;
  AddKinds(rules, id, found);
  AddArchitectures(rules, id, found);
  AddEngines(rules, id, found);
  AddLaunchKeys(rules, id, found);
  AddFields(rules, id, found);
  if (found.empty()) AddGpus(rules, id, found);
  return found;
}

std::vector<std::string_view> TableNames(const RuleSet& rules) {
  const Tables& tables = rules.tables();
  std::vector<std::string_view> names;
  // Of two that are as near, the first is told.
  for (const Engine& engine : tables.engines) {
    names.push_back(engine.name);
    for (const LaunchKey& key : engine.launch) names.push_back(key.name);
  }
  for (const std::string_view dimension :
       {"positional", "attention", "quant", "tensor_type", "kv_cache"}) {
    for (const std::string_view kind : rules.KindsOf(dimension)) names.push_back(kind);
  }
  for (const KindName& row : tables.kinds) names.push_back(row.name);
  for (const Architecture& row : tables.architectures) names.push_back(row.name);
  for (const Field& row : tables.fields) names.push_back(row.name);
  for (const Gpu& row : tables.gpus) names.push_back(row.name);
  return names;
}

}  // namespace cmatch::cli
