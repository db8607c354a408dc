// Tables that are made in code: no reader has looked at them, so the rule set looks itself.

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::kTableRules;
using testing::ToyFiles;

Tables Read(const std::vector<RuleFile>& files = ToyFiles(kTableRules)) {
  auto tables = ReadTables(files);
  REQUIRE(tables.has_value());
  return std::move(*tables);
}

// "code: message; code: message", "" where the tables are taken.
std::string Refusal(const std::function<void(Tables&)>& change) {
  Tables tables = Read();
  change(tables);
  const auto rules = RuleSet::Create(std::move(tables));
  std::string text;
  if (rules) return text;
  for (const Problem& problem : rules.error().problems) {
    text += (text.empty() ? "" : "; ") + problem.code + ": " + problem.message;
  }
  return text;
}

Clause Test(std::vector<Text> fields, Relation relation, std::vector<Text> right) {
  Clause clause;
  clause.fields = std::move(fields);
  clause.relation = relation;
  clause.right_is_field =
      !right.empty() && (right[0].starts_with("ecp.") || right[0].starts_with("mcd."));
  clause.right = std::move(right);
  return clause;
}

Clause Group(Clause::Form form, std::vector<Clause> children) {
  Clause clause;
  clause.form = form;
  clause.children = std::move(children);
  return clause;
}

Clause Nested(int depth) {
  Clause clause = Test({"mcd.n"}, Relation::kLess, {"5"});
  for (int i = 0; i < depth; ++i) {
    clause = Group(i % 2 == 0 ? Clause::Form::kAll : Clause::Form::kAny, {std::move(clause)});
  }
  return clause;
}

TEST_CASE("tables made in code: clauses that say nothing are refused, none passes a model") {
  const std::string empty = "rules-bad-clause: a test needs a field, and what to compare it with";
  const std::string no_group = "rules-bad-clause: `not` takes one clause";
  const Clause good = Nested(0);
  const struct {
    const char* name;
    Clause check;
    std::string want;
  } cases[] = {
      {"a test", good, ""},
      {"nothing at all", Clause{}, empty},
      {"no field", Test({}, Relation::kLess, {"5"}), empty},
      {"no value", Test({"mcd.n"}, Relation::kLess, {}), empty},
      {"no kind", Test({"mcd.one"}, Relation::kEqual, {}), empty},
      {"neither true nor false", Test({"mcd.n"}, Relation::kKnown, {}), empty},
      {"another word than true or false", Test({"mcd.n"}, Relation::kKnown, {"maybe"}),
       "rules-wrong-type: `known` takes true or false"},
      {"known", Test({"mcd.n"}, Relation::kKnown, {"true"}), ""},
      {"not known", Test({"mcd.n"}, Relation::kKnown, {"false"}), ""},
      {"not, of one", Group(Clause::Form::kNot, {good}), ""},
      {"not, of none", Group(Clause::Form::kNot, {}), no_group},
      {"not, of two", Group(Clause::Form::kNot, {good, good}), no_group},
      {"all, of none", Group(Clause::Form::kAll, {}), ""},
      {"three deep", Nested(3), ""},
      {"four deep", Nested(4), "rules-too-deep: clauses nest more than 3 deep"},
      {"some_path of nothing", Group(Clause::Form::kSomePath, {}),
       "rules-bad-clause: some_path takes ecp.paths"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(Refusal([&](Tables& tables) { tables.rules[0].check = c.check; }) == c.want);
  }
}

TEST_CASE("tables made in code: what a reader would have refused is refused") {
  const auto drop = [](Tables& tables, std::string_view dimension) {
    std::erase_if(tables.engines[0].supports,
                  [&](const Dimension& stated) { return stated.name == dimension; });
  };
  const struct {
    const char* name;
    std::function<void(Tables&)> change;
    const char* want;
  } cases[] = {
      {"nothing is changed", [](Tables&) {}, ""},
      {"a field of neither side",
       [](Tables& t) { t.fields.push_back({"gpu.memory", FieldType::kBytes, {}, {}}); },
       "rules-unknown-field: a field begins with mcd. or ecp., not \"gpu.memory\""},
      {"a field that is built in",
       [](Tables& t) { t.fields.push_back({"ecp.floor", FieldType::kCompute, {}, {}}); },
       "rules-duplicate: ecp.floor is built in and cannot be declared"},
      {"an alias that is a kind itself",
       [](Tables& t) { t.aliases.push_back({"quant", "fp8", "fp16", "wrong", {}}); },
       "rules-duplicate: \"fp8\" is a kind of quant itself and cannot be an alias"},
      {"a driver that is no version",
       [](Tables& t) { t.engines[0].builds[0].min_driver[0].driver = "new"; },
       "rules-wrong-type: \"new\" is not a driver version"},
      {"an engine without positional kinds", [&](Tables& t) { drop(t, "positional"); },
       "rules-missing-key: engine toy must state positional under `supports:` (a profile needs "
       "it)"},
      {"an engine without quant has tensor types", [&](Tables& t) { drop(t, "quant"); }, ""},
      {"an engine without either",
       [&](Tables& t) {
         drop(t, "quant");
         drop(t, "tensor_type");
       },
       "rules-missing-key: engine toy must state quant or tensor_type under `supports:` (a profile "
       "needs it)"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(Refusal(c.change) == c.want);
  }
}

TEST_CASE("tables made in code: kinds of rows become canonical") {
  for (const char* spelling : {"fp16", "FP16", "half", "F16"}) {
    CAPTURE(spelling);
    Tables tables = Read();
    for (Dimension& dimension : tables.engines[0].supports) {
      for (KindSupport& row : dimension.kinds) {
        if (dimension.name == "quant" && row.kind == "fp16") row.kind = spelling;
      }
    }
    const auto rules = RuleSet::Create(std::move(tables));
    REQUIRE(rules.has_value());
    const Ecp ecp = testing::Built(**rules, {});
    CHECK(std::count(ecp.supports_quant.begin(), ecp.supports_quant.end(), "fp16") == 1);
    CHECK(testing::Outcome(testing::Judged(*rules, testing::Model(), ecp)) == "||TENSOR DRIVER");
  }
}

TEST_CASE("tables made in code: an origin that names no file is nowhere") {
  Tables tables = Read();
  CHECK(tables.Locate({.file = 9999, .line = 1, .column = 1}) == Location{});
  tables.engines[0].origin = {.file = 9999, .line = 1, .column = 1};
  tables.engines[0].name = "other";
  tables.engines[0].default_version = "9.0";
  const auto rules = RuleSet::Create(std::move(tables));
  REQUIRE_FALSE(rules.has_value());
  CHECK(rules.error().problems[0].where == Location{});
}

}  // namespace
}  // namespace cmatch
