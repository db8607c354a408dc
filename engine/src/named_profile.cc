#include "named_profile.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "cmatch/build_ecp.h"
#include "cmatch/kinds.h"
#include "launch.h"
#include "record.h"

namespace cmatch::internal {
namespace {

const std::string* TextOf(const Ecp& ecp, std::string_view name) {
  const auto it = ecp.attributes.find(name);
  return it == ecp.attributes.end() ? nullptr : std::get_if<std::string>(&it->second);
}

Problem At(std::string path, Problem problem) {
  if (problem.path.empty()) problem.path = std::move(path);
  return problem;
}

class Resolver {
 public:
  Resolver(const RuleSet& rules, Ecp& ecp, std::vector<Problem>& problems)
      : rules_(rules), ecp_(ecp), problems_(problems) {}

  NamedProfile Resolve() {
    FindEngine();
    FindCapability();
    if (release_.engine != nullptr) FindBuild();
    if (!known_.empty()) CheckLaunch();
    CheckCounts();
    FindSlips();
    if (release_.engine != nullptr && compute_) {
      named_.profile = release_;
      named_.profile.compute = *compute_;
    }
    return std::move(named_);
  }

 private:
  void FindEngine() {
    const std::string* name = TextOf(ecp_, "engine");
    if (name == nullptr) return;
    std::vector<std::string_view> names;
    for (const Engine& engine : rules_.tables().engines) {
      names.push_back(engine.name);
      if (FoldKind(engine.name) == FoldKind(*name)) known_ = engine.name;
    }
    if (known_.empty()) {
      UnknownEngine(*name, Nearest(FoldKind(*name), names));
      return;
    }
    ecp_.attributes["engine"] = std::string(known_);
    const std::string* version = TextOf(ecp_, "engine_version");
    if (version == nullptr || version->empty()) return;
    auto release = FindRelease(rules_, known_, *version);
    if (!release) {
      problems_.push_back(At("/engine_version", std::move(release.error())));
      return;
    }
    release_ = std::move(*release);
    ecp_.attributes["engine_version"] = release_.version_text;
  }

  // One that is nearly a known one is a slip; any other is the operator's own.
  void UnknownEngine(const std::string& name, std::string_view near) {
    own_engine_ = true;
    if (near.empty()) {
      named_.warnings.push_back(ProfileWarning(
          "SourceWarning",
          "no tables for engine \"" + name + "\": the profile's lists alone decide"));
      return;
    }
    Problem problem = At("/engine", FindRelease(rules_, name, {}).error());
    problem.help += "; a profile of an engine of your own with so near a name leaves it out";
    problems_.push_back(std::move(problem));
  }

  void FindCapability() {
    const std::string* text = TextOf(ecp_, "compute");
    if (text == nullptr || own_engine_) return;
    compute_ = ParseCompute(*text);
    if (!compute_) return;
    if (auto problem = CapabilityProblem(rules_, *compute_)) {
      problems_.push_back(std::move(*problem));
      compute_.reset();
    }
  }

  void FindBuild() {
    const std::string* name = TextOf(ecp_, "build");
    if (name == nullptr || name->empty()) return;
    if (const auto build = internal::FindBuild(release_, *name)) {
      release_.build = *build;
    } else {
      problems_.push_back(build.error());
    }
  }

  // Without a release a setting is right that some release of the engine takes.
  void CheckLaunch() {
    const std::vector<const LaunchKey*> keys =
        release_.engine != nullptr ? LaunchKeysOf(release_) : AllLaunchKeys(rules_, known_);
    for (auto it = ecp_.attributes.begin(); it != ecp_.attributes.end();) {
      // What is refused is taken out: `kv_cache` would be found wrong again as each of its halves.
      it = Takes(keys, it->first, it->second) ? std::next(it) : ecp_.attributes.erase(it);
    }
  }

