#ifndef CMATCH_CHECK_H_
#define CMATCH_CHECK_H_

// The check (CMATCH-8004, CMATCH-8030): pure, no I/O, no clock, no locale.
//
//   CapabilityMatcher matcher(rules);
//   std::expected<Report, Error> report = matcher.check_compatibility(mcd, ecp);
//   if (!report) ...                        // could not judge: InvalidMcd, InvalidEcp
//   else if (!report->compatible) ...       // report->violations: every failing rule, in order
//
// For many checks against the same model or worker, bind each once:
//
//   Model model = *matcher.Bind(mcd);
//   Worker worker = *matcher.Bind(ecp);
//   Verdict verdict = matcher.Check(model, worker);     // allocates nothing
//   if (!verdict.compatible()) Report why = matcher.Explain(model, worker);

#include <array>
#include <bit>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "cmatch/ecp.h"
#include "cmatch/error.h"
#include "cmatch/mcd.h"
#include "cmatch/report.h"
#include "cmatch/rule_set.h"

namespace cmatch {

namespace internal {
struct BoundModel;
struct BoundWorker;
}  // namespace internal

// An MCD with its kinds interned by one rule set. Immutable; copies share. Must not be used with a
// matcher over another rule set (Check then answers "skipped" for every rule).
class Model {
 public:
  const Mcd& mcd() const;
  const internal::BoundModel& bound() const { return *bound_; }

 private:
  friend class CapabilityMatcher;
  std::shared_ptr<const internal::BoundModel> bound_;
};

// An ECP with its kinds interned and what the tables say of its engine, release, build and
// capability.
class Worker {
 public:
  const Ecp& ecp() const;
  const internal::BoundWorker& bound() const { return *bound_; }

 private:
  friend class CapabilityMatcher;
  std::shared_ptr<const internal::BoundWorker> bound_;
};

// A rule set holds at most this many rules (the loader says so).
inline constexpr std::size_t kMaxRules = 256;

// Outcome of every rule, by its index in RuleSet::tables().rules.
struct Verdict {
  using Bits = std::array<std::uint64_t, kMaxRules / 64>;
  Bits failed{};   // severity error, not waived
  Bits warned{};   // severity warning and failed, or passed degraded
  Bits skipped{};  // an input is not known
  Bits waived{};

  constexpr Verdict() = default;
  // The words of rules 0 to 63; no other rule failed, warned or was skipped.
  constexpr Verdict(std::uint64_t fail, std::uint64_t warn, std::uint64_t skip)
      : failed{fail}, warned{warn}, skipped{skip} {}

  friend bool operator==(const Verdict&, const Verdict&) = default;

  bool compatible() const { return (failed[0] | failed[1] | failed[2] | failed[3]) == 0; }
  static bool Has(const Bits& bits, std::size_t rule) { return bits[rule / 64] >> (rule % 64) & 1; }
};

struct CheckOptions {
  // "YYYY-MM-DD", for overlays and waivers that expire. Empty: nothing expires, and a report in
  // which that matters says so.
  std::string_view today;
  bool trace = false;
};

// Safe for concurrent use by any number of threads.
class CapabilityMatcher {
 public:
  explicit CapabilityMatcher(std::shared_ptr<const RuleSet> rules, CheckOptions options = {});

  const RuleSet& rules() const { return *rules_; }
  // CheckOptions::today; views live as long as the matcher.
  std::string_view today() const { return today_; }

  // Errors: kInvalidMcd / kInvalidEcp with every problem of both (both wrong: kInvalidMcd).
  std::expected<Report, Error> check_compatibility(const Mcd& mcd, const Ecp& ecp) const;

  // Errors: kInvalidMcd: a required member is missing or out of range, or a declared attribute has
  // the wrong type.
  std::expected<Model, Error> Bind(const Mcd& mcd) const;
  // Errors: kInvalidEcp, likewise; and an engine, release, build, launch value or capability that
  // the tables do not cover, where the ECP names them.
  std::expected<Worker, Error> Bind(const Ecp& ecp) const;

  // Allocates nothing, never fails.
  Verdict Check(const Model& model, const Worker& worker) const noexcept;
  Report Explain(const Model& model, const Worker& worker) const;

  // The verdict on a model that is asked about once: cheaper than Bind() and Check(), the same
  // answer. Errors: as Bind(mcd).
  std::expected<Verdict, Error> Check(const Mcd& mcd, const Worker& worker) const;

 private:
  std::shared_ptr<const RuleSet> rules_;
  std::string today_;
  bool trace_ = false;
};

}  // namespace cmatch

#endif  // CMATCH_CHECK_H_
