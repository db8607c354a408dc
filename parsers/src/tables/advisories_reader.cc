// kind: cmatch.advisories/v1

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

// Releases stay text here: which numbering they are in, the engine's own file says.
Text ReadReleases(YamlInput& in, const YamlNode* node, std::string_view what, Origin& origin) {
  if (node == nullptr) return {};
  origin = in.At(*node);
  return in.ReadText(*node, what);
}

void ReadAdvisory(YamlInput& in, const YamlNode& node, Tables& tables) {
  YamlMap row(in, node, "advisory");
  Advisory advisory;
  advisory.origin = row.origin();
  advisory.severity_origin = row.origin();
  advisory.engine = row.RequiredName("engine");
  advisory.id = row.RequiredName("id");
  if (const YamlNode* also = row.Optional("also")) {
    for (const YamlNode* item : in.Items(*also, "also")) {
      advisory.also.push_back(in.ReadName(*item, "also"));
    }
  }
  advisory.versions =
      ReadReleases(in, row.Required("versions"), "versions", advisory.versions_origin);
  advisory.fixed = ReadReleases(in, row.Optional("fixed"), "fixed", advisory.fixed_origin);
  advisory.concerns = row.RequiredText("concerns");
  if (const YamlNode* when = row.Optional("when")) advisory.when = ReadClause(in, *when);
  advisory.source = row.RequiredText("source");
  advisory.verified = row.OptionalWord("verified", Words<Verified>(kVerified), Verified::kDeclared);
  row.Done();
  tables.advisories.push_back(std::move(advisory));
}

}  // namespace

void ReadAdvisoriesFile(YamlMap& root, Tables& tables) {
  YamlInput& in = root.in();
  if (const YamlNode* advisories = root.Required("advisories")) {
    for (const YamlNode* item : in.Items(*advisories, "advisories")) {
      ReadAdvisory(in, *item, tables);
    }
  }
}

}  // namespace cmatch::internal
