// Every relation on every type of field.

#include <doctest/doctest.h>

#include "support/rules.h"

namespace cmatch {
namespace {

using testing::Attributes;
using testing::I;
using testing::K;
using testing::L;
using testing::MakeRules;
using testing::OutcomeOf;
using testing::ProblemCodes;
using testing::RuleYaml;
using testing::S;
using testing::ToyFiles;

std::string Outcome(const std::string& check, const Attributes& mcd, const Attributes& ecp) {
  return OutcomeOf(MakeRules(ToyFiles(RuleYaml("R", check))), "R", mcd, ecp);
}

struct ClauseCase {
  const char* check;
  Attributes mcd;
  Attributes ecp;
  const char* want;
};

void CheckAll(std::initializer_list<ClauseCase> cases) {
  for (const ClauseCase& c : cases) {
    CAPTURE(c.check);
    for (const auto& [name, value] : c.mcd) CAPTURE(name + " = " + ToString(value));
    CHECK(Outcome(c.check, c.mcd, c.ecp) == c.want);
  }
}

TEST_CASE("clauses: an integer against a literal") {
  const struct {
    const char* relation;
    const char* below;
    const char* equal;
    const char* above;
  } rows[] = {{"lt: 5", "pass", "fail", "fail"},         {"le: 5", "pass", "pass", "fail"},
              {"eq: 5", "fail", "pass", "fail"},         {"ge: 5", "fail", "pass", "pass"},
              {"gt: 5", "fail", "fail", "pass"},         {"in: [1, 5]", "fail", "pass", "fail"},
              {"multiple_of: 5", "fail", "pass", "fail"}};
  for (const auto& row : rows) {
    const std::string check = std::string("{value: mcd.n, ") + row.relation + "}";
    CAPTURE(check);
    CHECK(Outcome(check, {{"n", I(4)}}, {}) == row.below);
    CHECK(Outcome(check, {{"n", I(5)}}, {}) == row.equal);
    CHECK(Outcome(check, {{"n", I(6)}}, {}) == row.above);
    CHECK(Outcome(check, {}, {}) == "skipped");
  }
}

TEST_CASE("clauses: an integer against a field") {
  CheckAll({{"{value: mcd.n, le: ecp.m}", {{"n", I(5)}}, {{"m", I(5)}}, "pass"},
            {"{value: mcd.n, le: ecp.m}", {{"n", I(6)}}, {{"m", I(5)}}, "fail"},
            {"{value: mcd.n, le: ecp.m}", {{"n", I(6)}}, {}, "skipped"},
            {"{value: mcd.n, le: ecp.m}", {}, {{"m", I(5)}}, "skipped"},
            {"{value: mcd.n, le: ecp.size}", {{"n", I(6)}}, {{"size", I(6)}}, "pass"},
            {"{value: mcd.n, lt: mcd.m}", {{"n", I(5)}, {"m", I(6)}}, {}, "pass"},
            {"{value: mcd.n, eq: ecp.n}", {{"n", I(0)}}, {{"n", I(0)}}, "pass"},
            {"{value: mcd.n, multiple_of: ecp.n}", {{"n", I(6)}}, {{"n", I(3)}}, "pass"},
            {"{value: mcd.n, multiple_of: ecp.n}", {{"n", I(7)}}, {{"n", I(3)}}, "fail"},
            {"{value: mcd.n, multiple_of: ecp.n}", {{"n", I(0)}}, {{"n", I(3)}}, "pass"},
            {"{value: mcd.n, multiple_of: ecp.n}", {{"n", I(7)}}, {{"n", I(0)}}, "fail"},
            // nothing is more than the largest number
            {"{value: mcd.n, lt: ecp.m}", {{"n", I(INT64_MAX)}}, {{"m", I(5)}}, "fail"},
            {"{value: mcd.n, lt: ecp.m}", {{"n", I(INT64_MAX)}}, {{"m", I(INT64_MAX)}}, "fail"},
            {"{value: mcd.n, gt: ecp.m}", {{"n", I(0)}}, {{"m", I(0)}}, "fail"},
            {"{value: mcd.n, ge: ecp.m}", {{"n", I(0)}}, {{"m", I(0)}}, "pass"}});
}

TEST_CASE("clauses: multiple_of takes the product of a list of fields") {
  const char* check = "{value: mcd.n, multiple_of: [ecp.n, mcd.m]}";
  CheckAll({{check, {{"n", I(12)}, {"m", I(3)}}, {{"n", I(4)}}, "pass"},
            {check, {{"n", I(6)}, {"m", I(3)}}, {{"n", I(4)}}, "fail"},
            {check, {{"n", I(12)}}, {{"n", I(4)}}, "skipped"},
            {check, {{"n", I(12)}, {"m", I(3)}}, {}, "skipped"},
            {check, {{"m", I(3)}}, {{"n", I(4)}}, "skipped"},
            {"{value: mcd.n, multiple_of: [ecp.n]}", {{"n", I(8)}}, {{"n", I(4)}}, "pass"},
            {"{value: mcd.n, multiple_of: [ecp.n]}", {{"n", I(8)}}, {}, "skipped"},
            // too large for a number: nothing is a multiple of it
            {check, {{"n", I(12)}, {"m", I(INT64_MAX)}}, {{"n", I(4)}}, "fail"},
            {check, {{"n", I(12)}, {"m", I(INT64_MAX / 2)}}, {{"n", I(1)}}, "fail"},
            {"{each_of: mcd.list, multiple_of: [ecp.n, mcd.m]}",
             {{"list", L({12, 24})}, {"m", I(3)}},
             {{"n", I(4)}},
             "pass"},
            {"{each_of: mcd.list, multiple_of: [ecp.n, mcd.m]}",
             {{"list", L({12, 18})}, {"m", I(3)}},
             {{"n", I(4)}},
             "fail"}});
}

TEST_CASE("clauses: ge takes the product of a list of fields") {
  const char* check = "{value: mcd.n, ge: [ecp.n, mcd.m]}";
  CheckAll({{check, {{"n", I(12)}, {"m", I(3)}}, {{"n", I(4)}}, "pass"},
            {check, {{"n", I(11)}, {"m", I(3)}}, {{"n", I(4)}}, "fail"},
            {check, {{"n", I(13)}, {"m", I(3)}}, {{"n", I(4)}}, "pass"},
            {check, {{"n", I(12)}}, {{"n", I(4)}}, "skipped"},
            {check, {{"n", I(12)}, {"m", I(3)}}, {}, "skipped"},
            // too large for a number: nothing is at least that
            {check, {{"n", I(INT64_MAX)}, {"m", I(INT64_MAX)}}, {{"n", I(4)}}, "fail"}});
}

TEST_CASE("clauses: lists of integers, each of them and any of them") {
  CheckAll(
      {{"{each_of: mcd.list, le: 5}", {{"list", L({4, 5})}}, {}, "pass"},
       {"{each_of: mcd.list, le: 5}", {{"list", L({4, 6})}}, {}, "fail"},
       {"{each_of: mcd.list, le: 5}", {{"list", L({})}}, {}, "pass"},
       {"{each_of: mcd.list, le: 5}", {{"list", I(5)}}, {}, "pass"},
       {"{each_of: mcd.list, le: 5}", {{"list", I(6)}}, {}, "fail"},
       {"{each_of: mcd.list, le: 5}", {}, {}, "skipped"},
       {"{any_of: mcd.list, le: 5}", {{"list", L({6, 5})}}, {}, "pass"},
       {"{any_of: mcd.list, le: 5}", {{"list", L({6, 7})}}, {}, "fail"},
       {"{any_of: mcd.list, le: 5}", {{"list", L({})}}, {}, "fail"},
       {"{any_of: mcd.list, le: 5}", {}, {}, "skipped"},
       {"{any_of: mcd.list, in: [1, 7]}", {{"list", L({6, 7})}}, {}, "pass"},
       {"{each_of: mcd.list, in: [1, 7]}", {{"list", L({1, 7})}}, {}, "pass"},
       {"{each_of: mcd.list, in: [1, 7]}", {{"list", L({1, 6})}}, {}, "fail"},
       {"{each_of: mcd.list, multiple_of: ecp.n}", {{"list", L({8, 4})}}, {{"n", I(4)}}, "pass"},
       {"{each_of: mcd.list, multiple_of: ecp.n}", {{"list", L({8, 6})}}, {{"n", I(4)}}, "fail"},
       {"{each_of: mcd.list, multiple_of: ecp.n}", {{"list", L({8})}}, {}, "skipped"},
       // a number is a list of one
       {"{each_of: mcd.n, le: 5}", {{"n", I(5)}}, {}, "pass"},
       {"{any_of: mcd.n, le: 5}", {{"n", I(6)}}, {}, "fail"}});
}

TEST_CASE("clauses: the smallest that is known") {
  const char* check = "{least_of: [mcd.n, mcd.m], le: ecp.n}";
  CheckAll({{check, {{"n", I(9)}, {"m", I(5)}}, {{"n", I(5)}}, "pass"},
            {check, {{"n", I(5)}, {"m", I(9)}}, {{"n", I(5)}}, "pass"},
            {check, {{"n", I(6)}, {"m", I(9)}}, {{"n", I(5)}}, "fail"},
            {check, {{"m", I(5)}}, {{"n", I(5)}}, "pass"},
            {check, {{"n", I(6)}}, {{"n", I(5)}}, "fail"},
            {check, {}, {{"n", I(5)}}, "skipped"},
            {check, {{"n", I(5)}}, {}, "skipped"},
            {"{least_of: [mcd.n, mcd.m], known: true}", {{"m", I(5)}}, {}, "pass"},
            {"{least_of: [mcd.n, mcd.m], known: true}", {}, {}, "fail"},
            {"{least_of: [mcd.n, mcd.m], known: false}", {}, {}, "pass"},
            {"{least_of: [mcd.n, mcd.m], known: false}", {{"n", I(5)}}, {}, "fail"},
            {"{least_of: [mcd.n], le: 5}", {{"n", I(5)}}, {}, "pass"},
            {"{least_of: [mcd.n, ecp.n, mcd.size], gt: 5}",
             {{"n", I(6)}, {"size", I(6)}},
             {{"n", I(5)}},
             "fail"}});
}

TEST_CASE("clauses: numbers, sizes, flags, words") {
  CheckAll({{"{value: mcd.real, gt: 0}", {{"real", 0.5}}, {}, "pass"},
            {"{value: mcd.real, gt: 0}", {{"real", 0.0}}, {}, "fail"},
            {"{value: mcd.real, eq: 0.5}", {{"real", 0.5}}, {}, "pass"},
            {"{value: mcd.real, le: 0.5}", {{"real", I(1)}}, {}, "fail"},
            {"{value: mcd.real, ge: ecp.real}", {{"real", I(1)}}, {{"real", 0.5}}, "pass"},
            {"{value: mcd.real, lt: ecp.real}", {{"real", 0.5}}, {{"real", 0.5}}, "fail"},
            {"{value: mcd.real, le: ecp.real}", {{"real", -1.5}}, {{"real", -2.5}}, "fail"},
            {"{value: mcd.real, le: ecp.real}", {{"real", -2.5}}, {{"real", -1.5}}, "pass"},
            {"{value: mcd.real, lt: 1}", {}, {}, "skipped"},
            {"{value: mcd.size, le: 24GiB}", {{"size", I(25769803776)}}, {}, "pass"},
            {"{value: mcd.size, le: 24GiB}", {{"size", I(25769803777)}}, {}, "fail"},
            {"{value: mcd.n, le: 16Ki}", {{"n", I(16384)}}, {}, "pass"},
            {"{value: mcd.n, le: 16Ki}", {{"n", I(16385)}}, {}, "fail"},
            {"{value: mcd.flag, eq: true}", {{"flag", true}}, {}, "pass"},
            {"{value: mcd.flag, eq: true}", {{"flag", false}}, {}, "fail"},
            {"{value: mcd.flag, eq: false}", {{"flag", false}}, {}, "pass"},
            {"{value: mcd.flag, eq: true}", {}, {}, "skipped"},
            {"{value: mcd.flag, eq: ecp.flag}", {{"flag", false}}, {{"flag", true}}, "fail"},
            {"{value: mcd.word, eq: gguf}", {{"word", S("gguf")}}, {}, "pass"},
            {"{value: mcd.word, eq: gguf}", {{"word", S("GGUF")}}, {}, "fail"},
            {"{value: mcd.word, in: [hf, gguf]}", {{"word", S("gguf")}}, {}, "pass"},
            {"{value: mcd.word, in: [hf, gguf]}", {{"word", S("onnx")}}, {}, "fail"},
            {"{value: mcd.word, in: [hf]}", {}, {}, "skipped"},
            {"{value: mcd.word, eq: ecp.word}", {{"word", S("a")}}, {{"word", S("a")}}, "pass"},
            {"{value: mcd.word, eq: ecp.word}", {{"word", S("a")}}, {{"word", S("b")}}, "fail"},
            {"{value: mcd.word, eq: ecp.word}", {{"word", S("a")}}, {}, "skipped"}});
}

TEST_CASE("clauses: capabilities and versions are compared by their parts") {
  CheckAll({{"{value: mcd.cc, ge: \"8.9\"}", {{"cc", S("8.10")}}, {}, "pass"},
            {"{value: mcd.cc, ge: \"8.9\"}", {{"cc", S("8.9")}}, {}, "pass"},
            {"{value: mcd.cc, ge: \"8.9\"}", {{"cc", S("8.6")}}, {}, "fail"},
            {"{value: mcd.cc, lt: \"10.0\"}", {{"cc", S("9.0")}}, {}, "pass"},
            {"{value: mcd.cc, in: [\"8.0\", \"9.0\"]}", {{"cc", S("9.0")}}, {}, "pass"},
            {"{value: mcd.cc, in: [\"8.0\", \"9.0\"]}", {{"cc", S("8.9")}}, {}, "fail"},
            {"{value: mcd.cc, eq: ecp.cc}", {{"cc", S("8.1")}}, {{"cc", S("8.10")}}, "fail"},
            {"{value: mcd.ver, ge: 550.54}", {{"ver", S("550.54.14")}}, {}, "pass"},
            {"{value: mcd.ver, ge: 550.54}", {{"ver", S("550.9")}}, {}, "fail"},
            {"{value: mcd.ver, eq: 550.54}", {{"ver", S("550.54.0")}}, {}, "pass"},
            {"{value: mcd.ver, lt: ecp.ver}", {{"ver", S("550")}}, {{"ver", S("550.1")}}, "pass"},
            {"{value: mcd.ver, gt: ecp.ver}", {{"ver", S("550")}}, {{"ver", S("550.0")}}, "fail"},
            {"{value: mcd.ver, le: 1.0}", {{"ver", S("1.0rc1")}}, {}, "pass"},
            {"{value: mcd.ver, le: 1.0}", {}, {}, "skipped"}});
}

TEST_CASE("clauses: kinds are compared in canonical form") {
  CheckAll(
      {{"{value: mcd.one, eq: fp8}", {{"one", S("FP8")}}, {}, "pass"},
       {"{value: mcd.one, eq: fp8}", {{"one", S("fp16")}}, {}, "fail"},
       {"{value: mcd.one, eq: fp8}", {}, {}, "skipped"},
       {"{value: mcd.one, in: [half, fp8]}", {{"one", S("F16")}}, {}, "pass"},
       {"{value: mcd.one, in: [fp16, fp8]}", {{"one", S("int8")}}, {}, "fail"},
       {"{value: mcd.one, in: ecp.many}",
        {{"one", S("half")}},
        {{"many", K({"fp8", "F16"})}},
        "pass"},
       {"{value: mcd.one, in: ecp.many}", {{"one", S("int8")}}, {{"many", K({"fp8"})}}, "fail"},
       {"{value: mcd.one, in: ecp.many}", {{"one", S("int8")}}, {{"many", K({})}}, "fail"},
       {"{value: mcd.one, in: ecp.many}", {{"one", S("int8")}}, {}, "skipped"},
       {"{value: mcd.one, eq: ecp.one}", {{"one", S("half")}}, {{"one", S("fp16")}}, "pass"},
       {"{any_of: mcd.many, in: ecp.many}",
        {{"many", K({"int8", "fp8"})}},
        {{"many", K({"fp8"})}},
        "pass"},
       {"{any_of: mcd.many, in: ecp.many}",
        {{"many", K({"int8"})}},
        {{"many", K({"fp8"})}},
        "fail"},
       {"{each_of: mcd.many, in: ecp.many}",
        {{"many", K({"int8", "fp8"})}},
        {{"many", K({"fp8"})}},
        "fail"},
       {"{each_of: mcd.many, in: ecp.many}",
        {{"many", K({"fp8", "FP8"})}},
        {{"many", K({"fp8"})}},
        "pass"},
       {"{any_of: mcd.many, in: ecp.many}", {{"many", K({})}}, {{"many", K({"fp8"})}}, "fail"},
       {"{each_of: mcd.many, in: ecp.many}", {{"many", K({})}}, {{"many", K({"fp8"})}}, "pass"},
       {"{each_of: mcd.many, in: ecp.many}", {{"many", K({})}}, {{"many", K({})}}, "pass"},
       {"{any_of: mcd.many, in: ecp.many}", {}, {{"many", K({"fp8"})}}, "skipped"},
       {"{each_of: mcd.many, in: ecp.many}", {{"many", K({})}}, {}, "skipped"},
       // a kind is a list of one
       {"{any_of: mcd.one, in: [fp8]}", {{"one", S("fp8")}}, {}, "pass"},
       {"{each_of: mcd.one, in: [fp8]}", {{"one", S("int8")}}, {}, "fail"},
       {"{any_of: mcd.many, in: [fp8]}", {{"many", K({"int8", "fp8"})}}, {}, "pass"},
       {"{each_of: mcd.many, in: [fp8]}", {{"many", K({"int8", "fp8"})}}, {}, "fail"}});
}

TEST_CASE("clauses: kinds that no table knows are legal and compared by name") {
  CheckAll(
      {{"{value: mcd.one, in: ecp.many}",
        {{"one", S("New-Kind")}},
        {{"many", K({"fp8", "new_kind"})}},
        "pass"},
       {"{value: mcd.one, in: ecp.many}",
        {{"one", S("new_kind")}},
        {{"many", K({"fp8", "other"})}},
        "fail"},
       {"{value: mcd.one, in: ecp.many}", {{"one", S("fp8")}}, {{"many", K({"new_kind"})}}, "fail"},
       {"{value: mcd.one, eq: ecp.one}", {{"one", S("x")}}, {{"one", S("x")}}, "pass"},
       {"{value: mcd.one, eq: ecp.one}", {{"one", S("x")}}, {{"one", S("y")}}, "fail"},
       {"{value: mcd.one, in: [fp8]}", {{"one", S("x")}}, {}, "fail"},
       {"{value: mcd.one, in: [fp8, brand_new]}", {{"one", S("Brand-New")}}, {}, "pass"},
       {"{any_of: mcd.many, in: ecp.many}",
        {{"many", K({"x", "y"})}},
        {{"many", K({"y"})}},
        "pass"},
       {"{any_of: mcd.many, in: ecp.many}",
        {{"many", K({"x", "fp8"})}},
        {{"many", K({"fp8"})}},
        "pass"},
       {"{any_of: mcd.many, in: ecp.many}",
        {{"many", K({"x", "fp8"})}},
        {{"many", K({"y"})}},
        "fail"},
       {"{each_of: mcd.many, in: ecp.many}",
        {{"many", K({"x", "fp8"})}},
        {{"many", K({"fp8"})}},
        "fail"},
       {"{each_of: mcd.many, in: ecp.many}",
        {{"many", K({"x", "fp8"})}},
        {{"many", K({"fp8", "X"})}},
        "pass"},
       {"{each_of: mcd.many, in: ecp.many}",
        {{"many", K({"x", "fp8"})}},
        {{"many", K({"x"})}},
        "fail"},
       // the same name in another field of the worker does not count
       {"{value: mcd.one, in: ecp.many}",
        {{"one", S("x")}},
        {{"many", K({"fp8"})}, {"one", S("x")}},
        "fail"}});
}

TEST_CASE("clauses: whether something is known never is unknown itself") {
  CheckAll({{"{value: mcd.n, known: true}", {{"n", I(0)}}, {}, "pass"},
            {"{value: mcd.n, known: true}", {}, {}, "fail"},
            {"{value: mcd.n, known: false}", {}, {}, "pass"},
            {"{value: mcd.n, known: false}", {{"n", I(0)}}, {}, "fail"},
            {"{value: mcd.many, known: true}", {{"many", K({})}}, {}, "pass"},
            {"{value: ecp.word, known: false}", {}, {}, "pass"},
            {"{not: {value: mcd.flag, known: true}}", {}, {}, "pass"}});
}

}  // namespace
}  // namespace cmatch
