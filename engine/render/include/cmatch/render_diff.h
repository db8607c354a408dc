#ifndef CMATCH_RENDER_DIFF_H_
#define CMATCH_RENDER_DIFF_H_

#include <string>

#include "cmatch/diff.h"
#include "cmatch/render.h"

namespace cmatch {

// For people: what gets worse first, one change a line, then the rows of both sides. Without
// `verbose` at most 20 changes of each sort are listed.
std::string RenderText(const RuleSetDiff& diff, const TextOptions& options = {});

// "cmatch.diff/1", one document on one line without a newline at the end.
std::string RenderJson(const RuleSetDiff& diff);

// For a pull request. Whatever comes from a file is escaped, so that it stays text.
std::string RenderMarkdown(const RuleSetDiff& diff);

}  // namespace cmatch

#endif  // CMATCH_RENDER_DIFF_H_
