#include <algorithm>
#include <memory>
#include <unordered_set>

#include "cmatch/matrix.h"
#include "diff_grid.h"
#include "diff_text.h"
#include "program.h"

namespace cmatch::internal {
namespace {

// Ranks of what the tables say of a kind. A dimension that is not stated makes no rule fail, but
// nothing is known of it either.
enum Rank { kNoRow, kUnsupportedRank, kNotStatedRank, kDegradedRank, kNativeRank };

DiffCell LevelCell(const Entry* entry) {
  if (entry == nullptr) return {"unsupported", kUnsupportedRank, {}, {}};
  const Rank rank = entry->level == Level::kNative     ? kNativeRank
                    : entry->level == Level::kDegraded ? kDegradedRank
                                                       : kUnsupportedRank;
  return {std::string(ToString(entry->level)), rank, entry->origin, entry->because};
}

// What a plane is of: each name that either side has, once, in order.
template <typename Each>
std::vector<std::string_view> NamesOf(const DiffSide& before, const DiffSide& after, Each each) {
  std::vector<std::string_view> names;
  std::unordered_set<std::string_view> seen;
  for (const DiffSide* side : {&after, &before}) {
    each(*side, [&](std::string_view name) {
      if (seen.insert(name).second) names.push_back(name);
    });
  }
  return names;
}

// The rows of a kind by file: they are the same for every release that the file covers.
class KindRows {
 public:
  KindRows(std::string_view dimension, std::string_view kind)
      : dimension_(dimension), kind_(kind) {}

  DiffCell At(const DiffSide& side, const EngineProfile& profile) {
    if (profile.engine != engine_) {
      engine_ = profile.engine;
      support_ = SupportOf(side.rules->program(), profile, dimension_, kind_);
      // The kinds of quant follow from the tensor types where an engine states only these.
      stated_ = support_.dimension != nullptr ||
                (dimension_ == "quant" && FindDimension(*engine_, "tensor_type") != nullptr);
    }
    if (!stated_) return {"not stated", kNotStatedRank, {}, {}};
    const OpenRow* open =
        support_.dimension == nullptr ? nullptr : OpenAt(*support_.dimension, profile);
    if (open != nullptr && (support_.row == nullptr || !StatedFor(*support_.row, profile))) {
      return {"not known", kNotStatedRank, open->origin, open->because};
    }
    return LevelCell(support_.row == nullptr ? nullptr : FindEntry(support_.row->entries, profile));
  }

