#ifndef CMATCH_YAML_SYNTAX_H_
#define CMATCH_YAML_SYNTAX_H_

#include <cstddef>
#include <string_view>

namespace cmatch::internal {

// A quoted scalar as it stands in the text.
struct QuotedScalar {
  std::string_view inner;  // between the quotes
  bool closed = false;     // on the line where it began
  bool escaped = false;    // `inner` is not the value: it holds an escape
};

// `at` is the opening quote, ' or ".
QuotedScalar ScanQuoted(std::string_view text, std::size_t at);

// What a message of yaml-cpp means to the person who wrote the file.
struct SyntaxAdvice {
  std::string_view message;
  std::string_view help;
  bool in_flow = false;  // belongs to the innermost open `[` or `{`
};

SyntaxAdvice AdviseSyntax(std::string_view library_message);

}  // namespace cmatch::internal

#endif  // CMATCH_YAML_SYNTAX_H_
