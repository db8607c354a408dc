// Advisories against the engines they are of: that engine's numbering, releases that its windows
// have, a fix that lies outside the range.

#include <algorithm>

#include "cmatch/kinds.h"
#include "compile.h"

namespace cmatch::internal {
namespace {

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

class AdvisoryCompiler {
 public:
  AdvisoryCompiler(const Tables& tables, ClauseCompiler& clauses, Program& program,
                   std::vector<Problem>& problems)
      : tables_(tables), clauses_(clauses), program_(program), problems_(problems) {}

  void Compile(const Advisory& advisory) {
    const auto engine = std::find_if(tables_.engines.begin(), tables_.engines.end(),
                                     [&](const Engine& e) { return e.name == advisory.engine; });
    if (engine == tables_.engines.end()) return UnknownEngine(advisory);
    const auto range = ParseVersionRange(engine->versioning, advisory.versions);
    if (!range) {
      return Complain(advisory, advisory.versions_origin,
                      Quoted(advisory.versions) + " is not a range of releases of " +
                          std::string(advisory.engine));
    }
    CheckWindows(advisory, *range);
    CheckFixed(advisory, engine->versioning, *range);
    CheckOnce(advisory, *range);
    CompiledAdvisory compiled{.advisory = &advisory, .versions = *range};
    if (advisory.when) compiled.when = clauses_.Compile(*advisory.when);
    program_.advisories.push_back(std::move(compiled));
  }

 private:
  void Complain(const Advisory& advisory, Origin where, std::string what) {
    AddProblem(problems_, tables_, where, "rules-bad-advisory",
               std::string(advisory.id) + ": " + std::move(what));
  }

  void UnknownEngine(const Advisory& advisory) {
    std::vector<std::string_view> names;
    for (const Engine& engine : tables_.engines) names.push_back(engine.name);
    Complain(advisory, advisory.origin, "no tables for engine " + Quoted(advisory.engine));
    const std::string_view near = Nearest(advisory.engine, names);
    if (!near.empty()) problems_.back().help = "did you mean " + Quoted(near) + "?";
  }

  // A release outside the windows cannot be judged at all: nobody would ever see the advisory.
  void CheckWindows(const Advisory& advisory, const VersionRange& range) {
    for (const Engine& engine : tables_.engines) {
      if (engine.name != advisory.engine) continue;
      for (const Window& window : engine.windows) {
        if (Overlap(window.versions, range)) return;
      }
    }
    Complain(advisory, advisory.versions_origin,
             "no window of " + std::string(advisory.engine) + " has a release in " +
                 Quoted(advisory.versions));
  }

  void CheckFixed(const Advisory& advisory, Versioning versioning, const VersionRange& range) {
    if (advisory.fixed.empty()) return;
    const auto fixed = Version::Parse(versioning, advisory.fixed);
    if (!fixed) {
      Complain(advisory, advisory.fixed_origin,
               Quoted(advisory.fixed) + " is not a release of " + std::string(advisory.engine));
    } else if (range.Contains(*fixed)) {
      Complain(advisory, advisory.fixed_origin,
               "the first fixed release, " + std::string(advisory.fixed) + ", is among those of " +
                   Quoted(advisory.versions));
    }
  }

  void CheckOnce(const Advisory& advisory, const VersionRange& range) {
    for (const CompiledAdvisory& other : program_.advisories) {
      if (other.advisory->engine != advisory.engine || other.advisory->id != advisory.id) continue;
      if (!Overlap(other.versions, range)) continue;
      Problem& problem =
          AddProblem(problems_, tables_, advisory.origin, "rules-overlap",
                     "advisory " + std::string(advisory.id) + " of " +
                         std::string(advisory.engine) + " is stated twice for one release");
      problem.notes.push_back({"the other", tables_.Locate(other.advisory->origin)});
    }
  }

  const Tables& tables_;
  ClauseCompiler& clauses_;
  Program& program_;
  std::vector<Problem>& problems_;
};

}  // namespace

void CompileAdvisories(const Tables& tables, ClauseCompiler& compiler, Program& program,
                       std::vector<Problem>& problems) {
  AdvisoryCompiler advisories(tables, compiler, program, problems);
  for (const Advisory& advisory : tables.advisories) advisories.Compile(advisory);
}

}  // namespace cmatch::internal
