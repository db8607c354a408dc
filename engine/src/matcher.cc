#include <utility>

#include "advisories.h"
#include "cmatch/check.h"
#include "detail.h"
#include "judge.h"

namespace cmatch {

using internal::Detail;
using internal::Evaluator;
using internal::Explainer;
using internal::Outcome;
using internal::RuleOutcome;

namespace {

// Builds one report; a fresh object a report.
class Reporter {
 public:
  Reporter(const RuleSet& rules, const internal::BoundModel& model,
           const internal::BoundWorker& worker, std::string_view today, bool trace)
      : rules_(rules),
        model_(model),
        worker_(worker),
        today_(today),
        trace_(trace),
        evaluator_(rules.program(), model, worker),
        explainer_(rules, model, worker, evaluator_) {}

  Report Build() {
    report_.model_id = model_.mcd.model_id;
    report_.worker_id = worker_.ecp.worker_id;
    report_.ruleset_version = rules_.version();
    report_.ruleset_digest = rules_.digest();
    for (const internal::CompiledRule& rule : rules_.program().rules) AddRule(rule);
    report_.warnings.insert(report_.warnings.end(), worker_.warnings.begin(),
                            worker_.warnings.end());
    AddAdvisories();
    AddExpiries();
    report_.compatible = report_.violations.empty();
    return std::move(report_);
  }

 private:
  void AddRule(const internal::CompiledRule& compiled) {
    const Rule& rule = *compiled.rule;
    const RuleOutcome outcome =
        internal::Judge(evaluator_, compiled, rules_.tables(), model_, worker_, today_);
    switch (outcome.outcome) {
      case Outcome::kFail:
        report_.violations.push_back(Failure(rule, outcome, Severity::kError));
        break;
      case Outcome::kWarn:
        report_.warnings.push_back(Failure(rule, outcome, Severity::kWarning));
        break;
      case Outcome::kWaived: {
        Finding finding = Failure(rule, outcome, Severity::kError);
        finding.hint = WaivedBy(*outcome.waiver);
        report_.waived.push_back(std::move(finding));
        break;
      }
      case Outcome::kDegraded:
        report_.warnings.push_back(Degraded(rule, outcome));
        break;
      case Outcome::kSkipped:
        report_.skipped.push_back({std::string(rule.id), explainer_.ExplainUnknown(outcome.node)});
        break;
      case Outcome::kPass:
      case Outcome::kNotApplicable:
      case Outcome::kOff:
        break;
    }
    if (trace_) AddTrace(compiled, outcome);
  }

  Finding Failure(const Rule& rule, const RuleOutcome& outcome, Severity severity) const {
    Finding finding;
    finding.rule = rule.id;
    finding.error = rule.error;
    finding.severity = severity;
    if (outcome.unknown) {
      finding.message = explainer_.ExplainUnknown(outcome.node);
      finding.source = RuleSource(rule);
      return finding;
    }
    Detail detail = explainer_.ExplainFailure(outcome.node);
    finding.message = explainer_.Fill(rule.message, detail);
    if (detail.table_reason && rule.message.find("{because}") == Text::npos) {
      finding.message += ": " + detail.because;
    }
    finding.hint = explainer_.Fill(rule.hint, detail);
    if (!detail.hint.empty()) finding.hint += (finding.hint.empty() ? "" : "; ") + detail.hint;
    finding.required = std::move(detail.required);
    finding.supported = std::move(detail.supported);
    finding.has_supported = detail.has_supported;
    finding.max = detail.max;
    finding.min = detail.min;
    finding.multiple_of = detail.multiple_of;
    finding.source = detail.source ? std::move(detail.source) : RuleSource(rule);
    return finding;
  }

  Finding Degraded(const Rule& rule, const RuleOutcome& outcome) const {
    Detail detail = explainer_.ExplainDegraded(outcome.node);
    Finding finding;
    finding.rule = rule.id;
    finding.error = "Degraded";
    finding.severity = Severity::kWarning;
    finding.message = worker_.ecp.worker_id + " runs it degraded: " + detail.because;
    finding.required = std::move(detail.required);
    finding.supported = std::move(detail.supported);
    finding.has_supported = detail.has_supported;
    finding.source = detail.source ? std::move(detail.source) : RuleSource(rule);
    return finding;
  }

  std::optional<Source> RuleSource(const Rule& rule) const {
    return Source{.where = rules_.tables().Locate(rule.origin), .text = std::string(rule.source)};
  }

  void AddTrace(const internal::CompiledRule& compiled, const RuleOutcome& outcome) {
    static constexpr const char* kNames[] = {"pass",   "degraded", "fail",           "warn",
                                             "waived", "skipped",  "does not apply", "off"};
    const bool when = outcome.outcome == Outcome::kNotApplicable;
    report_.trace.push_back({.rule = std::string(compiled.rule->id),
                             .outcome = kNames[static_cast<std::size_t>(outcome.outcome)],
                             .values = explainer_.Values(when ? compiled.when : compiled.check)});
  }

