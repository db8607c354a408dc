// What reaches a terminal: colour, hostile names, help, hints.

#include "cli/cmatch.h"
#include "support/gguf_writer.h"

namespace cmatch {
namespace {

using testing::Desk;
using testing::Has;
using testing::Outcome;

// True where a terminal would show every byte as it is: no control characters but line ends (with
// `color`, the escape sequences of colours too), no C1 controls, no marks that turn text around.
bool Harmless(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f) return false;
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (byte == 0xc2 && next >= 0x80 && next < 0xa0) return false;
    if (text.compare(i, 2, "\xe2\x80") == 0 && i + 2 < text.size()) {
      const auto last = static_cast<unsigned char>(text[i + 2]);
      if (last >= 0xaa && last <= 0xae) return false;
    }
  }
  return true;
}

TEST_CASE("colour: only where it is asked for, NO_COLOR and a pipe have none") {
  const Desk desk;
  const std::vector<std::string> check = {"check", "wrong.mcd.json", "--ecp", "worker.json"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = check;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  CHECK_FALSE(Has(desk.Run(check).out, "\033["));
  CHECK(Has(desk.Run(with({"--color", "always"})).out, "\033["));
  CHECK_FALSE(
      Has(desk.Run(with({"--color", "never"}), "", {{"CLICOLOR_FORCE", "1"}}).out, "\033["));
  CHECK_FALSE(Has(desk.Run(check, "", {{"NO_COLOR", "1"}}).out, "\033["));
  CHECK_FALSE(Has(desk.Run(check, "", {{"NO_COLOR", "1"}, {"CLICOLOR_FORCE", "1"}}).out, "\033["));
  CHECK(Has(desk.Run(with({"--color", "always"}), "", {{"NO_COLOR", "1"}}).out, "\033["));
  // the words say the same without it
  std::string painted = desk.Run(with({"--color", "always"})).out;
  while (painted.find("\033[") != std::string::npos) {
    const std::size_t at = painted.find("\033[");
    painted.erase(at, painted.find('m', at) - at + 1);
  }
  CHECK(painted == desk.Run(check).out);
  CHECK_FALSE(Has(desk.Run(with({"--color", "always", "--json"})).out, "\033["));
}

TEST_CASE("hostile text from a model or a worker never reaches the terminal as it is") {
  const Desk desk;
  const char* hostile[] = {R"(\u001b[31mred)",     R"(\u0007bell)",       R"(\u009b31m)",
                           R"(a\u202ecba)",        R"(line\nCOMPATIBLE)", R"(\u007fdel)",
                           R"(\r\u001b]0;t\u0007)"};
  for (const char* text : hostile) {
    CAPTURE(text);
    for (const char* member : {"model_id", "positional", "quant", "rope_scaling", "extra"}) {
      CAPTURE(member);
      std::string json(testing::kSeedModel);
      const std::string value = std::string("\"") + text + "\"";
      if (std::string_view(member) == "model_id") {
        json.replace(json.find("\"meta-llama/Llama-3.1-8B\""), 25, value);
      } else if (std::string_view(member) == "positional") {
        json.replace(json.find("\"rope_llama\""), 12, value);
      } else if (std::string_view(member) == "quant") {
        json.replace(json.find("\"q8_0\""), 6, value);
      } else {
        json.insert(1, std::string("\"") + member + "\": " + value + ", ");
      }
      desk.Write("hostile.mcd.json", json);
      for (const char* format : {"text", "json"}) {
        for (const char* verb : {"check", "inspect"}) {
          CAPTURE(verb);
          CAPTURE(format);
          std::vector<std::string> arguments = {verb, "hostile.mcd.json", "--format", format};
          if (std::string_view(verb) == "check") {
            arguments.insert(arguments.end(), {"--ecp", "worker.json", "--trace", "-v"});
          }
          const Outcome run = desk.Run(arguments);
          CHECK(run.exit_code >= 0);
          CHECK(Harmless(run.out));
          CHECK(Harmless(run.err));
        }
      }
    }
    std::string worker(testing::kSeedWorker);
    worker.replace(worker.find("\"gpu-0-worker\""), 14, std::string("\"") + text + "\"");
    desk.Write("hostile.json", worker);
    const Outcome run = desk.Run({"check", "seed.mcd.json", "--ecp", "hostile.json"});
    CHECK(Harmless(run.out));
    CHECK(Harmless(run.err));
  }
}

TEST_CASE("hostile file names, arguments and GGUF metadata never reach the terminal as they are") {
  const Desk desk;
  testing::GgufWriter file = testing::SmallModel();
  file.Without("general.name").Text("general.name", "a\033[31mb\u202e");
  file.Without("general.architecture").Text("general.architecture", "\033]0;x\007");
  desk.Write("hostile.gguf", file.Bytes());
  const std::string name = "no\033[31m\u009b.gguf";
  const std::vector<std::string> runs[] = {
      {"check", name, "--ecp", "worker.json"},
      {"check", name, "--ecp", "worker.json", "--json"},
      {"check", "seed.mcd.json", "--ecp", name},
      {"check", "seed.mcd.json", "--engine", name, "--gpu", "RTX 4090"},
      {"check", "seed.mcd.json", "--engine", "vllm@" + name, "--gpu", "RTX 4090"},
      {"check", "seed.mcd.json", "--engine", "vllm", "--gpu", name},
      {"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--build", name},
      {"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--launch", name + "=1"},
      {"check", "seed.mcd.json", "--ecp", "worker.json", "--rules", name},
      {"check", "seed.mcd.json", "--ecp", "worker.json", "--worker-id", name},
      {"check", "seed.mcd.json", "--ecp", "worker.json", "--" + name},
      {"check", "seed.mcd.json", "--ecp", "worker.json", "--context", name},
      {"check", "hostile.gguf", "--engine", "llama.cpp", "--gpu", "RTX 4090"},
      {"inspect", "hostile.gguf"},
      {"inspect", "hostile.gguf", "--json"},
      {"explain", name},
      {"lint", name},
      {"test", name},
      {name}};
  for (const auto& arguments : runs) {
    std::string line;
    for (const std::string& word : arguments) line += word + " ";
    CAPTURE(line);
    const Outcome run = desk.Run(arguments);
    CAPTURE(run.out);
    CAPTURE(run.err);
    CHECK(run.exit_code >= 0);
    CHECK(Harmless(run.out));
    CHECK(Harmless(run.err));
  }
}

TEST_CASE("did you mean: verbs, engines, builds, launch keys, rules, kinds") {
  const Desk desk;
  const struct {
    std::vector<std::string> arguments;
    const char* want;
  } cases[] = {
      {{"chekc"}, "did you mean \"cmatch check\"?"},
      {{"check", "seed.mcd.json", "--engine", "vlm", "--gpu", "RTX 4090"},
       "did you mean \"vllm\"?"},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--build", "cuda14"},
       "did you mean \"cuda1"},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--launch",
        "kv_cach=fp8"},
       "did you mean \"kv_cache\"?"},
      // by its beginning, by the engine's own option, in another case
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--launch", "kv=fp8"},
       "did you mean \"kv_cache\"?"},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--launch",
        "kv_cache_dtype=fp8"},
       "did you mean \"kv_cache\"?"},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--launch",
        "tensor-parallel-size=2"},
       "did you mean \"tensor_parallel\"?"},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--launch",
        "kv_cache=FP8E4M3"},
       "did you mean \"fp8_e4m3\"?"},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--launch",
        "attention_backend=flash_atn"},
       "did you mean \"FLASH_ATTN\"?"},
      {{"explain", "CMATCH-8030.9"}, "did you mean \"CMATCH-8030.1\"?"},
      {{"explain", "q4_k_n"}, "did you mean \"q4_k_"}};
  for (const auto& c : cases) {
    CAPTURE(c.want);
    const Outcome run = desk.Run(c.arguments);
    CAPTURE(run.err);
    CHECK(run.exit_code == 2);
    CHECK(Has(run.err, c.want));
  }
  desk.Write(
      "near.mcd.json",
      R"({"model_id": "org/near", "positional": "rope_lama", "attention": "gqa", "quant": ["q4_0"], "context_max": 1, "vocab_size": 1})");
  const Outcome run = desk.Run({"check", "near.mcd.json", "--ecp", "worker.json", "--json"});
  CHECK(run.exit_code == 1);
  CHECK(Has(run.out, R"(did you mean \"rope_llama\"?)"));
}

TEST_CASE("help: every verb has one, on stdout, with an example") {
  const Desk desk;
  const Outcome all = desk.Run({"--help"});
  CHECK(all.exit_code == 0);
  CHECK(all.err == "");
  for (const char* verb :
       {"check", "inspect", "profile", "gpus", "lint", "test", "explain", "matrix"}) {
    CAPTURE(verb);
    CHECK(Has(all.out, std::string("\n  ") + verb + " "));
    const Outcome one = desk.Run({verb, "--help"});
    CHECK(one.exit_code == 0);
    CHECK(Has(one.out, std::string("cmatch ") + verb));
    CHECK(Has(one.out, "Example"));
    CHECK(Has(one.out, "--format"));
    CHECK(Has(one.out, "--rules"));
  }
  CHECK(Has(desk.Run({"--version"}).out, "cmatch "));
  CHECK(desk.Run({"--version"}).exit_code == 0);
  const Outcome none = desk.Run({});
  CHECK(none.exit_code == 2);
  CHECK(none.out == "");
  CHECK(Has(none.err, "Usage"));
}

}  // namespace
}  // namespace cmatch
