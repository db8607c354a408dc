#include "yaml/yaml_syntax.h"

#include <array>

namespace cmatch::internal {
namespace {

struct Row {
  std::string_view library;  // what yaml-cpp's message begins with
  SyntaxAdvice advice;
};

// yaml-cpp/exceptions.h, namespace ErrorMsg: the same texts from 0.7.0 to 0.9.0.
constexpr std::array<Row, 18> kRows = {{
    {"illegal map value",
     {"a value where none can be",
      "is a space missing after ':' here or on the line above? a text with ': ' in it needs quotes",
      false}},
    {"illegal map key", {"a key where none can be", "is the line above complete?", false}},
    {"illegal block entry",
     {"a list item ('- ') where none can be", "put the list on the lines below its key", false}},
    {"end of map not found",
     {"this line does not fit the mapping it is in",
      "check the indentation, and that every line has ': ' after its key", false}},
    {"end of sequence not found",
     {"this line does not fit the list it is in", "check the indentation", false}},
    {"end of map flow not found",
     {"expected ',' or '}'", "is a '}' or a ',' missing before this place?", true}},
    {"end of sequence flow not found",
     {"expected ',' or ']'", "is a ']' or a ',' missing before this place?", true}},
    {"illegal flow end",
     {"a closing bracket that closes nothing", "remove it, or add its opening bracket", false}},
    {"illegal tab when looking for indentation",
     {"tab in indentation", "indent with spaces", false}},
    {"illegal EOF in scalar",
     {"the file ends inside a quoted text", "close the quote on its own line", false}},
    {"illegal document indicator in scalar",
     {"'---' or '...' inside a quoted text", "close the quote on its own line", false}},
    {"illegal character in scalar",
     {"a character that cannot begin a text", "put the text in quotes", false}},
    {"unknown escape character",
     {"unknown escape in a double-quoted text", "write a backslash as \\\\, or use single quotes",
      false}},
    {"bad character found while scanning hex number",
     {"an escape with a character that is not a hex digit", "write \\xHH, \\uHHHH or \\UHHHHHHHH",
      false}},
    {"invalid unicode", {"an escape that is no Unicode character", "", false}},
    {"unknown token",
     {"a character that cannot begin a text",
      "put the text in quotes: '@', '`' and '%' cannot begin one without", false}},
    {"alias not found after *", {"'*' begins an alias", "put the text in quotes", false}},
    {"anchor not found after &", {"'&' begins an anchor", "put the text in quotes", false}},
}};

}  // namespace

QuotedScalar ScanQuoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  QuotedScalar out;
  std::size_t i = at + 1;
  for (; i < text.size() && text[i] != '\n'; ++i) {
    if (quote == '"' && text[i] == '\\') {
      out.escaped = true;
      if (i + 1 < text.size() && text[i + 1] != '\n' && text[i + 1] != '\r') ++i;
      continue;
    }
    if (text[i] != quote) continue;
    const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
    if (!doubled) {
      out.closed = true;
      break;
    }
    out.escaped = true;
    ++i;
  }
  out.inner = text.substr(at + 1, i - at - 1);
  return out;
}

SyntaxAdvice AdviseSyntax(std::string_view library_message) {
  for (const Row& row : kRows) {
    if (library_message.starts_with(row.library)) return row.advice;
  }
  return {library_message, "", false};
}

}  // namespace cmatch::internal
