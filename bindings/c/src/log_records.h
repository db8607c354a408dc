#ifndef CMATCH_C_LOG_RECORDS_H_
#define CMATCH_C_LOG_RECORDS_H_

// The records of the log, field by field as cmatch.h lists them. Each function returns at once, and
// makes nothing, where no log wants it; none fails.

#include <chrono>
#include <cstdint>

#include "cmatch/check.h"
#include "cmatch/error.h"
#include "log.h"
#include "objects.h"

namespace cmatch::c {

// For `duration_us`; reads a clock only where there is a log.
class Stopwatch {
 public:
  explicit Stopwatch(const Log* log) {
    if (log != nullptr) start_ = std::chrono::steady_clock::now();
  }
  std::int64_t microseconds() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                                 start_)
        .count();
  }

 private:
  std::chrono::steady_clock::time_point start_;
};

void LogLoaded(const cmatch_rules& rules, const Stopwatch& watch) noexcept;
// `generation` is of the set that stays in use; 0: there is none.
void LogRejected(const Log* log, const Error& error, std::uint64_t generation,
                 const Stopwatch& watch) noexcept;
// descriptor_invalid, profile_invalid; by the kind of the error.
void LogInvalid(const cmatch_rules& rules, const Error& error, const Stopwatch& watch) noexcept;
void LogVerdict(const cmatch_rules& rules, const Mcd& mcd, const Ecp& ecp, const Verdict& verdict,
                const Stopwatch& watch) noexcept;
void LogReport(const cmatch_rules& rules, const Report& report, const Stopwatch& watch) noexcept;

}  // namespace cmatch::c

#endif  // CMATCH_C_LOG_RECORDS_H_