 private:
  std::string_view dimension_, kind_;
  const Engine* engine_ = nullptr;
  Support support_;
  bool stated_ = false;
};

void AddKinds(const DiffSide& before, const DiffSide& after, std::vector<DiffPlane>& planes) {
  const auto dimensions = NamesOf(before, after, [](const DiffSide& side, const auto& add) {
    for (const Engine* file : side.files) {
      for (const Dimension& dimension : file->supports) {
        if (dimension.name == "tensor_type") add("quant");
        add(dimension.name);
      }
    }
  });
  for (const std::string_view dimension : dimensions) {
    const auto kinds = NamesOf(before, after, [&](const DiffSide& side, const auto& add) {
      for (const std::string_view kind : side.rules->KindsOf(dimension)) add(kind);
    });
    for (const std::string_view kind : kinds) {
      // One of each side: the two are asked in turn.
      const auto rows = std::make_shared<std::pair<KindRows, KindRows>>(KindRows(dimension, kind),
                                                                        KindRows(dimension, kind));
      planes.push_back({"supports/" + std::string(dimension), std::string(kind), true,
                        [rows, old = &before](const DiffSide& side, const EngineProfile& profile) {
                          return (&side == old ? rows->first : rows->second).At(side, profile);
                        }});
    }
  }
}

const Build* BuildHere(const EngineProfile& profile, std::string_view name) {
  for (const Build& build : profile.engine->builds) {
    if (build.name == name && Applies(build, profile)) return &build;
  }
  return nullptr;
}

DiffCell ImagesCell(const EngineProfile& profile, std::string_view name) {
  const Build* build = BuildHere(profile, name);
  if (build == nullptr) return {"no such build", kNoRow, {}, {}};
  switch (BestFit(*build, profile.compute)) {
    case ImageFit::kCubin:
      return {"native", kNativeRank, build->origin, {}};
    case ImageFit::kPtx:
      return {"degraded", kDegradedRank, build->origin, "PTX only: compiled at the first load"};
    case ImageFit::kNone:
      break;
  }
  return {"unsupported", kUnsupportedRank, build->origin,
          build->only_listed.empty() ? "no image runs there" : build->only_listed};
}

DiffCell DriverCell(EngineProfile profile, std::string_view name) {
  profile.build = BuildHere(profile, name);
  const DriverFloor* floor = MinDriver(profile);
  if (floor == nullptr) return {"none", 0, {}, {}};
  return {std::string(floor->driver), 0, floor->origin, {}};
}

// A higher floor is worse.
std::optional<Effect> DriverEffect(const DiffCell& from, const DiffCell& to) {
  const auto old_driver = Version::Parse(Versioning::kPep440, from.text);
  const auto new_driver = Version::Parse(Versioning::kPep440, to.text);
  if (!new_driver) return Effect::kBetter;
  if (!old_driver) return Effect::kWorse;
  return *old_driver < *new_driver ? Effect::kWorse : Effect::kBetter;
}

void AddBuilds(const DiffSide& before, const DiffSide& after, std::vector<DiffPlane>& planes) {
  const auto builds = NamesOf(before, after, [](const DiffSide& side, const auto& add) {
    for (const Engine* file : side.files) {
      for (const Build& build : file->builds) add(build.name);
    }
  });
  for (const std::string_view name : builds) {
    planes.push_back({"builds/images", std::string(name), true,
                      [name](const DiffSide&, const EngineProfile& profile) {
                        return ImagesCell(profile, name);
                      }});
    planes.push_back({"builds/min_driver", std::string(name), true,
                      [name](const DiffSide&, const EngineProfile& profile) {
                        return DriverCell(profile, name);
                      },
                      DriverEffect});
  }
}

DiffCell LaunchCell(const EngineProfile& profile, std::string_view name) {
  for (const LaunchKey& key : profile.engine->launch) {
    if (key.name != name || !Applies(key, profile)) continue;
    std::string text = key.integer ? std::to_string(key.min) + " to " + std::to_string(key.max)
                                   : ListText(key.values);
    if (!key.default_value.empty()) text += "; default " + std::string(key.default_value);
    return {std::move(text), 1, key.origin, {}};
  }
  return {"not there", 0, {}, {}};
}

// A key that goes is refused from then on; other values or another default may be anything.
std::optional<Effect> LaunchEffect(const DiffCell& from, const DiffCell& to) {
  if (from.rank == to.rank) return Effect::kUnclear;
  return from.rank < to.rank ? Effect::kBetter : Effect::kWorse;
}

DiffCell ContextCell(const EngineProfile& profile) {
  for (const ContextLimit& limit : profile.engine->max_context) {
    if (!Applies(limit, profile) || !limit.tokens) continue;
    return {std::to_string(*limit.tokens), 0, limit.origin, {}};
  }
  return {"of_model", 0, {}, {}};
}

std::optional<Effect> ContextEffect(const DiffCell& from, const DiffCell& to) {
  if (from.text == "of_model") return Effect::kWorse;
  if (to.text == "of_model") return Effect::kBetter;
  return std::stoll(from.text) < std::stoll(to.text) ? Effect::kBetter : Effect::kWorse;
}

void AddValues(const DiffSide& before, const DiffSide& after, std::vector<DiffPlane>& planes) {
  planes.push_back({"floor", "", true, [](const DiffSide&, const EngineProfile& profile) {
                      return LevelCell(FindEntry(profile.engine->floor, profile));
                    }});
  planes.push_back(
      {"max_context", "", false,
       [](const DiffSide&, const EngineProfile& profile) { return ContextCell(profile); },
       ContextEffect});
  const auto keys = NamesOf(before, after, [](const DiffSide& side, const auto& add) {
    for (const Engine* file : side.files) {
      for (const LaunchKey& key : file->launch) add(key.name);
    }
  });
  for (const std::string_view name : keys) {
    planes.push_back({"launch", std::string(name), false,
                      [name](const DiffSide&, const EngineProfile& profile) {
                        return LaunchCell(profile, name);
                      },
                      LaunchEffect});
  }
}

// The paths of a group that apply here, in the engine's order.
std::vector<const Path*> PathsHere(const EngineProfile& profile, std::string_view group) {
  std::vector<const Path*> paths;
  for (const PathGroup& row : profile.engine->paths) {
    if (row.name != group) continue;
    for (const Path& path : row.paths) {
      if (Applies(path, profile) && CoversCompute(path.compute, profile.compute)) {
        paths.push_back(&path);
      }
    }
  }
  return paths;
}

DiffCell PathCell(const EngineProfile& profile, std::string_view group, std::string_view id) {
  DiffCell cell;
  for (const Path* path : PathsHere(profile, group)) {
    if (path->id != id) continue;
    if (!cell.text.empty()) cell.text += " or ";
    cell.text += ToString(path->level);
    if (!path->accepts.empty()) cell.text += " for " + ClausesText(path->accepts);
    if (cell.origin.line == 0) cell.origin = path->origin;
    if (cell.because.empty()) cell.because = path->because;
  }
  if (cell.text.empty()) return {"not there", kNoRow, {}, {}};
  cell.rank = cell.text.starts_with("native") ? kNativeRank : kDegradedRank;
  return cell;
}

// Whatever a native path takes runs as well as it can; one that goes leaves models without.
std::optional<Effect> PathEffect(const DiffCell& from, const DiffCell& to) {
  if (to.rank == kNoRow) return Effect::kWorse;
  const bool added = from.rank == kNoRow && to.rank == kNativeRank;
  return added ? Effect::kBetter : Effect::kUnclear;
}

// The order counts among the paths that both sides have; what was added or removed is said of its
// own.
std::optional<Effect> OrderEffect(const DiffCell& from, const DiffCell& to) {
  const auto common = [](std::string_view list, std::string_view other) {
    std::string kept;
    while (!list.empty()) {
      const std::string_view id = list.substr(0, list.find(", "));
      list.remove_prefix(std::min(id.size() + 2, list.size()));
      const std::string padded = ", " + std::string(other) + ", ";
      if (padded.find(", " + std::string(id) + ", ") == std::string::npos) continue;
      kept.append(id).append(", ");
    }
    return kept;
  };
  if (common(from.text, to.text) == common(to.text, from.text)) return std::nullopt;
  return Effect::kUnclear;
}

DiffCell OrderCell(const EngineProfile& profile, std::string_view group) {
  DiffCell cell;
  for (const Path* path : PathsHere(profile, group)) {
    if (!cell.text.empty()) cell.text += ", ";
    cell.text += path->id;
    if (cell.origin.line == 0) cell.origin = path->origin;
  }
  if (cell.text.empty()) cell.text = "none";
  return cell;
}

void AddPaths(const DiffSide& before, const DiffSide& after, std::vector<DiffPlane>& planes) {
  const auto groups = NamesOf(before, after, [](const DiffSide& side, const auto& add) {
    for (const Engine* file : side.files) {
      for (const PathGroup& group : file->paths) add(group.name);
    }
  });
  for (const std::string_view group : groups) {
    const auto ids = NamesOf(before, after, [&](const DiffSide& side, const auto& add) {
      for (const Engine* file : side.files) {
        for (const PathGroup& row : file->paths) {
          if (row.name != group) continue;
          for (const Path& path : row.paths) add(path.id);
        }
      }
    });
    const std::string subject = "paths/" + std::string(group);
    for (const std::string_view id : ids) {
      planes.push_back({subject, std::string(id), true,
                        [group, id](const DiffSide&, const EngineProfile& profile) {
                          return PathCell(profile, group, id);
                        },
                        PathEffect});
    }
    planes.push_back({subject, "", true,
                      [group](const DiffSide&, const EngineProfile& profile) {
                        return OrderCell(profile, group);
                      },
                      OrderEffect});
  }
}

}  // namespace

std::vector<DiffPlane> PlanesOf(const DiffSide& before, const DiffSide& after) {
  std::vector<DiffPlane> planes;
  AddValues(before, after, planes);
  AddKinds(before, after, planes);
  AddBuilds(before, after, planes);
  AddPaths(before, after, planes);
  return planes;
}

}  // namespace cmatch::internal
