// Changes YAML files by their lines and indentation: pieces of the tree move, are doubled and taken
// out, scalars are exchanged, so that most inputs stay YAML and reach the readers behind it.

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutator.h"

namespace {

constexpr std::string_view kScalars[] = {"0",
                                         "-1",
                                         "9223372036854775807",
                                         "9223372036854775808",
                                         "1.5",
                                         "1e308",
                                         ".nan",
                                         "true",
                                         "no",
                                         "null",
                                         "~",
                                         "\"\"",
                                         "\"x\\ny\"",
                                         "'a'",
                                         "24GiB",
                                         "8.9",
                                         "\"8.9\"",
                                         "\"8.0..9.0\"",
                                         "\"9.0a\"",
                                         "\">=0.8 <0.9\"",
                                         "\"b4000\"",
                                         "[]",
                                         "{}",
                                         "[a, b]",
                                         "[[a]]",
                                         "{a: b}",
                                         "*a",
                                         "&a b",
                                         "!t x",
                                         "<<",
                                         "? k",
                                         "|",
                                         ">-",
                                         "- - -",
                                         "native",
                                         "degraded",
                                         "unsupported",
                                         "of_model",
                                         "mcd.head_dim",
                                         "ecp.compute",
                                         "{value: mcd.n, le: 5}",
                                         "{all: []}",
                                         "{not: {any: []}}",
                                         "\xC3\xA9",
                                         "\xFF",
                                         "# note",
                                         "---",
                                         "a: b: c",
                                         "\"2026-12-31\"",
                                         "rules/CMATCH-8030.1/severity"};

using Lines = std::vector<std::string>;

Lines Split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::size_t Indent(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// The line at `first` and those below it that stand deeper.
std::size_t EndOfPiece(const Lines& lines, std::size_t first) {
  std::size_t end = first + 1;
  while (end < lines.size() && Indent(lines[end]) > Indent(lines[first])) ++end;
  return end;
}

struct Span {
  std::size_t begin, length;
};

// A word, number or quoted text of a line.
Span AnyScalar(const std::string& line, std::mt19937& random) {
  constexpr std::string_view kBetween = " ,:{}[]";
  std::vector<Span> spans;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t begin = line.find_first_not_of(kBetween, at);
    if (begin == std::string::npos) break;
    const bool quoted = line[begin] == '"' || line[begin] == '\'';
    std::size_t end =
        quoted ? line.find(line[begin], begin + 1) : line.find_first_of(kBetween, begin);
    if (end == std::string::npos) end = line.size();
    if (quoted) end = std::min(end + 1, line.size());
    spans.push_back({begin, end - begin});
    at = end;
  }
  if (spans.empty()) return {line.size(), 0};
  return spans[random() % spans.size()];
}

// `by`: two levels in, or out.
void Shift(Lines& lines, std::size_t first, int by) {
  const std::size_t end = EndOfPiece(lines, first);
  for (std::size_t i = first; i < end; ++i) {
    if (by > 0) {
      lines[i].insert(0, 2, ' ');
    } else if (Indent(lines[i]) >= 2) {
      lines[i].erase(0, 2);
    }
  }
}

void Change(Lines& lines, std::mt19937& random) {
  const std::size_t at = random() % lines.size();
  const std::size_t other = random() % lines.size();
  const std::size_t end = EndOfPiece(lines, at);
  const auto begin = lines.begin();
  const auto step = [](std::size_t n) { return static_cast<std::ptrdiff_t>(n); };
  switch (random() % 8) {
    case 0: {  // a piece twice, here or elsewhere
      const Lines piece(begin + step(at), begin + step(end));
      lines.insert(begin + step(random() % 2 == 0 ? end : other), piece.begin(), piece.end());
      break;
    }
    case 1:
      lines.erase(begin + step(at), begin + step(end));
      break;
    case 2:
      std::swap(lines[at], lines[other]);
      break;
    case 3:
      Shift(lines, at, random() % 2 == 0 ? 1 : -1);
      break;
    case 4: {  // a scalar of another line
      const Span from = AnyScalar(lines[other], random);
      const std::string text = lines[other].substr(from.begin, from.length);
      const Span to = AnyScalar(lines[at], random);
      lines[at].replace(to.begin, to.length, text);
      break;
    }
    case 5: {  // the rest of a line at another's place
      const std::size_t colon = lines[other].find(": ");
      const std::size_t own = lines[at].find(": ");
      if (colon != std::string::npos && own != std::string::npos) {
        lines[at].replace(own, std::string::npos, lines[other].substr(colon));
      }
      break;
    }
    default: {
      const Span to = AnyScalar(lines[at], random);
      lines[at].replace(to.begin, to.length, kScalars[random() % std::size(kScalars)]);
      break;
    }
  }
}

}  // namespace

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                    unsigned seed) {
  std::mt19937 random(seed);
  if (size == 0 || random() % 8 == 0) return LLVMFuzzerMutate(data, size, max_size);
  Lines lines = Split({reinterpret_cast<const char*>(data), size});
  for (auto left = 1 + random() % 3; left > 0 && !lines.empty(); --left) Change(lines, random);
  std::string text;
  for (const std::string& line : lines) text.append(line).append("\n");
  text.resize(std::min(text.size(), max_size));
  text.copy(reinterpret_cast<char*>(data), text.size());
  return text.size();
}
