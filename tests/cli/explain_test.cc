#include <fstream>
#include <iterator>
#include <string>

#include "cli/cmatch.h"

namespace cmatch::testing {
namespace {

std::string ReadIndex() {
  std::ifstream in(std::string(CMATCH_SOURCE_DIR) + "/docs/errors.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("explain: every problem code of the index, with the page it stands on") {
  const Desk desk;
  const std::string index = ReadIndex();
  int codes = 0;
  for (std::size_t at = 0; (at = index.find("\n- [", at)) != std::string::npos; ++codes) {
    at += 4;
    const std::string code = index.substr(at, index.find(']', at) - at);
    CAPTURE(code);
    if (codes % 10 != 0) continue;  // each is a process
    const Outcome run = desk.Run({"explain", code, "--json"});
    REQUIRE(run.exit_code == 0);
    const Json json = Json::parse(run.out);
    CHECK(json["id"] == code);
    CHECK(json["what"].get<std::string>().size() > 10);
    CHECK(json["source"].get<std::string>().starts_with("docs/errors-"));
  }
  CHECK(codes > 100);
}

TEST_CASE("explain: what is wrong and what to do stand apart") {
  const Outcome run = Desk().Run({"explain", "yaml-anchor"});
  CHECK(run.exit_code == 0);
  CHECK(run.out ==
        "yaml-anchor\n  what: `a: &name x`.\n"
        "  fix: remove the anchor; quote a text that begins with `&`.\n"
        "  source: docs/errors-yaml.md\n");
}

TEST_CASE("explain: everything that has a name, however it is written") {
  const Desk desk;
  const struct {
    const char* id;
    const char* ids;  // of the answers
    const char* has;  // somewhere in the text
  } cases[] = {
      {"CMATCH-8030.3", "CMATCH-8030.3", "why: One format"},
      {"cmatch-8030.3", "CMATCH-8030.3", ""},
      {"8030.3", "CMATCH-8030.3", ""},
      {"quant-supported", "CMATCH-8030.3", ""},
      {"8132", "CMATCH-8132.1 CMATCH-8132.2", ""},
      {"CMATCH-8030", "CMATCH-8030 CMATCH-8030.1 CMATCH-8030.2 CMATCH-8030.3 CMATCH-8030.4", ""},
      {"8130", "CMATCH-8130", "fix: "},
      {"CMATCH-8010", "CMATCH-8010", "vocab_size"},
      {"CMATCH-8011", "CMATCH-8011", "two sources disagree"},
      {"8020", "CMATCH-8020", "vram_bytes"},
      {"CMATCH-8021", "CMATCH-8021", "compute capability"},
      {"CMATCH-8050", "CMATCH-8050", "IncompatibleQuant"},
      {"incompatiblequant", "IncompatibleQuant", "fix: "},
      {"GGUF-BAD-MAGIC", "gguf-bad-magic", "docs/errors-gguf.md"},
      {"cve-2026-27940", "CVE-2026-27940 CVE-2026-27940", "fixed release"},
      {"Q4_K_M", "q4_k_m", "(quant)"},
      {"f16", "fp16 fp16 fp16", "aliases: "},
      {"RoPE-NeoX", "rope_neox", "(positional)"},
      {"vLLM", "vllm", "releases: "},
      {"rtx 4090", "NVIDIA GeForce RTX 4090", "compute: 8.9"},
      {"8.9", "8.9", "NVIDIA L4"},
      {"tensor_parallel", "tensor_parallel ecp.tensor_parallel", "a number from 1"},
      {"mcd.head_dim", "mcd.head_dim", "kernel paths of "},
      {"l40s", "NVIDIA L40S", "compute: 8.9"},
      {"deepseek2", "deepseek2", "(architecture)"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.id);
    const Outcome text = desk.Run({"explain", c.id});
    REQUIRE(text.exit_code == 0);
    CHECK(Has(text.out, c.has));
    CHECK_FALSE(Has(text.out, "{mcd."));  // a message is a sentence, not a template
    std::string ids;
    for (const Json& json : JsonLines(desk.Run({"explain", c.id, "--json"}).out)) {
      CHECK(json["schema"] == "cmatch.explain/1");
      CHECK(json["what"].get<std::string>().size() > 4);
      ids += (ids.empty() ? "" : " ") + json["id"].get<std::string>();
    }
    CHECK(ids == c.ids);
  }
}

TEST_CASE("explain: every rule and error says what to do") {
  const Desk desk;
  for (const char* id : {"CMATCH-8030.1", "CMATCH-8030.4", "CMATCH-8131", "CMATCH-8136",
                         "CMATCH-8201", "Degraded", "SourceConflict", "Expired"}) {
    CAPTURE(id);
    const Json json = JsonOf(desk.Run({"explain", id, "--json"}));
    CHECK(json["fix"].get<std::string>().size() > 10);
  }
}

TEST_CASE("explain: what was meant, of all names") {
  const Desk desk;
  const struct {
    const char* id;
    const char* near;
  } cases[] = {{"CMATCH-8030.5", "CMATCH-8030.1"},
               {"Incompatiblequants", "IncompatibleQuant"},
               {"q4_k_n", "q4_k_s"},
               {"vlm", "vllm"},
               {"tensor_paralel", "tensor_parallel"}};
  for (const auto& c : cases) {
    CAPTURE(c.id);
    const Outcome run = desk.Run({"explain", c.id});
    CHECK(run.exit_code == 2);
    CHECK(Has(run.err, std::string("did you mean \"") + c.near + "\"?"));
  }
}

TEST_CASE("explain: a mistyped code is named") {
  const Outcome run = Desk().Run({"explain", "gguf-bad-magik"});
  CHECK(run.exit_code == 2);
  CHECK(run.err.find("did you mean \"gguf-bad-magic\"?") != std::string::npos);
}

}  // namespace
}  // namespace cmatch::testing
