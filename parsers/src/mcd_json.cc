#include "mcd_json.h"

#include <utility>

#include "json_value.h"
#include "mcd_members.h"

namespace cmatch {
namespace internal {
namespace {

// What `inspect` prints: the MCD is a member of it, beside its origins.
constexpr std::string_view kInspectSchema = "cmatch.mcd/1";

Value ReadMember(const JsonDocument& document, const JsonNode& member, const RuleSet& rules,
                 std::vector<Problem>* problems) {
  if (const RequiredMember* required = FindRequired(kMcdRequired, member.key)) {
    if (member.type == JsonType::kNull) {
      problems->push_back(document.MakeValueProblem(member, "mcd-wrong-type", "must not be null",
                                                    "leave out what is not known"));
      return {};
    }
    Value value = ReadValue(document, member, required->field, "mcd-wrong-type", problems);
    if (!IsKnown(value)) return value;
    std::string problem = RequiredProblem(*required, value);
    if (problem.empty()) return value;
    problems->push_back(document.MakeValueProblem(member, "mcd-wrong-value", problem));
    return {};
  }
  const Field* field = rules.FindField("mcd." + std::string(member.key));
  if (field == nullptr) return ToValue(document, member);
  return ReadValue(document, member, *field, "mcd-wrong-type", problems);
}

const JsonNode& McdObject(const JsonDocument& document) {
  const JsonNode& root = *document.root();
  const JsonNode* schema = document.Find(root, "schema");
  const JsonNode* mcd = document.Find(root, "mcd");
  const bool inspected = schema != nullptr && schema->text == kInspectSchema && mcd != nullptr;
  return inspected ? *mcd : root;
}

}  // namespace

void ReadMcdMembers(const JsonDocument& document, const JsonNode& object, const RuleSet& rules,
                    std::string_view origin, McdFacts* facts, std::vector<Problem>* problems) {
  if (object.type != JsonType::kObject) {
    problems->push_back(document.MakeProblem(
        object, "mcd-not-an-object",
        "an MCD must be an object, not " + std::string(Describe(object.type))));
    return;
  }
  for (const JsonNode* at = document.First(object); at != nullptr; at = document.Next(*at)) {
    Value value = ReadMember(document, *at, rules, problems);
    if (!IsKnown(value) || std::holds_alternative<Opaque>(value)) continue;
    facts->members.try_emplace(std::string(at->key), std::move(value), std::string(origin),
                               document.Where(*at));
  }
}

}  // namespace internal

std::expected<McdFacts, Error> ReadMcdJson(std::string_view text, std::string_view name,
                                           const RuleSet& rules) {
  const auto document = internal::JsonDocument::Parse(text, name);
  std::vector<Problem> problems = document.problems();
  McdFacts facts;
  facts.name = name;
  if (document.root() != nullptr) {
    internal::ReadMcdMembers(document, internal::McdObject(document), rules,
                             "sidecar: " + std::string(name), &facts, &problems);
  }
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidMcd, std::move(problems)));
  }
  return facts;
}

}  // namespace cmatch
