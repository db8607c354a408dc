#include "cmatch/requirement.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "record.h"

namespace cmatch {
namespace {

// More than any rule asks for.
constexpr std::int64_t kPlentyMib = std::int64_t{1} << 30;
constexpr const char* kNewestDriver = "9999";
constexpr const char* kOldestDriver = "0";

// GPUs that the launch settings ask for.
std::int64_t CountOf(const EngineChoice& choice) {
  std::int64_t count = 1;
  for (const char* key : {"tensor_parallel", "pipeline_parallel"}) {
    const auto at = choice.launch.find(key);
    std::int64_t number = 1;
    if (at != choice.launch.end()) {
      std::from_chars(at->second.data(), at->second.data() + at->second.size(), number);
    }
    if (number > 0 && number < 1 << 20) count *= number;
  }
  return count;
}

// The drivers that the engine's builds name, ascending.
std::vector<std::string> DriversOf(const RuleSet& rules, std::string_view engine) {
  std::vector<std::pair<Version, std::string>> drivers;
  for (const Engine& file : rules.tables().engines) {
    if (file.name != engine) continue;
    for (const Build& build : file.builds) {
      for (const DriverFloor& floor : build.min_driver) {
        auto version = Version::Parse(Versioning::kPep440, floor.driver);
        if (version) drivers.emplace_back(*std::move(version), floor.driver);
      }
    }
  }
  std::sort(drivers.begin(), drivers.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (auto& [version, name] : drivers) names.push_back(std::move(name));
  return names;
}

class Finder {
 public:
  Finder(const CapabilityMatcher& matcher, const Model& model, const EngineChoice& choice)
      : matcher_(matcher), model_(model), choice_(choice), count_(CountOf(choice)) {}

  // Errors: as BuildEcp().
  std::expected<void, Error> Try(ComputeCapability compute, Requirement& required) {
    GpuFacts gpu;
    gpu.compute = compute;
    gpu.count = count_;
    gpu.memory_bytes = kPlentyMib << 20;
    gpu.driver = kNewestDriver;
    auto ecp = BuildEcp(matcher_.rules(), choice_, gpu);
    if (!ecp) return std::unexpected(std::move(ecp.error()));
    ecp_ = std::move(*ecp);
    Name(required);
    const auto best = Verdict();
    if (!best) return std::unexpected(best.error());
    if (!best->compatible()) {
      Remember(required);
      return {};
    }
    if (required.gpus.empty()) required.skipped = Explain().skipped;
    required.gpus.push_back(Least(compute, *best));
    return {};
  }

 private:
  std::expected<cmatch::Verdict, Error> Verdict() const {
    const auto worker = matcher_.Bind(ecp_);
    if (!worker) return std::unexpected(worker.error());
    return matcher_.Check(model_, *worker);
  }

  Report Explain() const { return matcher_.Explain(model_, *matcher_.Bind(ecp_)); }

  void Name(Requirement& required) const {
    required.engine = ToString(internal::MemberOf(ecp_, "engine"));
    required.version = ToString(internal::MemberOf(ecp_, "engine_version"));
    const Value build = internal::MemberOf(ecp_, "build");
    required.build = IsKnown(build) ? ToString(build) : "";
    required.gpu_count = count_;
  }

  void Remember(Requirement& required) const {
    Report report = Explain();
    if (required.nearest && required.nearest->violations.size() <= report.violations.size()) return;
    required.nearest = std::move(report);
  }

  bool Passes(const std::string& driver, std::int64_t memory_mib, bool strictly,
              const cmatch::Verdict& best) {
    ecp_.attributes["driver"] = driver;
    ecp_.vram_bytes = memory_mib << 20;
    const auto verdict = Verdict();
    return verdict && verdict->compatible() && (!strictly || verdict->warned == best.warned);
  }

  std::optional<std::int64_t> LeastMemory(bool strictly, const cmatch::Verdict& best) {
    const auto passes = [&](std::int64_t mib) {
      return Passes(kNewestDriver, mib, strictly, best);
    };
    if (passes(1)) return std::nullopt;
    std::int64_t low = 1, high = kPlentyMib;  // fails, passes
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      (passes(middle) ? high : low) = middle;
    }
    return high;
  }

  GpuRequirement Least(ComputeCapability compute, const cmatch::Verdict& best) {
    GpuRequirement least{.compute = compute, .driver = {}, .memory_mib = {}, .comfort_mib = {}};
    least.memory_mib = LeastMemory(false, best);
    least.comfort_mib = LeastMemory(true, best);
    const auto passes = [&](const std::string& driver) {
      return Passes(driver, kPlentyMib, false, best);
    };
    if (passes(kOldestDriver)) return least;
    for (const std::string& driver :
         DriversOf(matcher_.rules(), ToString(internal::MemberOf(ecp_, "engine")))) {
      if (!passes(driver)) continue;
      least.driver = driver;
      break;
    }
    return least;
  }

  const CapabilityMatcher& matcher_;
  const Model& model_;
  const EngineChoice& choice_;
  std::int64_t count_;
  Ecp ecp_;
};

}  // namespace

std::expected<Requirement, Error> RequirementOf(const CapabilityMatcher& matcher, const Mcd& mcd,
                                                const EngineChoice& choice) {
  const auto model = matcher.Bind(mcd);
  if (!model) return std::unexpected(model.error());
  Requirement required;
  required.model_id = mcd.model_id;
  Finder finder(matcher, *model, choice);
  for (const ComputeCapability compute : matcher.rules().KnownCompute()) {
    if (auto tried = finder.Try(compute, required); !tried) {
      return std::unexpected(std::move(tried.error()));
    }
  }
  if (!required.gpus.empty()) required.nearest.reset();
  return required;
}

}  // namespace cmatch
