// Workflow commands of GitHub Actions, which become annotations beside the lines of a pull request.
// The escapes are those of the runner: actions/toolkit packages/core/src/command.ts.

#include "cmatch/render.h"
#include "cmatch/results.h"

namespace cmatch {
namespace {

std::string_view CommandName(ResultLevel level) {
  return level == ResultLevel::kNote ? "notice" : ToString(level);
}

// Escape() leaves no line end, so that text from a file cannot start a command of its own.
std::string Data(std::string_view text) {
  std::string out;
  for (const char c : Escape(text)) out += c == '%' ? "%25" : std::string(1, c);
  return out;
}

std::string Property(std::string_view text) {
  std::string out;
  for (const char c : Data(text)) out += c == ':' ? "%3A" : c == ',' ? "%2C" : std::string(1, c);
  return out;
}

}  // namespace

std::string RenderGithub(const ToolRun& run) {
  std::string text;
  for (const ToolResult& result : run.results) {
    if (result.kind != ResultKind::kFail || !result.suppressed_because.empty()) continue;
    std::string properties;
    const auto add = [&](const char* name, const std::string& value) {
      properties += std::string(properties.empty() ? " " : ",") + name + "=" + value;
    };
    if (!result.where.file.empty()) add("file", Property(result.where.file));
    if (result.where.line != 0) add("line", std::to_string(result.where.line));
    if (result.where.column != 0) add("col", std::to_string(result.where.column));
    add("title", Property(result.rule));
    text += "::" + std::string(CommandName(result.level)) + properties +
            "::" + Data(result.message) + '\n';
  }
  return text;
}

}  // namespace cmatch
