#ifndef CMATCH_TABLE_FILES_H_
#define CMATCH_TABLE_FILES_H_

#include <string_view>
#include <vector>

#include "cmatch/rules_io.h"
#include "yaml/yaml_reader.h"

namespace cmatch::internal {

enum class FileKind {
  kRules,
  kKinds,
  kArchitectures,
  kGpus,
  kEngine,
  kAdvisories,
  kCases,
  kOverlay,
  kConfig,
};

inline constexpr std::array<std::pair<FileKind, Text>, 9> kFileKinds = {
    {{FileKind::kRules, "cmatch.rules/v1"},
     {FileKind::kKinds, "cmatch.kinds/v1"},
     {FileKind::kArchitectures, "cmatch.architectures/v1"},
     {FileKind::kGpus, "cmatch.gpus/v1"},
     {FileKind::kEngine, "cmatch.engine/v1"},
     {FileKind::kAdvisories, "cmatch.advisories/v1"},
     {FileKind::kCases, "cmatch.cases/v1"},
     {FileKind::kOverlay, "cmatch.overlay/v1"},
     {FileKind::kConfig, "cmatch.config/v1"}}};

// What `kind` says, which must be the first key.
std::optional<FileKind> ReadFileKind(YamlMap& root);
// The same where the file must be of the kind `wanted`; false, and a problem, otherwise.
bool ReadFileKind(YamlMap& root, FileKind wanted);

// What the problems of files took away from the tables.
struct Damage {
  bool lost = false;            // a whole file, or what it would say further
  std::vector<FileKind> kinds;  // of the files with problems
  std::vector<YamlProblems::BrokenRow> rows;
};

// Reads `files` on top of `tables`: rows first, then the overlays among them in order. Cases and
// configuration are left out. Adds every problem.
Damage AddFiles(const std::vector<RuleFile>& files, Tables& tables, std::vector<Problem>& problems);

// The tables of these files as a rule set. Where there are problems already: none, and those of
// the finished tables are added that do not follow from what is wrong or missing in `damage`.
std::shared_ptr<const RuleSet> FinishRules(Tables tables, const Damage& damage,
                                           std::vector<Problem>& problems);

// Ids and names that are stated twice, from whichever files.
void CheckStatedOnce(const Tables& tables, std::vector<Problem>& problems);

}  // namespace cmatch::internal

#endif  // CMATCH_TABLE_FILES_H_
