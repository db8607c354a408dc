#ifndef CMATCH_RULE_DIRECTORY_H_
#define CMATCH_RULE_DIRECTORY_H_

#include <string>
#include <vector>

#include "cmatch/rules_io.h"

namespace cmatch::internal {

// What of a rules directory is wanted.
enum class DirectoryPart {
  kTables,  // all but cases/ and schema/
  kCases,   // cases/, which may be missing
};

// The YAML files of `directory`, sorted by path, with their bytes. Adds a problem for a directory
// that cannot be listed (file-not-found, file-unreadable) or holds too much
// (rules-directory-too-large), and for each file that cannot be read.
std::vector<RuleFile> ReadDirectory(const std::string& directory, DirectoryPart part,
                                    std::vector<Problem>& problems);

// What LoadRules() reads, in its order. `tables` becomes the built-in set where no directory holds
// a base, else it stays empty.
std::vector<RuleFile> ReadTableFiles(const std::vector<std::string>& directories, Tables& tables,
                                     std::vector<Problem>& problems);

// True where `directory` holds a validation.yaml: it can be the base of a rule set.
bool HasBase(const std::string& directory);

}  // namespace cmatch::internal

#endif  // CMATCH_RULE_DIRECTORY_H_
