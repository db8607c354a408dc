// kind: cmatch.engine/v1

#include <utility>

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

// An ECP needs these of every engine (CMATCH-8020); of any other dimension nothing may be known.
void CheckStatedDimensions(YamlMap& supports, const Engine& engine) {
  const auto states = [&](Text name) {
    for (const Dimension& dimension : engine.supports) {
      if (dimension.name == name) return true;
    }
    return false;
  };
  for (const Text name : {Text("positional"), Text("attention")}) {
    if (!states(name)) supports.Missing(name);
  }
  if (!states("quant") && !states("tensor_type")) supports.Missing("quant", "or \"tensor_type\"");
}

// A row, or a list of them.
void ReadOpen(YamlInput& in, const YamlNode& node, Versioning versioning, Dimension& dimension) {
  for (const YamlNode* item : OneOrMany(in, node, "open")) {
    YamlMap row(in, *item, "open");
    OpenRow open;
    open.origin = row.origin();
    open.versions = row.OptionalVersions(versioning);
    open.because = row.RequiredText("because");
    open.source = row.RequiredText("source");
    row.Done();
    dimension.open.push_back(std::move(open));
  }
}

Dimension ReadDimension(YamlInput& in, const YamlInput::Member& member, Versioning versioning) {
  YamlMap row(in, *member.second, "dimension");
  Dimension dimension;
  dimension.name = in.ReadName(*member.first, "dimension");
  dimension.origin = in.At(*member.first);
  dimension.source = row.RequiredText("source");
  if (const YamlNode* open = row.Optional("open")) ReadOpen(in, *open, versioning, dimension);
  if (const YamlNode* kinds = row.Required("kinds")) {
    for (const auto& [key, value] : in.Members(*kinds, "kinds")) {
      dimension.kinds.push_back(
          {.kind = in.ReadKind(*key, "kind"),
           .entries = ReadEntries(in, *value, versioning, SourceNeed::kRequired),
           .origin = in.At(*key)});
    }
  }
  row.Done();
  return dimension;
}

void ReadSupports(YamlInput& in, const YamlNode& node, Engine& engine) {
  YamlMap supports(in, node, "mapping \"supports\"");
  if (!supports.ok()) return;
  for (const auto& member : in.Members(node, "supports")) {
    engine.supports.push_back(ReadDimension(in, member, engine.versioning));
  }
  CheckStatedDimensions(supports, engine);
}

void ReadWindows(YamlInput& in, const YamlNode& node, Engine& engine) {
  for (const YamlNode* item : in.Items(node, "windows")) {
    YamlMap row(in, *item, "window");
    Window window;
    window.origin = row.origin();
    if (const YamlNode* versions = row.Required("versions")) {
      window.versions = in.ReadVersions(*versions, engine.versioning);
    }
    window.source = row.RequiredText("source");
    row.Done();
    engine.windows.push_back(std::move(window));
  }
  if (node.kind == YamlKind::kSequence && node.count == 0) {
    in.Refuse(node, "yaml-empty-list", "\"windows\" lists no window");
  }
}

void ReadNames(YamlInput& in, const YamlNode& node, Engine& engine) {
  for (const YamlNode* item : in.Items(node, "names")) {
    YamlMap row(in, *item, "release name");
    ReleaseName name;
    name.origin = row.origin();
    name.name = row.RequiredText("name");
    if (const YamlNode* is = row.Required("is")) {
      name.is = ReadRelease(in, *is, "is", engine.versioning);
    }
    name.source = row.RequiredText("source");
    row.Done();
    engine.names.push_back(name);
  }
}

// `of_model`, or `{value, versions, source}`, or a list of these.
void ReadMaxContext(YamlInput& in, const YamlNode& node, Engine& engine) {
  if (node.kind == YamlKind::kScalar) {
    if (node.text != "of_model") {
      in.Refuse(node, "yaml-wrong-type",
                "\"max_context\" must be of_model or a list of {value, versions, source}",
                "write [{value: " + std::string(node.text.substr(0, 40)) + ", source: \"...\"}]");
    }
    engine.max_context.push_back(
        {.tokens = std::nullopt, .versions = {}, .source = {}, .origin = in.At(node)});
    return;
  }
  for (const YamlNode* item : OneOrMany(in, node, "max_context")) {
    YamlMap row(in, *item, "context limit");
    ContextLimit limit;
    limit.origin = row.origin();
    if (const YamlNode* value = row.Required("value")) limit.tokens = ReadContextTokens(in, *value);
    limit.versions = row.OptionalVersions(engine.versioning);
    limit.source = row.RequiredText("source");
    row.Done();
    engine.max_context.push_back(std::move(limit));
  }
}

}  // namespace

Text ReadRelease(YamlInput& in, const YamlNode& node, std::string_view what,
                 Versioning versioning) {
  const Text text = in.ReadText(node, what);
  if (text.empty() || Version::Parse(versioning, text)) return text;
  in.Refuse(node, "yaml-bad-versions", Quoted(text) + " is not a release",
            versioning == Versioning::kBuild ? "write b4747" : "write \"0.10.1\"");
  return {};
}

std::optional<std::int64_t> ReadContextTokens(YamlInput& in, const YamlNode& node) {
  if (node.kind == YamlKind::kScalar && node.text == "of_model") return std::nullopt;
  return in.ReadSize(node, "max_context");
}

void ReadEngineFile(YamlMap& root, Tables& tables) {
  YamlInput& in = root.in();
  Engine engine;
  engine.origin = root.origin();
  if (const YamlNode* name = root.Required("engine")) {
    engine.name = in.ReadName(*name, "engine");
    engine.origin = in.At(*name);
  }
  engine.versioning =
      root.RequiredWord("versioning", Words<Versioning>(kVersionings), Versioning::kPep440);
  if (const YamlNode* names = root.Optional("names")) ReadNames(in, *names, engine);
  if (const YamlNode* windows = root.Required("windows")) ReadWindows(in, *windows, engine);
  const bool windows_known = !root.broken();
  if (const YamlNode* version = root.Optional("default_version")) {
    const Text release = ReadRelease(in, *version, "default_version", engine.versioning);
    if (windows_known) engine.default_version = release;
  }
  engine.default_build = root.OptionalTexts("default_build");
  if (const YamlNode* floor = root.Required("floor")) {
    engine.floor = ReadEntries(in, *floor, engine.versioning, SourceNeed::kRequired);
  }
  if (const YamlNode* context = root.Optional("max_context")) {
    ReadMaxContext(in, *context, engine);
  }
  if (const YamlNode* builds = root.Optional("builds")) {
    const std::size_t refusals = in.refusals();
    ReadBuilds(in, *builds, engine);
    if (in.refusals() != refusals) engine.default_build.clear();
  }
  if (const YamlNode* launch = root.Optional("launch")) ReadLaunchKeys(in, *launch, engine);
  if (const YamlNode* command = root.Optional("command")) ReadCommand(in, *command, engine);
  if (const YamlNode* supports = root.Required("supports")) ReadSupports(in, *supports, engine);
  if (const YamlNode* paths = root.Optional("paths")) ReadPathGroups(in, *paths, engine);
  tables.engines.push_back(std::move(engine));
}

}  // namespace cmatch::internal
