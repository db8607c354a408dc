#ifndef CMATCH_ENGINE_PROFILE_H_
#define CMATCH_ENGINE_PROFILE_H_

// What the tables say of one engine release and build on one compute capability.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/rule_set.h"
#include "cmatch/tables.h"

namespace cmatch::internal {

struct Symbols;  // program.h

struct EngineProfile {
  const Engine* engine = nullptr;  // the file whose windows have the release
  std::string version_text;
  std::optional<Version> version;
  ComputeCapability compute;
  const Build* build = nullptr;  // nullptr: not known
};

// A level with the row it rests on. `entry` is nullptr where no row applies (unsupported on the
// dimension's source).
struct Support {
  Level level = Level::kUnsupported;
  const Entry* entry = nullptr;
  const Dimension* dimension = nullptr;
  const KindSupport* row = nullptr;  // the kind's rows; nullptr: the kind is not listed
};

// The first row that covers the release and capability (an overlay's stand first).
const Entry* FindEntry(const std::vector<Entry>& entries, const EngineProfile& profile);

const Dimension* FindDimension(const Engine& engine, std::string_view name);

// Level of a canonical kind in a dimension the engine states. In `quant` a kind without rows of its
// own has the level of the tensor type of that name, or of its file type's main tensor type.
Support SupportOf(const Program& program, const EngineProfile& profile, std::string_view dimension,
                  std::string_view kind);

// The level of SupportOf() for every kind of `symbols`, by its id.
std::vector<Level> SupportLevels(const Program& program, const EngineProfile& profile,
                                 std::string_view dimension, const Symbols& symbols);

// The kinds of a dimension that run, in table order, native and degraded.
std::vector<std::string_view> SupportedKinds(const RuleSet& rules, const EngineProfile& profile,
                                             std::string_view dimension);

// The row that leaves the dimension's list open for the release; nullptr: it is whole.
const OpenRow* OpenAt(const Dimension& dimension, const EngineProfile& profile);

// True where the kind has a row for the release, on whatever capability.
bool StatedFor(const KindSupport& row, const EngineProfile& profile);

// The kinds that an open list says do not run, in its order.
std::vector<std::string_view> RefusedKinds(const Dimension& dimension,
                                           const EngineProfile& profile);

// Finds the engine file whose windows have `version`; empty `version`: the default. Problems name
// what is covered and what is near.
std::expected<EngineProfile, Problem> FindRelease(const RuleSet& rules, std::string_view name,
                                                  std::string_view version);

// The builds of the release.
std::vector<const Build*> BuildsOf(const EngineProfile& profile);

// Best fit of the build's images on the capability.
ImageFit BestFit(const Build& build, ComputeCapability compute);

// The driver floor of the build here; nullptr: none stated.
const DriverFloor* MinDriver(const EngineProfile& profile);

// The launch keys of the release.
std::vector<const LaunchKey*> LaunchKeysOf(const EngineProfile& profile);

template <typename Row>
bool Applies(const Row& row, const EngineProfile& profile) {
  return row.versions.Everything() || row.versions.Contains(*profile.version);
}

bool CoversCompute(const std::vector<ComputeRange>& ranges, ComputeCapability compute);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_PROFILE_H_
