// Conditions of tables over the keys of a model file: untyped values, Kleene's three answers.

#include <doctest/doctest.h>

#include "cmatch/rule_set.h"

namespace cmatch {
namespace {

constexpr Truth kNo = Truth::kFalse, kOpen = Truth::kUnknown, kYes = Truth::kTrue;

Clause Test(Relation relation, std::vector<Text> right) {
  Clause clause;
  clause.fields = {"gguf.key"};
  clause.relation = relation;
  clause.right = std::move(right);
  return clause;
}

Clause Group(Clause::Form form, std::vector<Clause> children) {
  Clause clause;
  clause.form = form;
  clause.children = std::move(children);
  return clause;
}

Truth Of(const Clause& clause, const Value& value) {
  return Evaluate(clause, [&](std::string_view field) {
    CHECK(field == "gguf.key");
    return value;
  });
}

TEST_CASE("condition: the literal takes the type of the value it meets") {
  const std::int64_t eight = 8;
  const struct {
    const char* name;
    Relation relation;
    std::vector<Text> right;
    Value value;
    Truth want;
  } cases[] = {
      {"integer equal", Relation::kEqual, {"8"}, eight, kYes},
      {"integer not equal", Relation::kEqual, {"9"}, eight, kNo},
      {"integer against a fraction", Relation::kEqual, {"8.0"}, eight, kYes},
      {"integer against a word", Relation::kEqual, {"eight"}, eight, kOpen},
      {"one of several", Relation::kIn, {"7", "8"}, eight, kYes},
      {"none of several", Relation::kIn, {"7", "9"}, eight, kNo},
      {"one that is comparable is enough for no", Relation::kIn, {"word", "9"}, eight, kNo},
      {"below", Relation::kLess, {"9"}, eight, kYes},
      {"not below itself", Relation::kLess, {"8"}, eight, kNo},
      {"at most itself", Relation::kLessEqual, {"8"}, eight, kYes},
      {"not at most less", Relation::kLessEqual, {"7"}, eight, kNo},
      {"above", Relation::kGreater, {"7"}, eight, kYes},
      {"not above itself", Relation::kGreater, {"8"}, eight, kNo},
      {"at least itself", Relation::kGreaterEqual, {"8"}, eight, kYes},
      {"not at least more", Relation::kGreaterEqual, {"9"}, eight, kNo},
      {"no multiples here", Relation::kMultipleOf, {"4"}, eight, kOpen},
      {"nothing runs on it", Relation::kRunsOn, {"4"}, eight, kOpen},
      {"a real number", Relation::kGreater, {"0"}, 0.5, kYes},
      {"a real number, not above", Relation::kGreater, {"0.5"}, 0.5, kNo},
      {"a flag", Relation::kEqual, {"true"}, true, kYes},
      {"a flag, the other way", Relation::kEqual, {"false"}, true, kNo},
      {"a flag is no number", Relation::kEqual, {"1"}, true, kOpen},
      {"a flag has no order", Relation::kLess, {"true"}, true, kOpen},
      {"a text", Relation::kEqual, {"yarn"}, std::string("yarn"), kYes},
      {"a text, another", Relation::kIn, {"linear", "none"}, std::string("yarn"), kNo},
      {"a text has no order", Relation::kLess, {"yarn"}, std::string("a"), kOpen},
      {"a list is nothing to compare", Relation::kEqual, {"8"}, std::vector{eight}, kOpen},
      {"known", Relation::kKnown, {"true"}, eight, kYes},
      {"known, not wanted", Relation::kKnown, {"false"}, eight, kNo},
      {"not known", Relation::kKnown, {"true"}, Value(), kNo},
      {"not known, as wanted", Relation::kKnown, {"false"}, Value(), kYes},
      {"nothing is said", Relation::kEqual, {"8"}, Value(), kOpen},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(Of(Test(c.relation, c.right), c.value) == c.want);
  }
}

TEST_CASE("condition: all, any and not") {
  const Clause yes = Test(Relation::kEqual, {"8"});
  const Clause no = Test(Relation::kEqual, {"9"});
  const Clause open = Test(Relation::kEqual, {"word"});
  const struct {
    const char* name;
    Clause clause;
    Truth want;
  } cases[] = {
      {"all of none", Group(Clause::Form::kAll, {}), kYes},
      {"all true", Group(Clause::Form::kAll, {yes, yes}), kYes},
      {"all with one open", Group(Clause::Form::kAll, {yes, open}), kOpen},
      {"all with one false", Group(Clause::Form::kAll, {open, no}), kNo},
      {"any of none", Group(Clause::Form::kAny, {}), kNo},
      {"any false", Group(Clause::Form::kAny, {no, no}), kNo},
      {"any with one open", Group(Clause::Form::kAny, {no, open}), kOpen},
      {"any with one true", Group(Clause::Form::kAny, {open, yes}), kYes},
      {"not true", Group(Clause::Form::kNot, {yes}), kNo},
      {"not false", Group(Clause::Form::kNot, {no}), kYes},
      {"not open", Group(Clause::Form::kNot, {open}), kOpen},
      {"one in the other",
       Group(Clause::Form::kAll,
             {Group(Clause::Form::kAny, {no, yes}), Group(Clause::Form::kNot, {no})}),
       kYes},
      {"not of none", Group(Clause::Form::kNot, {}), kOpen},
      {"paths are not a file's", Group(Clause::Form::kSomePath, {}), kOpen},
      {"a test of no key", Clause{}, kOpen},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(Of(c.clause, std::int64_t{8}) == c.want);
  }
}

}  // namespace
}  // namespace cmatch
