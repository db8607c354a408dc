// What must hold across the rows of engine tables: no two rows for one release and capability,
// windows that do not overlap, capabilities that some GPU has, names that exist.

#include <algorithm>
#include <unordered_set>

#include "cmatch/kinds.h"
#include "compile.h"
#include "profile.h"

namespace cmatch::internal {
namespace {

bool ComputeOverlaps(const std::vector<ComputeRange>& a, const std::vector<ComputeRange>& b) {
  if (a.empty() || b.empty()) return true;
  for (const ComputeRange& x : a) {
    for (const ComputeRange& y : b) {
      if (x.low <= y.high && y.low <= x.high) return true;
    }
  }
  return false;
}

bool AsksForPaths(const Clause& clause) {
  return clause.form == Clause::Form::kSomePath ||
         std::any_of(clause.children.begin(), clause.children.end(), AsksForPaths);
}

const std::vector<ComputeRange>& RangesOf(const DriverFloor& floor) { return floor.compute; }

// Rows that hold on every capability.
template <typename Row>
const std::vector<ComputeRange>& RangesOf(const Row&) {
  static const std::vector<ComputeRange> kEverywhere;  // NOLINT(readability-identifier-naming)
  return kEverywhere;
}

class EngineChecker {
 public:
  EngineChecker(const Tables& tables, const Program& program, std::vector<Problem>& problems)
      : tables_(tables), program_(program), problems_(problems) {}

  void Check(const Engine& engine) {
    CheckEntries(engine.floor, "floor");
    for (const Dimension& dimension : engine.supports) CheckDimension(dimension);
    CheckStated(engine);
    CheckOnce(engine.max_context, "max_context");
    for (const Build& build : engine.builds) {
      CheckDisjoint(engine.builds, build, "build " + std::string(build.name));
      CheckOnce(build.min_driver, "the driver floor of build " + std::string(build.name));
      for (const DriverFloor& floor : build.min_driver) {
        CheckCompute(floor.compute, floor.origin);
        CheckDriver(floor);
      }
    }
    for (const LaunchKey& key : engine.launch) {
      CheckDisjoint(engine.launch, key, "launch key " + std::string(key.name));
    }
    for (const PathGroup& group : engine.paths) {
      for (const Path& path : group.paths) CheckPath(path);
    }
    CheckDefaults(engine);
  }

  // Windows of all files that state one engine.
  void CheckWindows() {
    for (std::size_t i = 0; i < tables_.engines.size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        if (tables_.engines[i].name == tables_.engines[j].name) CheckWindows(i, j);
      }
    }
  }

 private:
  void CheckWindows(std::size_t i, std::size_t j) {
    const Engine& later = tables_.engines[i];
    const Engine& earlier = tables_.engines[j];
    for (std::size_t a = 0; a < later.windows.size(); ++a) {
      for (std::size_t b = 0; b < (i == j ? a : earlier.windows.size()); ++b) {
        if (!Overlap(later.windows[a].versions, earlier.windows[b].versions)) continue;
        Problem& problem = AddProblem(problems_, tables_, later.windows[a].origin, "rules-overlap",
                                      "windows of " + std::string(later.name) + " overlap: " +
                                          std::string(later.windows[a].versions.text));
        problem.notes.push_back({"the other: " + std::string(earlier.windows[b].versions.text),
                                 tables_.Locate(earlier.windows[b].origin)});
      }
    }
  }

  void CheckCompute(const std::vector<ComputeRange>& ranges, Origin where) {
    const auto& known = program_.compute;
    for (const ComputeRange& range : ranges) {
      for (const ComputeCapability end : {range.low, range.high}) {
        if (std::find(known.begin(), known.end(), end) != known.end()) continue;
        AddProblem(problems_, tables_, where, "rules-unknown-compute",
                   "no GPU in gpus.yaml has compute capability " + ToString(end));
        if (range.low == range.high) break;
      }
    }
  }

  // A path that asks for paths would ask for itself, without end.
  void CheckPath(const Path& path) {
    CheckCompute(path.compute, path.origin);
    if (std::none_of(path.accepts.begin(), path.accepts.end(), AsksForPaths)) return;
    AddProblem(problems_, tables_, path.origin, "rules-bad-clause",
               "path " + std::string(path.id) + " asks for ecp.paths, which it is one of");
  }

