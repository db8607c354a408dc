// Says of each file named on stdin whether the loader takes it, for check_schemas.py.
// A line is KIND, a tab, PATH; the answer is "ok" or the problems' codes and places on one line.
// Overlays are read on top of the files named as arguments.

#include <iostream>
#include <string>
#include <vector>

#include "cmatch/cases_io.h"
#include "cmatch/config_io.h"
#include "cmatch/rules_io.h"
#include "support/files.h"

namespace {

using cmatch::RuleFile;

std::vector<cmatch::Problem> ProblemsOf(const std::string& kind, const RuleFile& file,
                                        const std::vector<RuleFile>& base) {
  if (kind == "cases") {
    const auto cases = cmatch::ReadCases({file});
    return cases ? std::vector<cmatch::Problem>() : cases.error().problems;
  }
  if (kind == "config") {
    const auto config = cmatch::ReadConfig(file.text, file.name);
    return config ? std::vector<cmatch::Problem>() : config.error().problems;
  }
  std::vector<RuleFile> files;
  if (kind == "overlay") files = base;
  files.push_back(file);
  const auto tables = cmatch::ReadTables(files);
  return tables ? std::vector<cmatch::Problem>() : tables.error().problems;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<RuleFile> base;
  for (int i = 1; i < argc; ++i) base.push_back({argv[i], cmatch::testing::ReadFile(argv[i])});
  std::string line;
  while (std::getline(std::cin, line)) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) return 2;
    const std::string path = line.substr(tab + 1);
    const auto problems =
        ProblemsOf(line.substr(0, tab), {path, cmatch::testing::ReadFile(path)}, base);
    if (problems.empty()) std::cout << "ok";
    for (const cmatch::Problem& problem : problems) {
      std::cout << problem.code << '@' << problem.where.line << ':' << problem.where.column << ' ';
    }
    std::cout << '\n';
  }
  return 0;
}
