// Targets below `rules/`, `gpus/`, `architectures/` and `model_types/`.

#include <algorithm>

#include "cmatch/kinds.h"
#include "tables/overlay.h"
#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

template <typename T, std::size_t N>
Text NameOf(const std::array<std::pair<T, Text>, N>& words, T value) {
  const auto it =
      std::find_if(words.begin(), words.end(), [&](const auto& row) { return row.first == value; });
  return it == words.end() ? Text() : it->second;
}

template <typename T, std::size_t N>
void SetWord(const OverlayChange& change, const YamlNode& node,
             const std::array<std::pair<T, Text>, N>& words, T& value) {
  std::vector<std::string_view> names;
  for (const auto& row : words) names.push_back(row.second);
  if (const auto found = change.in.ReadWord(node, "value", names)) value = words[*found].first;
}

std::string Sizes(const std::vector<std::int64_t>& sizes) {
  std::string out = "[";
  for (const std::int64_t size : sizes) {
    if (out.size() > 1) out += ", ";
    out += std::to_string(size >> 20) + "MiB";
  }
  return out + "]";
}

// GROUP/NAME/MEMBER, where NAME may hold slashes; empty where there are fewer parts.
std::string_view NamePart(const OverlayChange& change) {
  if (change.path.size() < 3) return {};
  const std::string_view target = change.target.text;
  const std::size_t begin = change.path[0].size() + 1;
  return target.substr(begin, target.size() - begin - change.path.back().size() - 1);
}

}  // namespace

void ApplyToRule(const OverlayChange& change) {
  constexpr std::array<std::string_view, 4> kMembers = {"severity", "unknown", "message", "hint"};
  const std::string_view id = change.path.size() > 1 ? change.path[1] : std::string_view();
  std::vector<Rule>& rules = change.tables.rules;
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& row) { return row.id == id; });
  if (rule == rules.end()) {
    std::vector<std::string_view> names;
    for (const Rule& row : rules) names.push_back(row.id);
    return change.UnknownName("rule", id, names);
  }
  const std::string_view member = change.path.size() == 3 ? change.path[2] : std::string_view();
  if (std::find(kMembers.begin(), kMembers.end(), member) == kMembers.end()) {
    return change.UnknownName("member of a rule", member, {kMembers.begin(), kMembers.end()});
  }
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  const Text below = member == "severity"  ? NameOf(kSeverities, rule->severity)
                     : member == "unknown" ? NameOf(kUnknowns, rule->unknown)
                     : member == "message" ? rule->message
                                           : rule->hint;
  const Origin origin = member == "severity" ? rule->severity_origin : rule->origin;
  if (!change.Expected(below, origin)) return;
  if (member == "severity") {
    SetWord(change, *value, kSeverities, rule->severity);
    rule->severity_origin = change.in.At(*value);
  } else if (member == "unknown") {
    SetWord(change, *value, kUnknowns, rule->unknown);
  } else {
    (member == "message" ? rule->message : rule->hint) = change.in.ReadText(*value, "value");
  }
  change.Record(below, origin);
}

void ApplyToGpu(const OverlayChange& change) {
  constexpr std::array<std::string_view, 2> kMembers = {"memory", "compute"};
  const std::string_view name = NamePart(change);
  std::vector<Gpu>& gpus = change.tables.gpus;
  const auto gpu =
      std::find_if(gpus.begin(), gpus.end(), [&](const Gpu& row) { return row.name == name; });
  if (gpu == gpus.end()) {
    std::vector<std::string_view> names;
    for (const Gpu& row : gpus) names.push_back(row.name);
    return change.UnknownName("GPU", name, names);
  }
  const std::string_view member = change.path.back();
  if (std::find(kMembers.begin(), kMembers.end(), member) == kMembers.end()) {
    return change.UnknownName("member of a GPU", member, {kMembers.begin(), kMembers.end()});
  }
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  const bool memory = member == "memory";
  const std::string below = memory ? Sizes(gpu->memory) : ToString(gpu->compute);
  const Origin origin = gpu->origin;
  if (!change.Expected(below, origin)) return;
  if (memory) {
    gpu->memory = ReadMemory(change.in, *value);
  } else if (const std::optional<ComputeRange> range = change.in.ReadCompute(*value, "value")) {
    gpu->compute = range->low;
  }
  gpu->origin = change.in.At(change.target);
  change.Record(below, origin);
}

void ApplyToArchitecture(const OverlayChange& change) {
  constexpr std::array<std::string_view, 3> kMembers = {"positional", "attention", "unsupported"};
  const bool hf = change.path[0] == "model_types";
  const std::string name = FoldKind(NamePart(change));
  std::vector<Architecture>& rows = change.tables.architectures;
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Architecture& candidate) {
    return candidate.hf == hf && candidate.name == name;
  });
  if (row == rows.end()) {
    std::vector<std::string_view> names;
    for (const Architecture& candidate : rows) {
      if (candidate.hf == hf) names.push_back(candidate.name);
    }
    return change.UnknownName(hf ? "model type" : "architecture", name, names);
  }
  const std::string_view member = change.path.back();
  if (std::find(kMembers.begin(), kMembers.end(), member) == kMembers.end()) {
    return change.UnknownName("member of an architecture", member,
                              {kMembers.begin(), kMembers.end()});
  }
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  const bool one = row->positional.size() == 1 && !row->positional[0].when;
  const Text below = member == "attention"     ? row->attention
                     : member == "unsupported" ? row->unsupported
                     : one                     ? row->positional[0].is
                                               : Text();
  const Origin origin = row->origin;
  if (!change.Expected(below, origin)) return;
  if (member == "positional") row->positional = ReadPositional(change.in, *value);
  if (member == "attention") row->attention = change.in.ReadKind(*value, "attention");
  if (member == "unsupported") row->unsupported = change.in.ReadText(*value, "unsupported");
  row->origin = change.in.At(change.target);
  change.Record(below, origin);
}

}  // namespace cmatch::internal
