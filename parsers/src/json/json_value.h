#ifndef CMATCH_JSON_VALUE_H_
#define CMATCH_JSON_VALUE_H_

// From a JSON tree to Value: by itself, or as a declared field demands.

#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/tables.h"
#include "cmatch/value.h"
#include "json/json_edge.h"

namespace cmatch::internal {

// What a member that nothing declares says: Opaque where no Value has its shape, unknown for null.
Value ToValue(const JsonDocument& document, const JsonNode& node);

// `node` as a value of `field`; null is unknown. Every problem (a wrong type, a fractional or
// out-of-range integer, an element that does not belong, what TypeProblem() says) is appended to
// `problems` under `code`, and the value is then unknown.
Value ReadValue(const JsonDocument& document, const JsonNode& node, const Field& field,
                std::string_view code, std::vector<Problem>* problems);

// Why `node` is not an integer that fits 64 bits, or "".
std::string IntegerProblem(const JsonNode& node);

// kInteger, kHugeInteger, kReal; never fails for what JSON allows.
double ToDouble(const JsonNode& node);

}  // namespace cmatch::internal

#endif  // CMATCH_JSON_VALUE_H_
