#include "launch.h"

#include <algorithm>
#include <string>
#include <utility>

#include "cmatch/kinds.h"

namespace cmatch::internal {
namespace {

Problem LaunchProblem(std::string code, std::string_view key, std::string message,
                      std::string help) {
  return {.code = std::move(code),
          .path = "/" + std::string(key),
          .message = std::move(message),
          .where = {},
          .notes = {},
          .help = std::move(help)};
}

using Near = std::string_view (*)(std::string_view, const std::vector<std::string_view>&);

// In whatever case and with whatever hyphens.
std::string_view NearestFolded(Near nearest, std::string_view name,
                               const std::vector<std::string_view>& names) {
  std::vector<std::string> folded;
  for (const std::string_view each : names) folded.push_back(FoldKind(each));
  const std::string_view near = nearest(FoldKind(name), {folded.begin(), folded.end()});
  const auto at = std::ranges::find(folded, near);
  return at == folded.end() ? std::string_view()
                            : names[static_cast<std::size_t>(at - folded.begin())];
}

// The setting that the engine's own command line calls so: "kv_cache_dtype", "-tp".
std::string_view ByOption(const EngineProfile& release, std::string_view name,
                          const std::vector<std::string_view>& names) {
  const auto bare = [](std::string_view word) {
    while (word.starts_with('-')) word.remove_prefix(1);
    return FoldKind(word);
  };
  for (const CommandOption& option : release.engine->command.options) {
    if (option.words.empty() && option.env.empty()) continue;
    const std::string_view word = option.words.empty() ? option.env : option.words[0];
    const bool known = std::ranges::find(names, option.setting) != names.end();
    if (known && bare(word) == bare(name)) return option.setting;
  }
  return {};
}

// "kv" for kv_cache.
std::string_view ByBeginning(std::string_view name, const std::vector<std::string_view>& names) {
  const std::string folded = FoldKind(name);
  const auto begins = [&](std::string_view each) {
    return folded.size() >= 2 && (each.starts_with(folded) || folded.starts_with(each));
  };
  const auto at = std::ranges::find_if(names, begins);
  return at == names.end() ? std::string_view() : *at;
}

// "did you mean "fp8"? known: auto, fp8"
std::string Known(std::string_view near, const std::vector<std::string_view>& names) {
  std::string text = near.empty() ? "known:" : "did you mean \"" + std::string(near) + "\"? known:";
  for (const std::string_view each : names) {
    text += (each == names.front() ? " " : ", ") + std::string(each);
  }
  return names.empty() ? "it has none" : text;
}

std::string NameOf(const EngineProfile& release) {
  return std::string(release.engine->name) + " " + release.version_text;
}

void AddOnce(std::string_view name, std::vector<std::string_view>& names) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

// `refusal` goes before the setting: "vllm 0.9.0 does not know ".
Problem BadValue(const std::string& refusal, const std::vector<const LaunchKey*>& rows,
                 std::string_view value) {
  const LaunchKey& first = *rows.front();
  const std::string setting = std::string(first.name) + "=" + std::string(value);
  std::vector<std::string_view> known;
  std::int64_t least = first.min;
  std::int64_t most = first.max;
  for (const LaunchKey* row : rows) {
    for (const Text each : row->values) AddOnce(each, known);
    least = std::min(least, row->min);
    most = std::max(most, row->max);
  }
  if (first.integer) {
    return LaunchProblem("ecp-bad-launch-value", first.name,
                         setting + " is not an integer from " + std::to_string(least) + " to " +
                             std::to_string(most),
                         "");
  }
  return LaunchProblem("ecp-bad-launch-value", first.name, refusal + setting,
                       Known(NearestFolded(NearestKind, value, known), known));
}

}  // namespace

const LaunchKey* FindLaunchKey(const std::vector<const LaunchKey*>& keys, std::string_view name) {
  const auto key = std::find_if(keys.begin(), keys.end(),
                                [&](const LaunchKey* each) { return each->name == name; });
  return key == keys.end() ? nullptr : *key;
}

std::optional<Value> LaunchValue(const RuleSet& rules, const LaunchKey& key, const Value& value) {
  if (key.integer) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr || *number < key.min || *number > key.max) return std::nullopt;
    return value;
  }
  const auto* word = std::get_if<std::string>(&value);
  if (word == nullptr) return std::nullopt;
  const Field* field = rules.FindField("ecp." + std::string(key.name));
  const auto canonical = [&](std::string_view text) {
    return field != nullptr && field->type == FieldType::kKind ? rules.Canonical(field->of, text)
                                                               : FoldKind(text);
  };
  for (const Text known : key.values) {
    if (canonical(known) == canonical(*word)) return std::string(known);
  }
  return std::nullopt;
}

std::vector<const LaunchKey*> AllLaunchKeys(const RuleSet& rules, std::string_view engine) {
  std::vector<const LaunchKey*> keys;
  for (const Engine& file : rules.tables().engines) {
    if (file.name != engine) continue;
    for (const LaunchKey& key : file.launch) keys.push_back(&key);
  }
  return keys;
}

Problem BadLaunchValue(const EngineProfile& release, const LaunchKey& key, std::string_view value) {
  return BadValue(NameOf(release) + " does not know ", {&key}, value);
}

Problem BadLaunchValue(std::string_view engine, const std::vector<const LaunchKey*>& rows,
                       std::string_view value) {
  return BadValue("no release of " + std::string(engine) + " knows ", rows, value);
}

Problem UnknownLaunchKey(const EngineProfile& release, std::string_view name) {
  std::vector<std::string_view> names;
  for (const LaunchKey* key : LaunchKeysOf(release)) names.push_back(key->name);
  std::string_view near = NearestFolded(Nearest, name, names);
  if (near.empty()) near = ByOption(release, name, names);
  if (near.empty()) near = ByBeginning(name, names);
  return LaunchProblem("ecp-unknown-launch-key", name,
                       NameOf(release) + " has no launch setting \"" + std::string(name) + "\"",
                       Known(near, names));
}

Problem UnknownLaunchKey(const RuleSet& rules, std::string_view engine, std::string_view name) {
  std::vector<std::string_view> names;
  for (const LaunchKey* key : AllLaunchKeys(rules, engine)) AddOnce(key->name, names);
  return LaunchProblem("ecp-unknown-launch-key", name,
                       "no release of " + std::string(engine) + " has a launch setting \"" +
                           std::string(name) + "\"",
                       Known(NearestFolded(Nearest, name, names), names));
}

}  // namespace cmatch::internal
