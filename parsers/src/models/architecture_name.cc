#include "models/architecture_name.h"

#include <vector>

#include "cmatch/kinds.h"
#include "files/text_check.h"

namespace cmatch::internal {

std::string DidYouMean(std::string_view architecture, const RuleSet& rules, bool hf) {
  std::vector<std::string_view> names;
  for (const Architecture& row : rules.tables().architectures) {
    if (row.hf == hf) names.push_back(row.name);
  }
  const std::string_view near = NearestKind(architecture, names);
  return near.empty() ? "" : "did you mean " + Quoted(near) + "? ";
}

}  // namespace cmatch::internal
