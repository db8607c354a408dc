#ifndef CMATCH_TESTS_PARSERS_BASE_RULES_H_
#define CMATCH_TESTS_PARSERS_BASE_RULES_H_

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "cmatch/rules_io.h"
#include "support/files.h"

namespace cmatch::testing {

inline std::vector<RuleFile> BaseFiles() {
  std::vector<RuleFile> files;
  for (const char* name : {"architectures.yaml", "gpus.yaml", "kinds.yaml", "validation.yaml"}) {
    files.push_back({name, ReadFile(std::string(CMATCH_SOURCE_DIR "/rules/") + name)});
  }
  return files;
}

inline std::shared_ptr<const RuleSet> ReadBaseRules() {
  auto tables = ReadTables(BaseFiles());
  if (!tables) throw std::runtime_error(tables.error().message);
  auto rules = RuleSet::Create(std::move(*tables));
  if (!rules) throw std::runtime_error(rules.error().message);
  return *rules;
}

// The rules, kinds, architectures and GPUs of rules/, without the engines. Read once.
inline const RuleSet& BaseRules() {
  static const std::shared_ptr<const RuleSet> rules = ReadBaseRules();
  return *rules;
}

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_PARSERS_BASE_RULES_H_
