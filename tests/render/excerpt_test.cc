// Problems with the line of the file and a caret, as compilers show them.

#include <doctest/doctest.h>

#include <string>

#include "cmatch/render.h"

namespace cmatch {
namespace {

std::string Shown(std::uint32_t column, std::string_view line, TextOptions options = {}) {
  Problem problem;
  problem.code = "c";
  problem.message = "m";
  problem.where = {"f", 7, column};
  problem.help = "h";
  const std::string text = RenderProblem(problem, line, options);
  const std::size_t begin = text.find('\n') + 1;
  const std::size_t end = text.find("  help: h\n");
  REQUIRE(end != std::string::npos);
  return text.substr(begin, end - begin);
}

TEST_CASE("excerpt: a caret under each character of the word") {
  const struct {
    std::uint32_t column;
    const char* line;
    const char* want;
  } cases[] = {
      {1, "kindz: {}", "  7 | kindz: {}\n    | ^^^^^\n"},
      {6, "a: [  8.9, \"9.0\"]", "  7 | a: [  8.9, \"9.0\"]\n    |      ^\n"},
      {7, "a: [  8.9, \"9.0\"]", "  7 | a: [  8.9, \"9.0\"]\n    |       ^^^\n"},
      {12, "a: [  8.9, \"9 0\"]", "  7 | a: [  8.9, \"9 0\"]\n    |            ^^^^^\n"},
      {4, "a: 'unclosed text", "  7 | a: 'unclosed text\n    |    ^^^^^^^^^\n"},
      // columns count bytes, carets what is seen
      {8, "\xC3\xA4\xC3\xB6: bad", "  7 | \xC3\xA4\xC3\xB6: bad\n    |      ^^\n"},
      {3, "\tx", ""},  // no such column
      {2, "\tx", "  7 | \\x09x\n    |     ^\n"},
      {1, "\x1B[31m", "  7 | \\x1b[31m\n    | ^^^^\n"},
      {0, "x", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.line);
    CHECK(Shown(c.column, c.line) == c.want);
  }
  CHECK(Shown(1, "ab", {.color = true}) == "  7 | ab\n    | \033[1;31m^^\033[0m\n");
}

TEST_CASE("excerpt: a long line is cut around the place") {
  std::string line(300, 'x');
  line.replace(150, 5, " bad ");
  const std::string shown = Shown(152, line, {.width = 60});
  const std::string source = shown.substr(0, shown.find('\n'));
  const std::string carets = shown.substr(source.size() + 1);
  CHECK(source.size() <= 60);
  CHECK(source.starts_with("  7 | ...xxx"));
  CHECK(source.ends_with("xxx..."));
  CHECK(source.find("bad") == carets.find("^^^"));
  // at either end
  CHECK(Shown(1, line, {.width = 60}).starts_with("  7 | xxx"));
  const std::string end = Shown(300, line, {.width = 60});
  CHECK(end.substr(0, end.find('\n')).ends_with("xxx"));
}

}  // namespace
}  // namespace cmatch
