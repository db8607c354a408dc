#include "cmatch/error.h"

#include <utility>

namespace cmatch {

std::string ToString(const Location& location) {
  std::string text = location.file;
  if (location.line == 0) return text;
  text += ':' + std::to_string(location.line);
  if (location.column != 0) text += ':' + std::to_string(location.column);
  return text;
}

std::string_view ToString(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidMcd:
      return "InvalidMcd";
    case ErrorKind::kInvalidEcp:
      return "InvalidEcp";
    case ErrorKind::kInvalidRules:
      return "InvalidRules";
    case ErrorKind::kOutOfMemory:
      return "OutOfMemory";
  }
  return "Unknown";
}

Error MakeError(ErrorKind kind, std::string code, std::string message, Location where) {
  Error error{.kind = kind, .message = message, .problems = {}};
  error.problems.push_back({.code = std::move(code),
                            .path = {},
                            .message = std::move(message),
                            .where = std::move(where),
                            .notes = {},
                            .help = {}});
  return error;
}

Error MakeError(ErrorKind kind, std::vector<Problem> problems) {
  Error error{.kind = kind, .message = {}, .problems = std::move(problems)};
  std::size_t errors = 0;
  for (const Problem& problem : error.problems) {
    if (problem.warning) continue;
    if (errors++ == 0) error.message = problem.message;
  }
  if (errors > 1) {
    error.message += " (and " + std::to_string(errors - 1) +
                     (errors == 2 ? " further problem)" : " further problems)");
  }
  return error;
}

}  // namespace cmatch
