#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base_rules.h"
#include "cmatch/mcd_source.h"

namespace cmatch {
namespace {

using testing::BaseRules;

constexpr const char* kSpecExample = R"({
  "model_id": "meta-llama/Llama-3.1-8B",
  "positional": "rope_llama",
  "attention": "gqa",
  "quant": ["q4_0", "q8_0"],
  "context_max": 8192,
  "vocab_size": 128256
})";

// "CODE@POINTER:LINE:COLUMN" of every problem.
std::string Listed(const Error& error) {
  std::string text;
  for (const Problem& problem : error.problems) {
    text += (text.empty() ? "" : " ") + problem.code + "@" + problem.path + ":" +
            std::to_string(problem.where.line) + ":" + std::to_string(problem.where.column);
  }
  return text;
}

TEST_CASE("CMATCH-8010 mcd: the specification's example") {
  const auto facts = ReadMcdJson(kSpecExample, "m.mcd.json", BaseRules());
  REQUIRE(facts.has_value());
  CHECK(MissingMembers(*facts).empty());
  CHECK(facts->warnings.empty());
  CHECK(facts->members.at("quant").origin == "sidecar: m.mcd.json");
  CHECK(facts->members.at("quant").where == Location{"m.mcd.json", 5, 12});
  const auto mcd = McdFrom(*facts);
  REQUIRE(mcd.has_value());
  CHECK(mcd->model_id == "meta-llama/Llama-3.1-8B");
  CHECK(mcd->positional == "rope_llama");
  CHECK(mcd->attention == "gqa");
  CHECK(mcd->quant == std::vector<std::string>{"q4_0", "q8_0"});
  CHECK(mcd->context_max == 8192);
  CHECK(mcd->vocab_size == 128256);
  CHECK(mcd->attributes.empty());
}

TEST_CASE("CMATCH-8010 mcd: extension attributes are typed by the rules") {
  struct Case {
    std::string member;
    std::string want;  // empty: right
  };
  const std::vector<Case> cases = {
      {R"("head_dim": 128)", ""},
      {R"("head_dim": 0)", ""},
      {R"("head_dim": null)", ""},
      {R"("head_dim": -1)", "mcd-wrong-type@/head_dim:1:14"},
      {R"("head_dim": 128.0)", "mcd-wrong-type@/head_dim:1:14"},
      {R"("head_dim": 1e2)", "mcd-wrong-type@/head_dim:1:14"},
      {R"("head_dim": 9223372036854775807)", ""},
      {R"("head_dim": 9223372036854775808)", "mcd-wrong-type@/head_dim:1:14"},
      {R"("head_dim": "128")", "mcd-wrong-type@/head_dim:1:14"},
      {R"("head_dim": [128])", "mcd-wrong-type@/head_dim:1:14"},
      {R"("head_dim": {})", "mcd-wrong-type@/head_dim:1:14"},
      {R"("head_count_kv": 8)", ""},
      {R"("head_count_kv": [8, 0])", ""},
      {R"("head_count_kv": [])", ""},
      {R"("head_count_kv": [8, -1, 8.0])",
       "mcd-wrong-type@/head_count_kv/1:1:23 mcd-wrong-type@/head_count_kv/2:1:27"},
      {R"("causal": true)", ""},
      {R"("causal": "true")", "mcd-wrong-type@/causal:1:12"},
      {R"("causal": 1)", "mcd-wrong-type@/causal:1:12"},
      {R"("attn_logit_softcapping": 50.0)", ""},
      {R"("attn_logit_softcapping": 50)", ""},
      {R"("attn_logit_softcapping": "50")", "mcd-wrong-type@/attn_logit_softcapping:1:28"},
      {R"("tensor_types": ["q4_k", "f32"])", ""},
      {R"("tensor_types": [])", ""},
      {R"("tensor_types": "q4_k")", "mcd-wrong-type@/tensor_types:1:18"},
      {R"("tensor_types": ["q4_k", "", 5])",
       "mcd-wrong-type@/tensor_types/1:1:27 mcd-wrong-type@/tensor_types/2:1:31"},
      {R"("rope_scaling": "yarn")", ""},
      {R"("rope_scaling": "")", "mcd-wrong-type@/rope_scaling:1:18"},
      {R"("rope_scaling": "a\nb")", "mcd-wrong-type@/rope_scaling:1:18"},
      {R"("rope_scaling": ")" + std::string(65536, 'x') + "\"", ""},
      {R"("rope_scaling": ")" + std::string(65537, 'x') + "\"",
       "mcd-wrong-type@/rope_scaling:1:18"},
      {R"("tensor_types": [")" + std::string(65537, 'x') + "\"]",
       "mcd-wrong-type@/tensor_types/0:1:19"},
      {R"("anything_else": {"a": [1, "b"]})", ""},
      {R"("anything_else": 1e300)", ""},
      {R"("anything_else": 18446744073709551616)", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.member);
    const auto facts = ReadMcdJson("{" + c.member + "}", "x", BaseRules());
    CHECK((facts ? "" : Listed(facts.error())) == c.want);
    if (!facts) CHECK(facts.error().kind == ErrorKind::kInvalidMcd);
  }
}

