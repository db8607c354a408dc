#ifndef CMATCH_C_MAKE_RULES_H_
#define CMATCH_C_MAKE_RULES_H_

#include <expected>
#include <memory>
#include <string>

#include "cmatch.h"
#include "guard.h"
#include "log.h"

namespace cmatch::c {

// cmatch_options as read. The log is not yet Own()ed: that is for when the call has succeeded.
struct Settings {
  std::string today;
  std::shared_ptr<Log> log;  // null: none
};

// NULL is all defaults.
std::expected<Settings, Failure> ReadOptions(const cmatch_options* options);
// "YYYY-MM-DD" or "".
std::expected<std::string, Failure> ReadToday(cmatch_str today);

}  // namespace cmatch::c

#endif  // CMATCH_C_MAKE_RULES_H_
