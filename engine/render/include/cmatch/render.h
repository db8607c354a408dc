#ifndef CMATCH_RENDER_H_
#define CMATCH_RENDER_H_

// Reports, errors and descriptors as text for people and JSON for programs. Pure functions, safe
// from any thread. Whatever comes from a file is escaped: control characters never reach a
// terminal.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/ecp.h"
#include "cmatch/error.h"
#include "cmatch/mcd.h"
#include "cmatch/report.h"

namespace cmatch {

struct TextOptions {
  bool color = false;
  std::size_t width = 80;  // columns; cells are cut to it, messages wrapped
  bool verbose = false;    // the source of every fact, and what was skipped one by one
  bool judging = true;     // an error stands where a verdict was asked for
};

// What the sources of a model say (`cmatch inspect`).
struct Inspection {
  std::string model;                                       // as it was named
  std::map<std::string, Value, std::less<>> members;       // required and extension alike
  std::map<std::string, std::string, std::less<>> origin;  // member -> where from
  std::vector<std::string> missing;                        // required members that are not stated
  std::vector<Finding> warnings;
};

// For people: the verdict first, one row a finding, then what it means and what would help.
std::string RenderText(const Report& report, const TextOptions& options = {});
std::string RenderText(const Error& error, const TextOptions& options = {});
std::string RenderText(const Inspection& inspection, const TextOptions& options = {});

// One JSON document each, on one line, without a newline at the end. "cmatch.report/1",
// "cmatch.error/1", an ECP as CMATCH-8020, an MCD as CMATCH-8010, "cmatch.mcd/1".
std::string RenderJson(const Report& report);
std::string RenderJson(const Error& error);
std::string RenderJson(const Ecp& ecp);
std::string RenderJson(const Mcd& mcd);
std::string RenderJson(const Inspection& inspection);

// `text` with what could forge a terminal's output (control characters, line separators, marks that
// turn the direction of text or are not seen) and bytes that are not UTF-8 written as \xNN.
std::string Escape(std::string_view text);

// "file:line:column: code error: message", notes and help on lines of their own.
std::string RenderProblem(const Problem& problem, const TextOptions& options = {});
// The same with the line of its file below the first line, and a caret under the place. `line` is
// without its line feed; a long one is cut to what stands around the place.
std::string RenderProblem(const Problem& problem, std::string_view line,
                          const TextOptions& options = {});
// "cmatch.error/1" over problems of which all may be warnings: `error` is null then.
std::string RenderJson(const std::vector<Problem>& problems);

}  // namespace cmatch

#endif  // CMATCH_RENDER_H_
