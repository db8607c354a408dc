#ifndef CMATCH_MATRIX_H_
#define CMATCH_MATRIX_H_

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/rule_set.h"

namespace cmatch {

// What the tables say of one kind on one compute capability, with the row that says it.
struct SupportCell {
  Level level = Level::kUnsupported;
  std::string_view because;  // of the row; views live as long as the rule set
  std::string_view source;
  Location where;
  bool open = false;  // the list is open and says nothing of it: `level` does not hold
};

// Support of one engine release by kind and compute capability.
struct SupportMatrix {
  struct Row {
    std::string_view dimension;
    std::string_view kind;
    std::vector<SupportCell> cells;  // one a capability
  };

  std::string engine;
  std::string version;
  std::vector<ComputeCapability> compute;  // every one that some GPU has, ascending
  std::vector<SupportCell> floor;          // one a capability
  std::vector<Row> rows;  // dimensions as the file states them, kinds in table order
  // The dimensions whose lists are open in this release, each with the row that says so.
  std::vector<std::pair<std::string_view, SupportCell>> open;
};

// `version` empty: the default. Errors: kInvalidEcp as for BuildEcp().
std::expected<SupportMatrix, Error> BuildMatrix(const RuleSet& rules, std::string_view engine,
                                                std::string_view version);

// The engines of the tables, each once.
std::vector<std::string_view> EngineNames(const RuleSet& rules);

std::string_view ToString(const SupportCell& cell);  // of its level, or "unknown"
std::string_view ToString(Level level);              // "native", "degraded", "unsupported"

}  // namespace cmatch

#endif  // CMATCH_MATRIX_H_
