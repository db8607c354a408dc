#include "cmatch/rules_fix.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "cmatch/compute.h"
#include "tables/one_edit.h"

namespace cmatch {
namespace {

constexpr std::size_t kMostFixes = 1000;  // in one file

struct Edit {
  std::size_t at = 0, length = 0;
  std::string to;
};

// Where the problem is in the text; nothing where it has no place there.
std::optional<std::size_t> OffsetOf(std::string_view text, const Location& where) {
  if (where.line == 0 || where.column == 0 || text.starts_with("\xEF\xBB\xBF")) return std::nullopt;
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < where.line; ++line) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) return std::nullopt;
    ++at;
  }
  at += where.column - 1;
  if (at >= text.size()) return std::nullopt;
  return at;
}

// The scalar that begins at `at`, quotes included. An unquoted one ends where it would in brackets,
// which elsewhere may be early: the edit then makes no sense and is not kept.
std::string_view ScalarAt(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
  if (rest.starts_with('"') || rest.starts_with('\'')) {
    const std::size_t end = rest.find(rest[0], 1);
    return end == std::string_view::npos ? std::string_view() : rest.substr(0, end + 1);
  }
  std::size_t end = std::min(rest.find_first_of(",]}\r"), rest.size());
  end = std::min({end, rest.find(" #"), rest.find(": ")});
  const std::string_view scalar = rest.substr(0, end);
  if (scalar.ends_with(':')) return scalar.substr(0, scalar.size() - 1);
  return scalar.substr(0, scalar.find_last_not_of(' ') + 1);
}

std::string_view Unquoted(std::string_view scalar) {
  const bool quoted = scalar.starts_with('"') || scalar.starts_with('\'');
  return quoted ? scalar.substr(1, scalar.size() - 2) : scalar;
}

std::optional<Edit> QuoteCompute(std::string_view text, std::size_t at) {
  const std::string_view scalar = ScalarAt(text, at);
  if (!ParseComputeRange(scalar) && !ParseImage(scalar)) return std::nullopt;
  return Edit{at, scalar.size(), "\"" + std::string(scalar) + "\""};
}

// `did you mean "x"?`, and nothing else.
std::optional<Edit> TakeMeant(std::string_view text, std::size_t at, std::string_view help) {
  constexpr std::string_view kBegin = "did you mean \"";
  constexpr std::string_view kEnd = "\"?";
  if (!help.starts_with(kBegin) || !help.ends_with(kEnd)) return std::nullopt;
  help.remove_prefix(kBegin.size());
  help.remove_suffix(kEnd.size());
  const std::string_view scalar = ScalarAt(text, at);
  const std::string_view word = Unquoted(scalar);
  if (!internal::OneEdit(word, help)) return std::nullopt;
  const std::size_t quote = scalar.size() == word.size() ? 0 : 1;
  return Edit{at + quote, word.size(), std::string(help)};
}

std::optional<Edit> MendType(std::string_view text, std::size_t at, const Problem& problem) {
  const std::string_view scalar = ScalarAt(text, at);
  if (scalar.empty()) return std::nullopt;
  if (problem.help.starts_with("write it in brackets")) {
    return Edit{at, scalar.size(), "[" + std::string(scalar) + "]"};
  }
  const std::string_view digits = Unquoted(scalar);
  const bool number = !digits.empty() && digits.size() < scalar.size() && digits.size() < 19 &&
                      (digits[0] != '0' || digits.size() == 1) &&
                      digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (!number || problem.message.find("must be an integer") == std::string::npos) {
    return std::nullopt;
  }
  return Edit{at, scalar.size(), std::string(digits)};
}

std::optional<Edit> MendTabs(std::string_view text, std::size_t at) {
  const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
  // Before anything else the depth counts, and nobody knows which one was meant.
  if (end < text.size() && text[end] != '#' && text[end] != '\n' && text[end] != '\r') {
    return std::nullopt;
  }
  std::string blanks;
  for (const char c : text.substr(begin, end - begin)) blanks += c == '\t' ? "  " : " ";
  return Edit{begin, end - begin, std::move(blanks)};
}

std::optional<Edit> EditFor(std::string_view text, const Problem& problem) {
  const std::optional<std::size_t> at = OffsetOf(text, problem.where);
  if (!at || problem.warning) return std::nullopt;
  if (problem.code == "yaml-unquoted-compute") return QuoteCompute(text, *at);
  if (problem.code == "yaml-unknown-key" || problem.code == "yaml-unknown-word") {
    return TakeMeant(text, *at, problem.help);
  }
  if (problem.code == "yaml-wrong-type") return MendType(text, *at, problem);
  if (problem.code == "yaml-tab") return MendTabs(text, *at);
  return std::nullopt;
}

// Up to a line, that line included.
std::size_t Errors(const std::vector<Problem>& problems, std::uint32_t line) {
  return static_cast<std::size_t>(std::count_if(
      problems.begin(), problems.end(),
      [&](const Problem& problem) { return !problem.warning && problem.where.line <= line; }));
}

// A tab keeps the rest of the file from being read: what comes to light is no reason to keep it.
bool Mends(const Problem& problem, const std::vector<Problem>& before,
           const std::vector<Problem>& after) {
  if (problem.code != "yaml-tab") {
    // A list that was cut off is as long as before: there only what stands above tells.
    const bool cut = std::any_of(before.begin(), before.end(), [](const Problem& other) {
      return other.code == "yaml-too-many-problems";
    });
    const std::uint32_t line = cut ? problem.where.line : std::numeric_limits<std::uint32_t>::max();
    return Errors(after, line) < Errors(before, line);
  }
  return std::none_of(after.begin(), after.end(), [&](const Problem& other) {
    return other.code == problem.code && other.where == problem.where;
  });
}

}  // namespace

FixedFile FixFile(const RuleFile& file, const LintOptions& options) {
  FixedFile fixed{.text = file.text, .fixes = {}};
  std::vector<Problem> problems = LintFile(file, options);
  for (std::size_t i = 0; i < problems.size() && fixed.fixes.size() < kMostFixes;) {
    const Problem& problem = problems[i++];
    const std::optional<Edit> edit = EditFor(fixed.text, problem);
    if (!edit) continue;
    std::string text = fixed.text;
    text.replace(edit->at, edit->length, edit->to);
    std::vector<Problem> left = LintFile({file.name, text}, options);
    if (!Mends(problem, problems, left)) continue;
    fixed.fixes.push_back({.code = problem.code,
                           .where = problem.where,
                           .from = fixed.text.substr(edit->at, edit->length),
                           .to = edit->to});
    fixed.text = std::move(text);
    problems = std::move(left);
    i = 0;
  }
  return fixed;
}

}  // namespace cmatch