  // False, with a problem, where `name` is a setting that is not taken so.
  bool Takes(const std::vector<const LaunchKey*>& keys, const std::string& name, Value& value) {
    std::vector<const LaunchKey*> rows;
    std::copy_if(keys.begin(), keys.end(), std::back_inserter(rows),
                 [&](const LaunchKey* key) { return key->name == name; });
    if (!IsKnown(value) || (rows.empty() && !IsSettingOfSome(name))) return true;
    const bool released = release_.engine != nullptr;
    if (rows.empty()) {
      problems_.push_back(released ? UnknownLaunchKey(release_, name)
                                   : UnknownLaunchKey(rules_, known_, name));
      return false;
    }
    std::vector<Value> taken;
    for (const LaunchKey* row : rows) {
      if (auto as_written = LaunchValue(rules_, *row, value)) taken.push_back(*as_written);
    }
    if (taken.empty()) {
      const std::string text = ToString(value);
      problems_.push_back(released ? BadLaunchValue(release_, *rows[0], text)
                                   : BadLaunchValue(known_, rows, text));
      return false;
    }
    // Where releases write it differently, it stays as it came.
    if (std::ranges::count(taken, taken[0]) == std::ssize(taken)) value = std::move(taken[0]);
    return true;
  }

  bool IsSettingOfSome(std::string_view name) const {
    return std::ranges::any_of(rules_.tables().engines, [&](const Engine& engine) {
      return std::ranges::any_of(engine.launch,
                                 [&](const LaunchKey& key) { return key.name == name; });
    });
  }

  // Sizes that no engine takes, also where none is named.
  void CheckCounts() {
    RequireAtLeast("gpu_count", 1);
    if (!known_.empty()) return;
    std::map<std::string_view, std::int64_t> least;
    for (const Engine& engine : rules_.tables().engines) {
      for (const LaunchKey& key : engine.launch) {
        if (!key.integer) continue;
        const auto at = least.try_emplace(key.name, key.min).first;
        at->second = std::min(at->second, key.min);
      }
    }
    for (const auto& [name, number] : least) RequireAtLeast(name, number);
  }

  void RequireAtLeast(std::string_view name, std::int64_t least) {
    const auto it = ecp_.attributes.find(name);
    if (it == ecp_.attributes.end()) return;
    const auto* number = std::get_if<std::int64_t>(&it->second);
    if (number == nullptr || *number >= least) return;
    problems_.push_back({.code = "ecp-wrong-value",
                         .path = "/" + std::string(name),
                         .message = std::string(name) + " must be an integer >= " +
                                    std::to_string(least) + ", not " + std::to_string(*number),
                         .where = {},
                         .notes = {},
                         .help = {}});
  }

  // Attributes that nothing declares are the caller's own, but for those that nearly are a name.
  void FindSlips() {
    constexpr std::string_view kPrefix = "ecp.";
    constexpr std::size_t kShort = 4;  // "gpus" is not meant for "gpu"
    std::vector<std::string_view> names;
    for (const auto& [name, value] : ecp_.attributes) {
      if (name.size() <= kShort || rules_.FindField(std::string(kPrefix) + name) != nullptr)
        continue;
      if (names.empty()) {
        for (const Field& field : rules_.tables().fields) {
          if (field.name.starts_with(kPrefix)) names.push_back(field.name.substr(kPrefix.size()));
        }
      }
      const std::string_view near = Nearest(name, names);
      if (near.empty()) continue;
      named_.warnings.push_back(ProfileWarning("SourceWarning",
                                               "no rule reads \"" + name + "\" of the profile",
                                               "did you mean \"" + std::string(near) + "\"?"));
    }
  }

  const RuleSet& rules_;
  Ecp& ecp_;
  std::vector<Problem>& problems_;
  std::string_view known_;   // the engine, as its tables write it
  bool own_engine_ = false;  // named, and without tables
  EngineProfile release_;    // without a capability
  std::optional<ComputeCapability> compute_;
  NamedProfile named_;
};

}  // namespace

Finding ProfileWarning(std::string error, std::string message, std::string hint) {
  Finding finding;
  finding.rule = "CMATCH-8021";
  finding.error = std::move(error);
  finding.severity = Severity::kWarning;
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  return finding;
}

NamedProfile Resolve(const RuleSet& rules, Ecp& ecp, std::vector<Problem>& problems) {
  return Resolver(rules, ecp, problems).Resolve();
}

}  // namespace cmatch::internal

namespace cmatch {

std::vector<Problem> ProfileProblems(const RuleSet& rules, Ecp ecp) {
  std::vector<Problem> problems;
  internal::Resolve(rules, ecp, problems);
  return problems;
}

}  // namespace cmatch
