#include "lint_engine.h"

#include <algorithm>

#include "profile.h"
#include "release_spans.h"

namespace cmatch::internal {
namespace {

const Window* WindowOf(const Engine& engine, const Version& version) {
  for (const Window& window : engine.windows) {
    if (window.versions.Contains(version)) return &window;
  }
  return nullptr;
}

std::string Releases(const VersionRange& versions) {
  return versions.Everything() ? "every release" : std::string(versions.text);
}

// The releases that a file covers, each with the capabilities its floor lets start.
class Reach {
 public:
  Reach(const RuleSet& rules, const Engine& engine) : compute_(rules.KnownCompute()) {
    std::vector<std::string_view> ranges;
    AddRanges(engine, ranges);
    for (const ReleaseSpan& span : CutReleases(engine.versioning, ranges)) {
      if (WindowOf(engine, span.representative) == nullptr) continue;
      EngineProfile profile;
      profile.engine = &engine;
      profile.version = span.representative;
      std::vector<bool> starts;
      for (const ComputeCapability compute : compute_) {
        profile.compute = compute;
        const Entry* floor = FindEntry(engine.floor, profile);
        starts.push_back(floor != nullptr && floor->level != Level::kUnsupported);
      }
      releases_.push_back({span.representative, std::move(starts)});
    }
  }

  bool AnyRelease(const VersionRange& versions) const {
    return std::any_of(releases_.begin(), releases_.end(),
                       [&](const Release& release) { return versions.Contains(release.version); });
  }

  // Calls visit(release, capability) wherever the engine starts and the row holds, until it
  // returns true; false where it never does.
  template <typename Row, typename Visit>
  bool Any(const Row& row, Visit visit) const {
    for (const Release& release : releases_) {
      if (!row.versions.Contains(release.version)) continue;
      for (std::size_t i = 0; i < compute_.size(); ++i) {
        if (!release.starts[i] || !CoversCompute(row.compute, compute_[i])) continue;
        if (visit(release.version, compute_[i])) return true;
      }
    }
    return false;
  }

 private:
  struct Release {
    Version version;
    std::vector<bool> starts;  // by capability
  };
  std::span<const ComputeCapability> compute_;
  std::vector<Release> releases_;
};

class ReachLinter {
 public:
  ReachLinter(const RuleSet& rules, const Engine& engine, std::vector<Problem>& problems)
      : tables_(rules.tables()), engine_(engine), reach_(rules, engine), problems_(problems) {}

  void Lint() {
    for (const Entry& row : engine_.floor) CheckReleases(row, "floor");
    for (const ContextLimit& row : engine_.max_context) {
      CheckReleases(row, "max_context");
    }
    for (const Build& build : engine_.builds) {
      CheckReleases(build, "build " + std::string(build.name));
      for (const DriverFloor& row : build.min_driver) {
        CheckReleases(row, "min_driver of build " + std::string(build.name));
      }
    }
    for (const LaunchKey& key : engine_.launch) {
      CheckReleases(key, "launch key " + std::string(key.name));
    }
    for (const Dimension& dimension : engine_.supports) {
      for (const OpenRow& row : dimension.open) {
        CheckReleases(row, "open " + std::string(dimension.name));
      }
      for (const KindSupport& kind : dimension.kinds) {
        const std::string what = std::string(dimension.name) + " " + std::string(kind.kind);
        for (const Entry& row : kind.entries) CheckRow(row, what);
      }
    }
    for (const PathGroup& group : engine_.paths) {
      for (std::size_t i = 0; i < group.paths.size(); ++i) CheckPath(group.paths, i);
    }
  }

 private:
  // False, and a warning, where no window has a release of the row.
  template <typename Row>
  bool CheckReleases(const Row& row, const std::string& what) {
    if (row.versions.Everything() || reach_.AnyRelease(row.versions)) return true;
    Unreachable(row.origin, what, "no window has a release of " + Releases(row.versions),
                "correct its versions, or widen the windows of the file");
    return false;
  }

