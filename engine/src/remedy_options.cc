#include "remedy_options.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "cmatch/command.h"
#include "cmatch/matrix.h"
#include "record.h"

namespace cmatch::internal {
namespace {

std::string TextOf(const Ecp& worker, std::string_view name) {
  return ToString(MemberOf(worker, name));
}

std::optional<std::int64_t> Number(const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

// The release as asked; nullopt where the profile was given whole.
std::optional<EngineProfile> ReleaseOf(const RuleSet& rules, const RemedyRequest& request,
                                       const Ecp& worker) {
  if (request.ecp) return std::nullopt;
  auto profile = FindRelease(rules, request.engine.engine, request.engine.version);
  if (!profile) return std::nullopt;
  if (request.gpu.compute) profile->compute = *request.gpu.compute;
  for (const Build* build : BuildsOf(*profile)) {
    if (build->name == TextOf(worker, "build")) profile->build = build;
  }
  return *profile;
}

RemedyOption Launch(const std::string& key, const std::string& from, const std::string& to) {
  RemedyOption option;
  option.change = {.what = "launch",
                   .from = from.empty() ? from : key + "=" + from,
                   .to = to.empty() ? "no " + key : key + "=" + to,
                   .option = to.empty() ? "" : "--launch " + ShellWord(key + "=" + to)};
  option.apply = [key, to](RemedyRequest& request) {
    auto& launch = request.engine.launch;
    launch.erase(key);
    if (key == "kv_cache") {  // stands for both halves
      launch.erase("kv_cache_k");
      launch.erase("kv_cache_v");
    }
    if (!to.empty()) launch[key] = to;
  };
  return option;
}

// Values of an integer setting: those below the one asked for, the largest first, then those above
// it up to the GPUs there are.
std::vector<RemedyOption> IntegerValues(const LaunchKey& key, const std::string& from,
                                        std::int64_t asked, std::int64_t most) {
  std::vector<RemedyOption> options;
  const std::string name(key.name);
  for (std::int64_t value = asked - 1; value >= std::max<std::int64_t>(key.min, 1); --value) {
    options.push_back(Launch(name, from, std::to_string(value)));
  }
  for (std::int64_t value = asked + 1; value <= std::min(key.max, most); ++value) {
    options.push_back(Launch(name, from, std::to_string(value)));
  }
  return options;
}

}  // namespace

std::vector<RemedyOption> ContextOptions(const RemedyRequest& request, const Ecp& worker,
                                         const Report& report) {
  const auto requested = Number(MemberOf(request.mcd, "requested_context"));
  const std::int64_t asked = requested.value_or(request.mcd.context_max);
  // Limits that some rule stated, whichever it was; the largest that is enough wins.
  std::vector<std::int64_t> limits = {worker.max_context, request.mcd.context_max};
  for (const Finding& finding : report.violations) {
    if (finding.max) limits.push_back(*finding.max);
  }
  std::sort(limits.rbegin(), limits.rend());
  limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
  std::vector<RemedyOption> options;
  for (const std::int64_t tokens : limits) {
    if (tokens <= 0 || tokens >= asked) continue;
    RemedyOption option;
    option.change = {.what = "context",
                     .from = std::to_string(asked),
                     .to = std::to_string(tokens),
                     .option = "--context " + std::to_string(tokens)};
    option.apply = [tokens](RemedyRequest& changed) {
      changed.mcd.attributes["requested_context"] = tokens;
    };
    options.push_back(std::move(option));
  }
  return options;
}

std::vector<std::vector<RemedyOption>> LaunchOptions(const RuleSet& rules,
                                                     const RemedyRequest& request,
                                                     const Ecp& worker) {
  const auto profile = ReleaseOf(rules, request, worker);
  if (!profile) return {};
  std::vector<std::vector<RemedyOption>> lists;
  for (const LaunchKey* key : LaunchKeysOf(*profile)) {
    const std::string name(key->name);
    const std::string from = TextOf(worker, name);
    std::vector<RemedyOption> options;
    // Left to the engine where it was forced; then its default; then the others.
    if (request.engine.launch.contains(name) && key->default_value.empty()) {
      options.push_back(Launch(name, from, ""));
    }
    if (key->integer) {
      const std::int64_t asked = Number(MemberOf(worker, name)).value_or(1);
      const auto more =
          IntegerValues(*key, from, asked, std::max(asked, request.gpu.count.value_or(1)));
      options.insert(options.end(), more.begin(), more.end());
    }
    std::vector<Text> values = key->values;
    std::stable_partition(values.begin(), values.end(),
                          [&](Text value) { return value == key->default_value; });
    for (const Text value : values) {
      if (value != from) options.push_back(Launch(name, from, std::string(value)));
    }
    lists.push_back(std::move(options));
  }
  return lists;
}

std::vector<RemedyOption> BuildOptions(const RuleSet& rules, const RemedyRequest& request,
                                       const Ecp& worker) {
  const auto profile = ReleaseOf(rules, request, worker);
  if (!profile) return {};
  std::vector<RemedyOption> options;
  for (const Build* build : BuildsOf(*profile)) {
    if (build == profile->build) continue;
    const std::string name(build->name);
    RemedyOption option;
    option.change = {.what = "build",
                     .from = TextOf(worker, "build"),
                     .to = name,
                     .option = "--build " + ShellWord(name)};
    option.apply = [name](RemedyRequest& changed) { changed.engine.build = name; };
    options.push_back(std::move(option));
  }
  return options;
}

std::vector<RemedyOption> DriverOptions(const RuleSet& rules, const RemedyRequest& request,
                                        const Ecp& worker) {
  const auto profile = ReleaseOf(rules, request, worker);
  const DriverFloor* floor = profile ? MinDriver(*profile) : nullptr;
  if (floor == nullptr || request.gpu.driver.empty()) return {};
  const std::string driver(floor->driver);
  RemedyOption option;
  option.change = {.what = "driver", .from = request.gpu.driver, .to = driver, .option = ""};
  option.apply = [driver](RemedyRequest& changed) { changed.gpu.driver = driver; };
  return {std::move(option)};
}

std::vector<RemedyOption> EngineOptions(const RuleSet& rules, const RemedyRequest& request,
                                        const Ecp& worker) {
  if (request.ecp) return {};
  std::vector<RemedyOption> options;
  for (const std::string_view name : EngineNames(rules)) {
    const auto release = FindRelease(rules, name, "");
    if (!release || name == TextOf(worker, "engine")) continue;
    const std::string to = std::string(name) + "@" + release->version_text;
    RemedyOption option;
    option.change = {.what = "engine",
                     .from = TextOf(worker, "engine") + "@" + TextOf(worker, "engine_version"),
                     .to = to,
                     .option = "--engine " + ShellWord(to)};
    // An engine that has not the build or a launch setting asked for cannot be judged so.
    option.apply = [other = ParseEngine(to)](RemedyRequest& changed) {
      changed.engine.engine = other.engine;
      changed.engine.version = other.version;
    };
    options.push_back(std::move(option));
  }
  return options;
}

}  // namespace cmatch::internal
