#include "cmatch/diff.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "diff_grid.h"
#include "diff_tables.h"
#include "judge.h"

namespace cmatch {
namespace {

int Badness(Effect effect) {
  switch (effect) {
    case Effect::kWorse:
      return 0;
    case Effect::kUnclear:
      return 1;
    case Effect::kBetter:
      return 2;
    case Effect::kNone:
      return 3;
  }
  return 3;
}

bool Bad(Effect effect) { return effect == Effect::kWorse || effect == Effect::kUnclear; }

bool Allowed(const DiffOptions& options, const std::string& target) {
  return std::any_of(options.allow.begin(), options.allow.end(), [&](const std::string& pattern) {
    return internal::MatchesGlob(pattern, target);
  });
}

// A change of several kinds of which only some are allowed becomes two.
void MarkAllowed(std::vector<GridChange>& grid, const DiffOptions& options) {
  std::vector<GridChange> marked;
  for (GridChange& change : grid) {
    const std::vector<std::string> targets = change.Targets();
    GridChange allowed = change;
    const std::size_t cells = change.cells / targets.size();
    allowed.names.clear();
    std::vector<std::string> rest;
    std::size_t count = 0;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const bool let = Allowed(options, targets[i]);
      count += let ? 1U : 0U;
      if (!change.names.empty()) (let ? allowed.names : rest).push_back(change.names[i]);
    }
    allowed.allowed = true;
    allowed.cells = cells * count;
    change.names = std::move(rest);
    change.cells -= allowed.cells;
    if (change.cells != 0) marked.push_back(std::move(change));
    if (count != 0) marked.push_back(std::move(allowed));
  }
  grid = std::move(marked);
}

template <typename Change>
void SortWorstFirst(std::vector<Change>& changes) {
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return Badness(a.effect) < Badness(b.effect);
  });
}

std::string Joined(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

std::string TextOf(const CaseVerdict& verdict) {
  if (!verdict.error.empty()) return verdict.error;
  std::string text =
      verdict.fails.empty() ? "compatible" : "not compatible: " + Joined(verdict.fails);
  if (!verdict.warns.empty()) text += " (warns: " + Joined(verdict.warns) + ")";
  return text;
}

bool Within(const std::vector<std::string>& some, const std::vector<std::string>& all) {
  return std::all_of(some.begin(), some.end(), [&](const std::string& id) {
    return std::find(all.begin(), all.end(), id) != all.end();
  });
}

// What could be judged and no longer can is worse; any new failure, or new warning, is too.
Effect EffectOf(const CaseVerdict& from, const CaseVerdict& to) {
  if (!to.error.empty()) return from.error.empty() ? Effect::kWorse : Effect::kNone;
  if (!from.error.empty()) return Effect::kBetter;
  if (!Within(to.fails, from.fails)) return Effect::kWorse;
  if (!Within(from.fails, to.fails)) return Effect::kBetter;
  return Within(to.warns, from.warns) ? Effect::kBetter : Effect::kWorse;
}

}  // namespace

std::vector<std::string> GridChange::Targets() const {
  const std::string base = "engines/" + engine + "/" + subject;
  std::vector<std::string> targets;
  for (const std::string& name : names) targets.push_back(base + "/" + name);
  if (names.empty()) targets.push_back(base);
  return targets;
}

std::size_t RuleSetDiff::ChangedCells() const {
  return std::accumulate(
      grid.begin(), grid.end(), std::size_t{0},
      [](std::size_t sum, const GridChange& change) { return sum + change.cells; });
}

bool RuleSetDiff::GetsWorse() const {
  const auto bad = [](const auto& change) { return Bad(change.effect) && !change.allowed; };
  return std::any_of(grid.begin(), grid.end(), bad) ||
         std::any_of(tables.begin(), tables.end(), bad) ||
         std::any_of(cases.begin(), cases.end(), bad);
}

RuleSetDiff Compare(const RuleSet& before, const RuleSet& after, const DiffOptions& options) {
  RuleSetDiff diff;
  diff.old_digest = before.digest();
  diff.new_digest = after.digest();
  internal::CompareGrid(before, after, diff);
  MarkAllowed(diff.grid, options);
  SortWorstFirst(diff.grid);
  internal::CompareTables(before, after, options.today, diff);
  for (TableChange& change : diff.tables) change.allowed = Allowed(options, change.target);
  SortWorstFirst(diff.tables);
  return diff;
}

std::vector<CaseChange> CompareCases(const std::vector<CaseVerdict>& before,
                                     const std::vector<CaseVerdict>& after,
                                     const DiffOptions& options) {
  std::unordered_map<std::string_view, const CaseVerdict*> old_verdicts;
  for (const CaseVerdict& verdict : before) old_verdicts.emplace(verdict.id, &verdict);
  std::vector<CaseChange> changes;
  for (const CaseVerdict& verdict : after) {
    const auto old = old_verdicts.find(verdict.id);
    if (old == old_verdicts.end()) continue;
    std::string from = TextOf(*old->second);
    std::string to = TextOf(verdict);
    if (from == to) continue;
    changes.push_back({.id = verdict.id,
                       .where = verdict.where,
                       .from = std::move(from),
                       .to = std::move(to),
                       .effect = EffectOf(*old->second, verdict),
                       .allowed = Allowed(options, "cases/" + verdict.id)});
  }
  SortWorstFirst(changes);
  return changes;
}

std::string_view ToString(Effect effect) {
  switch (effect) {
    case Effect::kNone:
      return "none";
    case Effect::kBetter:
      return "better";
    case Effect::kWorse:
      return "worse";
    case Effect::kUnclear:
      return "unclear";
  }
  return "none";
}

}  // namespace cmatch
