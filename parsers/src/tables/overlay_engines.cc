// Targets below `engines/`. An engine that several files state, for different windows, is changed
// in each of them.

#include <algorithm>

#include "tables/overlay.h"
#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

bool Meet(const std::vector<ComputeRange>& a, const std::vector<ComputeRange>& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(), [&](const ComputeRange& x) {
    return std::any_of(b.begin(), b.end(),
                       [&](const ComputeRange& y) { return x.low <= y.high && y.low <= x.high; });
  });
}

// The rows below that the overlay's rows decide instead of, in whole or in part.
void AddReplaced(const std::vector<Entry>& below, const std::vector<Entry>& above,
                 Replaced& replaced) {
  for (const Entry& row : below) {
    const bool met = std::any_of(above.begin(), above.end(), [&](const Entry& entry) {
      return Meet(row.compute, entry.compute) && Overlap(row.versions, entry.versions);
    });
    if (met) replaced.Add(OneLine(row), row.origin);
  }
}

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

void ApplyFloor(const OverlayChange& change, const OverlayEngines& engines) {
  const std::vector<Entry> entries = TakeEntryRows(change, engines[0]->versioning);
  if (entries.empty()) return;
  Replaced replaced;
  for (Engine* engine : engines) {
    AddReplaced(engine->floor, entries, replaced);
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

void UnknownKind(const OverlayChange& change, Text dimension, const OverlayEngines& engines) {
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
void ApplySupport(const OverlayChange& change, const OverlayEngines& engines) {
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
    AddReplaced(row->entries, entries, replaced);
    PutFirst(row->entries, entries);
  }
  change.Record(replaced.text(), replaced.origin());
}

// engines/E/paths/GROUP: before the engine's own.
void ApplyPaths(const OverlayChange& change, const OverlayEngines& engines) {
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

// One default release for all files of the engine: it stands where one is stated, else in the
// first.
OverlayEngines WithDefaultVersion(const OverlayEngines& engines) {
  OverlayEngines stating;
  for (Engine* engine : engines) {
    if (!engine->default_version.empty()) stating.push_back(engine);
  }
  return stating.empty() ? OverlayEngines{engines[0]} : stating;
}

// engines/E/MEMBER
void ApplyMember(const OverlayChange& change, const OverlayEngines& engines) {
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  const std::string_view member = change.path[2];
  Replaced replaced;
  for (Engine* engine : member == "default_version" ? WithDefaultVersion(engines) : engines) {
    const std::string below = member == "default_version" ? std::string(engine->default_version)
                              : member == "default_build" ? OneLine(engine->default_build)
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
  OverlayEngines engines;
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
  if (path.size() == 5 && part == "builds") return ApplyToBuild(change, engines);
  if (path.size() == 5 && part == "launch") return ApplyToLaunchKey(change, engines);
  if (path.size() == 5 && part == "command") return ApplyToCommand(change, engines);
  if (path.size() == 4 && part == "paths") return ApplyPaths(change, engines);
  if (path.size() == 3 && part == "floor") return ApplyFloor(change, engines);
  if (path.size() == 3 &&
      (part == "default_version" || part == "default_build" || part == "max_context")) {
    return ApplyMember(change, engines);
  }
  change.in.Refuse(change.target, "rules-unknown-target",
                   Quoted(change.target.text) + " is no target of an engine",
                   "write engines/E/ and supports/D/K, floor, paths/GROUP, builds/B/images (cuda, "
                   "min_driver), launch/KEY/default, command/options/KEY, default_version, "
                   "default_build or max_context");
}

}  // namespace cmatch::internal
