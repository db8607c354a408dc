// Conditions of tables over the keys of a model file (`gguf.K`, `hf.K`): the same clauses as rules,
// on untyped values. The literal takes the type of the value it meets.

#include <algorithm>
#include <optional>

#include "cmatch/rule_set.h"
#include "compile.h"

namespace cmatch {
namespace {

using internal::ParseBool;
using internal::ParseNumber;

Truth Of(bool truth) { return truth ? Truth::kTrue : Truth::kFalse; }

std::optional<double> AsNumber(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

// nullopt: the literal is of another type than the value.
std::optional<bool> Holds(const Value& value, Relation relation, std::string_view literal) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (relation != Relation::kEqual && relation != Relation::kIn) return std::nullopt;
    return *text == literal;
  }
  if (const auto* flag = std::get_if<bool>(&value)) {
    const auto wanted = ParseBool(literal);
    if (!wanted || relation != Relation::kEqual) return std::nullopt;
    return *flag == *wanted;
  }
  const auto left = AsNumber(value);
  const auto right = ParseNumber(literal);
  if (!left || !right) return std::nullopt;
  switch (relation) {
    case Relation::kEqual:
    case Relation::kIn:
      return *left == *right;
    case Relation::kLess:
      return *left < *right;
    case Relation::kLessEqual:
      return *left <= *right;
    case Relation::kGreater:
      return *left > *right;
    case Relation::kGreaterEqual:
      return *left >= *right;
    case Relation::kMultipleOf:
    case Relation::kKnown:
    case Relation::kRunsOn:
      return std::nullopt;
  }
  return std::nullopt;
}

Truth Test(const Clause& clause, const Value& value) {
  if (clause.relation == Relation::kKnown) {
    const bool wanted = !clause.right.empty() && clause.right[0] == "true";
    return Of(IsKnown(value) == wanted);
  }
  if (!IsKnown(value)) return Truth::kUnknown;
  bool comparable = false;
  for (const std::string_view literal : clause.right) {
    const auto holds = Holds(value, clause.relation, literal);
    if (!holds) continue;
    comparable = true;
    if (*holds) return Truth::kTrue;
  }
  return comparable ? Truth::kFalse : Truth::kUnknown;
}

}  // namespace

Truth Evaluate(const Clause& clause, const std::function<Value(std::string_view)>& lookup) {
  switch (clause.form) {
    case Clause::Form::kAll: {
      Truth all = Truth::kTrue;
      for (const Clause& child : clause.children) all = std::min(all, Evaluate(child, lookup));
      return all;
    }
    case Clause::Form::kAny: {
      Truth any = Truth::kFalse;
      for (const Clause& child : clause.children) any = std::max(any, Evaluate(child, lookup));
      return any;
    }
    case Clause::Form::kNot: {
      if (clause.children.empty()) return Truth::kUnknown;
      const Truth inner = Evaluate(clause.children[0], lookup);
      return inner == Truth::kUnknown ? inner : Of(inner == Truth::kFalse);
    }
    case Clause::Form::kTest:
      return clause.fields.empty() ? Truth::kUnknown : Test(clause, lookup(clause.fields[0]));
    case Clause::Form::kSomePath:
      return Truth::kUnknown;
  }
  return Truth::kUnknown;
}

}  // namespace cmatch
