#include "models/mcd_json.h"

#include <utility>

#include "cmatch/kinds.h"
#include "files/text_check.h"
#include "hf/hf_config.h"
#include "json/json_value.h"
#include "models/mcd_members.h"

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

// A member that nothing declares is the caller's own, unless it nearly is a declared name: then it
// is likely that one, and its value would silently be of no account.
void WarnOfSlip(const JsonDocument& document, const JsonNode& member, const RuleSet& rules,
                McdFacts* facts) {
  constexpr std::string_view kPrefix = "mcd.";
  constexpr std::size_t kShort = 4;  // "type" is not meant for "dtype"
  if (member.key.size() <= kShort || FindRequired(kMcdRequired, member.key) != nullptr) return;
  if (rules.FindField(std::string(kPrefix) + std::string(member.key)) != nullptr) return;
  std::vector<std::string_view> names;
  for (const Field& field : rules.tables().fields) {
    if (field.name.starts_with(kPrefix)) names.push_back(field.name.substr(kPrefix.size()));
  }
  const std::string_view near = Nearest(member.key, names);
  if (near.empty()) return;
  const Location where = document.Where(member);
  facts->warnings.push_back(SourceWarning("mcd-near-name",
                                          where.file + ":" + std::to_string(where.line) + ":" +
                                              std::to_string(where.column) +
                                              ": no rule reads the member " + Quoted(member.key),
                                          "did you mean " + Quoted(near) + "?"));
}

// The MCD of the document; nullptr, with a problem, where the document is of another kind.
const JsonNode* McdObject(const JsonDocument& document, std::vector<Problem>* problems) {
  const JsonNode& root = *document.root();
  const JsonNode* schema = document.Find(root, "schema");
  if (schema == nullptr || !schema->text.starts_with("cmatch.")) return &root;
  const JsonNode* mcd = document.Find(root, "mcd");
  if (schema->text == kInspectSchema && mcd != nullptr) return mcd;
  problems->push_back(document.MakeProblem(
      *schema, "mcd-wrong-document", "the document is a " + Quoted(schema->text) + ", not an MCD",
      "an MCD has no schema; `cmatch inspect --json` prints a " + Quoted(kInspectSchema)));
  return nullptr;
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
    WarnOfSlip(document, *at, rules, facts);
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
    if (const auto* mcd = internal::McdObject(document, &problems)) {
      internal::ReadMcdMembers(document, *mcd, rules, "sidecar: " + std::string(name), &facts,
                               &problems);
    }
  }
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidMcd, std::move(problems)));
  }
  return facts;
}

}  // namespace cmatch
