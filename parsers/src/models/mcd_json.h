#ifndef CMATCH_MCD_JSON_H_
#define CMATCH_MCD_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "cmatch/mcd_source.h"
#include "json/json_edge.h"

namespace cmatch::internal {

inline constexpr std::string_view kSidecarSuffix = ".mcd.json";

// The members of an MCD object into `facts`; `origin` is said of each. Members may be missing
// (McdFrom judges that), those that are there must be right. Undeclared members are kept where a
// Value has their shape.
void ReadMcdMembers(const JsonDocument& document, const JsonNode& object, const RuleSet& rules,
                    std::string_view origin, McdFacts* facts, std::vector<Problem>* problems);

}  // namespace cmatch::internal

#endif  // CMATCH_MCD_JSON_H_
