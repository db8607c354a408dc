#ifndef CMATCH_RENDER_HTML_PAGE_H_
#define CMATCH_RENDER_HTML_PAGE_H_

// What every page has in common.

#include <string>
#include <string_view>

#include "cmatch/html.h"

namespace cmatch::internal {

// The page's own style and script with their SHA-256 in hexadecimal; made from html/ by CMake.
extern const std::string_view kHtmlStyle, kHtmlStyleSha256, kHtmlScript, kHtmlScriptSha256;

// A whole document around `main`. Without `script` no script may run at all.
std::string HtmlPage(std::string_view title, std::string_view main, const HtmlRules& rules,
                     bool script);

// The text of a source, as a link where SourceUrl() knows one.
std::string HtmlSource(std::string_view source);

}  // namespace cmatch::internal

#endif  // CMATCH_RENDER_HTML_PAGE_H_
