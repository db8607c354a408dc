#include "cmatch/remedy.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "cmatch/build_ecp.h"
#include "cmatch/command.h"
#include "record.h"
#include "remedy_effect.h"
#include "remedy_options.h"

namespace cmatch {
namespace {

using internal::Count;
using internal::Effect;
using internal::RemedyOption;
using internal::RuleBits;
using internal::Without;

constexpr std::size_t kAlso = 3;   // alternatives named; the rest is counted
constexpr std::size_t kPairs = 3;  // pairs of changes that are told

struct Tried {
  RemedyOption option;
  Effect effect;
};

class Search {
 public:
  Search(const CapabilityMatcher& matcher, const RemedyRequest& request)
      : matcher_(matcher),
        rules_(matcher.rules()),
        memory_(internal::MemoryRules(matcher.rules())),
        request_(internal::AsBuilt(matcher.rules(), request)) {}

  std::vector<Remedy> Run() {
    if (!Begin()) return {};
    TryAll();
    if (remedies_.empty()) TryPairs();
    if (remedies_.empty()) {
      for (const Tried& tried : partial_) Tell({&tried}, tried.effect);
    }
    return std::move(remedies_);
  }

 private:
  // The verdict as asked; false where there is nothing to mend.
  bool Begin() {
    auto worker = WorkerOf(request_);
    auto model = matcher_.Bind(request_.mcd);
    if (!worker || !model) return false;
    base_ = matcher_.Check(*model, *worker);
    before_ = Count(base_.failed);
    if (before_ == 0) return false;
    advisories_ = internal::AdvisoriesOf(matcher_, *model, *worker);
    report_ = matcher_.Explain(*model, *worker);
    ecp_ = worker->ecp();
    return true;
  }

  std::optional<Worker> WorkerOf(const RemedyRequest& request) const {
    auto ecp = request.ecp ? std::expected<Ecp, Error>(*request.ecp)
                           : BuildEcp(rules_, request.engine, request.gpu);
    if (!ecp) return std::nullopt;
    auto worker = matcher_.Bind(*ecp);
    return worker ? std::optional(std::move(*worker)) : std::nullopt;
  }

  // Nullopt where the changed request cannot be judged at all.
  std::optional<Effect> EffectOf(std::initializer_list<const RemedyOption*> options) const {
    RemedyRequest changed = request_;
    for (const RemedyOption* option : options) option->apply(changed);
    const auto worker = WorkerOf(changed);
    const auto model = matcher_.Bind(changed.mcd);
    if (!worker || !model) return std::nullopt;
    return internal::EffectOn(matcher_, base_, memory_, *model, *worker);
  }

  void TryAll() {
    Try(internal::ContextOptions(request_, ecp_, report_));
    for (auto& options : internal::LaunchOptions(rules_, request_, ecp_)) Try(std::move(options));
    Try(internal::BuildOptions(rules_, request_, ecp_));
    Try(internal::DriverOptions(rules_, request_, ecp_));
    Try(internal::FormatOptions(request_, ecp_));
    Try(internal::QuantOptions(rules_, request_, ecp_));
    if (!request_.ecp) TryReleases();
    Try(internal::GpuOptions(rules_, request_));
    Try(internal::EngineOptions(rules_, request_, ecp_));
  }

  // One kind of change.
  void Try(std::vector<RemedyOption> options) {
    std::vector<Tried> good;
    std::vector<Tried> helps;
    for (RemedyOption& option : options) {
      const auto effect = EffectOf({&option});
      if (!effect || !effect->Helps(before_)) continue;
      // A GPU that does not hold the weights, or may not, is no help.
      if (option.change.what == "gpu" && !effect->holds) continue;
      (effect->Good() ? good : helps).push_back({std::move(option), *effect});
    }
    std::vector<Tried>& these = good.empty() ? helps : good;
    if (these.empty()) return;
    if (these[0].option.change.what == "engine") LeaveOutVulnerable(these);
    Tried best = Best(std::move(these));
    if (best.effect.Good()) {
      Tell({&best}, best.effect);
    } else {
      partial_.push_back(std::move(best));
    }
  }

  // A release that is known to be vulnerable is not offered beside one that is not.
  static void LeaveOutVulnerable(std::vector<Tried>& these) {
    const auto safe = [](const Tried& tried) { return tried.effect.advisories.empty(); };
    if (std::ranges::any_of(these, safe)) std::erase_if(these, std::not_fn(safe));
  }

  // The first of those that leave the least to do and to doubt, with the names of the others.
  static Tried Best(std::vector<Tried> tried) {
    std::stable_sort(tried.begin(), tried.end(), [](const Tried& a, const Tried& b) {
      return a.effect.Order() < b.effect.Order();
    });
    Tried best = tried[0];
    for (std::size_t i = 1; i < tried.size(); ++i) {
      const Effect& other = tried[i].effect;
      if (other.Order() != best.effect.Order() || other.remaining != best.effect.remaining)
        continue;
      RemedyChange& change = best.option.change;
      if (change.also.size() < kAlso) {
        change.also.push_back(tried[i].option.change.to);
      } else {
        ++change.more;
      }
    }
    return best;
  }

  struct Range {
    internal::RemedySpan first, last;
    Effect effect;
  };