  // What is said to be unsupported need not be reachable: it may explain what the floor refuses.
  bool CheckRow(const auto& row, const std::string& what) {
    if (!CheckReleases(row, what)) return false;
    if (row.level == Level::kUnsupported) return true;
    if (reach_.Any(row, [](const Version&, ComputeCapability) { return true; })) return true;
    Unreachable(
        row.origin, what,
        "the floor lets the engine start on none of its capabilities in " + Releases(row.versions),
        "correct its compute or versions, or the floor");
    return false;
  }

  void CheckPath(const std::vector<Path>& paths, std::size_t index) {
    const Path& path = paths[index];
    const std::string what = "path " + std::string(path.id);
    if (!CheckRow(path, what) || index == 0) return;
    const Path* before = nullptr;
    const bool reached = reach_.Any(path, [&](const Version& version, ComputeCapability compute) {
      const auto takes_all = [&](const Path& earlier) {
        return earlier.accepts.empty() && earlier.versions.Contains(version) &&
               CoversCompute(earlier.compute, compute);
      };
      const auto end = paths.begin() + static_cast<std::ptrdiff_t>(index);
      const auto found = std::find_if(paths.begin(), end, takes_all);
      if (found != end) before = &*found;
      return found == end;
    });
    if (reached || before == nullptr) return;
    Problem& problem =
        Unreachable(path.origin, what,
                    "path " + std::string(before->id) + " stands before it and takes every model",
                    "put it first, or say what the other accepts");
    problem.notes.push_back({"the other path", tables_.Locate(before->origin)});
  }

  Problem& Unreachable(Origin where, const std::string& what, const std::string& why,
                       std::string help) {
    return Warn(problems_, tables_, where, "rules-unreachable-row",
                "nothing can reach this row of " + what + ": " + why, std::move(help));
  }

  const Tables& tables_;
  const Engine& engine_;
  Reach reach_;
  std::vector<Problem>& problems_;
};

}  // namespace

Problem& Warn(std::vector<Problem>& problems, const Tables& tables, Origin where, const char* code,
              std::string message, std::string help) {
  return problems.emplace_back(Problem{.code = code,
                                       .path = {},
                                       .message = std::move(message),
                                       .where = tables.Locate(where),
                                       .notes = {},
                                       .help = std::move(help),
                                       .warning = true});
}

void LintWindows(const RuleSet& rules, std::string_view engine, std::vector<Problem>& problems) {
  std::vector<const Engine*> files;
  std::vector<std::string_view> ranges;
  for (const Engine& file : rules.tables().engines) {
    if (file.name != engine) continue;
    files.push_back(&file);
    for (const Window& window : file.windows) ranges.push_back(window.versions.text);
  }
  const std::vector<ReleaseSpan> spans = CutReleases(files[0]->versioning, ranges);
  const auto window_of = [&](const ReleaseSpan& span) {
    const Window* window = nullptr;
    for (const Engine* file : files) {
      if (window == nullptr) window = WindowOf(*file, span.representative);
    }
    return window;
  };
  bool covered = false;  // some span before
  const ReleaseSpan* gap = nullptr;
  for (const ReleaseSpan& span : spans) {
    const Window* window = window_of(span);
    if (window == nullptr) {
      if (gap == nullptr) gap = &span;
      continue;
    }
    // A window that ends with `<=` names its last release: what follows is left out on purpose.
    if (covered && gap != nullptr && gap->from.starts_with(">=")) {
      Warn(problems, rules.tables(), window->origin, "rules-window-gap",
           "no window of " + std::string(engine) + " has the releases " +
               RangeText(*gap, *(&span - 1)) + ", between two that are covered",
           "widen a window, or end the one before with <= and its last release");
    }
    covered = true;
    gap = nullptr;
  }
}

void LintReach(const RuleSet& rules, const Engine& engine, std::vector<Problem>& problems) {
  ReachLinter(rules, engine, problems).Lint();
}

}  // namespace cmatch::internal
