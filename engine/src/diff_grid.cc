#include "diff_grid.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "cmatch/matrix.h"
#include "diff_text.h"

namespace cmatch::internal {
namespace {

using CellKey = std::tuple<std::string, std::string, Effect>;  // from, to, effect

// The changed cells of one span that change alike.
struct Patch {
  std::vector<ComputeCapability> compute;
  std::vector<Origin> old_rows, new_rows;
  std::string_view because;
};

void AddOrigin(std::vector<Origin>& origins, Origin origin) {
  if (origin.line == 0) return;
  const auto same = [&](Origin other) {
    return other.file == origin.file && other.line == origin.line && other.column == origin.column;
  };
  if (std::none_of(origins.begin(), origins.end(), same)) origins.push_back(origin);
}

void AddLocations(std::vector<Location>& locations, const std::vector<Location>& more) {
  for (const Location& where : more) {
    if (std::find(locations.begin(), locations.end(), where) == locations.end()) {
      locations.push_back(where);
    }
  }
}

std::optional<Effect> EffectOf(const DiffPlane& plane, const DiffCell& from, const DiffCell& to) {
  if (from.text == to.text) return std::nullopt;
  if (plane.effect) return plane.effect(from, to);
  return to.rank > from.rank ? Effect::kBetter : Effect::kWorse;
}

// One engine that both sets have, numbered alike.
class EngineGrid {
 public:
  EngineGrid(const RuleSet& before, const RuleSet& after, std::string_view name, RuleSetDiff& diff)
      : name_(name), diff_(diff) {
    before_ = Side(before);
    after_ = Side(after);
    const auto known = after.KnownCompute();
    for (const ComputeCapability compute : before.KnownCompute()) {
      if (std::binary_search(known.begin(), known.end(), compute)) compute_.push_back(compute);
    }
  }

  void Compare() {
    if (before_.files.empty() || after_.files.empty()) return;
    const Versioning versioning = after_.files[0]->versioning;
    if (before_.files[0]->versioning != versioning) return;
    std::vector<std::string_view> ranges;
    for (const DiffSide* side : {&before_, &after_}) {
      for (const Engine* file : side->files) AddRanges(*file, ranges);
    }
    spans_ = CutReleases(versioning, ranges);
    FindProfiles(before_);
    FindProfiles(after_);
    CompareWindows();
    for (const DiffPlane& plane : PlanesOf(before_, after_)) ComparePlane(plane);
  }

 private:
  DiffSide Side(const RuleSet& rules) const {
    DiffSide side{.rules = &rules, .files = {}, .profiles = {}};
    for (const Engine& engine : rules.tables().engines) {
      if (engine.name == name_) side.files.push_back(&engine);
    }
    return side;
  }

  void FindProfiles(DiffSide& side) const {
    for (const ReleaseSpan& span : spans_) {
      EngineProfile profile;
      for (const Engine* file : side.files) {
        const bool covered = std::any_of(
            file->windows.begin(), file->windows.end(),
            [&](const Window& window) { return window.versions.Contains(span.representative); });
        if (!covered) continue;
        profile.engine = file;
        profile.version = span.representative;
        break;
      }
      side.profiles.push_back(std::move(profile));
    }
  }

  // Releases that only one side covers: nothing else is compared there.
  void CompareWindows() {
    for (std::size_t span = 0; span < spans_.size(); ++span) {
      const bool was = before_.At(span) != nullptr;
      const bool is = after_.At(span) != nullptr;
      if (!was && !is) continue;
      ++diff_.grid_cells;
      if (was == is) continue;
      const CellKey key{was ? "covered" : "not covered", is ? "covered" : "not covered",
                        is ? Effect::kBetter : Effect::kWorse};
      Place({"windows", "", false, {}, {}}, key, span, Patch{});
    }
    Flush();
  }

