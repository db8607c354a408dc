// Rows of engine files that say where and when something holds: entries and kernel paths.

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

// `because` is what the user is shown where something runs otherwise than it might seem.
void CheckBecause(YamlMap& row, Level level, Text because) {
  if (level == Level::kDegraded && because.empty()) {
    row.Missing("because", "where its level is degraded: it is shown to the user");
  }
}

Text ReadSource(YamlMap& row, SourceNeed need) {
  return need == SourceNeed::kRequired ? row.RequiredText("source") : row.OptionalText("source");
}

Entry ReadEntry(YamlInput& in, const YamlNode& node, Versioning versioning, SourceNeed need) {
  YamlMap row(in, node, "entry");
  Entry entry;
  entry.origin = row.origin();
  entry.compute = row.OptionalComputes();
  entry.versions = row.OptionalVersions(versioning);
  entry.level = row.RequiredWord("level", Words<Level>(kLevels), Level::kUnsupported);
  entry.because = row.OptionalText("because");
  entry.source = ReadSource(row, need);
  entry.verified = row.OptionalWord("verified", Words<Verified>(kVerified), Verified::kDeclared);
  CheckBecause(row, entry.level, entry.because);
  row.Done();
  return entry;
}

Path ReadPath(YamlInput& in, const YamlNode& node, Versioning versioning, SourceNeed need) {
  YamlMap row(in, node, "path");
  Path path;
  path.origin = row.origin();
  path.id = row.RequiredName("id");
  path.compute = row.OptionalComputes();
  path.versions = row.OptionalVersions(versioning);
  path.level = row.RequiredWord("level", Words<Level>(kLevels), Level::kNative);
  path.because = row.OptionalText("because");
  if (const YamlNode* accepts = row.Optional("accepts")) {
    for (const YamlNode* clause : in.Items(*accepts, "accepts")) {
      path.accepts.push_back(ReadClause(in, *clause));
    }
  }
  path.source = ReadSource(row, need);
  path.verified = row.OptionalWord("verified", Words<Verified>(kVerified), Verified::kDeclared);
  CheckBecause(row, path.level, path.because);
  row.Done();
  return path;
}

}  // namespace

std::vector<Entry> ReadEntries(YamlInput& in, const YamlNode& node, Versioning versioning,
                               SourceNeed source) {
  std::vector<Entry> entries;
  const std::vector<const YamlNode*> items = in.Items(node, "entries");
  entries.reserve(items.size());
  for (const YamlNode* item : items) {
    entries.push_back(ReadEntry(in, *item, versioning, source));
  }
  return entries;
}

std::vector<Path> ReadPaths(YamlInput& in, const YamlNode& node, Versioning versioning,
                            SourceNeed source) {
  std::vector<Path> paths;
  for (const YamlNode* item : in.Items(node, "paths")) {
    paths.push_back(ReadPath(in, *item, versioning, source));
  }
  return paths;
}

void ReadPathGroups(YamlInput& in, const YamlNode& node, Engine& engine) {
  for (const auto& [key, value] : in.Members(node, "paths")) {
    engine.paths.push_back(
        {.name = in.ReadName(*key, "group of paths"),
         .paths = ReadPaths(in, *value, engine.versioning, SourceNeed::kRequired),
         .origin = in.At(*key)});
  }
}

}  // namespace cmatch::internal
