#ifndef CMATCH_ENGINE_DIFF_TEXT_H_
#define CMATCH_ENGINE_DIFF_TEXT_H_

// Rows of tables as one line each, for differences.

#include <string>
#include <vector>

#include "cmatch/clause_text.h"
#include "cmatch/tables.h"

namespace cmatch::internal {

// "{value: ...}, {value: ...}"
std::string ClausesText(const std::vector<Clause>& clauses);
// "a, b, c"
std::string ListText(const std::vector<Text>& items);
// "rope_llama", "alibi when {...}, else learned", with what else decides; "unsupported: why"
std::string ArchitectureText(const Architecture& row);
// "16384MiB, 32768MiB"
std::string MemoryText(const std::vector<std::int64_t>& sizes);
// "8.0..9.0, 12.0": runs of `all` that `some` has whole are ranges. Both ascending.
std::string ComputesText(const std::vector<ComputeCapability>& all,
                         const std::vector<ComputeCapability>& some);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_DIFF_TEXT_H_
