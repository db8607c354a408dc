#ifndef CMATCH_KINDS_H_
#define CMATCH_KINDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace cmatch {

// A kind is an open name: a string in a table, compared in canonical form. This is the spelling
// half of that form (ASCII lower case, '-' to '_'); the alias table of a RuleSet is the other half.
std::string FoldKind(std::string_view kind);
// FoldKind(kind) == kind.
bool IsFolded(std::string_view kind);

// The nearest of `candidates` to `name` by Damerau-Levenshtein distance (optimal string alignment),
// at most 2 (of up to three characters: 1) and less than the length of `name`; "" where none is
// near. The first of equals wins.
std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& candidates);

// Nearest() among the candidates with the same digits in the same order: another digit is another
// format or model ("int4" for "int8", "qwen2" for "qwen4"), hardly a slip of the pen.
std::string_view NearestKind(std::string_view name,
                             const std::vector<std::string_view>& candidates);

}  // namespace cmatch

#endif  // CMATCH_KINDS_H_
