// cmatch explain: whatever has a name here: what it is, why, how to fix it.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cmatch/kinds.h"
#include "context.h"
#include "explanation.h"
#include "problem_codes.h"
#include "table.h"

namespace cmatch::cli {

bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && FoldKind(a) == FoldKind(b);
}

namespace {

void TellJson(const Explanation& explanation) {
  std::string json = "{\"schema\":\"cmatch.explain/1\",\"id\":" + JsonString(explanation.id);
  for (const auto& [name, value] : explanation.parts) {
    if (!value.empty()) json += "," + JsonString(name) + ":" + JsonString(value);
  }
  Print(json + "}\n");
}

void TellText(const Explanation& explanation) {
  constexpr std::array<std::string_view, 3> kOnFirstLine = {"name", "dimension", "also"};
  std::string text = Escape(explanation.id);
  if (!explanation.more.empty()) text += " " + Escape(explanation.more);
  text += '\n';
  for (const auto& [name, value] : explanation.parts) {
    const bool told =
        std::find(kOnFirstLine.begin(), kOnFirstLine.end(), name) != kOnFirstLine.end();
    if (!told && !value.empty()) text += "  " + name + ": " + Escape(value) + '\n';
  }
  Print(text);
}

std::optional<Explanation> ExplainCode(std::string_view id) {
  for (const std::string_view name : ProblemCodeNames()) {
    if (!SameName(name, id)) continue;
    const auto code = FindProblemCode(name);
    if (!code) continue;
    return Explanation{.id = std::string(name),
                       .parts = {{"what", code->what}, {"fix", code->fix}, {"source", code->page}}};
  }
  return std::nullopt;
}

// The first group of topics that knows the name.
Explanations Find(const RuleSet& rules, std::string_view id) {
  Explanations found;
  if (const auto section = ExplainSection(id)) found.push_back(*section);
  for (Explanation& rule : ExplainRules(rules, id)) found.push_back(std::move(rule));
  if (!found.empty()) return found;
  if (const auto error = ExplainError(id)) return {*error};
  if (const auto code = ExplainCode(id)) return {*code};
  found = ExplainAdvisories(rules, id);
  return found.empty() ? ExplainTables(rules, id) : found;
}

// The name that was probably meant, as it is written; "" where none is near.
std::string_view NearestName(const RuleSet& rules, std::string_view id) {
  std::vector<std::string_view> names;
  for (const Rule& rule : rules.tables().rules) names.push_back(rule.id);
  for (const Advisory& advisory : rules.tables().advisories) names.push_back(advisory.id);
  for (const std::string_view name : ErrorNames()) names.push_back(name);
  for (const std::string_view name : ProblemCodeNames()) names.push_back(name);
  for (const std::string_view name : TableNames(rules)) names.push_back(name);
  std::vector<std::string> folded;
  for (const std::string_view name : names) folded.push_back(FoldKind(name));
  const std::string_view near =
      Nearest(FoldKind(id), std::vector<std::string_view>(folded.begin(), folded.end()));
  if (near.empty()) return {};
  return names[static_cast<std::size_t>(std::find(folded.begin(), folded.end(), near) -
                                        folded.begin())];
}

Exit Explain(Context& run, const std::string& id) {
  const auto rules = run.Rules();
  if (!rules) return run.Fail(rules.error());
  const Explanations found = Find(**rules, id);
  for (const Explanation& explanation : found) {
    run.json() ? TellJson(explanation) : TellText(explanation);
  }
  if (!found.empty()) return Exit::kGood;
  const std::string_view near = NearestName(**rules, id);
  PrintError("cmatch explain: nothing here is called \"" + Escape(id) + "\"" +
             (near.empty() ? "; a rule, problem code, error, advisory, kind, architecture, engine, "
                             "GPU, launch key or field can be explained"
                           : "; did you mean \"" + std::string(near) + "\"?") +
             "\n");
  return Exit::kCouldNotJudge;
}

}  // namespace

Verb AddExplain(CLI::App& app) {
  auto id = std::make_shared<std::string>();
  app.add_option("ID", *id,
                 "A rule (CMATCH-8030.3, 8132), an advisory (CVE-2026-27940), an error "
                 "(IncompatibleQuant), a problem code (gguf-bad-magic), a kind (q4_k_m), or an "
                 "architecture, engine, GPU, launch key or field")
      ->required();
  return [id](Context& run) { return Explain(run, *id); };
}

}  // namespace cmatch::cli