  // Rows without names: at most one may apply.
  template <typename Row>
  void CheckOnce(const std::vector<Row>& rows, const std::string& what) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (!ComputeOverlaps(RangesOf(rows[i]), RangesOf(rows[j])) ||
            !Overlap(rows[i].versions, rows[j].versions)) {
          continue;
        }
        Problem& problem = AddProblem(problems_, tables_, rows[i].origin, "rules-overlap",
                                      what + " is stated twice for one release");
        problem.notes.push_back({"the other", tables_.Locate(rows[j].origin)});
      }
    }
  }

  void CheckDriver(const DriverFloor& floor) {
    if (Version::Parse(Versioning::kPep440, floor.driver)) return;
    AddProblem(problems_, tables_, floor.origin, "rules-wrong-type",
               "\"" + std::string(floor.driver) + "\" is not a driver version");
  }

  void CheckEntries(const std::vector<Entry>& entries, const std::string& what) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      CheckCompute(entries[i].compute, entries[i].origin);
      for (std::size_t j = 0; j < i; ++j) {
        if (entries[i].overlay || entries[j].overlay) continue;
        if (!ComputeOverlaps(entries[i].compute, entries[j].compute) ||
            !Overlap(entries[i].versions, entries[j].versions)) {
          continue;
        }
        Problem& problem =
            AddProblem(problems_, tables_, entries[i].origin, "rules-overlap",
                       "two rows of " + what + " apply to one release and capability");
        problem.notes.push_back({"the other row", tables_.Locate(entries[j].origin)});
      }
    }
  }

  void CheckDimension(const Dimension& dimension) {
    if (program_.FindSymbols(dimension.name) == nullptr) {
      std::vector<std::string_view> names;
      for (const Symbols& symbols : program_.symbols) names.push_back(symbols.dimension);
      Problem& problem = AddProblem(problems_, tables_, dimension.origin, "rules-unknown-dimension",
                                    "no dimension \"" + std::string(dimension.name) + "\"");
      const std::string_view near = Nearest(dimension.name, names);
      problem.help = near.empty() ? "name its kinds in kinds.yaml"
                                  : "did you mean \"" + std::string(near) + "\"?";
    }
    CheckOnce(dimension.open, "\"open\" of " + std::string(dimension.name));
    for (const KindSupport& row : dimension.kinds) {
      CheckEntries(row.entries, std::string(dimension.name) + " " + std::string(row.kind));
    }
  }

  void CheckStated(const Engine& engine) {
    for (const std::string_view needed : {"positional", "attention"}) {
      if (FindDimension(engine, needed) == nullptr) Missing(engine, std::string(needed));
    }
    if (FindDimension(engine, "quant") == nullptr &&
        FindDimension(engine, "tensor_type") == nullptr) {
      Missing(engine, "quant or tensor_type");
    }
  }

  void Missing(const Engine& engine, const std::string& what) {
    AddProblem(problems_, tables_, engine.origin, "rules-missing-key",
               "engine " + std::string(engine.name) + " must state " + what +
                   " under `supports:` (a profile needs it)");
  }

  template <typename Row>
  void CheckDisjoint(const std::vector<Row>& rows, const Row& row, const std::string& what) {
    for (const Row& other : rows) {
      if (&other == &row) return;
      if (other.name != row.name || !Overlap(other.versions, row.versions)) continue;
      Problem& problem = AddProblem(problems_, tables_, row.origin, "rules-overlap",
                                    what + " is stated twice for one release");
      problem.notes.push_back({"the other", tables_.Locate(other.origin)});
    }
  }

  // A default release may be one of another file's: FindRelease looks at all of them.
  bool Covered(const Engine& engine, std::string_view release) const {
    const auto covers = [&](const Engine& file) {
      if (file.name != engine.name) return false;
      const auto named = [&](const ReleaseName& name) { return name.name == release; };
      if (std::any_of(file.names.begin(), file.names.end(), named)) return true;
      const auto version = Version::Parse(file.versioning, release);
      return version &&
             std::any_of(file.windows.begin(), file.windows.end(),
                         [&](const Window& window) { return window.versions.Contains(*version); });
    };
    return std::any_of(tables_.engines.begin(), tables_.engines.end(), covers);
  }

  // Where a member of the engine was stated last: in the file itself, or by an overlay.
  Origin Stated(const Engine& engine, std::string_view member) const {
    const std::string target = "engines/" + std::string(engine.name) + "/" + std::string(member);
    Origin origin = engine.origin;
    for (const Override& change : tables_.overrides) {
      if (change.target == target) origin = change.origin;
    }
    return origin;
  }

  void CheckDefaults(const Engine& engine) {
    if (!engine.default_version.empty() && !Covered(engine, engine.default_version)) {
      AddProblem(problems_, tables_, Stated(engine, "default_version"), "rules-bad-default",
                 "default_version " + std::string(engine.default_version) + " of " +
                     std::string(engine.name) + " is in none of its windows");
    }
    for (const std::string_view build : engine.default_build) {
      const bool known = std::any_of(engine.builds.begin(), engine.builds.end(),
                                     [&](const Build& b) { return b.name == build; });
      if (known) continue;
      AddProblem(problems_, tables_, Stated(engine, "default_build"), "rules-bad-default",
                 "default_build names \"" + std::string(build) + "\", which " +
                     std::string(engine.name) + " does not have");
    }
  }

  const Tables& tables_;
  const Program& program_;
  std::vector<Problem>& problems_;
};

}  // namespace

void CheckEngines(const Tables& tables, const Program& program, std::vector<Problem>& problems) {
  EngineChecker checker(tables, program, problems);
  for (const Engine& engine : tables.engines) checker.Check(engine);
  checker.CheckWindows();
}

}  // namespace cmatch::internal
