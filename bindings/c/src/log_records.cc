#include "log_records.h"

#include "json_text.h"

namespace cmatch::c {
namespace {

// As many problems and rules as a log line should hold.
constexpr std::size_t kMost = 16;

void AppendNumber(std::string& json, std::string_view key, std::int64_t number) {
  json += ",\"" + std::string(key) + "\":" + std::to_string(number);
}

void AppendRules(std::string& json, const cmatch_rules& rules) {
  AppendMember(json, "rules", rules.rules->digest());
  AppendNumber(json, "generation", static_cast<std::int64_t>(rules.generation));
}

void AppendProblems(std::string& json, const Error& error) {
  AppendMember(json, "message", error.message);
  AppendNumber(json, "problem_count", static_cast<std::int64_t>(error.problems.size()));
  json += ",\"problems\":[";
  for (std::size_t i = 0; i < error.problems.size() && i < kMost; ++i) {
    const Problem& problem = error.problems[i];
    json += i == 0 ? "{" : ",{";
    AppendMember(json, "code", problem.code);
    AppendMember(json, "where", ToString(problem.where));
    AppendMember(json, "message", problem.message);
    json += '}';
  }
  json += ']';
}

// Runs `add` on a record of that event and writes it; whatever fails on the way loses the record.
template <typename Add>
void WriteRecord(const Log* log, std::int32_t level, std::string_view event, const Stopwatch& watch,
                 Add&& add) noexcept {
  if (log == nullptr || !log->Wants(level)) return;
  try {
    const std::int64_t duration = watch.microseconds();
    std::string json = "{";
    AppendMember(json, "event", event);
    add(json);
    AppendNumber(json, "duration_us", duration);
    log->Write(level, json += '}');
  } catch (...) {
    return;
  }
}

template <typename AddFailed>
void WriteCheck(const cmatch_rules& rules, bool compatible, std::string_view model_id,
                std::string_view worker_id, const Stopwatch& watch, AddFailed&& add) noexcept {
  WriteRecord(rules.log.get(), compatible ? CMATCH_LOG_DEBUG : CMATCH_LOG_INFO,
              compatible ? "model_compatible" : "model_incompatible", watch,
              [&](std::string& json) {
                AppendMember(json, "model_id", model_id);
                AppendMember(json, "worker_id", worker_id);
                AppendRules(json, rules);
                json += ",\"failed_rules\":[";
                add(json);
                json += ']';
              });
}

void AppendId(std::string& json, std::string_view id) {
  if (!json.ends_with('[')) json += ',';
  AppendString(json, id);
}

}  // namespace

void LogLoaded(const cmatch_rules& rules, const Stopwatch& watch) noexcept {
  WriteRecord(rules.log.get(), CMATCH_LOG_INFO, "rules_loaded", watch, [&](std::string& json) {
    AppendMember(json, "version", rules.rules->version());
    AppendRules(json, rules);
  });
}

void LogRejected(const Log* log, const Error& error, std::uint64_t generation,
                 const Stopwatch& watch) noexcept {
  WriteRecord(log, CMATCH_LOG_ERROR, "rules_rejected", watch, [&](std::string& json) {
    AppendNumber(json, "generation", static_cast<std::int64_t>(generation));
    AppendProblems(json, error);
  });
}

void LogInvalid(const cmatch_rules& rules, const Error& error, const Stopwatch& watch) noexcept {
  const bool model = error.kind == ErrorKind::kInvalidMcd;
  WriteRecord(rules.log.get(), CMATCH_LOG_WARN, model ? "descriptor_invalid" : "profile_invalid",
              watch, [&](std::string& json) {
                AppendRules(json, rules);
                AppendProblems(json, error);
              });
}

void LogVerdict(const cmatch_rules& rules, const Mcd& mcd, const Ecp& ecp, const Verdict& verdict,
                const Stopwatch& watch) noexcept {
  if (rules.log == nullptr) return;
  WriteCheck(rules, verdict.compatible(), mcd.model_id, ecp.worker_id, watch,
             [&](std::string& json) {
               const auto& all = rules.rules->tables().rules;
               for (std::size_t i = 0; i < all.size(); ++i) {
                 if (Verdict::Has(verdict.failed, i)) AppendId(json, all[i].id);
               }
             });
}

void LogReport(const cmatch_rules& rules, const Report& report, const Stopwatch& watch) noexcept {
  if (rules.log == nullptr) return;
  WriteCheck(rules, report.compatible, report.model_id, report.worker_id, watch,
             [&](std::string& json) {
               for (const Finding& finding : report.violations) AppendId(json, finding.rule);
             });
}

}  // namespace cmatch::c
