#include <algorithm>
#include <string>
#include <utility>

#include "cmatch/rules_io.h"
#include "tables/builtin.h"
#include "tables/rule_directory.h"
#include "tables/table_files.h"

namespace cmatch {

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
  internal::AddFiles(files, tables, problems);
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
  }
  return RuleSet::Create(std::move(tables));
}

}  // namespace cmatch
