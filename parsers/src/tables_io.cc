#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "builtin.h"
#include "cmatch/rules_io.h"
#include "file_edge.h"
#include "table_files.h"

namespace cmatch {
namespace {

namespace fs = std::filesystem;

constexpr int kMostFolders = 8;  // in each other: a link that leads back must end

void AddDirectoryProblem(const std::string& directory, const std::error_code& error,
                         std::vector<Problem>& problems) {
  Problem problem;
  problem.code = "rules-directory";
  problem.message = "cannot list the directory: " + error.message();
  problem.where.file = directory;
  problems.push_back(std::move(problem));
}

bool IsYaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

// The YAML files below `directory`, as paths. Hidden names are left out: a mounted ConfigMap keeps
// its versions in them.
void ListFiles(const fs::path& directory, int depth, std::vector<std::string>& files,
               std::vector<Problem>& problems) {
  std::error_code error;
  fs::directory_iterator it(directory, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) {
    const fs::path& path = it->path();
    const std::string name = path.filename().string();
    if (name.starts_with('.')) continue;
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      const bool apart = depth == 0 && (name == "cases" || name == "schema");
      if (!apart && depth < kMostFolders) ListFiles(path, depth + 1, files, problems);
    } else if (IsYaml(path)) {
      files.push_back(path.string());
    }
  }
  if (error) AddDirectoryProblem(directory.string(), error, problems);
}

std::vector<RuleFile> ReadDirectory(const std::string& directory, std::vector<Problem>& problems) {
  std::vector<std::string> paths;
  ListFiles(directory, 0, paths, problems);
  std::sort(paths.begin(), paths.end());
  std::vector<RuleFile> files;
  for (std::string& path : paths) {
    auto text = internal::ReadWholeFile(path, internal::kYamlLimits.bytes);
    if (text) {
      files.push_back({std::move(path), *std::move(text)});
    } else {
      problems.push_back(std::move(text.error()));
    }
  }
  return files;
}

bool HasBase(const std::string& directory) {
  std::error_code ignored;
  return fs::exists(fs::path(directory) / "validation.yaml", ignored);
}

bool Usable(const std::vector<Problem>& problems) {
  return std::all_of(problems.begin(), problems.end(), [](const Problem& p) { return p.warning; });
}

}  // namespace

std::expected<Tables, Error> ReadTables(const std::vector<RuleFile>& files) {
  Tables tables;
  std::vector<Problem> problems;
  internal::AddFiles(files, tables, problems);
  if (!Usable(problems)) {
    return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
  }
  return tables;
}

std::expected<std::shared_ptr<const RuleSet>, Error> LoadRules(
    const std::vector<std::string>& directories) {
  // The base is read first, wherever it stands; the others keep their order.
  std::vector<std::string> ordered = directories;
  const auto base = std::find_if(ordered.begin(), ordered.end(), HasBase);
  Tables tables;
  if (base == ordered.end()) {
    tables = internal::LoadBuiltinTables();
  } else {
    std::rotate(ordered.begin(), base, base + 1);
  }

  std::vector<Problem> problems;
  std::vector<RuleFile> files;
  for (const std::string& directory : ordered) {
    for (RuleFile& file : ReadDirectory(directory, problems)) files.push_back(std::move(file));
  }
  internal::AddFiles(files, tables, problems);
  if (!Usable(problems)) {
    return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
  }
  return RuleSet::Create(std::move(tables));
}

}  // namespace cmatch
