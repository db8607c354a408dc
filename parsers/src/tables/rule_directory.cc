#include "tables/rule_directory.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "files/directory_edge.h"
#include "files/file_edge.h"
#include "files/read_limits.h"

namespace cmatch::internal {
namespace {

namespace fs = std::filesystem;

void AddProblem(const std::string& path, std::string code, std::string message,
                std::vector<Problem>& problems) {
  Problem problem;
  problem.code = std::move(code);
  problem.message = std::move(message);
  problem.where.file = path;
  problems.push_back(std::move(problem));
}

void AddDirectoryProblem(const fs::path& directory, const std::error_code& error,
                         std::vector<Problem>& problems) {
  if (error == std::errc::value_too_large) {
    return AddProblem(
        directory.string(), "rules-directory-too-large",
        "the directory holds more than " + std::to_string(kMaxDirectoryEntries) + " entries",
        problems);
  }
  AddProblem(directory.string(),
             error == std::errc::no_such_file_or_directory ? "file-not-found" : "file-unreadable",
             "cannot list the directory: " + error.message(), problems);
}

bool IsYaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

// The paths of YAML files below a directory.
class FileList {
 public:
  FileList(DirectoryPart part, std::vector<Problem>& problems) : part_(part), problems_(problems) {}

  // Hidden names are left out: a mounted ConfigMap keeps its versions in them.
  void Add(const fs::path& directory, int depth = 0) {
    if (++folders_ > kMaxRuleFolders || paths_.size() > kMaxRuleFiles) return;
    std::error_code error;
    for (const DirectoryEntry& entry : ListDirectory(directory.string(), error)) {
      if (entry.name.starts_with('.')) continue;
      const fs::path path = directory / entry.name;
      if (entry.directory) {
        const bool apart = depth == 0 && part_ == DirectoryPart::kTables &&
                           (entry.name == "cases" || entry.name == "schema");
        if (!apart && depth < kMaxRuleFolderDepth) Add(path, depth + 1);
      } else if (IsYaml(path)) {
        paths_.push_back(path.string());
      }
    }
    if (error) AddDirectoryProblem(directory, error, problems_);
  }

  // Sorted; none where there are more than can be read.
  std::vector<std::string> Take(const fs::path& root) {
    if (folders_ > kMaxRuleFolders || paths_.size() > kMaxRuleFiles) {
      AddProblem(root.string(), "rules-directory-too-large",
                 "the directory holds more than " + std::to_string(kMaxRuleFiles) +
                     " YAML files or " + std::to_string(kMaxRuleFolders) +
                     " folders, those behind links included",
                 problems_);
      return {};
    }
    std::sort(paths_.begin(), paths_.end());
    return std::move(paths_);
  }

 private:
  DirectoryPart part_;
  std::vector<Problem>& problems_;
  std::vector<std::string> paths_;
  std::size_t folders_ = 0;
};

}  // namespace

std::vector<RuleFile> ReadDirectory(const std::string& directory, DirectoryPart part,
                                    std::vector<Problem>& problems) {
  fs::path root = directory;
  if (part == DirectoryPart::kCases) {
    root /= "cases";
    std::error_code ignored;
    if (!fs::exists(root, ignored)) return {};
  }
  FileList list(part, problems);
  list.Add(root);
  std::vector<RuleFile> files;
  std::size_t bytes = 0;
  for (std::string& path : list.Take(root)) {
    auto text = ReadWholeFile(path, kYamlLimits.bytes);
    if (!text) {
      problems.push_back(std::move(text.error()));
      continue;
    }
    bytes += text->size();
    if (bytes > kMaxRuleBytes) {
      AddProblem(root.string(), "rules-directory-too-large",
                 "the YAML files of the directory have more than " +
                     std::to_string(kMaxRuleBytes >> 20) + " MiB",
                 problems);
      return {};
    }
    files.push_back({std::move(path), *std::move(text)});
  }
  return files;
}

bool HasBase(const std::string& directory) {
  std::error_code ignored;
  return fs::exists(fs::path(directory) / "validation.yaml", ignored);
}

}  // namespace cmatch::internal
