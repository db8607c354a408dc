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

  CHECK_FALSE(ReadEcp("[]", "x", BaseRules()).has_value());
  CHECK_FALSE(ReadEcp("", "x", BaseRules()).has_value());
}

TEST_CASE("ecp: attributes keep their types") {
  const auto ecp = ReadEcp(With("tensor_parallel", "2"), "x", BaseRules());
  REQUIRE(ecp.has_value());
  CHECK(ecp->attributes.at("tensor_parallel") == Value(std::int64_t{2}));
}

}  // namespace
}  // namespace cmatch
