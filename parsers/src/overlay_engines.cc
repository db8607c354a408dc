// Targets below `engines/`. An engine that several files state, for different windows, is changed
// in each of them.

#include <algorithm>

#include "overlay.h"
#include "table_readers.h"

namespace cmatch::internal {
namespace {

using Engines = std::vector<Engine*>;

bool Meet(const std::vector<ComputeRange>& a, const std::vector<ComputeRange>& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(), [&](const ComputeRange& x) {
    return std::any_of(b.begin(), b.end(),
                       [&](const ComputeRange& y) { return x.low <= y.high && y.low <= x.high; });
  });
}

// The rows below that the overlay's rows decide instead of, in whole or in part.
class Replaced {
 public:
  void Look(const std::vector<Entry>& below, const std::vector<Entry>& above) {
    for (const Entry& row : below) {
      const bool met = std::any_of(above.begin(), above.end(), [&](const Entry& entry) {
        return Meet(row.compute, entry.compute) && Overlap(row.versions, entry.versions);
      });
      if (met) Add(OneLine(row), row.origin);
    }
  }
  void Add(std::string_view line, Origin origin) {
    if (text_.empty()) origin_ = origin;
    if (!text_.empty()) text_ += "; ";
    text_ += line;
  }
  const std::string& text() const { return text_; }
  Origin origin() const { return origin_; }

