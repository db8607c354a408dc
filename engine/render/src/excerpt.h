#ifndef CMATCH_RENDER_EXCERPT_H_
#define CMATCH_RENDER_EXCERPT_H_

#include <string>
#include <string_view>

#include "cmatch/render.h"

namespace cmatch::internal {

// The line of a file as compilers show it, with carets under the word at `where`:
//
//    7 |     entries: [{compute: [8.9], level: unsupported}]
//      |                          ^^^
//
// Escaped; cut to the width of the options around the place. "" where there is no such column.
std::string Excerpt(const Location& where, std::string_view line, const TextOptions& options);

}  // namespace cmatch::internal

#endif  // CMATCH_RENDER_EXCERPT_H_