  // Neighbouring spans with the same effect are one range; of each side the nearest is told.
  void TryReleases() {
    const std::string engine = ToString(internal::MemberOf(ecp_, "engine"));
    const std::string version = ToString(internal::MemberOf(ecp_, "engine_version"));
    std::vector<Range> ranges;
    bool open = false;  // the last range reaches to where the next span begins
    for (const internal::RemedySpan& span : internal::RemedySpans(rules_, engine, version)) {
      const bool named = !internal::FirstRelease(span.releases).empty();
      const RemedyOption option = Release(engine, version, span, span);
      const auto effect = span.side == 0 || !named ? std::nullopt : EffectOf({&option});
      const bool helps = effect && effect->Helps(before_);
      if (helps && open && ranges.back().effect == *effect) {
        ranges.back().last = span;
      } else if (helps) {
        ranges.push_back({span, span, *effect});
      }
      open = helps;
    }
    const Range* newer = Nearest(ranges, 1);
    const Range* older = Nearest(ranges, -1);
    if (newer != nullptr && older != nullptr && newer->effect.Left() == older->effect.Left()) {
      // One that is known to be vulnerable is not offered beside one that is not.
      if (newer->effect.advisories.empty() && !older->effect.advisories.empty())
        older = nullptr;
      else if (older->effect.advisories.empty() && !newer->effect.advisories.empty())
        newer = nullptr;
    }
    for (const Range* best : {newer, older}) {
      if (best == nullptr) continue;
      Tried tried{Release(engine, version, best->first, best->last), best->effect};
      if (tried.effect.Good()) {
        Tell({&tried}, tried.effect);
      } else {
        partial_.push_back(std::move(tried));
      }
    }
  }

  // Of one side, of those that leave the least failing, without advisories where there are such.
  // Ascending: the nearest newer one is the first, the nearest older one the last.
  static const Range* Nearest(const std::vector<Range>& ranges, int side) {
    const auto order = [](const Range& range) {
      return std::pair(range.effect.Left(), !range.effect.advisories.empty());
    };
    const Range* best = nullptr;
    for (const Range& range : ranges) {
      if (range.first.side != side) continue;
      if (best == nullptr || order(range) < order(*best) ||
          (side < 0 && order(range) == order(*best))) {
        best = &range;
      }
    }
    return best;
  }

  // Of a range of releases: the first where it is newer than what was asked for, else the first of
  // its last span, which is the nearest that the tables name.
  static RemedyOption Release(const std::string& engine, const std::string& version,
                              const internal::RemedySpan& first, const internal::RemedySpan& last) {
    const std::string name(internal::FirstRelease(first.side > 0 ? first.releases : last.releases));
    std::string range = internal::RangeText(first.releases, last.releases);
    if (range.starts_with("==")) range = name;
    RemedyOption option;
    option.change = {.what = "release",
                     .from = version,
                     .to = range,
                     .option = "--engine " + ShellWord(engine + "@" + name)};
    option.apply = [name](RemedyRequest& request) { request.engine.version = name; };
    return option;
  }

  void TryPairs() {
    for (std::size_t i = 0; i < partial_.size(); ++i) {
      for (std::size_t j = i + 1; j < partial_.size(); ++j) {
        const Tried& a = partial_[i];
        const Tried& b = partial_[j];
        const bool same =
            a.option.change.what == b.option.change.what && a.option.change.what != "launch";
        const auto effect = same ? std::nullopt : EffectOf({&a.option, &b.option});
        if (!effect || !effect->Good()) continue;
        Tell({&a, &b}, *effect);
        if (remedies_.size() == kPairs) return;
      }
    }
  }

  void Tell(std::initializer_list<const Tried*> parts, const Effect& effect) {
    Remedy remedy;
    for (const Tried* part : parts) {
      if (part->option.first) remedy.changes.push_back(*part->option.first);
      remedy.changes.push_back(part->option.change);
    }
    if (parts.size() > 1) {  // the others were not tried together
      for (RemedyChange& change : remedy.changes) {
        change.also.clear();
        change.more = 0;
      }
    }
    remedy.compatible = effect.Good();
    remedy.remaining = Ids(effect.remaining);
    remedy.unchecked = Ids(effect.unchecked);
    remedy.warnings = Ids(Without(effect.warned, base_.warned));
    for (const std::string_view id : effect.advisories) {
      if (std::ranges::find(advisories_, id) == advisories_.end()) remedy.warnings.emplace_back(id);
    }
    remedies_.push_back(std::move(remedy));
  }

  std::vector<std::string> Ids(const RuleBits& bits) const {
    std::vector<std::string> ids;
    const auto& rules = rules_.tables().rules;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (Verdict::Has(bits, i)) ids.emplace_back(rules[i].id);
    }
    return ids;
  }

  const CapabilityMatcher& matcher_;
  const RuleSet& rules_;
  const RuleBits memory_;
  const RemedyRequest request_;
  Verdict base_;
  std::vector<std::string_view> advisories_;  // as asked
  int before_ = 0;                            // rules that fail as asked
  Report report_;
  Ecp ecp_;
  std::vector<Tried> partial_;
  std::vector<Remedy> remedies_;
};

}  // namespace

std::vector<Remedy> Remedies(const CapabilityMatcher& matcher, const RemedyRequest& request) {
  return Search(matcher, request).Run();
}

}  // namespace cmatch
