#include "models/catalog.h"

#include <utility>

#include "cmatch/kinds.h"
#include "files/text_check.h"
#include "json/json_edge.h"
#include "models/mcd_json.h"

namespace cmatch {
namespace internal {
namespace {

using Problems = std::vector<Problem>;

Problem UnknownId(const JsonDocument& document, std::string_view id) {
  std::vector<std::string_view> ids;
  for (const JsonNode* at = document.First(*document.root()); at != nullptr;
       at = document.Next(*at)) {
    ids.push_back(at->key);
  }
  const std::string_view near = Nearest(id, ids);
  std::string help = near.empty() ? "it has " + std::to_string(ids.size()) + " entries"
                                  : "did you mean " + Quoted(near) + "?";
  return document.MakeProblem(*document.root(), "catalog-unknown-id",
                              "the catalog has no entry " + Quoted(id), std::move(help));
}

std::string ReadPath(const JsonDocument& document, const JsonNode& entry, Problems* problems) {
  for (const std::string_view key : {"local_path", "path"}) {
    const JsonNode* node = document.Find(entry, key);
    if (node == nullptr || node->type == JsonType::kNull) continue;
    if (node->type == JsonType::kText && !node->text.empty()) return std::string(node->text);
    problems->push_back(document.MakeValueProblem(*node, "catalog-wrong-type", "must be a path"));
  }
  return {};
}

// Other members of an entry are the catalog's own, but for one that nearly is one that is read: the
// model would be judged without it.
void FindSlips(const JsonDocument& document, const JsonNode& entry, Problems* problems) {
  const std::vector<std::string_view> names = {"capabilities", "local_path"};
  for (const JsonNode* at = document.First(entry); at != nullptr; at = document.Next(*at)) {
    const std::string_view near = Nearest(at->key, names);
    if (near.empty() || near == at->key || document.Find(entry, near) != nullptr) continue;
    problems->push_back(document.MakeValueProblem(*at, "catalog-near-name", "is not read",
                                                  "did you mean " + Quoted(near) + "?"));
  }
}

void ReadEntry(const JsonDocument& document, const JsonNode& node, std::string_view id,
               const RuleSet& rules, CatalogEntry* entry, Problems* problems) {
  if (node.type != JsonType::kObject) {
    problems->push_back(document.MakeProblem(
        node, "catalog-wrong-type",
        "an entry must be an object, not " + std::string(Describe(node.type))));
    return;
  }
  FindSlips(document, node, problems);
  const std::string origin = "catalog: " + std::string(id);
  entry->path = ReadPath(document, node, problems);
  const JsonNode* capabilities = document.Find(node, "capabilities");
  if (capabilities != nullptr && capabilities->type != JsonType::kNull) {
    ReadMcdMembers(document, *capabilities, rules, origin, &entry->facts, problems);
  }
  entry->stated_id = entry->facts.members.contains("model_id");
  if (entry->stated_id || id.empty()) return;
  entry->facts.members.emplace("model_id",
                               McdFacts::Member{std::string(id), origin, document.Where(node)});
}

}  // namespace

std::expected<CatalogEntry, std::vector<Problem>> FindInCatalog(std::string_view text,
                                                                std::string_view name,
                                                                std::string_view id,
                                                                const RuleSet& rules) {
  const JsonDocument document = JsonDocument::Parse(text, name);
  Problems problems = document.problems();
  CatalogEntry entry;
  entry.facts.name = name;
  if (document.root() != nullptr) {
    const JsonNode& root = *document.root();
    const JsonNode* node = document.Find(root, id);
    if (root.type != JsonType::kObject) {
      problems.push_back(document.MakeProblem(
          root, "catalog-not-an-object",
          "a catalog must be an object of id -> entry, not " + std::string(Describe(root.type))));
    } else if (node == nullptr) {
      problems.push_back(UnknownId(document, id));
    } else {
      ReadEntry(document, *node, id, rules, &entry, &problems);
    }
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return entry;
}

}  // namespace internal

std::expected<McdFacts, Error> ReadCatalogEntry(std::string_view text, std::string_view name,
                                                std::string_view id, const RuleSet& rules) {
  auto entry = internal::FindInCatalog(text, name, id, rules);
  if (entry) return std::move(entry->facts);
  return std::unexpected(MakeError(ErrorKind::kInvalidMcd, std::move(entry.error())));
}

}  // namespace cmatch
