#ifndef CMATCH_TESTS_SUPPORT_FOUR_RULES_H_
#define CMATCH_TESTS_SUPPORT_FOUR_RULES_H_

#include <string_view>

namespace cmatch::testing {

// The four rules of CMATCH-8030 alone, whatever else the shipped set may check one day.
inline constexpr std::string_view kFourRules = R"(kind: cmatch.rules/v1
name: four
version: "1"
fields:
  mcd.positional: {type: kind, of: positional}
  mcd.attention: {type: kind, of: attention}
  mcd.quant: {type: kinds, of: quant}
  mcd.context_max: {type: integer}
  ecp.supports_positional: {type: kinds, of: positional}
  ecp.supports_attention: {type: kinds, of: attention}
  ecp.supports_quant: {type: kinds, of: quant}
  ecp.max_context: {type: integer}
rules:
  - {id: R-1, name: positional, severity: error, check: {value: mcd.positional, in: ecp.supports_positional}, error: IncompatiblePositional, message: m, source: s}
  - {id: R-2, name: attention, severity: error, check: {value: mcd.attention, in: ecp.supports_attention}, error: IncompatibleAttention, message: m, source: s}
  - {id: R-3, name: quant, severity: error, check: {any_of: mcd.quant, in: ecp.supports_quant}, error: IncompatibleQuant, message: m, source: s}
  - {id: R-4, name: context, severity: error, check: {value: mcd.context_max, le: ecp.max_context}, error: ContextTooLarge, message: m, hint: "run it with --context {limit} or less", source: s}
)";

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_SUPPORT_FOUR_RULES_H_