  void ComparePlane(const DiffPlane& plane) {
    const std::vector<ComputeCapability> once = {ComputeCapability{}};
    for (std::size_t span = 0; span < spans_.size(); ++span) {
      if (before_.At(span) == nullptr || after_.At(span) == nullptr) continue;
      EngineProfile& old_profile = before_.profiles[span];
      EngineProfile& new_profile = after_.profiles[span];
      std::map<CellKey, Patch> patches;
      for (const ComputeCapability compute : plane.by_compute ? compute_ : once) {
        old_profile.compute = new_profile.compute = compute;
        ++diff_.grid_cells;
        DiffCell from = plane.at(before_, old_profile);
        DiffCell to = plane.at(after_, new_profile);
        const std::optional<Effect> effect = EffectOf(plane, from, to);
        if (!effect) continue;
        Patch& patch = patches[CellKey{std::move(from.text), std::move(to.text), *effect}];
        patch.compute.push_back(compute);
        AddOrigin(patch.old_rows, from.origin);
        AddOrigin(patch.new_rows, to.origin);
        if (patch.because.empty()) patch.because = to.because;
      }
      for (const auto& [key, patch] : patches) Place(plane, key, span, patch);
    }
    Flush();
  }

  // A region that grows from span to span.
  struct Region {
    GridChange change;
    CellKey key;
    std::vector<ComputeCapability> compute;
    std::size_t first = 0, last = 0;  // spans
  };

  void Place(const DiffPlane& plane, const CellKey& key, std::size_t span, const Patch& patch) {
    auto region = std::find_if(regions_.begin(), regions_.end(), [&](const Region& candidate) {
      return candidate.last + 1 == span && candidate.key == key &&
             candidate.compute == patch.compute;
    });
    if (region == regions_.end()) {
      GridChange change;
      change.engine = name_;
      change.subject = plane.subject;
      if (!plane.name.empty()) change.names.push_back(plane.name);
      std::tie(change.from, change.to, change.effect) = key;
      if (plane.by_compute) change.compute = ComputesText(compute_, patch.compute);
      change.because = patch.because;
      regions_.push_back({std::move(change), key, patch.compute, span, span});
      region = regions_.end() - 1;
    }
    region->last = span;
    region->change.cells += plane.by_compute ? patch.compute.size() : 1;
    AddLocations(region->change.old_rows, Locate(*before_.rules, patch.old_rows));
    AddLocations(region->change.new_rows, Locate(*after_.rules, patch.new_rows));
  }

  static std::vector<Location> Locate(const RuleSet& rules, const std::vector<Origin>& origins) {
    std::vector<Location> locations;
    for (const Origin origin : origins) locations.push_back(rules.tables().Locate(origin));
    return locations;
  }

  // Kinds that change alike become one change.
  void Flush() {
    for (Region& region : regions_) {
      GridChange& change = region.change;
      change.versions = RangeText(spans_[region.first], spans_[region.last]);
      const auto same = std::find_if(diff_.grid.begin(), diff_.grid.end(), [&](const auto& other) {
        return !change.names.empty() && !other.names.empty() && other.engine == change.engine &&
               other.subject == change.subject && other.versions == change.versions &&
               other.compute == change.compute && other.from == change.from &&
               other.to == change.to && other.because == change.because;
      });
      if (same == diff_.grid.end()) {
        diff_.grid.push_back(std::move(change));
        continue;
      }
      same->names.push_back(change.names[0]);
      same->cells += change.cells;
      AddLocations(same->old_rows, change.old_rows);
      AddLocations(same->new_rows, change.new_rows);
    }
    regions_.clear();
  }

  std::string name_;
  RuleSetDiff& diff_;
  DiffSide before_, after_;
  std::vector<ComputeCapability> compute_;
  std::vector<ReleaseSpan> spans_;
  std::vector<Region> regions_;
};

}  // namespace

void CompareGrid(const RuleSet& before, const RuleSet& after, RuleSetDiff& diff) {
  for (const std::string_view name : EngineNames(after)) {
    EngineGrid(before, after, name, diff).Compare();
  }
}

}  // namespace cmatch::internal
