// Shards that model.safetensors.index.json names.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cmatch/mcd_source.h"
#include "parsers/base_rules.h"
#include "support/files.h"

namespace cmatch {
namespace {

using testing::BaseRules;
using testing::TempDir;

TEST_CASE("hf: a shard that the index names and that is not there blocks") {
  const struct {
    const char* name;
    std::vector<std::string> files;
    std::string index;  // empty: none
    std::string want;   // the blocking messages and the warnings of the index
  } cases[] = {
      {"no index", {"a.safetensors"}, "", ""},
      {"all are there",
       {"a.safetensors", "b.safetensors"},
       R"({"metadata": {"total_size": 4}, "weight_map":
           {"x": "a.safetensors", "y": "b.safetensors", "z": "a.safetensors"}})",
       ""},
      {"two are not, once each",
       {"a.safetensors"},
       R"({"weight_map": {"w": "c.safetensors", "x": "a.safetensors", "y": "b.safetensors",
                          "z": "c.safetensors"}})",
       "b.safetensors is not there;c.safetensors is not there;"},
      {"beside a whole series",
       {"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"},
       R"({"weight_map": {"x": "model-00001-of-00002.safetensors", "y": "model_mtp.safetensors"}})",
       "model_mtp.safetensors is not there;"},
      {"that the numbers tell too, once",
       {"model-00001-of-00002.safetensors"},
       R"({"weight_map": {"x": "model-00001-of-00002.safetensors",
                          "y": "model-00002-of-00002.safetensors"}})",
       "model-00002-of-00002.safetensors is not there;"},
      {"one file in place of the shards",
       {"model.safetensors"},
       R"({"weight_map": {"x": "model-00001-of-00002.safetensors"}})",
       ""},
      {"in another folder", {"a.safetensors"}, R"({"weight_map": {"x": "../b.safetensors"}})", ""},
      {"an empty map", {"a.safetensors"}, R"({"weight_map": {}})", ""},
      {"no map", {"a.safetensors"}, R"({"metadata": {}})", "safetensors-bad-index;"},
      {"a list",
       {"a.safetensors"},
       R"({"weight_map": ["a.safetensors"]})",
       "safetensors-bad-index;"},
      {"not an object", {"a.safetensors"}, R"([1])", "safetensors-bad-index;"},
      {"no name", {"a.safetensors"}, R"({"weight_map": {"x": 1}})", "safetensors-bad-index;"},
      {"not JSON", {"a.safetensors"}, R"({"weight_map": )", "json-syntax;"},
      {"no weights", {}, R"({"weight_map": {"x": "a.safetensors"}})", "hf-no-weights;"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    const TempDir dir;
    dir.Write("config.json", R"({"model_type": "llama"})");
    for (const std::string& file : c.files) {
      dir.Write(file, std::string("\2\0\0\0\0\0\0\0{}", 10));
    }
    if (!c.index.empty()) dir.Write("model.safetensors.index.json", c.index);
    const auto facts = ReadHuggingFace(dir.path().string(), BaseRules());
    REQUIRE(facts.has_value());
    std::string got;
    for (const Problem& problem : facts->blocking) {
      if (problem.code == "safetensors-missing-shard") got += problem.message + ";";
    }
    for (const Finding& warning : facts->warnings) {
      const std::size_t at = warning.message.rfind('[');
      if (at == std::string::npos) continue;
      const std::string code = warning.message.substr(at + 1, warning.message.size() - at - 2);
      if (code != "safetensors-missing-shard") got += code + ";";  // blocks
    }
    CHECK(got == c.want);
    CHECK(facts->members.contains("file_bytes") ==
          (!c.files.empty() && got.find("is not there") == std::string::npos));
  }
}

}  // namespace
}  // namespace cmatch
