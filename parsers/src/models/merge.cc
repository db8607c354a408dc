#include "models/merge.h"

#include <algorithm>
#include <array>
#include <utility>

#include "hf/hf_config.h"
#include "models/mcd_members.h"

namespace cmatch::internal {
namespace {

constexpr std::array<std::string_view, 3> kOfTheFile = {"tensor_types", "kind", "file_bytes"};

bool IsOfTheFile(std::string_view member) {
  return std::find(kOfTheFile.begin(), kOfTheFile.end(), member) != kOfTheFile.end();
}

const Field* FieldOf(std::string_view member, const RuleSet& rules) {
  if (const RequiredMember* required = FindRequired(kMcdRequired, member)) return &required->field;
  return rules.FindField("mcd." + std::string(member));
}

// Kinds in canonical form, lists of kinds sorted; a list of equal numbers is that number.
Value Normal(const Field* field, Value value, const RuleSet& rules) {
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&value)) {
    const auto differs = [&](std::int64_t n) { return n != numbers->front(); };
    const bool equal = !numbers->empty() && std::none_of(numbers->begin(), numbers->end(), differs);
    return equal ? Value(numbers->front()) : value;
  }
  if (field == nullptr || field->of.empty()) return value;
  if (auto* kind = std::get_if<std::string>(&value)) *kind = rules.Canonical(field->of, *kind);
  if (auto* kinds = std::get_if<std::vector<std::string>>(&value)) {
    for (std::string& kind : *kinds) kind = rules.Canonical(field->of, kind);
    std::sort(kinds->begin(), kinds->end());
    kinds->erase(std::unique(kinds->begin(), kinds->end()), kinds->end());
  }
  return value;
}

// Each element of a list by itself.
std::vector<std::string> Texts(const Value& value) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return *texts;
  const auto* numbers = std::get_if<std::vector<std::int64_t>>(&value);
  if (numbers == nullptr) return {ToString(value)};
  std::vector<std::string> texts;
  for (const std::int64_t number : *numbers) texts.push_back(std::to_string(number));
  return texts;
}

Finding Conflict(std::string_view name, const McdFacts::Member& taken,
                 const McdFacts::Member& other) {
  Finding finding =
      SourceWarning("source-conflict", std::string(name) + ": " + taken.origin + " says " +
                                           ToString(taken.value) + ", " + other.origin + " says " +
                                           ToString(other.value) + "; the first is taken");
  finding.error = "SourceConflict";
  finding.required = taken.value;
  finding.supported = Texts(other.value);
  finding.has_supported = true;
  return finding;
}

// The sources of one member in order of rank. Of a fact that only the file has, the file is the
// first and, where it is silent, there is none.
std::vector<const Source*> Ranked(const std::vector<Source>& sources, std::string_view member) {
  std::vector<const Source*> ranked;
  for (const Source& source : sources) {
    if (!source.facts.members.contains(member)) continue;
    ranked.push_back(&source);
  }
  const bool has_file =
      std::any_of(sources.begin(), sources.end(), [](const Source& s) { return s.is_file; });
  if (!has_file || !IsOfTheFile(member)) return ranked;
  const auto file = std::find_if(ranked.begin(), ranked.end(),
                                 [](const Source* source) { return source->is_file; });
  if (file == ranked.end()) return {};
  std::rotate(ranked.begin(), file, file + 1);
  return ranked;
}

void MergeMember(std::string_view name, const std::vector<Source>& sources, const RuleSet& rules,
                 McdFacts* merged) {
  const std::vector<const Source*> ranked = Ranked(sources, name);
  if (ranked.empty()) return;
  const McdFacts::Member& taken = ranked[0]->facts.members.find(name)->second;
  for (std::size_t i = 1; i < ranked.size(); ++i) {
    if (name == "model_id" && (ranked[0]->default_id || ranked[i]->default_id)) continue;
    const McdFacts::Member& other = ranked[i]->facts.members.find(name)->second;
    if (SameValue(name, taken.value, other.value, rules)) continue;
    merged->warnings.push_back(Conflict(name, taken, other));
  }
  merged->members.emplace(name, taken);
}

// The member a blocking problem is about; empty: the model as a whole.
std::string_view MemberOf(const Problem& problem) {
  const std::string_view path = problem.path;
  return path.starts_with('/') ? path.substr(1) : std::string_view();
}

void MergeBlocking(std::size_t index, std::vector<Source>& sources, McdFacts* merged) {
  for (Problem& problem : sources[index].facts.blocking) {
    const std::string_view member = MemberOf(problem);
    bool stated = false;
    for (std::size_t i = 0; i < index && !member.empty(); ++i) {
      stated = stated || sources[i].facts.members.contains(member);
    }
    // A reader warns of what it blocks, so that nothing is lost here.
    if (!stated) merged->blocking.push_back(std::move(problem));
  }
}

// The kinds by layer belong to the attention they were stated with.
void DropForeignKinds(const std::vector<Source>& sources, const RuleSet& rules, McdFacts* merged) {
  const auto taken = merged->members.find("attention");
  const auto kinds = merged->members.find("attention_kinds");
  if (taken == merged->members.end() || kinds == merged->members.end()) return;
  for (const Source& source : sources) {
    if (!source.facts.members.contains("attention_kinds")) continue;
    const auto with = source.facts.members.find("attention");
    if (with == source.facts.members.end()) return;
    if (SameValue("attention", with->second.value, taken->second.value, rules)) return;
    merged->members.erase(kinds);
    return;
  }
}

}  // namespace

bool SameValue(std::string_view member, const Value& a, const Value& b, const RuleSet& rules) {
  const Field* field = FieldOf(member, rules);
  return Normal(field, a, rules) == Normal(field, b, rules);
}

McdFacts Merge(std::vector<Source> sources, const RuleSet& rules) {
  McdFacts merged;
  std::vector<std::string> names;
  for (Source& source : sources) {
    merged.warnings.insert(merged.warnings.end(), source.facts.warnings.begin(),
                           source.facts.warnings.end());
    for (const auto& [name, member] : source.facts.members) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string& name : names) MergeMember(name, sources, rules, &merged);
  DropForeignKinds(sources, rules, &merged);
  for (std::size_t i = 0; i < sources.size(); ++i) MergeBlocking(i, sources, &merged);
  return merged;
}

}  // namespace cmatch::internal
