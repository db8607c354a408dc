#include "cmatch/rule_set.h"

#include <algorithm>
#include <utility>

#include "cmatch/kinds.h"
#include "digest.h"
#include "program.h"

namespace cmatch {

using internal::Program;

Text TextPool::Intern(std::string_view text) {
  if (text.empty()) return {};
  if (const auto it = index_.find(text); it != index_.end()) return *it;
  const std::string_view kept = owned_.emplace_back(text);
  index_.insert(kept);
  return kept;
}

Location Tables::Locate(Origin origin) const {
  if (origin.file >= files.size()) return {};
  return {.file = std::string(files[origin.file]), .line = origin.line, .column = origin.column};
}

bool Entry::Covers(ComputeCapability at) const {
  return compute.empty() || std::any_of(compute.begin(), compute.end(),
                                        [&](const ComputeRange& r) { return r.Contains(at); });
}

RuleSet::RuleSet(Tables tables, std::string digest)
    : tables_(std::move(tables)), digest_(std::move(digest)) {}

RuleSet::~RuleSet() = default;

namespace {

// Kinds written in another spelling ("F16") become canonical, so that nothing later has to ask.
void Canonicalise(Tables& tables) {
  std::unordered_map<std::string, std::string_view> aliases;
  for (const KindAlias& alias : tables.aliases) {
    aliases.emplace(std::string(alias.dimension) + '/' + std::string(alias.alias), alias.is);
  }
  for (Engine& engine : tables.engines) {
    for (Dimension& dimension : engine.supports) {
      const std::string of(internal::KindsOfDimension(tables, dimension.name));
      for (KindSupport& row : dimension.kinds) {
        const std::string folded = FoldKind(row.kind);
        const auto alias = aliases.find(of + '/' + folded);
        if (alias != aliases.end()) {
          row.kind = alias->second;
        } else if (folded != row.kind) {
          row.kind = tables.pool.Intern(folded);
        }
      }
    }
  }
}

}  // namespace

std::shared_ptr<const RuleSet> RuleSet::Make(Tables tables, std::string digest, bool checked,
                                             std::vector<Problem>& problems) {
  if (!checked) Canonicalise(tables);
  if (digest.empty()) digest = internal::Digest(tables);
  std::shared_ptr<RuleSet> rules(new RuleSet(std::move(tables), std::move(digest)));
  auto program = std::make_unique<Program>();
  internal::Compile(rules->tables_, checked, *program, problems);
  rules->program_ = std::move(program);
  return rules;
}

std::expected<std::shared_ptr<const RuleSet>, Error> RuleSet::Create(Tables tables,
                                                                     std::string digest) {
  std::vector<Problem> problems;
  auto rules = Make(std::move(tables), std::move(digest), false, problems);
  if (problems.empty()) return rules;
  return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
}

std::shared_ptr<const RuleSet> RuleSet::CreateChecked(Tables tables, std::string digest) {
  std::vector<Problem> problems;
  auto rules = Make(std::move(tables), std::move(digest), true, problems);
  return problems.empty() ? rules : nullptr;
}

std::string RuleSet::Canonical(std::string_view dimension, std::string_view kind) const {
  return internal::Canonical(program_->FindSymbols(dimension), kind);
}

std::span<const std::string_view> RuleSet::KindsOf(std::string_view dimension) const {
  const internal::Symbols* symbols = program_->FindSymbols(dimension);
  if (symbols == nullptr) return {};
  return symbols->names;
}

const Field* RuleSet::FindField(std::string_view name) const {
  const internal::Slot* slot = program_->FindSlot(name);
  return slot == nullptr ? nullptr : slot->field;
}

const Rule* RuleSet::FindRule(std::string_view id) const {
  const auto it = std::find_if(tables_.rules.begin(), tables_.rules.end(),
                               [&](const Rule& rule) { return rule.id == id; });
  return it == tables_.rules.end() ? nullptr : &*it;
}

namespace {

template <typename Map, typename Key>
auto Find(const Map& map, const Key& key) -> typename Map::mapped_type {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : it->second;
}

}  // namespace

const Architecture* RuleSet::FindArchitecture(std::string_view name, bool hf) const {
  return Find(hf ? program_->hf_architectures : program_->gguf_architectures, FoldKind(name));
}

const FileType* RuleSet::FindFileType(std::int64_t id) const {
  return Find(program_->file_types, id);
}

const TensorType* RuleSet::FindTensorType(std::int64_t id) const {
  return Find(program_->tensor_types, id);
}

std::span<const ComputeCapability> RuleSet::KnownCompute() const { return program_->compute; }

}  // namespace cmatch
