#include "rule_directory.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "directory_edge.h"
#include "file_edge.h"
#include "yaml_limits.h"

namespace cmatch::internal {
namespace {

namespace fs = std::filesystem;

constexpr int kMostFolders = 8;  // in each other: a link that leads back must end

void AddDirectoryProblem(const fs::path& directory, const std::error_code& error,
                         std::vector<Problem>& problems) {
  Problem problem;
  problem.code =
      error == std::errc::no_such_file_or_directory ? "file-not-found" : "file-unreadable";
  problem.message = "cannot list the directory: " + error.message();
  problem.where.file = directory.string();
  problems.push_back(std::move(problem));
}

bool IsYaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

// Hidden names are left out: a mounted ConfigMap keeps its versions in them.
void ListFiles(const fs::path& directory, bool top, int depth, std::vector<std::string>& files,
               std::vector<Problem>& problems) {
  std::error_code error;
  for (const DirectoryEntry& entry : ListDirectory(directory.string(), error)) {
    if (entry.name.starts_with('.')) continue;
    const fs::path path = directory / entry.name;
    if (entry.directory) {
      const bool apart = top && (entry.name == "cases" || entry.name == "schema");
      if (!apart && depth < kMostFolders) ListFiles(path, false, depth + 1, files, problems);
    } else if (IsYaml(path)) {
      files.push_back(path.string());
    }
  }
  if (error) AddDirectoryProblem(directory, error, problems);
}

}  // namespace

std::vector<RuleFile> ReadDirectory(const std::string& directory, DirectoryPart part,
                                    std::vector<Problem>& problems) {
  fs::path root = directory;
  if (part == DirectoryPart::kCases) {
    root /= "cases";
    std::error_code ignored;
    if (!fs::exists(root, ignored)) return {};
  }
  std::vector<std::string> paths;
  ListFiles(root, part == DirectoryPart::kTables, 0, paths, problems);
  std::sort(paths.begin(), paths.end());
  std::vector<RuleFile> files;
  for (std::string& path : paths) {
    auto text = ReadWholeFile(path, kYamlLimits.bytes);
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

}  // namespace cmatch::internal