TEST_CASE("CMATCH-8010 mcd: required members that are wrong") {
  struct Case {
    std::string text;
    std::string want;
  };
  const std::vector<Case> cases = {
      {R"({"model_id": ""})", "mcd-wrong-type@/model_id:1:14"},
      {R"({"model_id": 5})", "mcd-wrong-type@/model_id:1:14"},
      {R"({"model_id": null})", "mcd-wrong-type@/model_id:1:14"},
      {R"({"positional": ["rope_llama"]})", "mcd-wrong-type@/positional:1:16"},
      {R"({"quant": []})", "mcd-wrong-value@/quant:1:11"},
      {R"({"quant": "q4_0"})", "mcd-wrong-type@/quant:1:11"},
      {R"({"quant": ["q4_0", 8, null]})",
       "mcd-wrong-type@/quant/1:1:20 mcd-wrong-type@/quant/2:1:23"},
      {R"({"context_max": 0})", "mcd-wrong-value@/context_max:1:17"},
      {R"({"context_max": -5})", "mcd-wrong-type@/context_max:1:17"},
      {R"({"context_max": 8192.0})", "mcd-wrong-type@/context_max:1:17"},
      {R"({"context_max": 18446744073709551616})", "mcd-wrong-type@/context_max:1:17"},
      {R"({"vocab_size": true})", "mcd-wrong-type@/vocab_size:1:16"},
      {R"([])", "mcd-not-an-object@:1:1"},
      {R"("text")", "mcd-not-an-object@:1:1"},
      {R"(null)", "mcd-not-an-object@:1:1"},
      {R"({"schema": "cmatch.report/1"})", "mcd-wrong-document@/schema:1:12"},
      {R"({"schema": "cmatch.mcd/2", "mcd": {}})", "mcd-wrong-document@/schema:1:12"},
      {R"({"schema": "cmatch.mcd/1"})", "mcd-wrong-document@/schema:1:12"},
      {R"({"quant": [1], "context_max": 0, "quant": []})",
       "json-duplicate-key@/quant:1:34 mcd-wrong-type@/quant/0:1:12 "
       "mcd-wrong-value@/context_max:1:31 mcd-wrong-value@/quant:1:43"},
      {R"({"model_id": "a",})", "json-syntax@:1:18"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto facts = ReadMcdJson(c.text, "x", BaseRules());
    REQUIRE_FALSE(facts.has_value());
    CHECK(Listed(facts.error()) == c.want);
  }
}

TEST_CASE("CMATCH-8010 mcd: what is missing is said in one go") {
  const auto facts = ReadMcdJson(R"({"positional": "alibi", "vocab_size": 5})", "x", BaseRules());
  REQUIRE(facts.has_value());
  CHECK(MissingMembers(*facts) ==
        std::vector<std::string>{"model_id", "attention", "quant", "context_max"});
  const auto mcd = McdFrom(*facts);
  REQUIRE_FALSE(mcd.has_value());
  CHECK(mcd.error().kind == ErrorKind::kInvalidMcd);
  CHECK(Listed(mcd.error()) ==
        "mcd-missing@/model_id:0:0 mcd-missing@/attention:0:0 mcd-missing@/quant:0:0 "
        "mcd-missing@/context_max:0:0");
  CHECK(mcd.error().problems[0].where.file == "x");
}

TEST_CASE("CMATCH-8010 mcd: a name that is nearly a declared one") {
  struct Case {
    std::string member;
    std::string hint;  // "": no warning
  };
  const std::vector<Case> cases = {
      {"requested_contxt", "did you mean \"requested_context\"?"},
      {"head_dims", "did you mean \"head_dim\"?"},
      {"context-max", "did you mean \"context_max\"?"},
      {"head_dim", ""},
      {"context_max", ""},
      {"type", ""},  // short words are not meant for "dtype"
      {"something_else", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.member);
    const auto facts = ReadMcdJson("{\"" + c.member + "\":\n 5}", "x", BaseRules());
    REQUIRE(facts.has_value());
    REQUIRE(facts->warnings.size() == (c.hint.empty() ? 0 : 1));
    if (c.hint.empty()) continue;
    CHECK(facts->warnings[0].hint == c.hint);
    CHECK(facts->warnings[0].message.starts_with("x:2:2: "));
    CHECK(facts->warnings[0].message.ends_with("[mcd-near-name]"));
  }
  // A required one that is missing for it says so, where the slip is.
  const auto facts = ReadMcdJson(R"({"context_mx": 8192})", "x", BaseRules());
  REQUIRE(facts.has_value());
  const auto mcd = McdFrom(*facts);
  REQUIRE_FALSE(mcd.has_value());
  const auto problem = std::ranges::find(mcd.error().problems, "/context_max", &Problem::path);
  REQUIRE(problem != mcd.error().problems.end());
  CHECK(problem->help == "did you mean it by \"context_mx\"?");
  CHECK(problem->where == Location{"x", 1, 16});
}

TEST_CASE("CMATCH-8010 mcd: facts of other sources are checked as well") {
  auto facts = *ReadMcdJson(kSpecExample, "x", BaseRules());
  facts.members["context_max"].value = std::int64_t{0};
  facts.members["quant"].value = std::vector<std::string>{};
  facts.members["model_id"].value = std::string("a\x01");
  CHECK(MissingMembers(facts) == std::vector<std::string>{"model_id", "quant", "context_max"});
  auto mcd = McdFrom(facts);
  REQUIRE_FALSE(mcd.has_value());
  CHECK(mcd.error().problems.size() == 3);

  facts = *ReadMcdJson(kSpecExample, "x", BaseRules());
  facts.blocking.push_back({.code = "gguf-not-a-model",
                            .path = {},
                            .message = "a vocabulary",
                            .where = {},
                            .notes = {},
                            .help = {}});
  mcd = McdFrom(facts);
  REQUIRE_FALSE(mcd.has_value());
  CHECK(mcd.error().message == "a vocabulary");
}

TEST_CASE("mcd: what inspect prints can be given back") {
  const std::string text =
      R"({"schema": "cmatch.mcd/1", "mcd": )" + std::string(kSpecExample) + R"(, "origin": {}})";
  const auto facts = ReadMcdJson(text, "x", BaseRules());
  REQUIRE(facts.has_value());
  CHECK(MissingMembers(*facts).empty());
  const auto wrong =
      ReadMcdJson(R"({"schema": "cmatch.mcd/1", "mcd": {"quant": []}})", "x", BaseRules());
  REQUIRE_FALSE(wrong.has_value());
  CHECK(Listed(wrong.error()) == "mcd-wrong-value@/mcd/quant:1:45");
}

TEST_CASE("mcd: undeclared members are kept where a value has their shape") {
  const auto facts = ReadMcdJson(
      R"({"a": 1, "b": "x", "c": [1, 2], "d": ["x"], "e": {}, "f": [1, "x"], "g": null, "h": 0.5,
          "i": false})",
      "x", BaseRules());
  REQUIRE(facts.has_value());
  std::string names;
  for (const auto& [name, member] : facts->members) names += name;
  CHECK(names == "abcdhi");
}

TEST_CASE("mcd: messages name the member") {
  const auto facts = ReadMcdJson(
      R"({"quant": ["q4_0", 5], "context_max": 0, "head_dim": 1.0, "model_id": null, "quant": 1})",
      "x", BaseRules());
  REQUIRE_FALSE(facts.has_value());
  std::vector<std::string> messages;
  for (const Problem& problem : facts.error().problems) messages.push_back(problem.message);
  CHECK(messages == std::vector<std::string>{
                        "the key \"quant\" is there a second time in this object",
                        "quant[1] must be a string, not an integer",
                        "context_max must be an integer > 0",
                        "head_dim must be an integer, written without a point or an exponent",
                        "model_id must not be null",
                        "quant must be a list of strings, not an integer",
                    });
}

}  // namespace
}  // namespace cmatch
