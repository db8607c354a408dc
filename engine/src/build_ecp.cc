#include "cmatch/build_ecp.h"

#include <limits>
#include <utility>

#include "compile.h"
#include "launch.h"
#include "record.h"

namespace cmatch {

using internal::EngineProfile;

namespace {

using Attributes = std::map<std::string, Value, std::less<>>;

std::vector<std::string> Strings(const std::vector<std::string_view>& names) {
  return {names.begin(), names.end()};
}

class Builder {
 public:
  Builder(const RuleSet& rules, const EngineChoice& choice, const GpuFacts& gpu)
      : rules_(rules), choice_(choice), gpu_(gpu) {}

  std::expected<Ecp, Error> Build() {
    FindEngine();
    FindCapability();
    if (profile_.engine != nullptr) {
      FindBuild();
      SetLaunch();
      SetContext();
    }
    if (!problems_.empty()) {
      return std::unexpected(MakeError(ErrorKind::kInvalidEcp, std::move(problems_)));
    }
    SetSupports();
    SetFacts();
    return std::move(ecp_);
  }

 private:
  void FindEngine() {
    auto profile = internal::FindRelease(rules_, choice_.engine, choice_.version);
    if (profile) {
      profile_ = std::move(*profile);
    } else {
      problems_.push_back(std::move(profile.error()));
    }
  }

  void FindCapability() {
    if (!gpu_.compute) {
      problems_.push_back({.code = "ecp-no-compute",
                           .path = "/compute",
                           .message = "the compute capability of the GPU is not known",
                           .where = {},
                           .notes = {},
                           .help = {}});
      return;
    }
    if (auto problem = internal::CapabilityProblem(rules_, *gpu_.compute)) {
      problems_.push_back(std::move(*problem));
    }
    profile_.compute = *gpu_.compute;
  }

  // The build that was asked for; else the first default that the release has; else not known.
  void FindBuild() {
    if (!choice_.build.empty()) {
      const auto build = internal::FindBuild(profile_, choice_.build);
      if (build) {
        profile_.build = *build;
      } else {
        problems_.push_back(build.error());
      }
      return;
    }
    for (const Text name : profile_.engine->default_build) {
      if (const auto build = internal::FindBuild(profile_, name)) {
        profile_.build = *build;
        return;
      }
    }
  }

  void SetLaunch() {
    const auto keys = internal::LaunchKeysOf(profile_);
    for (const auto& [name, value] : choice_.launch) {
      if (const LaunchKey* key = internal::FindLaunchKey(keys, name)) {
        SetLaunch(*key, value);
      } else {
        problems_.push_back(internal::UnknownLaunchKey(profile_, name));
      }
    }
    for (const LaunchKey* key : keys) {
      if (!key->default_value.empty() && !IsSet(key->name)) SetLaunch(*key, key->default_value);
    }
  }

  // `kv_cache` stands for both halves where one of them is asked for.
  bool IsSet(Text name) const {
    if (choice_.launch.contains(std::string(name))) return true;
    const bool half = name == "kv_cache_k" || name == "kv_cache_v";
    return half && choice_.launch.contains("kv_cache");
  }

  void SetLaunch(const LaunchKey& key, std::string_view text) {
    Value given = std::string(text);
    if (key.integer) {
      const auto number = internal::ParseInteger(text);
      given = number ? Value(*number) : Value();
    }
    if (auto value = internal::LaunchValue(rules_, key, given)) {
      ecp_.attributes[std::string(key.name)] = std::move(*value);
    } else {
      problems_.push_back(internal::BadLaunchValue(profile_, key, text));
    }
  }

  void SetContext() {
    ecp_.max_context = std::numeric_limits<std::int64_t>::max();
    if (choice_.max_context) {
      ecp_.max_context = *choice_.max_context;
      return;
    }
    for (const ContextLimit& limit : profile_.engine->max_context) {
      if (internal::Applies(limit, profile_) && limit.tokens) ecp_.max_context = *limit.tokens;
    }
  }

  void SetSupports() {
    ecp_.supports_positional = Supported("positional");
    ecp_.supports_attention = Supported("attention");
    ecp_.supports_quant = Supported("quant");
    for (const Dimension& dimension : profile_.engine->supports) {
      if (internal::OpenAt(dimension, profile_) != nullptr) {
        ecp_.attributes["refuses_" + std::string(dimension.name)] =
            Strings(internal::RefusedKinds(dimension, profile_));
      }
      if (dimension.name == "positional" || dimension.name == "attention" ||
          dimension.name == "quant") {
        continue;
      }
      ecp_.attributes["supports_" + std::string(dimension.name)] = Supported(dimension.name);
    }
  }

  std::vector<std::string> Supported(std::string_view dimension) const {
    return Strings(internal::SupportedKinds(rules_, profile_, dimension));
  }

  void SetFacts() {
    Attributes& attributes = ecp_.attributes;
    attributes["engine"] = std::string(profile_.engine->name);
    attributes["engine_version"] = profile_.version_text;
    if (profile_.build != nullptr) attributes["build"] = std::string(profile_.build->name);
    attributes["compute"] = ToString(profile_.compute);
    if (!gpu_.name.empty()) attributes["gpu"] = gpu_.name;
    if (gpu_.count) attributes["gpu_count"] = *gpu_.count;
    if (!gpu_.driver.empty()) attributes["driver"] = gpu_.driver;
    if (gpu_.mig) attributes["mig"] = true;
    ecp_.vram_bytes = gpu_.memory_bytes;
    ecp_.worker_id = choice_.worker_id.empty() ? WorkerId() : choice_.worker_id;
  }

  std::string Release() const {
    return std::string(profile_.engine->name) + " " + profile_.version_text;
  }

  std::string WorkerId() const {
    std::string id = std::string(profile_.engine->name) + "@" + profile_.version_text;
    if (profile_.build != nullptr) id += "/" + std::string(profile_.build->name);
    return id + " on " + (gpu_.name.empty() ? "compute " + ToString(profile_.compute) : gpu_.name);
  }

  const RuleSet& rules_;
  const EngineChoice& choice_;
  const GpuFacts& gpu_;
  EngineProfile profile_;
  Ecp ecp_;
  std::vector<Problem> problems_;
};

}  // namespace

EngineChoice ParseEngine(std::string_view text) {
  EngineChoice choice;
  const std::size_t at = text.find('@');
  choice.engine = text.substr(0, at);
  if (at != std::string_view::npos) choice.version = text.substr(at + 1);
  return choice;
}

std::expected<Ecp, Error> BuildEcp(const RuleSet& rules, const EngineChoice& choice,
                                   const GpuFacts& gpu) {
  return Builder(rules, choice, gpu).Build();
}

}  // namespace cmatch
