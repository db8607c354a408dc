#include "cmatch/coverage.h"

#include <algorithm>

#include "advisories.h"
#include "evaluate.h"

namespace cmatch {

using internal::BoundPath;
using internal::BoundPathGroup;
using internal::BoundWorker;
using internal::EngineProfile;
using internal::Slot;

namespace {

// Calls visit(row, origin, what) for every row that a verdict can rest on.
template <typename Visit>
void ForEachRow(const Engine& engine, Visit visit) {
  const std::string name(engine.name);
  for (const Entry& entry : engine.floor) visit(&entry, entry.origin, name + " floor");
  for (const Dimension& dimension : engine.supports) {
    for (const KindSupport& row : dimension.kinds) {
      for (const Entry& entry : row.entries) {
        visit(&entry, entry.origin,
              name + " " + std::string(dimension.name) + " " + std::string(row.kind));
      }
    }
  }
  for (const Build& build : engine.builds) {
    visit(&build, build.origin, name + " build " + std::string(build.name));
    for (const DriverFloor& floor : build.min_driver) {
      visit(&floor, floor.origin,
            name + " build " + std::string(build.name) + " driver " + std::string(floor.driver));
    }
  }
  for (const PathGroup& group : engine.paths) {
    for (const Path& path : group.paths) {
      visit(&path, path.origin, name + " path " + std::string(path.id));
    }
  }
}

std::vector<std::string> Kinds(const Value& value) {
  if (const auto* kind = std::get_if<std::string>(&value)) return {*kind};
  if (const auto* kinds = std::get_if<std::vector<std::string>>(&value)) return *kinds;
  return {};
}

}  // namespace

void Coverage::AddKinds(const Worker& worker, std::string_view dimension, const Value& kinds) {
  const EngineProfile& profile = worker.bound().profile;
  for (const std::string& kind : Kinds(kinds)) {
    const internal::Support support = internal::SupportOf(rules_->program(), profile, dimension,
                                                          rules_->Canonical(dimension, kind));
    if (support.entry != nullptr) rows_.insert(support.entry);
  }
}

void Coverage::Add(const Model& model, const Worker& worker, const Verdict& verdict) {
  const auto& compiled = rules_->program().rules;
  for (std::size_t i = 0; i < compiled.size(); ++i) {
    if (Verdict::Has(verdict.failed, i) || Verdict::Has(verdict.waived, i)) {
      failed_.insert(compiled[i].rule);
    } else if (!Verdict::Has(verdict.skipped, i)) {
      passed_.insert(compiled[i].rule);
    }
  }
  const BoundWorker& bound = worker.bound();
  if (bound.profile.engine == nullptr) return;
  const internal::Program& program = rules_->program();
  for (const Slot& slot : program.slots) {
    if (!internal::IsKinds(slot.field->type)) continue;
    const std::string_view member = slot.field->name.substr(4);
    if (member.starts_with("supports_")) continue;
    const Value kinds =
        slot.ecp ? internal::MemberOf(bound.ecp, member) : internal::MemberOf(model.mcd(), member);
    for (const Dimension& dimension : bound.profile.engine->supports) {
      if (internal::KindsOfDimension(rules_->tables(), dimension.name) == slot.field->of) {
        AddKinds(worker, dimension.name, kinds);
      }
    }
    // What an engine states of tensor types alone is asked for as `quant`.
    AddKinds(worker, slot.field->of, kinds);
  }
  rows_.insert(internal::FindEntry(bound.profile.engine->floor, bound.profile));
  rows_.insert(bound.profile.build);
  rows_.insert(internal::MinDriver(bound.profile));
  const internal::Evaluator evaluator(program, model.bound(), bound);
  internal::ForEachAdvisory(
      evaluator, program, bound,
      [&](const internal::CompiledAdvisory& row, Truth) { rows_.insert(row.advisory); });
  for (const BoundPathGroup& group : bound.paths) {
    const BoundPath* chosen = nullptr;
    evaluator.EvaluateGroup(group, &chosen);
    if (chosen != nullptr) rows_.insert(chosen->path);
  }
}

std::vector<Coverage::Gap> Coverage::Gaps() const {
  const Tables& tables = rules_->tables();
  std::vector<Gap> gaps;
  for (const Rule& rule : tables.rules) {
    if (rule.severity != Severity::kError) continue;
    const std::string id(rule.id);
    if (!failed_.contains(&rule))
      gaps.push_back({tables.Locate(rule.origin), id + ": no failing case"});
    if (!passed_.contains(&rule))
      gaps.push_back({tables.Locate(rule.origin), id + ": no passing case"});
  }
  for (const Engine& engine : tables.engines) {
    ForEachRow(engine, [&](const void* row, Origin origin, std::string what) {
      if (!rows_.contains(row)) gaps.push_back({tables.Locate(origin), std::move(what)});
    });
  }
  for (const Advisory& advisory : tables.advisories) {
    if (advisory.severity == Severity::kOff || rows_.contains(&advisory)) continue;
    gaps.push_back({tables.Locate(advisory.origin),
                    std::string(advisory.engine) + " advisory " + std::string(advisory.id)});
  }
  return gaps;
}

std::size_t Coverage::rows() const {
  std::size_t count = 0;
  for (const Rule& rule : rules_->tables().rules)
    count += rule.severity == Severity::kError ? 2 : 0;
  for (const Engine& engine : rules_->tables().engines) {
    ForEachRow(engine, [&](const void*, Origin, const std::string&) { ++count; });
  }
  for (const Advisory& advisory : rules_->tables().advisories) {
    count += advisory.severity == Severity::kOff ? 0 : 1;
  }
  return count;
}

}  // namespace cmatch
