#include "cmatch/lint.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>

#include "cmatch/matrix.h"
#include "judge.h"
#include "lint_engine.h"

namespace cmatch {
namespace {

using internal::Warn;

// Kinds of stated dimensions that no engine has rows for. A file type is there where its main
// tensor type is.
void LintKinds(const Tables& tables, std::vector<Problem>& problems) {
  std::unordered_set<std::string_view> stated;
  std::set<std::pair<std::string_view, std::string_view>> listed;
  for (const Engine& engine : tables.engines) {
    for (const Dimension& dimension : engine.supports) {
      stated.insert(dimension.name);
      for (const KindSupport& row : dimension.kinds) {
        listed.emplace(dimension.name, row.kind);
        if (dimension.name == "tensor_type") listed.emplace("quant", row.kind);
      }
    }
  }
  for (const FileType& type : tables.file_types) {
    if (type.removed || listed.contains({"tensor_type", type.main})) {
      listed.emplace("quant", type.name);
    }
  }
  for (const TensorType& type : tables.tensor_types) {
    if (!type.removed) continue;
    listed.emplace("tensor_type", type.name);
    listed.emplace("quant", type.name);
  }
  for (const KindName& kind : tables.kinds) {
    if (!stated.contains(kind.dimension) || listed.contains({kind.dimension, kind.name})) continue;
    Warn(problems, tables, kind.origin, "rules-unused-kind",
         "no engine has rows for " + std::string(kind.dimension) + " " + std::string(kind.name) +
             ": every one answers that it is not supported",
         "state it under `supports:` of an engine, with `unsupported` where it is known that none "
         "does");
  }
}

bool Reads(const Clause& clause, std::string_view field) {
  const auto is = [&](Text name) { return name == field; };
  return std::any_of(clause.fields.begin(), clause.fields.end(), is) ||
         (clause.right_is_field && std::any_of(clause.right.begin(), clause.right.end(), is)) ||
         std::any_of(clause.children.begin(), clause.children.end(),
                     [&](const Clause& child) { return Reads(child, field); });
}

// An open list makes no difference to a rule that does not ask what it refuses.
void LintOpen(const Tables& tables, std::vector<Problem>& problems) {
  for (const Engine& engine : tables.engines) {
    for (const Dimension& dimension : engine.supports) {
      const std::string field = "ecp.refuses_" + std::string(dimension.name);
      const bool read =
          std::any_of(tables.rules.begin(), tables.rules.end(),
                      [&](const Rule& rule) { return rule.when && Reads(*rule.when, field); });
      if (dimension.open.empty() || read) continue;
      Warn(problems, tables, dimension.open.front().origin, "rules-idle-open",
           "no rule asks for " + field + ": that the list of " + std::string(dimension.name) +
               " is open changes no verdict",
           "let the rule's `when` tell what is refused from what is not listed, as CMATCH-8137 "
           "does");
    }
  }
}

void LintRuleSources(const Tables& tables, std::vector<Problem>& problems) {
  for (const Rule& rule : tables.rules) {
    if (!rule.source.empty() || !rule.why.empty()) continue;
    Warn(problems, tables, rule.origin, "rules-no-source",
         "rule " + std::string(rule.id) + " says neither `source` nor `why`",
         "say where it is from: who is refused will ask");
  }
}

void LintOverlays(const Tables& tables, std::string_view today, std::vector<Problem>& problems) {
  std::set<std::pair<std::uint32_t, Text>> told;  // a layer once, not each of its changes
  for (const Override& change : tables.overrides) {
    if (internal::Expired(change.expires, today) &&
        told.emplace(change.origin.file, change.layer).second) {
      Warn(problems, tables, change.origin, "rules-expired",
           "overlay " + std::string(change.layer) + " was meant to end on " +
               std::string(change.expires) + " and still applies",
           "remove it, or ask " + std::string(change.owner) + " for a new date");
    }
    if (change.value != change.replaced) continue;
    Problem& problem =
        Warn(problems, tables, change.origin, "rules-idle-change",
             std::string(change.target) + " is " + std::string(change.value) + " below already",
             "remove the change, or say what it expects");
    problem.notes.push_back({"stated here", tables.Locate(change.replaced_origin)});
  }
  for (const Waiver& waiver : tables.waivers) {
    if (!internal::Expired(waiver.expires, today)) continue;
    Warn(problems, tables, waiver.origin, "rules-expired",
         "the waiver of " + std::string(waiver.rule) + " ended on " + std::string(waiver.expires) +
             " and lets nothing pass",
         "remove it, or ask " + std::string(waiver.owner) + " for a new date");
  }
}

}  // namespace

std::vector<Problem> LintTables(const RuleSet& rules, std::string_view today) {
  std::vector<Problem> problems;
  for (const std::string_view name : EngineNames(rules)) {
    internal::LintWindows(rules, name, problems);
  }
  for (const Engine& engine : rules.tables().engines) {
    internal::LintReach(rules, engine, problems);
  }
  LintKinds(rules.tables(), problems);
  LintOpen(rules.tables(), problems);
  LintRuleSources(rules.tables(), problems);
  LintOverlays(rules.tables(), today, problems);
  return problems;
}

}  // namespace cmatch
