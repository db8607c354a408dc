#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base_rules.h"
#include "cmatch/ecp_source.h"

namespace cmatch {
namespace {

using testing::BaseRules;

constexpr const char* kSpecExample = R"({
  "worker_id": "gpu-0-worker",
  "supports_positional": ["rope_llama", "rope_neox", "alibi"],
  "supports_attention": ["mha", "gqa", "mqa"],
  "supports_quant": ["q4_0", "q8_0", "fp16"],
  "max_context": 16384,
  "vram_bytes": 24000000000
})";

// The example with one member replaced or added.
std::string With(const std::string& member, const std::string& value) {
  std::string text = kSpecExample;
  const std::size_t at = text.find("\"" + member + "\"");
  if (at == std::string::npos) {
    return text.substr(0, text.rfind('}')) + ", \"" + member + "\": " + value + "}";
  }
  const std::size_t begin = text.find(':', at) + 2;
  std::size_t end = text.find('\n', begin);
  if (text[end - 1] == ',') --end;
  return text.replace(begin, end - begin, value);
}

TEST_CASE("CMATCH-8020 ecp: the specification's example") {
  const auto ecp = ReadEcp(kSpecExample, "ecp.json", BaseRules());
  REQUIRE(ecp.has_value());
  CHECK(ecp->worker_id == "gpu-0-worker");
  CHECK(ecp->supports_positional == std::vector<std::string>{"rope_llama", "rope_neox", "alibi"});
  CHECK(ecp->supports_attention == std::vector<std::string>{"mha", "gqa", "mqa"});
  CHECK(ecp->supports_quant == std::vector<std::string>{"q4_0", "q8_0", "fp16"});
  CHECK(ecp->max_context == 16384);
  CHECK(ecp->vram_bytes == 24000000000);
  CHECK(ecp->attributes.empty());
}

TEST_CASE("CMATCH-8020 ecp: members, right and wrong") {
  struct Case {
    std::string member;
    std::string value;
    std::string want;  // CODE@POINTER of each problem
  };
  const std::vector<Case> cases = {
      {"worker_id", R"("w")", ""},
      {"worker_id", R"("")", "ecp-wrong-type@/worker_id"},
      {"worker_id", "null", "ecp-wrong-type@/worker_id"},
      {"supports_quant", "[]", ""},
      {"supports_positional", "[]", ""},
      {"supports_attention", "[]", ""},
      {"supports_quant", R"("q4_0")", "ecp-wrong-type@/supports_quant"},
      {"supports_quant", R"(["q4_0", 4])", "ecp-wrong-type@/supports_quant/1"},
      {"max_context", "1", ""},
      {"max_context", "0", "ecp-wrong-value@/max_context"},
      {"max_context", "-1", "ecp-wrong-type@/max_context"},
      {"max_context", "16384.0", "ecp-wrong-type@/max_context"},
      {"max_context", "9223372036854775807", ""},
      {"max_context", "9223372036854775808", "ecp-wrong-type@/max_context"},
      {"vram_bytes", "0", "ecp-wrong-value@/vram_bytes"},
      {"vram_bytes", "null", ""},
      {"vram_bytes", R"("24GiB")", "ecp-wrong-type@/vram_bytes"},
      {"compute", R"("8.9")", ""},
      {"compute", "8.9", "ecp-wrong-type@/compute"},
      {"compute", R"("89")", "ecp-wrong-type@/compute"},
      {"compute", "[8, 9]", "ecp-wrong-type@/compute"},
      {"driver", R"("550.54.14")", ""},
      {"driver", "550.54", "ecp-wrong-type@/driver"},
      {"tensor_parallel", "2", ""},
      {"tensor_parallel", R"("2")", "ecp-wrong-type@/tensor_parallel"},
      {"mig", "true", ""},
      {"mig", "0", "ecp-wrong-type@/mig"},
      {"kv_cache", R"("fp8")", ""},
      {"supports_kv_cache", R"(["fp8"])", ""},
      {"unknown_member", R"({"x": [1, "y"]})", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.member);
    CAPTURE(c.value);
    const auto ecp = ReadEcp(With(c.member, c.value), "x", BaseRules());
    std::string got;
    if (!ecp) {
      CHECK(ecp.error().kind == ErrorKind::kInvalidEcp);
      for (const Problem& problem : ecp.error().problems) {
        got += (got.empty() ? "" : " ") + problem.code + "@" + problem.path;
        CHECK(problem.where.line > 1);
      }
    }
    CHECK(got == c.want);
  }
}

