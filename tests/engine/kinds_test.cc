#include "cmatch/kinds.h"

#include <doctest/doctest.h>

#include "support/rules.h"

namespace cmatch {
namespace {

using testing::MakeRules;
using testing::RuleYaml;
using testing::ToyFiles;

TEST_CASE("a kind is folded: ASCII lower case, '-' to '_', nothing else") {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {{"Rope-Norm", "rope_norm"},
               {"q4_0", "q4_0"},
               {"Q4_K_M", "q4_k_m"},
               {"a-b-c", "a_b_c"},
               {"", ""},
               {"\xc3\x84", "\xc3\x84"},
               {"A B", "a b"},
               {"tq1.0", "tq1.0"},
               {"[Z]@", "[z]@"}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(FoldKind(c.text) == c.want);
  }
}

TEST_CASE("aliases are those of their dimension, after folding") {
  const auto rules = MakeRules(ToyFiles(RuleYaml("R", "{value: mcd.n, le: 1}")));
  CHECK(rules->Canonical("positional", "Rope-Norm") == "rope_llama");
  CHECK(rules->Canonical("quant", "HALF") == "fp16");
  CHECK(rules->Canonical("quant", "F16") == "fp16");
  CHECK(rules->Canonical("attention", "half") == "half");
  CHECK(rules->Canonical("quant", "rope_norm") == "rope_norm");
  CHECK(rules->Canonical("no-such-dimension", "A-B") == "a_b");
}

TEST_CASE(
    "the known kinds of a dimension: kinds.yaml, then types, and quant has tensor and file types") {
  const auto rules = MakeRules(ToyFiles(RuleYaml("R", "{value: mcd.n, le: 1}")));
  std::string quant;
  for (const std::string_view kind : rules->KindsOf("quant")) quant.append(kind).append(" ");
  CHECK(quant == "fp16 fp8 int8 f32 q4_k q2_k q4_k_m q2_k_s ");
  CHECK(rules->KindsOf("no-such-dimension").empty());
}

TEST_CASE("the nearest name is at most two edits away, and fewer than its length") {
  const struct {
    const char* name;
    const char* want;
  } cases[] = {{"rope_llama", "rope_llama"},   // 0
               {"rope_lama", "rope_llama"},    // 1: a letter lost
               {"rope_llamaa", "rope_llama"},  // 1: a letter added
               {"rope_lloma", "rope_llama"},   // 1: a letter changed
               {"rope_lalma", "rope_llama"},   // 1: neighbours swapped
               {"rpoe_lalma", "rope_llama"},   // 2
               {"rope_ll", ""},                // 3
               {"xyz", ""},
               {"", ""},
               {"al", ""}};
  const std::vector<std::string_view> names = {"rope_llama", "alibi"};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(Nearest(c.name, names) == c.want);
  }
}

TEST_CASE("the nearest name: distances one, two and three, first of equals, short and long") {
  CHECK(Nearest("q4_1", {"q4_0"}) == "q4_0");
  CHECK(Nearest("q5_1", {"q4_0"}) == "q4_0");
  CHECK(Nearest("x5_1", {"q4_0"}) == "");
  CHECK(Nearest("q4_x", {"q4_0", "q4_1"}) == "q4_0");
  CHECK(Nearest("q4_10", {"q4_0", "q4_1"}) == "q4_0");
  CHECK(Nearest("q4_1", {"q4_0", "q4_1"}) == "q4_1");
  CHECK(Nearest("ab", {"cd"}) == "");  // two edits replace the whole name
  CHECK(Nearest("ab", {"ac"}) == "ac");
  CHECK(Nearest("a", {"b"}) == "");
  CHECK(Nearest("q4_0", {}) == "");
  const std::string most(64, 'x');
  CHECK(Nearest(most, {most}) == most);
  CHECK(Nearest(most + "x", {most}) == "");
}

TEST_CASE("the nearest kind has the digits of the name") {
  const struct {
    const char* name;
    const char* want;
  } cases[] = {{"int8", ""},  // int4 is another format
               {"int44", ""},
               {"itn4", "int4"},
               {"q4_o", ""},
               {"q40", "q4_0"},
               {"q4_k_n", "q4_k_m"},
               {"q5_k_m", ""},
               {"q04", ""},  // the digits of q4_0 in another order
               {"fp8e4m3", "fp8_e4m3"},
               {"fp8_e5m2", ""},
               {"flash_atn", "flash_attn"},
               {"flash_attn2", ""}};
  const std::vector<std::string_view> kinds = {"int4",     "q4_0",       "q4_k_m",
                                               "fp8_e4m3", "flash_attn", "bf16"};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(NearestKind(c.name, kinds) == c.want);
  }
}

}  // namespace
}  // namespace cmatch
