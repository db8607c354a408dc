#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "cmatch/case_runner.h"
#include "cmatch/cases_io.h"
#include "cmatch/config_io.h"
#include "cmatch/lint.h"
#include "cmatch/rules_io.h"
#include "files/file_edge.h"
#include "tables/rule_directory.h"
#include "tables/table_files.h"

namespace cmatch {
namespace {

using Names = std::unordered_set<std::string>;

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

// Warnings about these files.
void AppendOwn(const Names& files, std::vector<Problem> warnings, std::vector<Problem>& problems) {
  std::erase_if(warnings,
                [&](const Problem& warning) { return !files.contains(warning.where.file); });
  Append(problems, std::move(warnings));
}

// Rules of these files that no case fails, or none passes.
std::vector<Problem> Untested(const Coverage& coverage) {
  std::vector<Problem> problems;
  for (const Coverage::Gap& gap : coverage.Gaps()) {
    if (!gap.what.ends_with(" case")) continue;
    problems.push_back({.code = "rules-untested",
                        .path = {},
                        .message = "rule " + gap.what,
                        .where = gap.where,
                        .notes = {},
                        .help = "add one to cases/: a typo in a check makes it pass or skip unseen",
                        .warning = true});
  }
  return problems;
}

bool IsIn(const std::vector<std::string>& directories, const std::string& file) {
  return std::any_of(directories.begin(), directories.end(), [&](const std::string& directory) {
    return file.starts_with((std::filesystem::path(directory) / "").string());
  });
}

void LintDirectories(const std::vector<std::string>& directories, const LintOptions& options,
                     std::vector<Problem>& problems) {
  std::vector<std::string> all = options.beneath;
  all.insert(all.end(), directories.begin(), directories.end());
  Tables tables;
  Names own;
  std::vector<Problem> found;
  const std::vector<RuleFile> files = internal::ReadTableFiles(all, tables, found);
  for (const RuleFile& file : files) {
    if (IsIn(directories, file.name)) own.insert(file.name);
  }
  const internal::Damage damage = internal::AddFiles(files, tables, found);
  const auto rules = internal::FinishRules(std::move(tables), damage, found);
  Append(problems, std::move(found));
  auto cases = LoadCases(directories);
  if (!cases) Append(problems, std::move(cases.error().problems));
  if (rules == nullptr) return;
  AppendOwn(own, LintTables(*rules, options.today), problems);
  if (!cases) return;
  Coverage coverage(rules);
  Append(problems, FailedCases(RunCases(rules, *cases, &coverage)));
  AppendOwn(own, Untested(coverage), problems);
}

}  // namespace

std::vector<Problem> LintFile(const RuleFile& file, const LintOptions& options) {
  std::vector<Problem> problems;
  const auto kind = KindOf(file);
  if (kind == internal::FileKind::kCases) {
    if (auto cases = ReadCases({file}); !cases) Append(problems, std::move(cases.error().problems));
    return problems;
  }
  if (kind == internal::FileKind::kConfig) {
    const auto config = ReadConfig(file.text, file.name);
    if (!config) Append(problems, config.error().problems);
    return problems;
  }
  Tables tables;
  if (kind != internal::FileKind::kOverlay) {  // what spans files cannot be judged
    internal::AddFiles({file}, tables, problems);
    return problems;
  }
  std::vector<Problem> found;
  std::vector<RuleFile> files = internal::ReadTableFiles(options.beneath, tables, found);
  std::erase_if(files, [&](const RuleFile& other) { return other.name == file.name; });
  files.push_back(file);
  const internal::Damage damage = internal::AddFiles(files, tables, found);
  const auto rules = internal::FinishRules(std::move(tables), damage, found);
  if (rules != nullptr) found = LintTables(*rules, options.today);
  AppendOwn({file.name}, std::move(found), problems);
  return problems;
}

std::vector<Problem> LintRules(const std::vector<std::string>& paths, const LintOptions& options) {
  std::vector<Problem> problems;
  std::vector<std::string> directories;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
      directories.push_back(path);
      continue;
    }
    auto text = internal::ReadWholeFile(path, internal::kYamlLimits.bytes);
    if (text) {
      Append(problems, LintFile({path, *std::move(text)}, options));
    } else {
      problems.push_back(std::move(text.error()));
    }
  }
  if (!directories.empty()) LintDirectories(directories, options, problems);
  return problems;
}

}  // namespace cmatch
