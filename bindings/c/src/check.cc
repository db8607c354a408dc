// Checks, and the reports they make.

#include <cstring>
#include <utility>

#include "cmatch/ecp_source.h"
#include "cmatch/mcd_source.h"
#include "descriptors.h"
#include "guard.h"
#include "log_records.h"
#include "objects.h"

using cmatch::Ecp;
using cmatch::Error;
using cmatch::Mcd;
using cmatch::Report;
using cmatch::Verdict;
using cmatch::c::Failure;
using cmatch::c::Guard;
using cmatch::c::IsValid;
using cmatch::c::Outcome;

namespace {

constexpr std::uint32_t kAllFlags = CMATCH_FLAG_TRACE | CMATCH_FLAG_IF_INCOMPATIBLE;

static_assert(CMATCH_MAX_RULES == cmatch::kMaxRules);
static_assert(sizeof(cmatch_verdict::failed) == sizeof(Verdict::Bits));

cmatch_verdict ToC(const Verdict& verdict) noexcept {
  cmatch_verdict c{};
  std::memcpy(c.failed, verdict.failed.data(), sizeof c.failed);
  std::memcpy(c.warned, verdict.warned.data(), sizeof c.warned);
  std::memcpy(c.skipped, verdict.skipped.data(), sizeof c.skipped);
  std::memcpy(c.waived, verdict.waived.data(), sizeof c.waived);
  return c;
}

cmatch_status StatusOf(bool compatible) noexcept {
  return compatible ? CMATCH_OK : CMATCH_INCOMPATIBLE;
}

cmatch_status CheckObjects(const cmatch_rules* rules, const cmatch_model* model,
                           const cmatch_worker* worker) noexcept {
  if (rules == nullptr || model == nullptr || worker == nullptr) return CMATCH_E_ARGUMENT;
  if (!IsValid(rules) || !IsValid(model) || !IsValid(worker)) return CMATCH_E_HANDLE;
  const bool same = model->rules == rules->rules && worker->rules == rules->rules;
  return same ? CMATCH_OK : CMATCH_E_MISMATCH;
}

// CheckObjects(), with words.
Outcome CheckObjectsAloud(const cmatch_rules* rules, const cmatch_model* model,
                          const cmatch_worker* worker) {
  const cmatch_status status = CheckObjects(rules, model, worker);
  if (status == CMATCH_OK) return status;
  if (status == CMATCH_E_MISMATCH) {
    return cmatch::c::Misuse(status, "the model or the worker was made with another rule set; " +
                                         std::string("cmatch_model_rebind, cmatch_worker_rebind"));
  }
  if (!IsValid(rules)) return cmatch::c::BadObject(rules, "rules");
  if (!IsValid(model)) return cmatch::c::BadObject(model, "model");
  return cmatch::c::BadObject(worker, "worker");
}

// What all the makers of reports begin with.
Outcome Begin(const cmatch_rules* rules, std::uint32_t flags, cmatch_report** out) {
  if (out != nullptr) *out = nullptr;
  if (!IsValid(rules)) return cmatch::c::BadObject(rules, "rules");
  if ((flags & ~kAllFlags) != 0) return cmatch::c::Misuse(CMATCH_E_ARGUMENT, "unknown flag");
  return CMATCH_OK;
}

// A bound pair and what their sources warned of.
struct Pair {
  const cmatch::Model& model;
  const cmatch::Worker& worker;
  const std::vector<cmatch::Finding>* model_warnings = nullptr;
  const std::vector<cmatch::Finding>* worker_warnings = nullptr;
};

cmatch_status Judge(const cmatch_rules& rules, const Pair& pair, std::uint32_t flags,
                    const cmatch::c::Stopwatch& watch, cmatch_report** out) {
  bool wanted = out != nullptr;
  if (!wanted || (flags & CMATCH_FLAG_IF_INCOMPATIBLE) != 0) {
    const Verdict verdict = rules.matcher.Check(pair.model, pair.worker);
    wanted = wanted && !verdict.compatible();
    if (!wanted) {
      LogVerdict(rules, pair.model.mcd(), pair.worker.ecp(), verdict, watch);
      return StatusOf(verdict.compatible());
    }
  }
  const bool trace = (flags & CMATCH_FLAG_TRACE) != 0;
  Report report = (trace ? rules.tracer : rules.matcher).Explain(pair.model, pair.worker);
  for (const auto* warnings : {pair.model_warnings, pair.worker_warnings}) {
    if (warnings == nullptr) continue;
    report.warnings.insert(report.warnings.end(), warnings->begin(), warnings->end());
  }
  auto object = std::make_unique<cmatch_report>(std::move(report), rules.generation);
  LogReport(rules, object->report, watch);
  const cmatch_status status = StatusOf(object->report.compatible);
  *out = object.release();
  return status;
}

// What is wrong with either input; both: the problems of both, under the model's name.
Outcome Refuse(const cmatch_rules& rules, Error* mcd, Error* ecp,
               const cmatch::c::Stopwatch& watch) {
  Error error;
  if (mcd != nullptr && ecp != nullptr) {
    std::vector<cmatch::Problem> problems = std::move(mcd->problems);
    for (cmatch::Problem& problem : ecp->problems) problems.push_back(std::move(problem));
    error = MakeError(cmatch::ErrorKind::kInvalidMcd, std::move(problems));
  } else {
    error = std::move(mcd != nullptr ? *mcd : *ecp);
  }
  LogInvalid(rules, error, watch);
  return cmatch::c::Fail(std::move(error));
}

template <typename T>
Error* ErrorOf(std::expected<T, Error>& result) {
  return result ? nullptr : &result.error();
}

Outcome CheckValues(const cmatch_rules& rules, std::expected<Mcd, Error> mcd,
                    std::expected<Ecp, Error> ecp, std::uint32_t flags,
                    const cmatch::c::Stopwatch& watch, cmatch_report** out) {
  using cmatch::Model;
  using cmatch::Worker;
  std::expected<Model, Error> model =
      mcd ? rules.matcher.Bind(*mcd) : std::unexpected(std::move(mcd.error()));
  std::expected<Worker, Error> worker =
      ecp ? rules.matcher.Bind(*ecp) : std::unexpected(std::move(ecp.error()));
  if (!model || !worker) return Refuse(rules, ErrorOf(model), ErrorOf(worker), watch);
  return Judge(rules, {*model, *worker}, flags, watch, out);
}

// A Failure that says what is wrong with an input, as its Error; a misuse stays a Failure.
template <typename T>
std::expected<std::expected<T, Error>, Failure> Split(std::expected<T, Failure> read) {
  if (read) return std::expected<T, Error>(*std::move(read));
  if (read.error().status < 0) return std::unexpected(std::move(read.error()));
  return std::expected<T, Error>(std::unexpected(std::move(read.error().error)));
}

}  // namespace

