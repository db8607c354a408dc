#ifndef CMATCH_VALUE_H_
#define CMATCH_VALUE_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace cmatch {

// What a source states about one member of a descriptor. std::monostate: the source states nothing.
// A value of any other shape (an object, a list of mixed types) is Opaque: legal where no rule
// reads it, a wrong type where one does.
struct Opaque {
  friend bool operator==(const Opaque&, const Opaque&) = default;
};

using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string,
                           std::vector<std::int64_t>, std::vector<std::string>, Opaque>;

inline bool IsKnown(const Value& value) { return !std::holds_alternative<std::monostate>(value); }

// For messages: "true", "42", "0.5", "text", "a, b"; "" for an unknown or opaque one.
std::string ToString(const Value& value);

}  // namespace cmatch

#endif  // CMATCH_VALUE_H_
