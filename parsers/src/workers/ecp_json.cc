#include "workers/ecp_json.h"

#include <utility>

#include "cmatch/build_ecp.h"
#include "cmatch/ecp_source.h"
#include "cmatch/kinds.h"
#include "files/text_check.h"
#include "json/json_edge.h"
#include "json/json_value.h"

namespace cmatch {
namespace {

using internal::JsonDocument;
using internal::JsonNode;
using internal::JsonType;
using internal::kEcpRequired;
using internal::RequiredMember;

constexpr std::string_view kWrongType = "ecp-wrong-type";

void Missing(const JsonDocument& document, const RequiredMember& required,
             std::vector<Problem>* problems) {
  const std::string name(required.name);
  Problem problem =
      document.MakeProblem(*document.root(), "ecp-missing", name + " is missing (CMATCH-8020)");
  problem.path = "/" + name;
  std::vector<std::string_view> others;
  for (const JsonNode* at = document.First(*document.root()); at != nullptr;
       at = document.Next(*at)) {
    if (internal::FindRequired(kEcpRequired, at->key) == nullptr) others.push_back(at->key);
  }
  if (const std::string_view near = Nearest(name, others); !near.empty()) {
    problem.where = document.Where(*document.Find(*document.root(), near));
    problem.help = "did you mean it by " + internal::Quoted(near) + "?";
  }
  problems->push_back(std::move(problem));
}

// The value of a required member; unknown, with a problem, where it is missing or wrong.
Value ReadRequired(const JsonDocument& document, const RequiredMember& required,
                   std::vector<Problem>* problems) {
  const JsonNode* node = document.Find(*document.root(), required.name);
  if (node == nullptr) {
    Missing(document, required, problems);
    return {};
  }
  if (node->type == JsonType::kNull) {
    if (required.name == "vram_bytes") return {};  // stated to be not known
    problems->push_back(
        document.MakeValueProblem(*node, std::string(kWrongType), "must not be null"));
    return {};
  }
  Value value = internal::ReadValue(document, *node, required.field, kWrongType, problems);
  if (!IsKnown(value)) return value;
  std::string problem = internal::RequiredProblem(required, value);
  if (problem.empty()) return value;
  problems->push_back(document.MakeValueProblem(*node, "ecp-wrong-value", problem));
  return {};
}

void ReadAttributes(const JsonDocument& document, const RuleSet& rules, Ecp* ecp,
                    std::vector<Problem>* problems) {
  const JsonNode& root = *document.root();
  for (const JsonNode* at = document.First(root); at != nullptr; at = document.Next(*at)) {
    if (internal::FindRequired(kEcpRequired, at->key) != nullptr) continue;
    const Field* field = rules.FindField("ecp." + std::string(at->key));
    Value value = field == nullptr
                      ? internal::ToValue(document, *at)
                      : internal::ReadValue(document, *at, *field, kWrongType, problems);
    if (!IsKnown(value) || std::holds_alternative<Opaque>(value)) continue;
    ecp->attributes.try_emplace(std::string(at->key), std::move(value));
  }
}

template <typename T>
void Take(Value value, T* into) {
  if (T* known = std::get_if<T>(&value)) *into = std::move(*known);
}

// Another document that this program prints; what it lacks as a profile is beside the point.
bool IsOfAnotherKind(const JsonDocument& document, std::vector<Problem>* problems) {
  const JsonNode* schema = document.Find(*document.root(), "schema");
  if (schema == nullptr || !schema->text.starts_with("cmatch.")) return false;
  problems->push_back(
      document.MakeProblem(*schema, "ecp-wrong-document",
                           "the document is a " + internal::Quoted(schema->text) + ", not an ECP",
                           "an ECP has no schema; `cmatch profile` prints one"));
  return true;
}

Ecp ReadMembers(const JsonDocument& document, const RuleSet& rules,
                std::vector<Problem>* problems) {
  std::array<Value, kEcpRequired.size()> values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = ReadRequired(document, kEcpRequired[i], problems);
  }
  Ecp ecp;
  Take(std::move(values[0]), &ecp.worker_id);
  Take(std::move(values[1]), &ecp.supports_positional);
  Take(std::move(values[2]), &ecp.supports_attention);
  Take(std::move(values[3]), &ecp.supports_quant);
  Take(std::move(values[4]), &ecp.max_context);
  if (const auto* vram_bytes = std::get_if<std::int64_t>(&values[5])) ecp.vram_bytes = *vram_bytes;
  ReadAttributes(document, rules, &ecp, problems);
  return ecp;
}

// What the tables refuse, each where its member stands.
void CheckWithTables(const JsonDocument& document, const RuleSet& rules, const Ecp& ecp,
                     std::vector<Problem>* problems) {
  for (Problem& problem : ProfileProblems(rules, ecp)) {
    const std::string_view member = std::string_view(problem.path).substr(1);
    if (const JsonNode* node = document.Find(*document.root(), member)) {
      problem.where = document.Where(*node);
    }
    problems->push_back(std::move(problem));
  }
}

}  // namespace

std::expected<Ecp, Error> ReadEcp(std::string_view text, std::string_view name,
                                  const RuleSet& rules) {
  const JsonDocument document = JsonDocument::Parse(text, name);
  std::vector<Problem> problems = document.problems();
  Ecp ecp;
  if (document.root() != nullptr && document.root()->type != JsonType::kObject) {
    problems.push_back(document.MakeProblem(
        *document.root(), "ecp-not-an-object",
        "an ECP must be an object, not " + std::string(internal::Describe(document.root()->type))));
  } else if (document.root() != nullptr && !IsOfAnotherKind(document, &problems)) {
    ecp = ReadMembers(document, rules, &problems);
    CheckWithTables(document, rules, ecp, &problems);
  }
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidEcp, std::move(problems)));
  }
  return ecp;
}

}  // namespace cmatch
