// kind: cmatch.rules/v1

#include <algorithm>

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

// What a rule may report (CMATCH-8050, and RuleFailed for rules of one's own).
constexpr std::array<std::pair<Text, Text>, 5> kErrors = {
    {{"IncompatiblePositional", "IncompatiblePositional"},
     {"IncompatibleAttention", "IncompatibleAttention"},
     {"IncompatibleQuant", "IncompatibleQuant"},
     {"ContextTooLarge", "ContextTooLarge"},
     {"RuleFailed", "RuleFailed"}}};

// The name after `mcd.` or `ecp.` is a member of a JSON document: lower case with underscores.
bool IsFieldName(std::string_view name) {
  if (!name.starts_with("mcd.") && !name.starts_with("ecp.")) return false;
  name.remove_prefix(4);
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name[0] >= 'a' && std::all_of(name.begin(), name.end(), is_part);
}

void ReadFields(YamlInput& in, const YamlNode& node, Tables& tables) {
  for (const auto& [key, value] : in.Members(node, "fields")) {
    if (!IsFieldName(key->text)) {
      in.Refuse(*key, "yaml-bad-name", Quoted(key->text) + " cannot be the name of a field",
                "write mcd.NAME or ecp.NAME in lower case, digits and '_'");
    }
    YamlMap row(in, *value, "field");
    Field field;
    field.name = in.Keep(key->text);
    field.origin = in.At(*key);
    field.type = row.RequiredWord("type", Words<FieldType>(kFieldTypes), FieldType::kText);
    const YamlNode* of = row.Optional("of");
    const bool is_kind = field.type == FieldType::kKind || field.type == FieldType::kKinds;
    if (of != nullptr) field.of = in.ReadName(*of, "of");
    if (is_kind && of == nullptr) row.Missing("of", "where its type is kind or kinds");
    if (!is_kind && of != nullptr) {
      in.Refuse(*of, "yaml-unknown-key", "\"of\" is for the types kind and kinds only");
    }
    row.Done();
    tables.fields.push_back(field);
  }
}

// `source: "text"` or `source: {spec: CMATCH-8030}`.
Text ReadRuleSource(YamlInput& in, const YamlNode& node) {
  if (node.kind != YamlKind::kMapping) return in.ReadText(node, "source");
  YamlMap source(in, node, "source");
  const Text spec = source.RequiredText("spec");
  source.Done();
  return spec;
}

void ReadRule(YamlInput& in, const YamlNode& node, Tables& tables) {
  YamlMap row(in, node, "rule");
  Rule rule;
  rule.origin = row.origin();
  rule.id = row.RequiredName("id");
  rule.name = row.RequiredName("name");
  if (const YamlNode* severity = row.Required("severity")) {
    rule.severity_origin = in.At(*severity);
    rule.severity = row.Word(*severity, "severity", Words<Severity>(kSeverities), Severity::kError);
  }
  if (const YamlNode* check = row.Required("check")) rule.check = ReadClause(in, *check);
  if (const YamlNode* when = row.Optional("when")) rule.when = ReadClause(in, *when);
  rule.unknown = row.OptionalWord("unknown", Words<OnUnknown>(kUnknowns), OnUnknown::kSkip);
  rule.error = row.RequiredWord("error", Words<Text>(kErrors), Text("RuleFailed"));
  rule.message = row.RequiredText("message");
  rule.hint = row.OptionalText("hint");
  rule.why = row.OptionalText("why");
  if (const YamlNode* source = row.Optional("source")) rule.source = ReadRuleSource(in, *source);
  row.Done();
  tables.rules.push_back(std::move(rule));
}

}  // namespace

void ReadRulesFile(YamlMap& root, Tables& tables) {
  YamlInput& in = root.in();
  const Text name = root.RequiredName("name");
  const Text version = root.RequiredText("version");
  if (tables.name.empty()) {
    tables.name = name;
    tables.version = version;
  }
  if (const YamlNode* fields = root.Optional("fields")) ReadFields(in, *fields, tables);
  if (const YamlNode* rules = root.Optional("rules")) {
    for (const YamlNode* rule : in.Items(*rules, "rules")) ReadRule(in, *rule, tables);
  }
  if (const YamlNode* retired = root.Optional("retired")) {
    for (const YamlNode* id : in.Items(*retired, "retired")) {
      const Text text = in.ReadName(*id, "retired");
      if (!text.empty()) tables.retired.push_back(text);
    }
  }
}

}  // namespace cmatch::internal
