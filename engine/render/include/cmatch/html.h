#ifndef CMATCH_HTML_H_
#define CMATCH_HTML_H_

// Matrices and reports as one self-contained HTML page each: no outside script, style, font or
// image, a content security policy that allows only the page's own style and script by their
// hashes, readable without script, on paper, in the dark, by keyboard and by screen reader. Pure
// functions, safe from any thread; every text is escaped, whatever it is.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cmatch/error.h"
#include "cmatch/matrix.h"
#include "cmatch/report.h"

namespace cmatch {

// What the footer says of the rules.
struct HtmlRules {
  std::string_view version;
  std::string_view digest;
};

// Support by kind and compute capability, a table an engine release; each cell leads to the row it
// rests on. Filters by engine, release, capability and kind.
std::string RenderHtml(std::span<const SupportMatrix> matrices, const HtmlRules& rules);

// A model that was judged, or one that could not be.
struct HtmlVerdict {
  std::string model = {};  // as it was named
  std::optional<Report> report = {};
  std::optional<Error> error = {};
};

// Verdicts: an overview where there are several, then each with its findings, what would do, what
// was not checked, and the trace where there is one.
std::string RenderHtml(std::span<const HtmlVerdict> verdicts, const HtmlRules& rules);

// `text` for an element or a quoted attribute of HTML or XML: Escape() (render.h), then & < > " '.
std::string EscapeHtml(std::string_view text);

// Where the source of a row can be read, "https://github.com/OWNER/NAME/blob/REF/PATH"; empty where
// the text does not begin with OWNER/NAME@REF.
std::string SourceUrl(std::string_view source);

}  // namespace cmatch

#endif  // CMATCH_HTML_H_
