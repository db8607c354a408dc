// Real vocabularies and realistic model headers, where the folder of fixtures is beside the
// repository (CMATCH_SHARED_DIR).

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gguf_support.h"
#include "support/files.h"

namespace cmatch {
namespace {

using testing::BaseRules;
using testing::Blocks;
using testing::Member;

const std::filesystem::path kShared = CMATCH_SHARED_DIR;

McdFacts Read(const std::filesystem::path& path) {
  auto facts = ReadGguf(path.string(), BaseRules());
  REQUIRE_MESSAGE(facts.has_value(), facts.error().message);
  return *std::move(facts);
}

std::string Canonical(const std::string& dimension, const nlohmann::json& kind) {
  return BaseRules().Canonical(dimension, kind.get<std::string>());
}

void CheckNumber(const McdFacts& facts, const char* member, const nlohmann::json& want) {
  CAPTURE(std::string(member));
  if (want.is_null() || want == 0) return;
  CHECK(Member(facts, member) == std::to_string(want.get<std::int64_t>()));
}

// Against one entry of models_expected.json.
void CheckModel(const McdFacts& facts, const nlohmann::json& want) {
  CHECK(Blocks(facts) == "");
  CHECK(Member(facts, "kind") == "model");
  CHECK(Member(facts, "model_id") == want["model_id_repo"].get<std::string>());
  CHECK(Member(facts, "positional") == Canonical("positional", want["positional"]));
  CHECK(Member(facts, "attention") == want["attention"].get<std::string>());
  CHECK(Member(facts, "quant") == Canonical("quant", want["quant"]));
  std::vector<std::string> types;
  for (const auto& type : want["tensor_types"].items()) {
    types.push_back(Canonical("tensor_type", type.key()));
  }
  std::sort(types.begin(), types.end());
  CHECK(Member(facts, "tensor_types") == ToString(Value(types)));
  CheckNumber(facts, "context_max", want["context_max"]);
  CheckNumber(facts, "vocab_size", want["vocab_size"]);
  CheckNumber(facts, "head_dim", want["head_dim"]);
  CheckNumber(facts, "head_count", want["head_count"]);
  CheckNumber(facts, "head_count_kv", want["head_count_kv"]);
  CheckNumber(facts, "block_count", want["blocks"]);
  CheckNumber(facts, "embedding_length", want["embd"]);
  CheckNumber(facts, "expert_count", want["experts"]);
  CheckNumber(facts, "expert_used_count", want["experts_used"]);
  CheckNumber(facts, "original_context", want["rope_orig_ctx"]);
  CheckNumber(facts, "split_count", want["split_count"]);
  CheckNumber(facts, "file_bytes", want["file_bytes"]);
  // llama.cpp ignores the key of this architecture.
  if (want["arch"] != "phi3") CheckNumber(facts, "sliding_window", want["sliding_window"]);
  CHECK(Member(facts, "attention_sink") == (want["arch"] == "gpt-oss" ? "true" : "false"));
}

TEST_CASE("CMATCH-8002 gguf: headers of well-known models") {
  const std::filesystem::path script = kShared / "tools/make_model_headers.py";
  if (!std::filesystem::exists(script) || std::system("python3 -c '' 2>/dev/null") != 0) {
    MESSAGE("skipped: no python3, or no fixtures beside the repository");
    return;
  }
  std::ifstream in(kShared / "tools/models_expected.json");
  const nlohmann::json models = nlohmann::json::parse(in)["models"];
  std::string names;
  for (const auto& model : models) {
    const std::string file = model["file"].get<std::string>();
    names += (names.empty() ? "" : ",") + file.substr(0, file.size() - std::string(".gguf").size());
  }
  const testing::TempDir directory;
  const std::string command = "python3 '" + script.string() + "' '" + directory.path().string() +
                              "' --only " + names + " 2>/dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  for (const auto& model : models) {
    const std::string file = model["file"].get<std::string>();
    CAPTURE(file);
    const McdFacts facts = Read(directory.path() / file);
    CheckModel(facts, model);
    // The second shard of this one is not there; the first lists all tensors.
    const bool split = !model["split_count"].is_null();
    CHECK(testing::Warnings(facts) == (split ? "gguf-missing-shard" : ""));
  }
}

TEST_CASE("CMATCH-8002 gguf: real vocabulary files") {
  struct Case {
    std::string file;
    std::string architecture;
    std::string positional;
    std::string attention;
    std::string context_max;
    std::string vocab_size;
  };
  const std::vector<Case> cases = {
      {"ggml-vocab-bert-bge.gguf", "bert", "learned", "mha", "512", "30522"},
      {"ggml-vocab-deepseek-coder.gguf", "llama", "rope_llama", "mha", "16384", "32256"},
      {"ggml-vocab-falcon.gguf", "falcon", "rope_neox", "mqa", "2048", "65024"},
      {"ggml-vocab-gpt-2.gguf", "gpt2", "learned", "mha", "1024", "50257"},
      {"ggml-vocab-llama-spm.gguf", "llama", "rope_llama", "mha", "4096", "32000"},
      {"ggml-vocab-phi-3.gguf", "phi3", "rope_neox", "mha", "4096", "32064"},
  };
  if (!std::filesystem::exists(kShared / "data/gguf")) {
    MESSAGE("skipped: no fixtures beside the repository");
    return;
  }
  for (const Case& c : cases) {
    CAPTURE(std::string(c.file));
    const McdFacts facts = Read(kShared / "data/gguf" / c.file);
    CHECK(Blocks(facts).starts_with("gguf-not-a-model"));
    CHECK(Member(facts, "kind") == "vocab_only");
    CHECK(Member(facts, "architecture") == c.architecture);
    CHECK(Member(facts, "positional") == c.positional);
    CHECK(Member(facts, "attention") == c.attention);
    CHECK(Member(facts, "context_max") == c.context_max);
    CHECK(Member(facts, "vocab_size") == c.vocab_size);
  }
}

}  // namespace
}  // namespace cmatch
