#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cmatch/render.h"
#include "fuzz/fuzz.h"

namespace cmatch::fuzz {
namespace {

unsigned Byte(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
}

// Bytes of the UTF-8 character at `i`; 0 where there is none or it may not be shown. Written apart
// from the library's own, as a second opinion.
std::size_t ShownBytes(std::string_view text, std::size_t i) {
  const unsigned first = Byte(text, i);
  if (first < 0x80) return first == '\n' || (first >= 0x20 && first != 0x7F) ? 1 : 0;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0) return 0;
  unsigned code = first & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    if ((Byte(text, i + k) & 0xC0U) != 0x80U) return 0;
    code = code << 6 | (Byte(text, i + k) & 0x3FU);
  }
  constexpr unsigned kLeast[] = {0, 0, 0x80, 0x800, 0x1'0000};
  const bool proper =
      code >= kLeast[length] && code <= 0x10'FFFF && (code < 0xD800 || code > 0xDFFF);
  const bool hidden =
      code < 0xA0 || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return proper && !hidden ? length : 0;
}

// "\x1b[1;31m"; 0 where there is none at `i`.
std::size_t ColorBytes(std::string_view text, std::size_t i) {
  if (!text.substr(i).starts_with("\x1b[")) return 0;
  std::size_t end = i + 2;
  while (end < text.size() && (text[end] == ';' || (text[end] >= '0' && text[end] <= '9'))) ++end;
  return Byte(text, end) == 'm' ? end + 1 - i : 0;
}

}  // namespace

void Expect(bool holds, std::string_view promise, std::string_view about) {
  if (holds) return;
  const std::string text = "broken promise: " + std::string(promise) + "\n" + std::string(about);
  std::fprintf(stderr, "%s\n", text.c_str());
  std::abort();
}

void ExpectPrintable(std::string_view text, bool color) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t step = color ? ColorBytes(text, i) : 0;
    if (step == 0) step = ShownBytes(text, i);
    Expect(step > 0, "a text for people holds only what may be shown", text);
    i += step;
  }
}

void ExpectJson(std::string_view text) {
  Expect(text.find('\n') == std::string_view::npos, "a JSON document is on one line", text);
  Expect(nlohmann::json::accept(text), "what is written as JSON is JSON", text);
}

void ExpectProblems(const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) {
    Expect(!problem.code.empty() && !problem.message.empty(), "a problem has a code and a message");
    ExpectPrintable(RenderProblem(problem));
  }
}

void ExpectError(const Error& error) {
  Expect(!error.problems.empty() && !error.message.empty(), "an error says what is wrong");
  ExpectProblems(error.problems);
  ExpectPrintable(RenderText(error));
  ExpectJson(RenderJson(error));
}

}  // namespace cmatch::fuzz
