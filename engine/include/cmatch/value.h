#ifndef CMATCH_VALUE_H_
#define CMATCH_VALUE_H_

#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace cmatch {

// What a source states about one member of a descriptor. std::monostate: the source states nothing.
// A value of any other shape (an object, a list of mixed types) is Opaque: legal where no rule
// reads it, a wrong type where one does.
struct Opaque {
  friend bool operator==(const Opaque&, const Opaque&) = default;
};

// Copied by hand: where memory runs out in the middle, the copy constructor of libstdc++ 12's
// std::variant destroys a member that was never made.
struct Value : std::variant<std::monostate, bool, std::int64_t, double, std::string,
                            std::vector<std::int64_t>, std::vector<std::string>, Opaque> {
  using variant::variant;
  using variant::operator=;

  Value() = default;
  ~Value() = default;
  Value(Value&&) = default;
  Value& operator=(Value&&) = default;
  Value(const Value& other) : variant() {  // NOLINT(bugprone-copy-constructor-init): see above
    if (other.valueless_by_exception()) return;
    std::visit([this](const auto& known) { emplace<std::decay_t<decltype(known)>>(known); }, other);
  }
  Value& operator=(const Value& other) {
    Value copy(other);
    swap(copy);
    return *this;
  }
};

inline bool IsKnown(const Value& value) { return !std::holds_alternative<std::monostate>(value); }

// For messages: "true", "42", "0.5", "text", "a, b"; "" for an unknown or opaque one.
std::string ToString(const Value& value);

}  // namespace cmatch

#endif  // CMATCH_VALUE_H_
