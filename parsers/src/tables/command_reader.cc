// `command` of engine files.

#include <algorithm>

#include "tables/overlay.h"
#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

Command::Start ReadStart(YamlInput& in, const YamlNode& node, Versioning versioning) {
  YamlMap row(in, node, "start of a command");
  Command::Start start;
  start.origin = row.origin();
  start.versions = row.OptionalVersions(versioning);
  if (const YamlNode* words = row.Required("words")) {
    start.words = in.ReadTexts(*words, "words");
    if (words->kind == YamlKind::kSequence && words->count == 0) {
      in.Refuse(*words, "yaml-empty-list", "\"words\" lists nothing");
    }
  }
  start.source = row.RequiredText("source");
  row.Done();
  return start;
}

CommandOption ReadOption(YamlInput& in, Text setting, const YamlNode& node, Versioning versioning,
                         SourceNeed source) {
  YamlMap row(in, node, "option of a command");
  CommandOption option;
  option.setting = setting;
  option.origin = row.origin();
  option.versions = row.OptionalVersions(versioning);
  option.is = row.OptionalText("is");
  const YamlNode* words = row.Optional("words");
  const YamlNode* env = row.Optional("env");
  if (words != nullptr) option.words = in.ReadTexts(*words, "words");
  if (env != nullptr) option.env = in.ReadName(*env, "env");
  if (words == nullptr && env == nullptr) row.Missing("words", "or the key \"env\"");
  if (words != nullptr && env != nullptr) {
    in.Refuse(*env, "yaml-unknown-key", "an option has \"words\" or \"env\", not both");
  }
  if (const YamlNode* values = row.Optional("values")) {
    for (const auto& [judged, spelled] : in.Members(*values, "values")) {
      option.values.emplace_back(in.Keep(judged->text), in.ReadText(*spelled, "values"));
    }
  }
  option.source =
      source == SourceNeed::kRequired ? row.RequiredText("source") : row.OptionalText("source");
  row.Done();
  return option;
}

// What an option can be about: the engine's launch settings, and what every engine is given.
std::vector<std::string_view> Settings(const Engine& engine) {
  std::vector<std::string_view> names = {"context"};
  for (const LaunchKey& key : engine.launch) names.push_back(key.name);
  return names;
}

}  // namespace

void ReadCommand(YamlInput& in, const YamlNode& node, Engine& engine) {
  YamlMap command(in, node, "mapping \"command\"");
  if (!command.ok()) return;
  if (const YamlNode* start = command.Required("start")) {
    for (const YamlNode* item : OneOrMany(in, *start, "start")) {
      engine.command.start.push_back(ReadStart(in, *item, engine.versioning));
    }
  }
  if (const YamlNode* options = command.Optional("options")) {
    for (const auto& [key, value] : in.Members(*options, "options")) {
      if (!in.ReadWord(*key, "options", Settings(engine))) continue;
      for (const YamlNode* item : OneOrMany(in, *value, key->text)) {
        engine.command.options.push_back(
            ReadOption(in, in.Keep(key->text), *item, engine.versioning, SourceNeed::kRequired));
      }
    }
  }
  command.Done();
}

// engines/E/command/options/KEY: before the engine's own, and the first row that applies decides.
void ApplyToCommand(const OverlayChange& change, const OverlayEngines& engines) {
  const std::string_view key = change.path[4];
  std::vector<std::string_view> names;
  for (const Engine* engine : engines) {
    for (const std::string_view name : Settings(*engine)) names.push_back(name);
  }
  if (change.path[3] != "options") {
    return change.UnknownName("part of a command", change.path[3], {"options"});
  }
  if (std::find(names.begin(), names.end(), key) == names.end()) {
    return change.UnknownName("launch key", key, names);
  }
  const YamlNode* node = change.TakeEntries();
  if (node == nullptr) return;
  std::vector<CommandOption> options;
  for (const YamlNode* item : change.in.Items(*node, "entries")) {
    options.push_back(ReadOption(change.in, change.in.Keep(key), *item, engines[0]->versioning,
                                 SourceNeed::kOptional));
    if (options.back().source.empty()) options.back().source = change.head.reason;
  }
  for (Engine* engine : engines) {
    auto& below = engine->command.options;
    below.insert(below.begin(), options.begin(), options.end());
  }
  change.Record("", {});
}

}  // namespace cmatch::internal