  // A release that is known to be vulnerable is said also where it is not known whether this model
  // is concerned.
  void AddAdvisories() {
    internal::ForEachAdvisory(evaluator_, rules_.program(), worker_,
                              [&](const internal::CompiledAdvisory& compiled, Truth truth) {
                                Finding finding = OfAdvisory(*compiled.advisory);
                                if (truth == Truth::kUnknown) {
                                  finding.message +=
                                      "; whether this model is concerned is not known: " +
                                      explainer_.ExplainUnknown(compiled.when);
                                }
                                const Waiver* waiver = internal::FindWaiver(
                                    rules_.tables(), compiled.advisory->id, model_.mcd.model_id,
                                    worker_.ecp.worker_id, today_);
                                if (waiver == nullptr) {
                                  report_.warnings.push_back(std::move(finding));
                                  return;
                                }
                                finding.hint = WaivedBy(*waiver);
                                report_.waived.push_back(std::move(finding));
                              });
  }

  Finding OfAdvisory(const Advisory& advisory) const {
    Finding finding;
    finding.rule = advisory.id;
    finding.error = "Advisory";
    finding.severity = Severity::kWarning;
    finding.message = std::string(advisory.engine) + " " + worker_.profile.version_text +
                      " is vulnerable: " + std::string(advisory.concerns);
    finding.hint = advisory.fixed.empty() ? "no fixed release is known"
                                          : "fixed in " + std::string(advisory.engine) + " " +
                                                std::string(advisory.fixed);
    finding.source = Source{.where = rules_.tables().Locate(advisory.origin),
                            .text = std::string(advisory.source)};
    return finding;
  }

  static std::string WaivedBy(const Waiver& waiver) {
    return "waived by " + std::string(waiver.layer) +
           (waiver.expires.empty() ? "" : " until " + std::string(waiver.expires)) + ": " +
           std::string(waiver.reason);
  }

  // Overlays go on past their date and say so; without a date nothing can expire, which is said
  // too.
  void AddExpiries() {
    const Tables& tables = rules_.tables();
    bool dated = false;
    std::string_view warned;
    for (const Override& change : tables.overrides) {
      dated = dated || !change.expires.empty();
      if (!internal::Expired(change.expires, today_) || change.layer == warned) continue;
      warned = change.layer;
      AddExpiry("overlay " + std::string(change.layer) + " expired on " +
                    std::string(change.expires) +
                    " and still applies: " + std::string(change.reason),
                change.origin);
    }
    for (const Waiver& waiver : tables.waivers) dated = dated || !waiver.expires.empty();
    if (dated && today_.empty()) {
      AddExpiry("no date was given: overlays and waivers do not expire", Origin{});
    }
  }

  void AddExpiry(std::string message, Origin origin) {
    Finding finding;
    finding.rule = "CMATCH-8021";
    finding.error = "Expired";
    finding.severity = Severity::kWarning;
    finding.message = std::move(message);
    finding.source = Source{.where = rules_.tables().Locate(origin), .text = {}};
    report_.warnings.push_back(std::move(finding));
  }

  const RuleSet& rules_;
  const internal::BoundModel& model_;
  const internal::BoundWorker& worker_;
  std::string_view today_;
  bool trace_;
  Evaluator evaluator_;
  Explainer explainer_;
  Report report_;
};

}  // namespace

CapabilityMatcher::CapabilityMatcher(std::shared_ptr<const RuleSet> rules, CheckOptions options)
    : rules_(std::move(rules)), today_(options.today), trace_(options.trace) {}

Report CapabilityMatcher::Explain(const Model& model, const Worker& worker) const {
  if (model.bound().rules != rules_ || worker.bound().rules != rules_) {
    return check_compatibility(model.mcd(), worker.ecp()).value_or(Report{});
  }
  return Reporter(*rules_, model.bound(), worker.bound(), today_, trace_).Build();
}

std::expected<Report, Error> CapabilityMatcher::check_compatibility(const Mcd& mcd,
                                                                    const Ecp& ecp) const {
  auto model = Bind(mcd);
  auto worker = Bind(ecp);
  if (model && worker) return Explain(*model, *worker);
  if (model) return std::unexpected(std::move(worker.error()));
  Error error = std::move(model.error());
  if (!worker) {
    std::vector<Problem> problems = std::move(error.problems);
    for (Problem& problem : worker.error().problems) problems.push_back(std::move(problem));
    error = MakeError(ErrorKind::kInvalidMcd, std::move(problems));
  }
  return std::unexpected(std::move(error));
}

}  // namespace cmatch
