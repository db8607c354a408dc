#include "cmatch/case_runner.h"

#include <algorithm>

#include "cmatch/ecp_source.h"

namespace cmatch {
namespace {

std::vector<std::string> Ids(const std::vector<Finding>& findings) {
  std::vector<std::string> ids;
  for (const Finding& finding : findings) ids.push_back(finding.rule);
  return ids;
}

// The advisories among the warnings, or all but those.
std::vector<std::string> WarningIds(const Report& report, bool advisories) {
  std::vector<std::string> ids;
  for (const Finding& finding : report.warnings) {
    if ((finding.error == "Advisory") == advisories) ids.push_back(finding.rule);
  }
  return ids;
}

std::string Join(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text.empty() ? "none" : text;
}

// Compared as sets: a case need not know the order of the rules.
void Compare(const char* what, std::vector<std::string> want, std::vector<std::string> got,
             std::string& failure) {
  for (auto* ids : {&want, &got}) {
    std::sort(ids->begin(), ids->end());
    ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
  }
  if (want == got) return;
  failure += std::string(failure.empty() ? "" : "; ") + what + ": expected " + Join(want) +
             ", got " + Join(got);
}

std::expected<Ecp, Error> BuildCaseEcp(const RuleSet& rules, const CaseEcp& ecp) {
  if (ecp.whole) return ecp.ecp;
  const auto gpu = ParseGpu(ecp.gpu, rules);
  if (!gpu) return std::unexpected(gpu.error());
  return BuildEcp(rules, ecp.choice, *gpu);
}

std::string Judge(const CapabilityMatcher& matcher, const CaseMcd& mcd, const CaseEcp& case_ecp,
                  const Case& one, Coverage* coverage) {
  const auto ecp = BuildCaseEcp(matcher.rules(), case_ecp);
  const auto model = matcher.Bind(mcd.mcd);
  const auto worker = ecp ? matcher.Bind(*ecp) : std::unexpected(ecp.error());
  if (!model || !worker) {
    const Error& error = !model ? model.error() : worker.error();
    const std::string kind(ToString(error.kind));
    if (one.error == kind) return {};
    return "expected " + (one.error.empty() ? "a verdict" : one.error) + ", got " + kind + ": " +
           error.message;
  }
  if (coverage != nullptr) coverage->Add(*model, *worker, matcher.Check(*model, *worker));
  if (!one.error.empty()) return "expected " + one.error + ", got a verdict";
  const Report report = matcher.Explain(*model, *worker);
  std::string failure;
  Compare("fails", one.fails, Ids(report.violations), failure);
  if (one.warns) Compare("warns", *one.warns, WarningIds(report, false), failure);
  if (one.advisories) Compare("advisories", *one.advisories, WarningIds(report, true), failure);
  if (one.skipped) {
    std::vector<std::string> skipped;
    for (const Skipped& skip : report.skipped) skipped.push_back(skip.rule);
    Compare("skipped", *one.skipped, skipped, failure);
  }
  return failure;
}

}  // namespace

std::vector<CaseResult> RunCases(const std::shared_ptr<const RuleSet>& rules, const Cases& cases,
                                 Coverage* coverage) {
  const CapabilityMatcher matcher(rules);
  std::vector<CaseResult> results;
  for (const Case& one : cases.cases) {
    results.push_back({one.id, one.where,
                       Judge(matcher, cases.mcds[one.mcd], cases.ecps[one.ecp], one, coverage)});
  }
  return results;
}

std::vector<Problem> FailedCases(std::vector<CaseResult> results) {
  std::vector<Problem> problems;
  for (CaseResult& result : results) {
    if (result.failure.empty()) continue;
    problems.push_back({.code = "rules-case-failed",
                        .path = {},
                        .message = "case " + result.id + ": " + result.failure,
                        .where = std::move(result.where),
                        .notes = {},
                        .help = "mend the rules, or the case where the new verdict is meant"});
  }
  return problems;
}

namespace {

std::vector<std::string> IdsOf(const RuleSet& rules, const Verdict::Bits& bits) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < rules.tables().rules.size(); ++i) {
    if (Verdict::Has(bits, i)) ids.emplace_back(rules.tables().rules[i].id);
  }
  return ids;
}

}  // namespace

std::vector<CaseVerdict> JudgeCases(const std::shared_ptr<const RuleSet>& rules, const Cases& cases,
                                    std::string_view today) {
  const CapabilityMatcher matcher(rules, {.today = today});
  // Many cases are about one model or one worker: each is bound once.
  std::vector<std::expected<Model, Error>> models;
  for (const CaseMcd& mcd : cases.mcds) models.push_back(matcher.Bind(mcd.mcd));
  std::vector<std::expected<Worker, Error>> workers;
  for (const CaseEcp& given : cases.ecps) {
    const auto ecp = BuildCaseEcp(*rules, given);
    workers.push_back(ecp ? matcher.Bind(*ecp) : std::unexpected(ecp.error()));
  }
  std::vector<CaseVerdict> verdicts;
  for (const Case& one : cases.cases) {
    CaseVerdict& verdict = verdicts.emplace_back();
    verdict.id = one.id;
    verdict.where = one.where;
    const auto& model = models[one.mcd];
    const auto& worker = workers[one.ecp];
    if (!model || !worker) {
      verdict.error = ToString(!model ? model.error().kind : worker.error().kind);
      continue;
    }
    const Verdict bits = matcher.Check(*model, *worker);
    verdict.fails = IdsOf(*rules, bits.failed);
    verdict.warns = IdsOf(*rules, bits.warned);
  }
  return verdicts;
}

}  // namespace cmatch
