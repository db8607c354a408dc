#include <filesystem>
#include <system_error>
#include <utility>

#include "builtin.h"
#include "cmatch/cases_io.h"
#include "cmatch/config_io.h"
#include "cmatch/rules_io.h"
#include "file_edge.h"
#include "table_files.h"

namespace cmatch {
namespace {

void Append(std::vector<Problem>& list, std::vector<Problem> more) {
  for (Problem& problem : more) list.push_back(std::move(problem));
}

// What the file says it is; its problems are found by the reader of that kind.
std::optional<internal::FileKind> KindOf(const RuleFile& file) {
  std::vector<Problem> ignored;
  internal::YamlProblems problems(file.name, &ignored);
  const internal::YamlDocument document = internal::ParseYaml(file.text, problems);
  if (document.root() == nullptr) return std::nullopt;
  TextPool pool;
  internal::YamlInput in(document, file.text, 0, pool, problems);
  internal::YamlMap root(in, *document.root(), "file");
  return internal::ReadFileKind(root);
}

// A file alone: what spans files cannot be judged. An overlay is tried on the built-in tables.
void LintFile(const std::string& path, std::vector<Problem>& problems) {
  auto text = internal::ReadWholeFile(path, internal::kYamlLimits.bytes);
  if (!text) {
    problems.push_back(std::move(text.error()));
    return;
  }
  const RuleFile file{path, *std::move(text)};
  const auto kind = KindOf(file);
  if (kind == internal::FileKind::kCases) {
    if (auto cases = ReadCases({file}); !cases) Append(problems, std::move(cases.error().problems));
  } else if (kind == internal::FileKind::kConfig) {
    const auto config = ReadConfig(file.text, file.name);
    if (!config) Append(problems, config.error().problems);
  } else {
    Tables tables;
    if (kind == internal::FileKind::kOverlay) tables = internal::LoadBuiltinTables();
    internal::AddFiles({file}, tables, problems);
  }
}

}  // namespace

std::vector<Problem> LintRules(const std::vector<std::string>& paths) {
  std::vector<Problem> problems;
  std::vector<std::string> directories;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
      directories.push_back(path);
    } else {
      LintFile(path, problems);
    }
  }
  if (directories.empty()) return problems;
  auto rules = LoadRules(directories);
  if (!rules) Append(problems, std::move(rules.error().problems));
  auto cases = LoadCases(directories);
  if (!cases) Append(problems, std::move(cases.error().problems));
  return problems;
}

}  // namespace cmatch
