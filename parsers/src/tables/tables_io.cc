#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "cmatch/rules_io.h"
#include "tables/builtin.h"
#include "tables/rule_directory.h"
#include "tables/table_files.h"

namespace cmatch {
namespace {

// A layer on top of itself: every change in it would be stale or idle, and every row there twice.
void CheckNamedOnce(const std::vector<std::string>& directories, std::vector<Problem>& problems) {
  for (auto at = directories.begin(); at != directories.end(); ++at) {
    std::error_code ignored;
    const auto same = [&](const std::string& other) {
      return std::filesystem::equivalent(other, *at, ignored);
    };
    if (std::none_of(directories.begin(), at, same)) continue;
    Problem problem;
    problem.code = "rules-duplicate";
    problem.message = "the directory is named twice";
    problem.where.file = *at;
    problem.help = "name each directory once: a later one lies on top of those before it";
    problems.push_back(std::move(problem));
  }
}

}  // namespace

std::vector<RuleFile> internal::ReadTableFiles(const std::vector<std::string>& directories,
                                               Tables& tables, std::vector<Problem>& problems) {
  // The base is read first, wherever it stands; the others keep their order.
  std::vector<std::string> ordered = directories;
  const auto base = std::find_if(ordered.begin(), ordered.end(), HasBase);
  if (base == ordered.end()) {
    tables = LoadBuiltinTables();
  } else {
    std::rotate(ordered.begin(), base, base + 1);
  }
  std::vector<RuleFile> files;
  CheckNamedOnce(directories, problems);
  if (!problems.empty()) return files;
  for (const std::string& directory : ordered) {
    for (RuleFile& file : ReadDirectory(directory, DirectoryPart::kTables, problems)) {
      files.push_back(std::move(file));
    }
  }
  return files;
}

std::expected<std::shared_ptr<const RuleSet>, Error> LoadRules(
    const std::vector<std::string>& directories) {
  Tables tables;
  std::vector<Problem> problems;
  const std::vector<RuleFile> files = internal::ReadTableFiles(directories, tables, problems);
  const internal::Damage damage = internal::AddFiles(files, tables, problems);
  auto rules = internal::FinishRules(std::move(tables), damage, problems);
  if (rules != nullptr) return rules;
  return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
}

}  // namespace cmatch
