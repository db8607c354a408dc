#include "problem_codes.h"

#include <algorithm>
#include <span>

#include "problem_pages.h"

namespace cmatch::cli {
namespace {

constexpr std::string_view kHeading = "\n### ";
constexpr std::string_view kFix = "Fix: ";

std::span<const ProblemPage> Pages() { return {kProblemPages, kProblemPageCount}; }

// Lines and paragraphs joined by single spaces.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c != '\n') {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// The text below a heading, up to the next one.
std::string_view Body(std::string_view text, std::size_t from) {
  return text.substr(from, std::min(text.find("\n#", from), text.size()) - from);
}

}  // namespace

std::optional<ProblemCode> FindProblemCode(std::string_view code) {
  const std::string heading = std::string(kHeading) + std::string(code) + '\n';
  for (const ProblemPage& page : Pages()) {
    const std::size_t at = page.text.find(heading);
    if (at == std::string_view::npos) continue;
    const std::string body = OneLine(Body(page.text, at + heading.size()));
    const std::size_t fix = body.rfind(kFix);
    ProblemCode found;
    found.page = "docs/" + std::string(page.name);
    found.what = body.substr(0, fix);
    found.what.erase(found.what.find_last_not_of(' ') + 1);
    if (fix != std::string::npos) found.fix = body.substr(fix + kFix.size());
    return found;
  }
  return std::nullopt;
}

std::vector<std::string_view> ProblemCodeNames() {
  std::vector<std::string_view> names;
  for (const ProblemPage& page : Pages()) {
    std::size_t at = 0;
    while ((at = page.text.find(kHeading, at)) != std::string_view::npos) {
      at += kHeading.size();
      names.push_back(page.text.substr(at, page.text.find('\n', at) - at));
    }
  }
  return names;
}

}  // namespace cmatch::cli