 private:
  std::string text_;
  Origin origin_;
};

// An overlay's entries stand on its reason where they state no source.
std::vector<Entry> TakeEntryRows(const OverlayChange& change, Versioning versioning) {
  const YamlNode* node = change.TakeEntries();
  if (node == nullptr) return {};
  std::vector<Entry> entries = ReadEntries(change.in, *node, versioning, SourceNeed::kOptional);
  for (Entry& entry : entries) {
    entry.overlay = true;
    if (entry.source.empty()) entry.source = change.head.reason;
  }
  return entries;
}

void PutFirst(std::vector<Entry>& below, const std::vector<Entry>& above) {
  below.insert(below.begin(), above.begin(), above.end());
}

void ApplyFloor(const OverlayChange& change, const Engines& engines) {
  const std::vector<Entry> entries = TakeEntryRows(change, engines[0]->versioning);
  if (entries.empty()) return;
  Replaced replaced;
  for (Engine* engine : engines) {
    replaced.Look(engine->floor, entries);
    PutFirst(engine->floor, entries);
  }
  change.Record(replaced.text(), replaced.origin());
}

bool KnowsKind(const Tables& tables, std::string_view dimension, std::string_view kind) {
  const auto named = [&](const auto& row) { return row.name == kind; };
  const bool types = dimension == "quant" || dimension == "tensor_type";
  return std::any_of(
             tables.kinds.begin(), tables.kinds.end(),
             [&](const KindName& row) { return row.dimension == dimension && row.name == kind; }) ||
         (types && std::any_of(tables.tensor_types.begin(), tables.tensor_types.end(), named)) ||
         (dimension == "quant" &&
          std::any_of(tables.file_types.begin(), tables.file_types.end(), named)) ||
         (dimension == "architecture" &&
          std::any_of(tables.architectures.begin(), tables.architectures.end(), named));
}

Text CanonicalKind(const OverlayChange& change, Text dimension, std::string_view given) {
  const Text kind = change.in.KeepKind(given);
  for (const KindAlias& alias : change.tables.aliases) {
    if (alias.dimension == dimension && alias.alias == kind) return alias.is;
  }
  return kind;
}

KindSupport* FindKind(Dimension& dimension, Text kind) {
  const auto it = std::find_if(dimension.kinds.begin(), dimension.kinds.end(),
                               [&](const KindSupport& row) { return row.kind == kind; });
  return it == dimension.kinds.end() ? nullptr : &*it;
}

void UnknownKind(const OverlayChange& change, Text dimension, const Engines& engines) {
  std::vector<std::string_view> names;
  for (const KindName& row : change.tables.kinds) {
    if (row.dimension == dimension) names.push_back(row.name);
  }
  for (const Engine* engine : engines) {
    for (const Dimension& stated : engine->supports) {
      if (stated.name != dimension) continue;
      for (const KindSupport& row : stated.kinds) names.push_back(row.kind);
    }
  }
  change.UnknownName("kind of " + std::string(dimension), change.path[4], names);
}

// engines/E/supports/D/K
void ApplySupport(const OverlayChange& change, const Engines& engines) {
  std::vector<std::string_view> dimensions;
  std::vector<Dimension*> stated;
  for (Engine* engine : engines) {
    for (Dimension& dimension : engine->supports) {
      dimensions.push_back(dimension.name);
      if (dimension.name == change.path[3]) stated.push_back(&dimension);
    }
  }
  // Entries of one kind would make a dimension that nothing is known of unsupported as a whole.
  if (stated.empty()) return change.UnknownName("stated dimension", change.path[3], dimensions);

  const Text kind = CanonicalKind(change, stated[0]->name, change.path[4]);
  const bool below = std::any_of(stated.begin(), stated.end(), [&](Dimension* dimension) {
    return FindKind(*dimension, kind) != nullptr;
  });
  if (!below && !KnowsKind(change.tables, stated[0]->name, kind)) {
    return UnknownKind(change, stated[0]->name, engines);
  }
  const std::vector<Entry> entries = TakeEntryRows(change, engines[0]->versioning);
  if (entries.empty()) return;
  Replaced replaced;
  for (Dimension* dimension : stated) {
    KindSupport* row = FindKind(*dimension, kind);
    if (row == nullptr) {
      dimension->kinds.push_back(
          {.kind = kind, .entries = entries, .origin = change.in.At(change.target)});
      continue;
    }
    replaced.Look(row->entries, entries);
    PutFirst(row->entries, entries);
  }
  change.Record(replaced.text(), replaced.origin());
}

// engines/E/paths/GROUP: before the engine's own.
void ApplyPaths(const OverlayChange& change, const Engines& engines) {
  std::vector<std::string_view> names;
  std::vector<PathGroup*> groups;
  for (Engine* engine : engines) {
    for (PathGroup& group : engine->paths) {
      names.push_back(group.name);
      if (group.name == change.path[3]) groups.push_back(&group);
    }
  }
  if (groups.empty()) return change.UnknownName("group of paths", change.path[3], names);
  const YamlNode* node = change.TakeEntries();
  if (node == nullptr) return;
  std::vector<Path> paths =
      ReadPaths(change.in, *node, engines[0]->versioning, SourceNeed::kOptional);
  for (Path& path : paths) {
    if (path.source.empty()) path.source = change.head.reason;
  }
  for (PathGroup* group : groups) {
    group->paths.insert(group->paths.begin(), paths.begin(), paths.end());
  }
  change.Record("", {});
}

void SetDrivers(const OverlayChange& change, const YamlNode& value, Versioning versioning,
                Build& build) {
  if (value.kind == YamlKind::kSequence) {
    build.min_driver = ReadDriverFloors(change.in, value, versioning);
    return;
  }
  DriverFloor floor;
  floor.driver = ReadDottedNumber(change.in, value, "min_driver");
  floor.source = change.head.reason;
  floor.origin = change.in.At(value);
  build.min_driver = {floor};
}

std::string OneLine(const std::vector<DriverFloor>& floors) {
  if (floors.size() == 1 && floors[0].compute.empty()) return std::string(floors[0].driver);
  std::vector<Text> drivers;
  for (const DriverFloor& floor : floors) drivers.push_back(floor.driver);
  return internal::OneLine(drivers);
}

std::string OneLine(const std::vector<Image>& images) {
  std::string out = "[";
  for (const Image& image : images) {
    if (out.size() > 1) out += ", ";
    out += ToString(image);
  }
  return out + "]";
}

// engines/E/builds/B/MEMBER: each of the build's rows.
void ApplyBuild(const OverlayChange& change, const Engines& engines) {
  constexpr std::array<std::string_view, 3> kMembers = {"cuda", "images", "min_driver"};
  const std::string_view member = change.path[4];
  if (std::find(kMembers.begin(), kMembers.end(), member) == kMembers.end()) {
    return change.UnknownName("member of a build", member, {kMembers.begin(), kMembers.end()});
  }
  std::vector<std::string_view> names;
  std::vector<Build*> builds;
  for (Engine* engine : engines) {
    for (Build& build : engine->builds) {
      names.push_back(build.name);
      if (build.name == change.path[3]) builds.push_back(&build);
    }
  }
  if (builds.empty()) return change.UnknownName("build", change.path[3], names);
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  Replaced replaced;
  for (Build* build : builds) {
    const std::string below = member == "cuda"     ? std::string(build->cuda)
                              : member == "images" ? OneLine(build->images)
                                                   : OneLine(build->min_driver);
    if (!change.Expected(below, build->origin)) return;
    replaced.Add(below, build->origin);
  }
  Build changed;
  if (member == "cuda") changed.cuda = ReadDottedNumber(change.in, *value, "cuda");
  if (member == "images") changed.images = ReadImages(change.in, *value);
  if (member == "min_driver") SetDrivers(change, *value, engines[0]->versioning, changed);
  for (Build* build : builds) {
    if (member == "cuda") build->cuda = changed.cuda;
    if (member == "images") build->images = changed.images;
    if (member == "min_driver") build->min_driver = changed.min_driver;
    build->origin = change.in.At(change.target);
  }
  change.Record(replaced.text(), replaced.origin());
}

// engines/E/launch/KEY/default
void ApplyLaunch(const OverlayChange& change, const Engines& engines) {
  std::vector<std::string_view> names;
  std::vector<LaunchKey*> keys;
  for (Engine* engine : engines) {
    for (LaunchKey& key : engine->launch) {
      names.push_back(key.name);
      if (key.name == change.path[3]) keys.push_back(&key);
    }
  }
  if (keys.empty()) return change.UnknownName("launch key", change.path[3], names);
  if (change.path[4] != "default") {
    return change.UnknownName("member of a launch key", change.path[4], {"default"});
  }
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  Replaced replaced;
  for (LaunchKey* key : keys) {
    if (!change.Expected(key->default_value, key->origin)) return;
    replaced.Add(key->default_value, key->origin);
    key->default_value = change.in.ReadText(*value, "default");
    CheckLaunchDefault(change.in, *value, *key);
    key->origin = change.in.At(change.target);
  }
  change.Record(replaced.text(), replaced.origin());
}

// engines/E/MEMBER
void ApplyMember(const OverlayChange& change, const Engines& engines) {
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  const std::string_view member = change.path[2];
  Replaced replaced;
  for (Engine* engine : engines) {
    if (member == "default_version" && engine->default_version.empty()) continue;
    const std::string below = member == "default_version" ? std::string(engine->default_version)
                              : member == "default_build" ? internal::OneLine(engine->default_build)
                              : engine->max_context.size() == 1 && engine->max_context[0].tokens
                                  ? std::to_string(*engine->max_context[0].tokens)
                                  : "of_model";
    if (!change.Expected(below, engine->origin)) return;
    replaced.Add(below, engine->origin);
    if (member == "default_version") {
      engine->default_version =
          ReadRelease(change.in, *value, "default_version", engine->versioning);
    } else if (member == "default_build") {
      engine->default_build = change.in.ReadTexts(*value, "default_build");
    } else {
      engine->max_context = {{.tokens = ReadContextTokens(change.in, *value),
                              .versions = {},
                              .source = change.head.reason,
                              .origin = change.in.At(*value)}};
    }
  }
  change.Record(replaced.text(), replaced.origin());
}

}  // namespace

