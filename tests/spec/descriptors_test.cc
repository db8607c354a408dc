// CMATCH-8010, 8011, 8020, 8021: the descriptors and where they come from.

#include <algorithm>

#include "cmatch/build_ecp.h"
#include "spec/support.h"
#include "support/files.h"
#include "support/gguf_writer.h"

namespace cmatch {
namespace {

using testing::Builtin;
using testing::kSeedEcp;
using testing::kSeedMcd;
using testing::ParseEcp;
using testing::ParseMcd;
using testing::TempDir;
using testing::With;

// "/quant" for each problem of reading a text as an MCD, "good" where there is none.
std::string McdProblems(std::string_view json) {
  const auto facts = ReadMcdJson(json, "m.mcd.json", *Builtin());
  const auto mcd = facts ? McdFrom(*facts) : std::unexpected(facts.error());
  if (mcd) return "good";
  CHECK(mcd.error().kind == ErrorKind::kInvalidMcd);
  std::string paths;
  for (const Problem& problem : mcd.error().problems) paths += problem.path + " ";
  return paths;
}

std::string EcpProblems(std::string_view json) {
  const auto ecp = ReadEcp(json, "w.json", *Builtin());
  if (ecp) return "good";
  CHECK(ecp.error().kind == ErrorKind::kInvalidEcp);
  std::string paths;
  for (const Problem& problem : ecp.error().problems) paths += problem.path + " ";
  return paths;
}

TEST_CASE("CMATCH-8010 MCD structure: the example is good, without a member it is not") {
  CHECK(McdProblems(kSeedMcd) == "good");
  const struct {
    const char* line;
    const char* want;
  } cases[] = {{"\"model_id\": \"meta-llama/Llama-3.1-8B\",", "/model_id "},
               {"\"positional\": \"rope_llama\",", "/positional "},
               {"\"attention\": \"gqa\",", "/attention "},
               {"\"quant\": [\"q4_0\", \"q8_0\"],", "/quant "},
               {"\"context_max\": 8192,", "/context_max "},
               {",\n  \"vocab_size\": 128256", "/vocab_size "}};
  for (const auto& c : cases) {
    CAPTURE(c.line);
    CHECK(McdProblems(With(kSeedMcd, c.line, "")) == c.want);
  }
  CHECK(McdProblems("{}") == "/model_id /positional /attention /quant /context_max /vocab_size ");
}

TEST_CASE("CMATCH-8010 MCD structure: types and ranges") {
  const struct {
    const char* from;
    const char* to;
    bool good;
  } cases[] = {{"8192", "1", true},
               {"8192", "0", false},
               {"8192", "-1", false},
               {"8192", "8192.0", false},
               {"8192", "8.192e3", false},
               {"8192", "\"8192\"", false},
               {"8192", "9223372036854775807", true},
               {"8192", "9223372036854775808", false},
               {"128256", "0", false},
               {"128256", "null", false},
               {"[\"q4_0\", \"q8_0\"]", "[]", false},
               {"[\"q4_0\", \"q8_0\"]", "[\"q4_0\"]", true},
               {"[\"q4_0\", \"q8_0\"]", "\"q4_0\"", false},
               {"[\"q4_0\", \"q8_0\"]", "[\"q4_0\", 8]", false},
               {"[\"q4_0\", \"q8_0\"]", "[\"q4_0\", \"\"]", false},
               {"\"gqa\"", "\"\"", false},
               {"\"gqa\"", "7", false},
               {"\"meta-llama/Llama-3.1-8B\"", "\"\"", false},
               // one more member is not a problem
               {"8192", "8192, \"license\": {\"name\": \"mit\"}", true}};
  for (const auto& c : cases) {
    CAPTURE(c.from);
    CAPTURE(c.to);
    CHECK((McdProblems(With(kSeedMcd, c.from, c.to)) == "good") == c.good);
  }
}

TEST_CASE("CMATCH-8011 MCD sources: embedded, sidecar, catalog give the same descriptor") {
  const TempDir directory;
  testing::GgufWriter file;
  file.Text("general.architecture", "llama")
      .Text("general.repo_url", "https://huggingface.co/meta-llama/Llama-3.1-8B")
      .U32("general.file_type", 2)
      .U32("llama.context_length", 8192)
      .U32("llama.block_count", 1)
      .U32("llama.embedding_length", 64)
      .U32("llama.attention.head_count", 4)
      .U32("llama.attention.head_count_kv", 2)
      .Tokens("tokenizer.ggml.tokens", 100)
      .Tensor("token_embd.weight", {64, 100}, testing::kQ4_0);
  const std::string gguf = directory.Write("embedded.gguf", file.Bytes());
  const std::string whole =
      R"({"model_id": "meta-llama/Llama-3.1-8B", "positional": "rope_llama", "attention": "gqa", "quant": ["q4_0"], "context_max": 8192, "vocab_size": 100})";
  const std::string sidecar = directory.Write("alone.mcd.json", whole);
  const std::string catalog = directory.Write(
      "catalog.json", R"({"meta-llama/Llama-3.1-8B": {"capabilities": )" + whole + "}}");
  const struct {
    const char* name;
    std::string model;
    ModelOptions options;
  } cases[] = {{"embedded", gguf, {}},
               {"sidecar", sidecar, {}},
               {"catalog", "meta-llama/Llama-3.1-8B", {.catalog = catalog}}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto facts = ReadModel(c.model, *Builtin(), c.options);
    REQUIRE_MESSAGE(facts.has_value(), facts.error().message);
    const auto mcd = McdFrom(*facts);
    REQUIRE_MESSAGE(mcd.has_value(), mcd.error().message);
    CHECK(mcd->model_id == "meta-llama/Llama-3.1-8B");
    CHECK(mcd->positional == "rope_llama");
    CHECK(mcd->attention == "gqa");
    CHECK(mcd->quant == std::vector<std::string>{"q4_0"});
    CHECK(mcd->context_max == 8192);
    CHECK(mcd->vocab_size == 100);
  }
}

TEST_CASE("CMATCH-8011 MCD sources: the sidecar beside the file wins, a difference is a warning") {
  const TempDir directory;
  const std::string model = directory.Write("small.gguf", testing::SmallModel().Bytes());
  directory.Write("small.gguf.mcd.json", R"({"context_max": 2048})");
  const auto facts = ReadModel(model, *Builtin());
  REQUIRE(facts.has_value());
  CHECK(McdFrom(*facts)->context_max == 2048);
  REQUIRE(facts->warnings.size() == 1);
  CHECK(facts->warnings[0].rule == "CMATCH-8011");
  CHECK(facts->warnings[0].error == "SourceConflict");
  CHECK(facts->warnings[0].message.find("2048") != std::string::npos);
  CHECK(facts->warnings[0].message.find("4096") != std::string::npos);
  const auto without = ReadModel(model, *Builtin(), {.catalog = {}, .sidecar = false});
  CHECK(McdFrom(*without)->context_max == 4096);
}

TEST_CASE("CMATCH-8020 ECP structure: the example is good, without a member it is not") {
  CHECK(EcpProblems(kSeedEcp) == "good");
  const struct {
    const char* line;
    const char* want;
  } cases[] = {{"\"worker_id\": \"gpu-0-worker\",", "/worker_id "},
               {"\"supports_positional\": [\"rope_llama\", \"rope_neox\", \"alibi\"],",
                "/supports_positional "},
               {"\"supports_attention\": [\"mha\", \"gqa\", \"mqa\"],", "/supports_attention "},
               {"\"supports_quant\": [\"q4_0\", \"q8_0\", \"fp16\"],", "/supports_quant "},
               {"\"max_context\": 16384,", "/max_context "},
               {",\n  \"vram_bytes\": 24000000000", "/vram_bytes "}};
  for (const auto& c : cases) {
    CAPTURE(c.line);
    CHECK(EcpProblems(With(kSeedEcp, c.line, "")) == c.want);
  }
  const struct {
    const char* from;
    const char* to;
    bool good;
  } values[] = {{"[\"mha\", \"gqa\", \"mqa\"]", "[]", true},
                {"[\"mha\", \"gqa\", \"mqa\"]", "\"mha\"", false},
                {"16384", "1", true},
                {"16384", "0", false},
                {"24000000000", "1", true},
                {"24000000000", "0", false},
                {"24000000000", "-1", false},
                {"24000000000", "2.4e10", false},
                {"\"gpu-0-worker\"", "\"\"", false}};
  for (const auto& c : values) {
    CAPTURE(c.to);
    CHECK((EcpProblems(With(kSeedEcp, c.from, c.to)) == "good") == c.good);
  }
}

TEST_CASE("CMATCH-8021 ECP sources: capability, memory, and what the engine can do") {
  const auto profile = [](std::string_view gpu, const EngineChoice& engine) {
    const auto facts = ParseGpu(gpu, *Builtin());
    REQUIRE_MESSAGE(facts.has_value(), facts.error().message);
    const auto ecp = BuildEcp(*Builtin(), engine, *facts);
    REQUIRE_MESSAGE(ecp.has_value(), ecp.error().message);
    return *ecp;
  };
  const auto has = [](const std::vector<std::string>& kinds, const char* kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  // the capability decides
  CHECK(has(profile("cc=8.9,vram=24GiB", {.engine = "vllm"}).supports_quant, "fp8"));
  CHECK_FALSE(has(profile("cc=7.5,vram=16GiB", {.engine = "tensorrt-llm"}).supports_quant, "fp8"));
  // the memory is the GPU's
  CHECK(profile("cc=8.9,vram=24GiB", {.engine = "vllm"}).vram_bytes == std::int64_t{24} << 30);
  // the engine decides
  CHECK(has(profile("cc=8.9,vram=24GiB", {.engine = "llama.cpp"}).supports_quant, "q4_k_m"));
  CHECK_FALSE(
      has(profile("cc=8.9,vram=24GiB", {.engine = "tensorrt-llm"}).supports_quant, "q4_k_m"));
}

}  // namespace
}  // namespace cmatch
