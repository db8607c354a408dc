#include "profile.h"

#include <algorithm>

#include "cmatch/kinds.h"
#include "program.h"

namespace cmatch::internal {
namespace {

Problem Complaint(std::string code, std::string message, std::string help) {
  return {.code = std::move(code),
          .path = {},
          .message = std::move(message),
          .where = {},
          .notes = {},
          .help = std::move(help)};
}

std::string WindowsText(const std::vector<const Engine*>& files) {
  std::string text;
  for (const Engine* engine : files) {
    for (const Window& window : engine->windows) {
      if (!text.empty()) text += ", ";
      text += window.versions.text;
    }
  }
  return text;
}

std::vector<const Engine*> FilesOf(const RuleSet& rules, std::string_view name) {
  std::vector<const Engine*> files;
  for (const Engine& engine : rules.tables().engines) {
    if (FoldKind(engine.name) == FoldKind(name)) files.push_back(&engine);
  }
  return files;
}

Problem UnknownEngine(const RuleSet& rules, std::string_view name) {
  std::vector<std::string_view> names;
  std::string known;
  for (const Engine& engine : rules.tables().engines) {
    if (std::find(names.begin(), names.end(), engine.name) != names.end()) continue;
    names.push_back(engine.name);
    known += (known.empty() ? "" : ", ") + std::string(engine.name);
  }
  const std::string_view near = Nearest(FoldKind(name), names);
  std::string help = near.empty() ? "" : "did you mean \"" + std::string(near) + "\"? ";
  return Complaint("ecp-unknown-engine", "no tables for engine \"" + std::string(name) + "\"",
                   help + "known engines: " + known);
}

bool InWindows(const Engine& engine, const Version& version) {
  return std::any_of(engine.windows.begin(), engine.windows.end(),
                     [&](const Window& window) { return window.versions.Contains(version); });
}

// A release by its number, or by a name of the `names` table.
std::optional<Version> Resolve(const Engine& engine, std::string_view text) {
  for (const ReleaseName& name : engine.names) {
    if (name.name == text) return Version::Parse(engine.versioning, name.is);
  }
  return Version::Parse(engine.versioning, text);
}

}  // namespace

bool CoversCompute(const std::vector<ComputeRange>& ranges, ComputeCapability compute) {
  return ranges.empty() || std::any_of(ranges.begin(), ranges.end(),
                                       [&](const ComputeRange& r) { return r.Contains(compute); });
}

const Entry* FindEntry(const std::vector<Entry>& entries, const EngineProfile& profile) {
  for (const Entry& entry : entries) {
    if (Applies(entry, profile) && CoversCompute(entry.compute, profile.compute)) return &entry;
  }
  return nullptr;
}

const Dimension* FindDimension(const Engine& engine, std::string_view name) {
  for (const Dimension& dimension : engine.supports) {
    if (dimension.name == name) return &dimension;
  }
  return nullptr;
}

namespace {

// The dimension's own rows for the kind; nullopt: it lists none.
std::optional<Support> OwnSupport(const EngineProfile& profile, const Dimension* dimension,
                                  std::string_view kind) {
  if (dimension == nullptr) return std::nullopt;
  for (const KindSupport& row : dimension->kinds) {
    if (row.kind != kind) continue;
    const Entry* entry = FindEntry(row.entries, profile);
    return Support{.level = entry == nullptr ? Level::kUnsupported : entry->level,
                   .entry = entry,
                   .dimension = dimension,
                   .row = &row};
  }
  return std::nullopt;
}

}  // namespace

Support SupportOf(const Program& program, const EngineProfile& profile, std::string_view dimension,
                  std::string_view kind) {
  const Dimension* stated = FindDimension(*profile.engine, dimension);
  if (const auto own = OwnSupport(profile, stated, kind)) return *own;
  const Support none{
      .level = Level::kUnsupported, .entry = nullptr, .dimension = stated, .row = nullptr};
  if (dimension != "quant") return none;
  const Dimension* tensor_types = FindDimension(*profile.engine, "tensor_type");
  std::string_view type = kind;
  if (!program.tensor_types_by_name.contains(kind)) {
    const auto file_type = program.file_types_by_name.find(kind);
    if (file_type == program.file_types_by_name.end()) return none;
    type = file_type->second->main;
  }
  if (const auto main = OwnSupport(profile, tensor_types, type)) return *main;
  return {.level = Level::kUnsupported,
          .entry = nullptr,
          .dimension = tensor_types != nullptr ? tensor_types : stated,
          .row = nullptr};
}

std::vector<Level> SupportLevels(const Program& program, const EngineProfile& profile,
                                 std::string_view dimension, const Symbols& symbols) {
  std::vector<Level> levels(symbols.names.size(), Level::kUnsupported);
  if (dimension == "quant") {  // of most kinds nothing but their tensor type is stated
    for (std::size_t id = 0; id < levels.size(); ++id) {
      levels[id] = SupportOf(program, profile, dimension, symbols.names[id]).level;
    }
    return levels;
  }
  const Dimension* stated = FindDimension(*profile.engine, dimension);
  if (stated == nullptr) return levels;
  for (auto row = stated->kinds.rbegin(); row != stated->kinds.rend(); ++row) {
    const Entry* entry = FindEntry(row->entries, profile);
    const std::uint32_t* id = symbols.ids.Find(row->kind);
    if (id != nullptr) levels[*id] = entry == nullptr ? Level::kUnsupported : entry->level;
  }
  return levels;
}

std::vector<std::string_view> SupportedKinds(const RuleSet& rules, const EngineProfile& profile,
                                             std::string_view dimension) {
  std::vector<std::string_view> kinds;
  const Symbols* symbols = rules.program().FindSymbols(dimension);
  if (symbols == nullptr) return kinds;
  const std::vector<Level> levels = SupportLevels(rules.program(), profile, dimension, *symbols);
  for (std::size_t id = 0; id < levels.size(); ++id) {
    if (levels[id] != Level::kUnsupported) kinds.push_back(symbols->names[id]);
  }
  return kinds;
}

const OpenRow* OpenAt(const Dimension& dimension, const EngineProfile& profile) {
  for (const OpenRow& row : dimension.open) {
    if (Applies(row, profile)) return &row;
  }
  return nullptr;
}

bool StatedFor(const KindSupport& row, const EngineProfile& profile) {
  return std::any_of(row.entries.begin(), row.entries.end(),
                     [&](const Entry& entry) { return Applies(entry, profile); });
}

std::vector<std::string_view> RefusedKinds(const Dimension& dimension,
                                           const EngineProfile& profile) {
  std::vector<std::string_view> kinds;
  for (const KindSupport& row : dimension.kinds) {
    if (!StatedFor(row, profile)) continue;
    const Entry* entry = FindEntry(row.entries, profile);
    if (entry == nullptr || entry->level == Level::kUnsupported) kinds.push_back(row.kind);
  }
  return kinds;
}

std::expected<EngineProfile, Problem> FindRelease(const RuleSet& rules, std::string_view name,
                                                  std::string_view version) {
  const std::vector<const Engine*> files = FilesOf(rules, name);
  if (files.empty()) return std::unexpected(UnknownEngine(rules, name));
  for (const Engine* engine : files) {
    if (version.empty()) version = engine->default_version;
  }
  if (version.empty()) {
    return std::unexpected(Complaint("ecp-no-release",
                                     std::string(name) + " has no default release: name one",
                                     "covered: " + WindowsText(files)));
  }
  bool readable = false;
  for (const Engine* engine : files) {
    const auto parsed = Resolve(*engine, version);
    readable = readable || parsed.has_value();
    if (!parsed || !InWindows(*engine, *parsed)) continue;
    if (version.starts_with('v')) version.remove_prefix(1);
    return EngineProfile{.engine = engine,
                         .version_text = std::string(version),
                         .version = parsed,
                         .compute = {},
                         .build = nullptr};
  }
  const std::string what = std::string(name) + " " + std::string(version);
  if (!readable) {
    return std::unexpected(
        Complaint("ecp-bad-release",
                  "\"" + std::string(version) + "\" is not a release of " + std::string(name),
                  files[0]->versioning == Versioning::kBuild
                      ? "releases are numbered like b4747; covered: " + WindowsText(files)
                      : "covered: " + WindowsText(files)));
  }
  return std::unexpected(Complaint("ecp-release-not-covered", "no tables cover " + what,
                                   "covered: " + WindowsText(files)));
}

std::vector<const Build*> BuildsOf(const EngineProfile& profile) {
  std::vector<const Build*> builds;
  for (const Build& build : profile.engine->builds) {
    if (Applies(build, profile)) builds.push_back(&build);
  }
  return builds;
}

ImageFit BestFit(const Build& build, ComputeCapability compute) {
  ImageFit best = ImageFit::kNone;
  for (const Image& image : build.images) {
    if (!build.only_listed.empty() && image.compute != compute) continue;
    best = std::max(best, Fit(image, compute));
  }
  return best;
}

const DriverFloor* MinDriver(const EngineProfile& profile) {
  if (profile.build == nullptr) return nullptr;
  for (const DriverFloor& floor : profile.build->min_driver) {
    if (Applies(floor, profile) && CoversCompute(floor.compute, profile.compute)) return &floor;
  }
  return nullptr;
}

std::vector<const LaunchKey*> LaunchKeysOf(const EngineProfile& profile) {
  std::vector<const LaunchKey*> keys;
  for (const LaunchKey& key : profile.engine->launch) {
    if (Applies(key, profile)) keys.push_back(&key);
  }
  return keys;
}

}  // namespace cmatch::internal
