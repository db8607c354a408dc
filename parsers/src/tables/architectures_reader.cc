// kind: cmatch.architectures/v1

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

constexpr std::array<std::pair<Text, Text>, 2> kSlidingWindows = {
    {{"ignored", "ignored"}, {"assumed", "assumed"}}};

void ReadArchitecture(YamlInput& in, const YamlInput::Member& member, bool hf, Tables& tables) {
  YamlMap row(in, *member.second, "architecture");
  Architecture architecture;
  architecture.name = in.ReadKind(*member.first, "architecture");
  architecture.origin = in.At(*member.first);
  architecture.hf = hf;
  architecture.unsupported = row.OptionalText("unsupported");
  const YamlNode* positional = row.Optional("positional");
  if (positional != nullptr) {
    architecture.positional = ReadPositional(in, *positional);
  } else if (architecture.unsupported.empty()) {
    row.Missing("positional", "(or \"unsupported\", with the reason)");
  }
  architecture.attention = row.OptionalKind("attention");
  architecture.recurrent = row.OptionalFlag("recurrent");
  architecture.hybrid = row.OptionalFlag("hybrid");
  architecture.diffusion = row.OptionalFlag("diffusion");
  architecture.mla = row.OptionalFlag("mla");
  architecture.rope_dimension_is_head_dim = row.OptionalFlag("rope_dimension_is_head_dim");
  architecture.sliding_window =
      row.OptionalWord("sliding_window", Words<Text>(kSlidingWindows), Text());
  architecture.because = row.OptionalText("because");
  architecture.source = row.RequiredText("source");
  row.Done();
  tables.architectures.push_back(std::move(architecture));
}

}  // namespace

// A kind, or rows `{when: CLAUSE, is: KIND}` of which the first whose `when` is true holds.
std::vector<ConditionalKind> ReadPositional(YamlInput& in, const YamlNode& node) {
  std::vector<ConditionalKind> rows;
  if (node.kind != YamlKind::kSequence) {
    rows.push_back({.when = std::nullopt, .is = in.ReadKind(node, "positional")});
    return rows;
  }
  const YamlNode* always = nullptr;
  for (const YamlNode* item : in.Items(node, "positional")) {
    if (always != nullptr) {
      in.Refuse(*item, "yaml-unreachable-row",
                "the row above has no `when`: this one is never read");
    }
    YamlMap row(in, *item, "row of positional");
    ConditionalKind kind;
    if (const YamlNode* when = row.Optional("when")) {
      kind.when = ReadClause(in, *when);
    } else {
      always = item;
    }
    kind.is = row.RequiredKind("is");
    row.Done();
    rows.push_back(std::move(kind));
  }
  if (node.count == 0) in.Refuse(node, "yaml-empty-list", "\"positional\" lists no row");
  return rows;
}

void ReadArchitecturesFile(YamlMap& root, Tables& tables) {
  YamlInput& in = root.in();
  if (const YamlNode* rows = root.Optional("architectures")) {
    for (const auto& member : in.Members(*rows, "architectures")) {
      ReadArchitecture(in, member, false, tables);
    }
  }
  if (const YamlNode* rows = root.Optional("model_types")) {
    for (const auto& member : in.Members(*rows, "model_types")) {
      ReadArchitecture(in, member, true, tables);
    }
  }
}

}  // namespace cmatch::internal
