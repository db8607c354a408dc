#ifndef CMATCH_C_DESCRIPTORS_H_
#define CMATCH_C_DESCRIPTORS_H_

// cmatch_mcd and cmatch_ecp as the C++ values.

#include <expected>
#include <string_view>

#include "cmatch.h"
#include "cmatch/ecp.h"
#include "cmatch/mcd.h"
#include "cmatch/rule_set.h"
#include "guard.h"

namespace cmatch::c {

// Names of documents that came as text, in messages.
inline constexpr std::string_view kMcdName = "mcd";
inline constexpr std::string_view kEcpName = "ecp";

// Failures: a struct or text that breaks the rules of cmatch.h; text that is not UTF-8 and
// attributes that are not a JSON object, or state a required member again (InvalidMcd).
std::expected<Mcd, Failure> ReadMcd(const cmatch_mcd* mcd, const RuleSet& rules);
// Likewise (InvalidEcp).
std::expected<Ecp, Failure> ReadEcpStruct(const cmatch_ecp* ecp, const RuleSet& rules);

}  // namespace cmatch::c

#endif  // CMATCH_C_DESCRIPTORS_H_
