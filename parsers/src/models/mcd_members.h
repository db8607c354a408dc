#ifndef CMATCH_MCD_MEMBERS_H_
#define CMATCH_MCD_MEMBERS_H_

// The members that CMATCH-8010 requires of an MCD, and what is demanded of their values.

#include <array>
#include <string>
#include <string_view>

#include "cmatch/rule_set.h"
#include "cmatch/tables.h"
#include "cmatch/value.h"

namespace cmatch::internal {

// A member of a descriptor that must be there. Its type does not depend on a rule set.
struct RequiredMember {
  std::string_view name;
  Field field;
  bool may_be_empty = false;  // a list
};

constexpr RequiredMember Required(std::string_view name, FieldType type, Text of = {},
                                  bool may_be_empty = false) {
  return {.name = name,
          .field = {.name = name, .type = type, .of = of, .origin = {}},
          .may_be_empty = may_be_empty};
}

// In the order of CMATCH-8010.
inline constexpr std::array kMcdRequired = {
    Required("model_id", FieldType::kText),
    Required("positional", FieldType::kKind, "positional"),
    Required("attention", FieldType::kKind, "attention"),
    Required("quant", FieldType::kKinds, "quant"),
    Required("context_max", FieldType::kInteger),
    Required("vocab_size", FieldType::kInteger),
};

// nullptr where `name` is not in `required`.
template <std::size_t N>
const RequiredMember* FindRequired(const std::array<RequiredMember, N>& required,
                                   std::string_view name) {
  for (const RequiredMember& member : required) {
    if (member.name == name) return &member;
  }
  return nullptr;
}

// What is wrong with a known value, or "": the type, an empty list, a number that is not > 0.
std::string RequiredProblem(const RequiredMember& member, const Value& value);

}  // namespace cmatch::internal

#endif  // CMATCH_MCD_MEMBERS_H_
