// What `cmatch explain` says of rules and advisories.

#include <algorithm>

#include "cmatch/clause_text.h"
#include "explanation.h"

namespace cmatch::cli {
namespace {

std::string Place(const RuleSet& rules, Origin origin, Text source) {
  return ToString(rules.tables().Locate(origin)) +
         (source.empty() ? "" : " (" + std::string(source) + ")");
}

std::string_view NameOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kOff:
      return "off";
  }
  return "error";
}

// "{mcd.model_id} needs {required}" as "<model_id> needs <required>".
std::string Readable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    text.remove_prefix(open + 1);
    const std::size_t close = std::min(text.find('}'), text.size());
    std::string_view word = text.substr(0, close);
    if (word.starts_with("mcd.") || word.starts_with("ecp.")) word.remove_prefix(4);
    out += '<' + std::string(word) + '>';
    text.remove_prefix(std::min(close + 1, text.size()));
  }
  return out;
}

std::string Joined(const std::vector<Text>& items) {
  std::string text;
  for (const Text item : items) text += (text.empty() ? "" : ", ") + std::string(item);
  return text;
}

// What stands for the words in angle brackets that are no members.
std::string Meaning(const Rule& rule) {
  const bool test = rule.check.form == Clause::Form::kTest;
  const bool least = rule.check.subject == Clause::Subject::kLeastOf;
  const std::string left = test ? (least ? "the least of " : "") + Joined(rule.check.fields)
                                : "the value of the clause that failed";
  const std::string right =
      test ? Joined(rule.check.right) : "what the clause that failed compares it with";
  const struct {
    std::string_view word;
    std::string means;
  } words[] = {{"{required}", left},
               {"{supported}", right},
               {"{limit}", right},
               {"{because}", "the reason that the deciding row of the tables gives"}};
  std::string text;
  for (const auto& [word, means] : words) {
    if (rule.message.find(word) == Text::npos && rule.hint.find(word) == Text::npos) continue;
    text += (text.empty() ? "" : "; ") + Readable(word) + " is " + means;
  }
  return text;
}

Explanation OfRule(const RuleSet& rules, const Rule& rule) {
  const std::string fix = rule.hint.empty() ? FixOf(rule.error) : Readable(rule.hint);
  return {.id = std::string(rule.id),
          .more = std::string(rule.name),
          .parts = {{"name", std::string(rule.name)},
                    {"what", Readable(rule.message)},
                    {"where", Meaning(rule)},
                    {"why", std::string(rule.why)},
                    {"fix", fix},
                    {"check", ToString(rule.check)},
                    {"when", rule.when ? ToString(*rule.when) : ""},
                    {"severity", std::string(NameOf(rule.severity))},
                    {"error", std::string(rule.error)},
                    {"source", Place(rules, rule.origin, rule.source)}}};
}

Explanation OfAdvisory(const RuleSet& rules, const Advisory& advisory) {
  const std::string engine(advisory.engine);
  const std::string also = Joined(advisory.also);
  return {.id = std::string(advisory.id),
          .more = also.empty() ? "" : "(" + also + ")",
          .parts = {{"also", also},
                    {"what", engine + " " + std::string(advisory.versions) + ": " +
                                 std::string(advisory.concerns)},
                    {"when", advisory.when ? ToString(*advisory.when) : ""},
                    {"fix", advisory.fixed.empty() ? "no fixed release is known"
                                                   : "first fixed release: " + engine + " " +
                                                         std::string(advisory.fixed)},
                    {"source", Place(rules, advisory.origin, advisory.source)}}};
}

// `asked` in full or without the prefix: the rule itself, or the section that it is one of.
bool Names(std::string_view asked, std::string_view id) {
  const auto is = [&](std::string_view whole) {
    return SameName(asked, whole) || (whole.find('.') != std::string_view::npos &&
                                      SameName(asked, whole.substr(0, whole.rfind('.'))));
  };
  if (is(id)) return true;
  constexpr std::string_view kPrefix = "CMATCH-";
  return id.starts_with(kPrefix) && is(id.substr(kPrefix.size()));
}

}  // namespace

Explanations ExplainRules(const RuleSet& rules, std::string_view id) {
  Explanations found;
  for (const Rule& rule : rules.tables().rules) {
    if (Names(id, rule.id) || SameName(id, rule.name)) found.push_back(OfRule(rules, rule));
  }
  return found;
}

Explanations ExplainAdvisories(const RuleSet& rules, std::string_view id) {
  Explanations found;
  for (const Advisory& advisory : rules.tables().advisories) {
    const bool named = SameName(advisory.id, id) ||
                       std::any_of(advisory.also.begin(), advisory.also.end(),
                                   [&](const Text other) { return SameName(other, id); });
    if (named) found.push_back(OfAdvisory(rules, advisory));
  }
  return found;
}

}  // namespace cmatch::cli
