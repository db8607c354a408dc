#ifndef CMATCH_CLI_DATES_H_
#define CMATCH_CLI_DATES_H_

#include <string>

namespace cmatch::cli {

// "YYYY-MM-DD" in UTC.
std::string Today();

// "YYYY-MM-DD", a day that exists; CLI11 validator text, empty where it is good.
std::string ValidateDate(const std::string& text);
// "30d" or "30"; likewise.
std::string ValidateDays(const std::string& text);

// The day that many days after `date`; both as their validators want them.
std::string DaysAfter(const std::string& date, const std::string& days);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_DATES_H_
