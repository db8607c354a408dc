#ifndef CMATCH_ERROR_H_
#define CMATCH_ERROR_H_

// "Could not judge": what every fallible function of cmatch returns in std::unexpected. A model
// that was judged and does not fit is a Report (report.h), never an Error.

#include <string>
#include <string_view>
#include <vector>

#include "cmatch/location.h"

namespace cmatch {

enum class ErrorKind {
  kInvalidMcd,    // the model: unreadable, incomplete, not a model
  kInvalidEcp,    // the profile: engine, release, build, GPU, launch settings
  kInvalidRules,  // rule and table files
  kOutOfMemory,
};

// "InvalidMcd", "InvalidEcp", "InvalidRules", "OutOfMemory" (CMATCH-8050's names where it has one).
std::string_view ToString(ErrorKind kind);

// A further place that belongs to a problem: the first of two duplicate keys, say.
struct Note {
  std::string message;
  Location where;
};

// One thing that is wrong with an input. `code` is stable ("yaml-duplicate-key", docs/errors.md has
// a heading for each); `path` is a JSON pointer into the document ("/quant/1"), empty where there
// is none.
struct Problem {
  std::string code;
  std::string path;
  std::string message;
  Location where;
  std::vector<Note> notes;
  std::string help;
  bool warning = false;  // reported, but does not make the input unusable
};

// Holds every problem that was found, not only the first. `message` sums them up in one sentence.
struct Error {
  ErrorKind kind = ErrorKind::kInvalidMcd;
  std::string message;
  std::vector<Problem> problems;
};

// An Error of one problem; `message` is used for both.
Error MakeError(ErrorKind kind, std::string code, std::string message, Location where = {});

// An Error over `problems` (not empty); its message is that of the only problem, or says how many.
Error MakeError(ErrorKind kind, std::vector<Problem> problems);

}  // namespace cmatch

#endif  // CMATCH_ERROR_H_