extern "C" {

cmatch_status cmatch_check(const cmatch_rules* rules, const cmatch_model* model,
                           const cmatch_worker* worker, cmatch_verdict* out) noexcept {
  if (const cmatch_status status = CheckObjects(rules, model, worker); status != CMATCH_OK) {
    return status;
  }
  const cmatch::c::Stopwatch watch(rules->log.get());
  const Verdict verdict = rules->matcher.Check(model->model, worker->worker);
  if (out != nullptr) {
    const cmatch_status written = cmatch::c::WriteStruct(out, ToC(verdict));
    if (written != CMATCH_OK) return written;
  }
  LogVerdict(*rules, model->model.mcd(), worker->worker.ecp(), verdict, watch);
  return StatusOf(verdict.compatible());
}

cmatch_status cmatch_check_many(const cmatch_rules* rules, const cmatch_model* const* models,
                                size_t model_count, const cmatch_worker* const* workers,
                                size_t worker_count, uint64_t* bitmap, size_t words) noexcept {
  if (rules == nullptr || (models == nullptr && model_count != 0) ||
      (workers == nullptr && worker_count != 0) || (bitmap == nullptr && words != 0)) {
    return CMATCH_E_ARGUMENT;
  }
  if (!IsValid(rules)) return CMATCH_E_HANDLE;
  const std::size_t row = worker_count / 64 + (worker_count % 64 != 0 ? 1 : 0);
  if (row != 0 && model_count > words / row) return CMATCH_E_ARGUMENT;
  for (std::size_t m = 0; m < model_count; ++m) {
    if (models[m] == nullptr) return CMATCH_E_ARGUMENT;
    if (!IsValid(models[m])) return CMATCH_E_HANDLE;
    if (models[m]->rules != rules->rules) return CMATCH_E_MISMATCH;
  }
  for (std::size_t w = 0; w < worker_count; ++w) {
    if (workers[w] == nullptr) return CMATCH_E_ARGUMENT;
    if (!IsValid(workers[w])) return CMATCH_E_HANDLE;
    if (workers[w]->rules != rules->rules) return CMATCH_E_MISMATCH;
  }
  for (std::size_t m = 0; m < model_count; ++m) {
    std::uint64_t* bits = bitmap + m * row;
    for (std::size_t i = 0; i < row; ++i) bits[i] = 0;
    for (std::size_t w = 0; w < worker_count; ++w) {
      const bool fits = rules->matcher.Check(models[m]->model, workers[w]->worker).compatible();
      bits[w / 64] |= std::uint64_t{fits} << (w % 64);
    }
  }
  return CMATCH_OK;
}

cmatch_status cmatch_report_new(const cmatch_rules* rules, const cmatch_model* model,
                                const cmatch_worker* worker, uint32_t flags, cmatch_report** out,
                                cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (Outcome begun = Begin(rules, flags, out); !begun) return begun;
    if (Outcome usable = CheckObjectsAloud(rules, model, worker); !usable) return usable;
    const cmatch::c::Stopwatch watch(rules->log.get());
    return Judge(*rules, {model->model, worker->worker, &model->warnings, &worker->warnings}, flags,
                 watch, out);
  });
}

