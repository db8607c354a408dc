#ifndef CMATCH_TESTS_CLI_CMATCH_H_
#define CMATCH_TESTS_CLI_CMATCH_H_

// The built command, run as a user runs it: in a directory with the files that a test needs.
//
//   const Desk desk;
//   const Outcome run = desk.Run({"check", "seed.mcd.json", "--ecp", "worker.json"});
//   CHECK(run.exit_code == 0);

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/command.h"
#include "support/files.h"
#include "support/rules.h"

namespace cmatch::testing {

using Json = nlohmann::ordered_json;

inline constexpr std::string_view kSeedModel =
    R"({"model_id": "meta-llama/Llama-3.1-8B", "positional": "rope_llama", "attention": "gqa", "quant": ["q4_0", "q8_0"], "context_max": 8192, "vocab_size": 128256})";
inline constexpr std::string_view kSeedWorker =
    R"({"worker_id": "gpu-0-worker", "supports_positional": ["rope_llama", "rope_neox", "alibi"], "supports_attention": ["mha", "gqa", "mqa"], "supports_quant": ["q4_0", "q8_0", "fp16"], "max_context": 16384, "vram_bytes": 24000000000})";

// A directory with seed.mcd.json, worker.json (CMATCH-8010 and 8020), wrong.mcd.json (none of the
// four rules holds), broken.mcd.json (not JSON) and rules/, the small rule set of support/rules.h.
class Desk {
 public:
  Desk() {
    Write("seed.mcd.json", kSeedModel);
    Write("worker.json", kSeedWorker);
    Write(
        "wrong.mcd.json",
        R"({"model_id": "org/wrong", "positional": "learned", "attention": "mla", "quant": ["q4_k_m", "q6_k"], "context_max": 32768, "vocab_size": 1})");
    Write("broken.mcd.json", "{\"model_id\": ");
    Write(
        "toy.mcd.json",
        R"({"model_id": "org/toy", "positional": "alibi", "attention": "gqa", "quant": ["fp8"], "context_max": 4096, "vocab_size": 1000, "head_dim": 80})");
    for (const RuleFile& file : ToyFiles(kTableRules)) Write("rules/" + file.name, file.text);
  }

  std::string Write(std::string_view name, std::string_view text) const {
    return directory_.Write(name, text);
  }
  std::filesystem::path path() const { return directory_.path(); }

  Outcome Run(std::vector<std::string> arguments, std::string input = {},
              std::map<std::string, std::string> environment = {}) const {
    return RunCommand({.program = CMATCH_COMMAND,
                       .arguments = std::move(arguments),
                       .directory = directory_.path(),
                       .input = std::move(input),
                       .environment = std::move(environment)});
  }

 private:
  TempDir directory_;
};

// Each line of `text` as a JSON document.
inline std::vector<Json> JsonLines(const std::string& text) {
  std::vector<Json> documents;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);
    documents.push_back(Json::parse(text.substr(at, end - at), nullptr, false));
    CHECK_FALSE(documents.back().is_discarded());
    at = end + 1;
  }
  return documents;
}

inline Json JsonOf(const Outcome& run) {
  const std::vector<Json> documents = JsonLines(run.out);
  REQUIRE(documents.size() == 1);
  return documents[0];
}

// The names of an object's members: "schema compatible".
inline std::string Members(const Json& object) {
  std::string names;
  for (const auto& [name, value] : object.items()) names += (names.empty() ? "" : " ") + name;
  return names;
}

inline bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

inline std::string Golden(const char* name, const std::string& text) {
  return GoldenDifference(std::filesystem::path(CMATCH_SOURCE_DIR "/tests/golden") / name, text);
}

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_CLI_CMATCH_H_
