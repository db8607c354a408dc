#include "excerpt.h"

#include <algorithm>
#include <vector>

#include "utf8.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kCut = "...";

// The bytes of the word that begins at `at`: a text in quotes, a bracket, or what
// a blank or a bracket ends.
std::size_t WordEnd(std::string_view line, std::size_t at) {
  constexpr std::string_view kEnds = " \t,]}:#[{";
  const char quote = line[at];
  if (kEnds.find(quote) != std::string_view::npos) return at + 1;
  if (quote == '"' || quote == '\'') {
    const std::size_t end = line.find(quote, at + 1);
    if (end != std::string_view::npos) return end + 1;
  }
  const std::size_t end = line.find_first_of(kEnds, at + 1);
  return end == std::string_view::npos ? line.size() : end;
}

// One character as it is printed, and where it begins in the line.
struct Glyph {
  std::string text;
  std::size_t at;
  std::size_t columns;
};

std::vector<Glyph> GlyphsOf(std::string_view line) {
  std::vector<Glyph> glyphs;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t length = std::max<std::size_t>(1, Utf8Length(line.substr(at)));
    std::string text = Escape(line.substr(at, length));
    const std::size_t columns = text.starts_with('\\') ? text.size() : 1;
    glyphs.push_back({std::move(text), at, columns});
    at += length;
  }
  return glyphs;
}

std::size_t ColumnsOf(const std::vector<Glyph>& glyphs, std::size_t from, std::size_t to) {
  std::size_t columns = 0;
  for (std::size_t i = from; i < to; ++i) columns += glyphs[i].columns;
  return columns;
}

}  // namespace

std::string Excerpt(const Location& where, std::string_view line, const TextOptions& options) {
  if (where.line == 0 || where.column == 0 || where.column > line.size()) return {};
  const std::vector<Glyph> glyphs = GlyphsOf(line);
  const std::size_t word_end = WordEnd(line, where.column - 1);
  const auto index_of = [&](std::size_t byte) {
    const auto it = std::find_if(glyphs.begin(), glyphs.end(),
                                 [&](const Glyph& glyph) { return glyph.at >= byte; });
    return static_cast<std::size_t>(it - glyphs.begin());
  };
  const std::size_t caret = index_of(where.column - 1);
  const std::size_t caret_end = std::max(index_of(word_end), caret + 1);

  const std::string number = std::to_string(where.line);
  const std::string gutter = "  " + number + " | ";
  const std::string blank = "  " + std::string(number.size(), ' ') + " | ";
  const std::size_t room = std::max<std::size_t>(options.width, 40) - gutter.size();
  std::size_t first = 0;
  std::size_t last = glyphs.size();
  if (ColumnsOf(glyphs, 0, glyphs.size()) > room) {
    // The place with a third of the room before it.
    first = caret;
    while (first > 0 && ColumnsOf(glyphs, first - 1, caret) <= room / 3) --first;
    last = first;
    while (last < glyphs.size() && ColumnsOf(glyphs, first, last + 1) + 2 * kCut.size() <= room) {
      ++last;
    }
  }
  std::string shown = first == 0 ? "" : std::string(kCut);
  std::string marks(shown.size() + ColumnsOf(glyphs, first, caret), ' ');
  for (std::size_t i = first; i < last; ++i) shown += glyphs[i].text;
  if (last < glyphs.size()) shown += kCut;
  shown.erase(shown.find_last_not_of(' ') + 1);
  const std::size_t visible = std::max(std::min(caret_end, last), caret + 1);
  std::string carets(ColumnsOf(glyphs, caret, std::min(visible, glyphs.size())), '^');
  if (options.color) carets = "\033[1;31m" + carets + "\033[0m";
  return gutter + shown + '\n' + blank + marks + carets + '\n';
}

}  // namespace cmatch::internal