TEST_CASE("CMATCH-8020 ecp: every missing member is listed") {
  const auto ecp = ReadEcp(R"({"max_context": 5})", "x", BaseRules());
  REQUIRE_FALSE(ecp.has_value());
  REQUIRE(ecp.error().problems.size() == 5);
  for (const Problem& problem : ecp.error().problems) CHECK(problem.code == "ecp-missing");
  CHECK(ecp.error().problems[4].path == "/vram_bytes");

  const auto report = ReadEcp(R"({"schema": "cmatch.report/1"})", "x", BaseRules());
  REQUIRE_FALSE(report.has_value());
  REQUIRE(report.error().problems.size() == 1);
  CHECK(report.error().problems[0].code == "ecp-wrong-document");

  CHECK_FALSE(ReadEcp("[]", "x", BaseRules()).has_value());
  CHECK_FALSE(ReadEcp("", "x", BaseRules()).has_value());
}

// The shipped rules with the engines.
const RuleSet& WithEngines() {
  static const std::shared_ptr<const RuleSet> rules = LoadBuiltinRules();
  return *rules;
}

// The example, on a release that the tables know.
std::string OnVllm(const std::string& members) {
  std::string text = kSpecExample;
  return text.substr(0, text.rfind('}')) +
         R"(, "engine": "vllm", "engine_version": "0.9.0", "compute": "8.9")" +
         (members.empty() ? "" : ",\n") + members + "}";
}

TEST_CASE("CMATCH-8021 ecp: what the tables refuse has its place, and everything is said at once") {
  struct Case {
    std::string members;
    std::string want;  // CODE@LINE:COLUMN of each problem
  };
  const std::vector<Case> cases = {
      {"", ""},
      {R"("build": "cuda12")", ""},
      {R"("build": "cuda99")", "ecp-unknown-build@9:10"},
      {R"("kv_cache": "FP8")", ""},
      {R"("kv_cache": "int3")", "ecp-bad-launch-value@9:13"},
      {R"("flash_attn": "on")", "ecp-unknown-launch-key@9:15"},
      {R"("tensor_parallel": 0)", "ecp-bad-launch-value@9:20"},
      {R"("tensor_parallel": 1)", ""},
      {R"("pipeline_parallel": 0)", "ecp-bad-launch-value@9:22"},
      {R"("gpu_count": 0)", "ecp-wrong-value@9:14"},
      {R"("gpu_count": 1)", ""},
      {R"("driver": 5, "gpu_count": 0, "build": "x", "kv_cache": "int3")",
       "ecp-wrong-type@9:11 ecp-unknown-build@9:39 ecp-bad-launch-value@9:56 "
       "ecp-wrong-value@9:27"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.members);
    const auto ecp = ReadEcp(OnVllm(c.members), "x", WithEngines());
    std::string got;
    if (!ecp) {
      for (const Problem& problem : ecp.error().problems) {
        got += (got.empty() ? "" : " ") + problem.code + "@" + std::to_string(problem.where.line) +
               ":" + std::to_string(problem.where.column);
      }
    }
    CHECK(got == c.want);
  }

  std::string text = OnVllm("");
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    return other.replace(other.find(from), from.size(), to);
  };
  struct Replaced {
    std::string from, to, code, path, help;
  };
  const std::vector<Replaced> wrong = {
      {R"("vllm")", R"("vlm")", "ecp-unknown-engine", "/engine", "did you mean \"vllm\"?"},
      {"0.9.0", "99.0", "ecp-release-not-covered", "/engine_version", "covered: "},
      {"0.9.0", "latest", "ecp-bad-release", "/engine_version", "covered: "},
      {"8.9", "8.8", "ecp-unknown-compute", "/compute", "known: "},
      {"max_context", "max_contxt", "ecp-missing", "/max_context", "did you mean it by"},
  };
  for (const Replaced& c : wrong) {
    CAPTURE(c.to);
    const auto ecp = ReadEcp(replaced(c.from, c.to), "x", WithEngines());
    REQUIRE_FALSE(ecp.has_value());
    REQUIRE(ecp.error().problems.size() == 1);
    const Problem& problem = ecp.error().problems[0];
    CHECK(problem.code == c.code);
    CHECK(problem.path == c.path);
    CHECK(problem.where.line > 1);
    CHECK(problem.where.column > 1);
    CHECK(problem.help.starts_with(c.help));
  }
  CHECK(ReadEcp(replaced(R"("vllm")", R"("VLLM")"), "x", WithEngines()).has_value());
  CHECK(ReadEcp(replaced(R"("vllm")", R"("acme-infer")"), "x", WithEngines()).has_value());
}

TEST_CASE("ecp: attributes keep their types") {
  const auto ecp = ReadEcp(With("tensor_parallel", "2"), "x", BaseRules());
  REQUIRE(ecp.has_value());
  CHECK(ecp->attributes.at("tensor_parallel") == Value(std::int64_t{2}));
}

}  // namespace
}  // namespace cmatch
