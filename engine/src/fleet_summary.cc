#include "cmatch/fleet_summary.h"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

namespace cmatch {
namespace {

constexpr std::size_t kNone = ~std::size_t{0};

std::size_t Count(FleetBlock::Bits bits) {
  std::size_t count = 0;
  for (const std::uint64_t word : bits) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

class Summariser {
 public:
  explicit Summariser(const Fleet& fleet)
      : fleet_(fleet),
        rules_(fleet.matcher().rules().tables().rules.size()),
        nearly_(rules_),
        taken_((fleet.workers().size() + 63) / 64) {
    summary_.rules.resize(rules_);
  }

  FleetSummary Run() {
    for (std::size_t model = 0; model < fleet_.models().size(); ++model) {
      has_worker_ = false;
      std::ranges::fill(nearly_, kNone);
      fleet_.ForEachBlock(model, 1, [&](const FleetBlock& block) { Add(block); });
      if (!has_worker_) AddStranded(model);
    }
    for (std::size_t worker = 0; worker < fleet_.workers().size(); ++worker) {
      if ((taken_[worker / 64] >> (worker % 64) & 1) == 0) {
        summary_.workers_without_model.push_back(worker);
      }
    }
    for (auto& [key, unlock] : unlocks_) summary_.unlocks.push_back(std::move(unlock));
    std::ranges::stable_sort(summary_.unlocks, std::greater{},
                             [](const FleetUnlock& unlock) { return unlock.models.size(); });
    return std::move(summary_);
  }

 private:
  // One model on the workers of a block.
  void Add(const FleetBlock& block) {
    const FleetBlock::Bits compatible = block.Compatible(0);
    summary_.compatible += Count(compatible);
    for (std::size_t w = 0; w < compatible.size(); ++w) {
      taken_[block.first_worker / 64 + w] |= compatible[w];
      has_worker_ = has_worker_ || compatible[w] != 0;
    }
    several_.assign(compatible.size(), 0);
    some_.assign(compatible.size(), 0);
    for (std::size_t rule = 0; rule < rules_; ++rule) {
      const FleetBlock::Bits failed = block.Failed(rule, 0);
      for (std::size_t w = 0; w < failed.size(); ++w) {
        several_[w] |= some_[w] & failed[w];
        some_[w] |= failed[w];
      }
    }
    for (std::size_t rule = 0; rule < rules_; ++rule) {
      FleetRuleCounts& counts = summary_.rules[rule];
      const FleetBlock::Bits failed = block.Failed(rule, 0);
      counts.failed += Count(failed);
      counts.warned += Count(block.Warned(rule, 0));
      counts.skipped += Count(block.Skipped(rule, 0));
      counts.waived += Count(block.Waived(rule, 0));
      for (std::size_t w = 0; w < failed.size(); ++w) {
        const std::uint64_t alone = failed[w] & ~several_[w];
        counts.alone += static_cast<std::size_t>(std::popcount(alone));
        if (alone != 0 && nearly_[rule] == kNone) {
          nearly_[rule] =
              block.first_worker + 64 * w + static_cast<std::size_t>(std::countr_zero(alone));
        }
      }
    }
  }

  void AddStranded(std::size_t model) {
    summary_.models_without_worker.push_back(model);
    for (std::size_t rule = 0; rule < rules_; ++rule) {
      if (nearly_[rule] == kNone) continue;
      const Report report =
          fleet_.matcher().Explain(fleet_.models()[model], fleet_.workers()[nearly_[rule]]);
      if (report.violations.size() == 1) AddUnlock(rule, model, report.violations[0]);
    }
  }

  // Models that meet the same limit share one entry, by the largest number; others by what they
  // need.
  void AddUnlock(std::size_t rule, std::size_t model, const Finding& finding) {
    const auto* number = std::get_if<std::int64_t>(&finding.required);
    const bool limit = finding.max.has_value() && number != nullptr;
    const std::string needed = ToString(finding.required);
    const auto [it, added] = unlocks_.try_emplace({rule, limit ? std::string() : needed});
    FleetUnlock& unlock = it->second;
    if (added) {
      unlock.rule = rule;
      unlock.worker = nearly_[rule];
      unlock.finding = finding;
    }
    unlock.models.push_back(model);
    std::int64_t& largest = largest_[rule];
    if (limit) largest = std::max(largest, *number);
    unlock.needed = limit ? std::to_string(largest) : needed;
  }

  const Fleet& fleet_;
  std::size_t rules_;
  FleetSummary summary_;
  std::vector<std::size_t> nearly_;  // of the model, by rule: a worker on which it alone fails
  std::vector<std::uint64_t> taken_;
  std::vector<std::uint64_t> some_, several_;
  std::map<std::pair<std::size_t, std::string>, FleetUnlock> unlocks_;
  std::map<std::size_t, std::int64_t> largest_;
  bool has_worker_ = false;
};

}  // namespace

FleetSummary Summarise(const Fleet& fleet) { return Summariser(fleet).Run(); }

}  // namespace cmatch
