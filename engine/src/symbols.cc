#include <algorithm>

#include "cmatch/kinds.h"
#include "program.h"

namespace cmatch::internal {
namespace {

// Dimensions that the product itself knows; kinds.yaml may add others.
constexpr std::string_view kDimensions[] = {"positional",  "attention",    "quant",
                                            "tensor_type", "architecture", "kv_cache"};

constexpr std::string_view kSupports = "ecp.supports_";

std::uint32_t AddDimension(Program& program, std::string_view name) {
  const auto [it, added] =
      program.dimensions.try_emplace(name, static_cast<std::uint32_t>(program.symbols.size()));
  if (added) program.symbols.push_back({.dimension = name, .names = {}, .ids = {}, .aliases = {}});
  return it->second;
}

void AddKinds(const Tables& tables, Program& program) {
  for (const std::string_view dimension : kDimensions) AddDimension(program, dimension);
  for (const KindName& kind : tables.kinds) {
    program.symbols[AddDimension(program, kind.dimension)].Add(kind.name);
  }
  Symbols& architectures = program.symbols[program.dimensions.at("architecture")];
  for (const Architecture& row : tables.architectures) architectures.Add(row.name);
  Symbols& tensor_types = program.symbols[program.dimensions.at("tensor_type")];
  Symbols& quant = program.symbols[program.dimensions.at("quant")];
  for (const TensorType& type : tables.tensor_types) {
    if (type.removed) continue;
    tensor_types.Add(type.name);
    quant.Add(type.name);
  }
  for (const FileType& type : tables.file_types) {
    if (!type.removed) quant.Add(type.name);
  }
}

// A dimension whose field is declared with the kinds of another one has these:
// `ecp.supports_gguf_architecture: {type: kinds, of: architecture}`.
void AddSharedKinds(const Tables& tables, Program& program) {
  for (const Field& field : tables.fields) {
    if (field.type != FieldType::kKinds || !field.name.starts_with(kSupports)) continue;
    const auto shared = program.dimensions.find(field.of);
    if (shared == program.dimensions.end()) continue;
    program.dimensions.try_emplace(field.name.substr(kSupports.size()), shared->second);
  }
}

void AddEngineKinds(const Tables& tables, Program& program) {
  for (const Engine& engine : tables.engines) {
    for (const Dimension& dimension : engine.supports) {
      const auto it = program.dimensions.find(dimension.name);
      if (it == program.dimensions.end()) continue;  // CheckEngines says so
      for (const KindSupport& row : dimension.kinds) program.symbols[it->second].Add(row.kind);
    }
  }
}

void AddAliases(const Tables& tables, Program& program, std::vector<Problem>& problems) {
  for (const KindAlias& alias : tables.aliases) {
    Symbols& symbols = program.symbols[AddDimension(program, alias.dimension)];
    symbols.aliases.emplace(alias.alias, alias.is);
    if (!symbols.ids.contains(alias.is)) {
      AddProblem(problems, tables, alias.origin, "rules-unknown-kind",
                 "alias \"" + std::string(alias.alias) + "\" stands for \"" +
                     std::string(alias.is) + "\", which is not a kind of " +
                     std::string(alias.dimension));
    }
    if (symbols.ids.contains(alias.alias)) {
      AddProblem(problems, tables, alias.origin, "rules-duplicate",
                 "\"" + std::string(alias.alias) + "\" is a kind of " +
                     std::string(alias.dimension) + " itself and cannot be an alias");
    }
  }
}

void AddTypes(const Tables& tables, Program& program) {
  for (const FileType& type : tables.file_types) {
    program.file_types.emplace(type.id, &type);
    program.file_types_by_name.emplace(type.name, &type);
  }
  for (const TensorType& type : tables.tensor_types) {
    program.tensor_types.emplace(type.id, &type);
    program.tensor_types_by_name.emplace(type.name, &type);
  }
}

}  // namespace

std::string_view KindsOfDimension(const Tables& tables, std::string_view dimension) {
  for (const Field& field : tables.fields) {
    if (field.type == FieldType::kKinds && field.name.starts_with(kSupports) &&
        field.name.substr(kSupports.size()) == dimension) {
      return field.of;
    }
  }
  return dimension;
}

std::uint32_t Symbols::Add(std::string_view name) {
  const auto [id, added] = ids.Add(name);
  if (added) names.push_back(name);
  return id;
}

std::string Canonical(const Symbols* symbols, std::string_view kind) {
  std::string folded = FoldKind(kind);
  if (symbols == nullptr) return folded;
  const auto alias = symbols->aliases.find(folded);
  return alias == symbols->aliases.end() ? folded : std::string(alias->second);
}

std::uint8_t Program::SidesOf(std::uint32_t node) const {
  const Node& n = nodes[node];
  if (n.op != Op::kAll && n.op != Op::kAny && n.op != Op::kNot) return n.sides;
  std::uint8_t sides = 0;
  for (std::uint32_t i = 0; i < n.count; ++i) sides |= SidesOf(n.first + i);
  return sides;
}

const std::uint32_t* FindKind(const Symbols& symbols, std::string_view kind) {
  // A kind as it stands is its own canonical form: no alias may have its name.
  const std::uint32_t* id = symbols.ids.Find(kind);
  return id != nullptr ? id : symbols.ids.Find(Canonical(&symbols, kind));
}

const Symbols* Program::FindSymbols(std::string_view dimension) const {
  const auto it = dimensions.find(dimension);
  return it == dimensions.end() ? nullptr : &symbols[it->second];
}

const Slot* Program::FindSlot(std::string_view field) const {
  const auto it = slot_by_name.find(field);
  return it == slot_by_name.end() ? nullptr : &slots[it->second];
}

void CompileSymbols(const Tables& tables, Program& program, std::vector<Problem>& problems) {
  AddKinds(tables, program);
  AddSharedKinds(tables, program);
  AddEngineKinds(tables, program);
  AddAliases(tables, program, problems);
  AddTypes(tables, program);
  for (const Architecture& row : tables.architectures) {
    (row.hf ? program.hf_architectures : program.gguf_architectures)
        .emplace(FoldKind(row.name), &row);
  }
  for (const Gpu& gpu : tables.gpus) program.compute.push_back(gpu.compute);
  std::sort(program.compute.begin(), program.compute.end());
  program.compute.erase(std::unique(program.compute.begin(), program.compute.end()),
                        program.compute.end());
}

Problem& AddProblem(std::vector<Problem>& problems, const Tables& tables, Origin where,
                    std::string code, std::string message) {
  return problems.emplace_back(Problem{.code = std::move(code),
                                       .path = {},
                                       .message = std::move(message),
                                       .where = tables.Locate(where),
                                       .notes = {},
                                       .help = {}});
}

}  // namespace cmatch::internal
