#ifndef CMATCH_ENGINE_DIFF_GRID_H_
#define CMATCH_ENGINE_DIFF_GRID_H_

// The grid of `cmatch diff`: planes of cells, one a range of releases and a compute capability,
// that both rule sets fill.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/diff.h"
#include "profile.h"
#include "release_spans.h"

namespace cmatch::internal {

// One rule set's tables of one engine.
struct DiffSide {
  const RuleSet* rules = nullptr;
  std::vector<const Engine*> files;     // that state the engine
  std::vector<EngineProfile> profiles;  // by span; `engine` is nullptr where no window has it

  const EngineProfile* At(std::size_t span) const {
    return profiles[span].engine == nullptr ? nullptr : &profiles[span];
  }
};

struct DiffCell {
  std::string text;  // "native", "580"
  int rank = 0;      // higher is better
  Origin origin;     // of the row; line 0: none
  std::string_view because;
};

// One thing that the tables say for each release and capability.
struct DiffPlane {
  std::string subject;     // as GridChange::subject
  std::string name;        // empty: the subject alone
  bool by_compute = true;  // false: one cell a span
  // The profile has the release and the capability.
  std::function<DiffCell(const DiffSide&, const EngineProfile&)> at;
  // The effect of a change between cells with different texts, nothing where it is none; null: by
  // rank.
  std::function<std::optional<Effect>(const DiffCell&, const DiffCell&)> effect = {};
};

// Every plane that one of the sides has for this engine.
std::vector<DiffPlane> PlanesOf(const DiffSide& before, const DiffSide& after);

// The changes of all engines that both sets state alike numbered; adds to `diff.grid` and
// `diff.grid_cells`.
void CompareGrid(const RuleSet& before, const RuleSet& after, RuleSetDiff& diff);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_DIFF_GRID_H_