void ApplyToEngine(const OverlayChange& change) {
  const std::vector<std::string_view>& path = change.path;
  Engines engines;
  std::vector<std::string_view> names;
  for (Engine& engine : change.tables.engines) {
    names.push_back(engine.name);
    if (path.size() > 1 && engine.name == path[1]) engines.push_back(&engine);
  }
  if (engines.empty()) {
    return change.UnknownName("engine", path.size() > 1 ? path[1] : std::string_view(), names);
  }
  const std::string_view part = path.size() > 2 ? path[2] : std::string_view();
  if (path.size() == 5 && part == "supports") return ApplySupport(change, engines);
  if (path.size() == 5 && part == "builds") return ApplyBuild(change, engines);
  if (path.size() == 5 && part == "launch") return ApplyLaunch(change, engines);
  if (path.size() == 4 && part == "paths") return ApplyPaths(change, engines);
  if (path.size() == 3 && part == "floor") return ApplyFloor(change, engines);
  if (path.size() == 3 &&
      (part == "default_version" || part == "default_build" || part == "max_context")) {
    return ApplyMember(change, engines);
  }
  change.in.Refuse(
      change.target, "rules-unknown-target",
      Quoted(change.target.text) + " is no target of an engine",
      "write engines/E/ and supports/D/K, floor, paths/GROUP, builds/B/images (cuda, "
      "min_driver), launch/KEY/default, default_version, default_build or max_context");
}

}  // namespace cmatch::internal
