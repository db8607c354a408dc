#include <algorithm>
#include <string>
#include <utility>

#include "builtin.h"
#include "cmatch/rules_io.h"
#include "rule_directory.h"
#include "table_files.h"

namespace cmatch {

std::expected<std::shared_ptr<const RuleSet>, Error> LoadRules(
    const std::vector<std::string>& directories) {
  // The base is read first, wherever it stands; the others keep their order.
  std::vector<std::string> ordered = directories;
  const auto base = std::find_if(ordered.begin(), ordered.end(), internal::HasBase);
  Tables tables;
  if (base == ordered.end()) {
    tables = internal::LoadBuiltinTables();
  } else {
    std::rotate(ordered.begin(), base, base + 1);
  }

  std::vector<Problem> problems;
  std::vector<RuleFile> files;
  for (const std::string& directory : ordered) {
    for (RuleFile& file :
         internal::ReadDirectory(directory, internal::DirectoryPart::kTables, problems)) {
      files.push_back(std::move(file));
    }
  }
  internal::AddFiles(files, tables, problems);
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
  }
  return RuleSet::Create(std::move(tables));
}

}  // namespace cmatch