cmatch_status cmatch_check_typed(const cmatch_rules* rules, const cmatch_mcd* mcd,
                                 const cmatch_ecp* ecp, uint32_t flags, cmatch_report** out,
                                 cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (Outcome begun = Begin(rules, flags, out); !begun) return begun;
    const cmatch::c::Stopwatch watch(rules->log.get());
    auto model = Split(cmatch::c::ReadMcd(mcd, *rules->rules));
    if (!model) return std::unexpected(std::move(model.error()));
    auto worker = Split(cmatch::c::ReadEcpStruct(ecp, *rules->rules));
    if (!worker) return std::unexpected(std::move(worker.error()));
    return CheckValues(*rules, *std::move(model), *std::move(worker), flags, watch, out);
  });
}

cmatch_status cmatch_check_json(const cmatch_rules* rules, cmatch_str mcd, cmatch_str ecp,
                                uint32_t flags, cmatch_report** out,
                                cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (Outcome begun = Begin(rules, flags, out); !begun) return begun;
    const auto mcd_text = cmatch::c::View(mcd, "mcd");
    if (!mcd_text) return std::unexpected(mcd_text.error());
    const auto ecp_text = cmatch::c::View(ecp, "ecp");
    if (!ecp_text) return std::unexpected(ecp_text.error());
    const cmatch::c::Stopwatch watch(rules->log.get());
    auto facts = cmatch::ReadMcdJson(*mcd_text, cmatch::c::kMcdName, *rules->rules);
    std::expected<Mcd, Error> model =
        facts ? McdFrom(*facts) : std::unexpected(std::move(facts.error()));
    return CheckValues(*rules, std::move(model),
                       cmatch::ReadEcp(*ecp_text, cmatch::c::kEcpName, *rules->rules), flags, watch,
                       out);
  });
}

}  // extern "C"
