// cmatch check: verdicts, exit codes, the shapes of its JSON.

#include "cli/cmatch.h"
#include "support/gguf_writer.h"

namespace cmatch {
namespace {

using testing::Desk;
using testing::Has;
using testing::Json;
using testing::JsonLines;
using testing::JsonOf;
using testing::Members;
using testing::Outcome;

TEST_CASE("check: exit 0 compatible, 1 incompatible, 2 could not judge") {
  const Desk desk;
  const struct {
    std::vector<std::string> arguments;
    int exit_code;
  } cases[] = {
      {{"check", "seed.mcd.json", "--ecp", "worker.json"}, 0},
      {{"check", "wrong.mcd.json", "--ecp", "worker.json"}, 1},
      {{"check", "broken.mcd.json", "--ecp", "worker.json"}, 2},
      {{"check", "nothing.gguf", "--ecp", "worker.json"}, 2},
      {{"check", "seed.mcd.json", "--ecp", "nothing.json"}, 2},
      {{"check", "seed.mcd.json", "--ecp", "broken.mcd.json"}, 2},
      {{"check", "seed.mcd.json", "--ecp", "worker.json", "--rules", "nothing"}, 2},
      {{"check", "seed.mcd.json"}, 2},
      {{"check", "seed.mcd.json", "--engine", "llama.cpp"}, 2},
      {{"check", "seed.mcd.json", "--gpu", "RTX 4090"}, 2},
      {{"check", "--ecp", "worker.json"}, 2},
      {{"check", "seed.mcd.json", "--engine", "llama.cpp", "--gpu", "RTX 4090"}, 0},
      {{"check", "wrong.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090"}, 1},
      {{"check", "seed.mcd.json", "--engine", "vllm@9999", "--gpu", "RTX 4090"}, 2},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "cc=8.8,vram=1GiB"}, 2},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--build", "x"}, 2},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--launch", "x=1"}, 2},
      {{"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "RTX 4090", "--launch", "x"}, 2},
      {{"check", "seed.mcd.json", "--ecp", "worker.json", "--no-such-flag"}, 2},
      {{"check", "seed.mcd.json", "--ecp", "worker.json", "--format", "xml"}, 2},
      {{"check", "seed.mcd.json", "--ecp", "worker.json", "--color", "blue"}, 2}};
  for (const auto& c : cases) {
    std::string line;
    for (const std::string& word : c.arguments) line += word + " ";
    CAPTURE(line);
    const Outcome run = desk.Run(c.arguments);
    CAPTURE(run.out);
    CAPTURE(run.err);
    CHECK(run.exit_code == c.exit_code);
    // the answer on stdout, all else on stderr
    CHECK(run.out.empty() == (c.exit_code == 2));
    if (c.exit_code == 2) CHECK_FALSE(run.err.empty());
  }
}

TEST_CASE("check: a report as JSON has the members of the product contract") {
  const Desk desk;
  const Outcome run =
      desk.Run({"check", "wrong.mcd.json", "--ecp", "worker.json", "--format", "json"});
  CHECK(run.exit_code == 1);
  CHECK(run.err == "");
  const Json report = JsonOf(run);
  CHECK(Members(report) ==
        "schema compatible model_id worker_id ruleset violations warnings waived skipped remedies");
  CHECK(report["schema"] == "cmatch.report/1");
  CHECK(report["compatible"] == false);
  CHECK(report["model_id"] == "org/wrong");
  CHECK(report["worker_id"] == "gpu-0-worker");
  CHECK(Members(report["ruleset"]) == "version digest");
  CHECK(report["ruleset"]["digest"].get<std::string>().starts_with("xxh128:"));
  REQUIRE(report["violations"].size() == 4);
  const char* errors[] = {"IncompatiblePositional", "IncompatibleAttention", "IncompatibleQuant",
                          "ContextTooLarge"};
  for (std::size_t i = 0; i < 4; ++i) {
    const Json& finding = report["violations"][i];
    CHECK(finding["rule"] == "CMATCH-8030." + std::to_string(i + 1));
    CHECK(finding["error"] == errors[i]);
    CHECK(finding["severity"] == "error");
    CHECK(finding["message"].is_string());
    CHECK(finding["source"]["file"].is_string());
    CHECK(finding["source"]["line"].is_number_integer());
  }
  CHECK(report["violations"][0]["required"] == "learned");
  CHECK(report["violations"][0]["supported"] == Json({"rope_llama", "rope_neox", "alibi"}));
  CHECK(report["violations"][2]["required"] == Json({"q4_k_m", "q6_k"}));
  CHECK(report["violations"][3]["required"] == 32768);
  CHECK(report["violations"][3]["max"] == 16384);
  for (const Json& skip : report["skipped"]) CHECK(Members(skip) == "rule because");
  CHECK(desk.Run({"check", "wrong.mcd.json", "--ecp", "worker.json", "--json"}).out == run.out);
}

TEST_CASE("check: an error as JSON names every problem of the model and the worker") {
  const Desk desk;
  desk.Write("bad.mcd.json",
             "{\"model_id\": \"\",\n \"positional\": 3, \"attention\": \"gqa\", \"quant\": [], "
             "\"context_max\": 8192.0, \"vocab_size\": 1}");
  const Outcome run =
      desk.Run({"check", "bad.mcd.json", "--ecp", "worker.json", "--format", "json"});
  CHECK(run.exit_code == 2);
  const Json error = JsonOf(run);
  CHECK(Members(error) == "schema error message problems");
  CHECK(error["schema"] == "cmatch.error/1");
  CHECK(error["error"] == "InvalidMcd");
  std::string paths;
  for (const Json& problem : error["problems"]) {
    CHECK(problem["message"].is_string());
    CHECK(problem["file"] == "bad.mcd.json");
    CHECK(problem["line"].is_number_integer());
    CHECK(problem["column"].is_number_integer());
    paths += problem["path"].get<std::string>() + " ";
  }
  for (const char* path : {"/model_id", "/positional", "/quant", "/context_max"}) {
    CAPTURE(path);
    CHECK(Has(paths, path));
  }

  desk.Write("bad-worker.json", R"({"worker_id": "w"})");
  const Json both =
      JsonOf(desk.Run({"check", "bad.mcd.json", "--ecp", "bad-worker.json", "--format", "json"}));
  CHECK(both["error"] == "InvalidMcd");
  std::string files;
  for (const Json& problem : both["problems"]) files += problem["file"].get<std::string>() + " ";
  CHECK(Has(files, "bad.mcd.json"));
  CHECK(Has(files, "bad-worker.json"));
  const Json worker =
      JsonOf(desk.Run({"check", "seed.mcd.json", "--ecp", "bad-worker.json", "--format", "json"}));
  CHECK(worker["error"] == "InvalidEcp");
}

TEST_CASE(
    "check: several models: one report a line, in order, an error in its place, highest code") {
  const Desk desk;
  const Outcome run = desk.Run({"check", "seed.mcd.json", "broken.mcd.json", "wrong.mcd.json",
                                "seed.mcd.json", "--ecp", "worker.json", "--format", "json"});
  CHECK(run.exit_code == 2);
  const std::vector<Json> lines = JsonLines(run.out);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0]["compatible"] == true);
  CHECK(lines[1]["schema"] == "cmatch.error/1");
  CHECK(lines[2]["compatible"] == false);
  CHECK(lines[3]["compatible"] == true);
  CHECK(desk.Run({"check", "seed.mcd.json", "wrong.mcd.json", "seed.mcd.json", "--ecp",
                  "worker.json"})
            .exit_code == 1);
  CHECK(desk.Run({"check", "seed.mcd.json", "seed.mcd.json", "--ecp", "worker.json"}).exit_code ==
        0);
  // in text what could not be judged stands on stderr, with the model's name
  const Outcome text =
      desk.Run({"check", "seed.mcd.json", "broken.mcd.json", "--ecp", "worker.json"});
  CHECK(Has(text.err, "broken.mcd.json"));
  CHECK(Has(text.out, "COMPATIBLE: meta-llama"));
}

TEST_CASE("check: --strict makes warnings fail, and only them") {
  const Desk desk;
  const std::vector<std::string> degraded = {"check", "toy.mcd.json",      "--engine", "toy",
                                             "--gpu", "cc=8.6,vram=24GiB", "--rules",  "rules"};
  std::vector<std::string> strict = degraded;
  strict.emplace_back("--strict");
  CHECK(desk.Run(degraded).exit_code == 0);
  CHECK(desk.Run(strict).exit_code == 1);
  CHECK(desk.Run({"check", "seed.mcd.json", "--ecp", "worker.json", "--strict"}).exit_code == 0);
}

TEST_CASE("check: --context is what rule 4 judges where it is less") {
  const Desk desk;
  desk.Write(
      "long.mcd.json",
      R"({"model_id": "org/long", "positional": "alibi", "attention": "gqa", "quant": ["fp16"], "context_max": 32768, "vocab_size": 1})");
  const auto code = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"check", "long.mcd.json", "--ecp", "worker.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return desk.Run(arguments).exit_code;
  };
  CHECK(code({}) == 1);
  CHECK(code({"--context", "16384"}) == 0);
  CHECK(code({"--context", "16385"}) == 1);
  CHECK(code({"--max-context", "32767"}) == 1);
  CHECK(code({"--max-context", "32768"}) == 0);
  CHECK(code({"--max-context", "32768", "--context", "65536"}) == 0);  // 8132.1 warns
  CHECK(code({"--max-context", "32768", "--context", "65536", "--strict"}) == 1);
}

TEST_CASE("check: --context and --max-context that are no number of tokens are a usage error") {
  const Desk desk;
  for (const char* option : {"--context", "--max-context"}) {
    for (const char* value :
         {"0", "-1", "x", "1.5", "1e3", "", " 1", "1 ", "+1", "0x10", "99999999999999999999"}) {
      CAPTURE(option);
      CAPTURE(value);
      const Outcome run =
          desk.Run({"check", "seed.mcd.json", "--ecp", "worker.json", option, value});
      CHECK(run.exit_code == 2);
      CHECK(run.out == "");
      CHECK(Has(run.err, option));
    }
  }
  CHECK(desk.Run({"profile", "--engine", "vllm", "--gpu", "RTX 4090", "--max-context", "0"})
            .exit_code == 2);
}

TEST_CASE("check: '-' is stdin, for the model or for the worker") {
  const Desk desk;
  CHECK(desk.Run({"check", "-", "--ecp", "worker.json"}, std::string(testing::kSeedModel))
            .exit_code == 0);
  CHECK(desk.Run({"check", "seed.mcd.json", "--ecp", "-"}, std::string(testing::kSeedWorker))
            .exit_code == 0);
  CHECK(desk.Run({"check", "seed.mcd.json", "--ecp", "-"}, "").exit_code == 2);
}

TEST_CASE("check: a GGUF file, its sidecar, a catalog") {
  const Desk desk;
  desk.Write("small.gguf", testing::SmallModel().Bytes());
  const std::vector<std::string> base = {"--engine", "llama.cpp", "--gpu",
                                         "RTX 4090", "--format",  "json"};
  const auto check = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "check");
    arguments.insert(arguments.end(), base.begin(), base.end());
    return desk.Run(arguments);
  };
  CHECK(check({"small.gguf"}).exit_code == 0);
  desk.Write("small.gguf.mcd.json", R"({"attention": "lightning"})");
  const Outcome overruled = check({"small.gguf"});
  CHECK(overruled.exit_code == 1);
  CHECK(JsonOf(overruled)["warnings"][0]["error"] == "SourceConflict");
  CHECK(check({"small.gguf", "--no-sidecar"}).exit_code == 0);
  desk.Write("catalog.json", std::string(R"({"seed": {"capabilities": )") +
                                 std::string(testing::kSeedModel) + "}}");
  CHECK(check({"seed", "--catalog", "catalog.json"}).exit_code == 0);
  CHECK(check({"sead", "--catalog", "catalog.json"}).exit_code == 2);
  // a file that ends early
  const std::string bytes = testing::SmallModel().Bytes();
  desk.Write("short.gguf", bytes.substr(0, bytes.size() - 1));
  CHECK(check({"short.gguf"}).exit_code == 2);
  desk.Write("head.gguf", bytes.substr(0, 20));
  CHECK(check({"head.gguf"}).exit_code == 2);
}

TEST_CASE("check: --worker-id names the worker") {
  const Desk desk;
  CHECK(Has(desk.Run({"check", "seed.mcd.json", "--ecp", "worker.json", "--worker-id", "w-7"}).out,
            "on w-7"));
  CHECK(Has(desk.Run({"check", "seed.mcd.json", "--engine", "llama.cpp", "--gpu", "RTX 4090",
                      "--worker-id", "w-8"})
                .out,
            "on w-8"));
}

TEST_CASE("check: the profile that `profile` writes gives the same verdict, levels and sources") {
  const Desk desk;
  const struct {
    const char* engine;
    const char* gpu;
    const char* rules;
  } cases[] = {{"toy", "cc=8.6,vram=24GiB", "rules"},
               {"toy@1.9", "cc=7.5,vram=16GiB", "rules"},
               {"toy", "cc=12.0,vram=32GiB", "rules"},
               {"vllm", "RTX 4090", ""},
               {"llama.cpp", "Tesla T4", ""},
               {"tensorrt-llm", "H100 PCIe", ""},
               {"sglang", "L4", ""},
               {"ollama", "RTX 3090", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.engine);
    CAPTURE(c.gpu);
    std::vector<std::string> with = {"--engine", c.engine, "--gpu", c.gpu};
    std::vector<std::string> rules;
    if (c.rules[0] != '\0') rules = {"--rules", c.rules};
    std::vector<std::string> arguments = {"profile"};
    arguments.insert(arguments.end(), with.begin(), with.end());
    arguments.insert(arguments.end(), rules.begin(), rules.end());
    const Outcome profile = desk.Run(arguments);
    CAPTURE(profile.err);
    REQUIRE(profile.exit_code == 0);
    desk.Write("profile.json", profile.out);
    for (const char* model : {"toy.mcd.json", "seed.mcd.json", "wrong.mcd.json"}) {
      CAPTURE(model);
      std::vector<std::string> direct = {"check", model, "--format", "json"};
      direct.insert(direct.end(), rules.begin(), rules.end());
      std::vector<std::string> by_profile = direct;
      direct.insert(direct.end(), with.begin(), with.end());
      by_profile.insert(by_profile.end(), {"--ecp", "profile.json"});
      const Outcome a = desk.Run(direct);
      const Outcome b = desk.Run(by_profile);
      CHECK(a.exit_code == b.exit_code);
      CHECK(a.out == b.out);
      CHECK(a.exit_code != 2);
    }
  }
}

TEST_CASE("check: --trace shows every rule, those that pass too") {
  const Desk desk;
  const Json report = JsonOf(
      desk.Run({"check", "seed.mcd.json", "--ecp", "worker.json", "--trace", "--format", "json"}));
  REQUIRE(report["trace"].size() >= 4);
  CHECK(Members(report["trace"][0]) == "rule outcome values");
  CHECK(report["trace"][0]["rule"] == "CMATCH-8030.1");
  CHECK(report["trace"][0]["outcome"] == "pass");
}

TEST_CASE("check: a whole profile stands alone, a setting beside it is a usage error") {
  const Desk desk;
  for (const char* option : {"--engine", "--gpu", "--build", "--launch"}) {
    CAPTURE(std::string(option));
    const Outcome run = desk.Run({"check", "seed.mcd.json", "--ecp", "worker.json", option, "x"});
    CHECK(run.exit_code == 2);
    CHECK(Has(run.err, option));
  }
  // what the environment says is for those who give no profile
  CHECK(desk.Run({"check", "seed.mcd.json", "--ecp", "worker.json"}, "",
                 {{"CMATCH_ENGINE", "vllm"}, {"CMATCH_GPU", "L4"}})
            .exit_code == 0);
}

TEST_CASE("check: what is wrong with a worker is said at once, with its place") {
  const Desk desk;
  const Outcome run = desk.Run({"check", "seed.mcd.json", "--engine", "vlm", "--gpu", "RTX 40900",
                                "--launch", "kv_cache,a=1,a=2,", "--format", "json"});
  CHECK(run.exit_code == 2);
  std::string codes;
  const Json error = JsonOf(run);
  for (const Json& problem : error["problems"]) {
    codes += problem["code"].get<std::string>() + " ";
  }
  CHECK(codes ==
        "gpu-unknown-name ecp-bad-launch-value ecp-bad-launch-value ecp-bad-launch-value "
        "ecp-unknown-engine ");

  Json worker = Json::parse(testing::kSeedWorker);
  worker["engine"] = "vllm";
  worker["engine_version"] = "0.9.0";
  worker["compute"] = "8.9";
  worker["build"] = "cuda99";
  worker["kv_cache"] = "int3";
  worker["gpu_count"] = 0;
  desk.Write("wrong.json", worker.dump(1));
  const Outcome whole =
      desk.Run({"check", "seed.mcd.json", "--ecp", "wrong.json", "--format", "json"});
  CHECK(whole.exit_code == 2);
  std::string places;
  const Json refused = JsonOf(whole);
  for (const Json& problem : refused["problems"]) {
    places += problem["path"].get<std::string>() + " ";
    CHECK(problem["file"] == "wrong.json");
    CHECK(problem["line"].get<int>() > 1);
  }
  CHECK(places == "/build /kv_cache /gpu_count ");
}

TEST_CASE("check: two sources that differ, each in its type") {
  const Desk desk;
  desk.Write("small.gguf", testing::SmallModel().Bytes());
  desk.Write("small.gguf.mcd.json",
             R"({"context_max": 2048, "attention": "mha", "quant": ["q8_0", "fp16"]})");
  const Json report = JsonOf(desk.Run({"inspect", "small.gguf", "--format", "json"}));
  std::string sides;
  for (const Json& warning : report["warnings"]) {
    if (warning["error"] != "SourceConflict") continue;
    sides += warning["required"].dump() + " " + warning["supported"].dump() + "\n";
  }
  CHECK(sides == "\"mha\" [\"gqa\"]\n2048 [4096]\n[\"q8_0\",\"fp16\"] [\"f32\"]\n");
}

TEST_CASE("check: an answer that cannot be written is no verdict") {
  const Desk desk;
  const Outcome run =
      testing::RunCommand({.program = CMATCH_COMMAND,
                           .arguments = {"check", "seed.mcd.json", "--ecp", "worker.json"},
                           .directory = desk.path(),
                           .output = "/dev/full"});
  CHECK(run.exit_code == 2);
  CHECK(Has(run.err, "cannot write"));
}

TEST_CASE("check: -q leaves the verdict's first line") {
  const Desk desk;
  CHECK(desk.Run({"check", "wrong.mcd.json", "--ecp", "worker.json", "-q"}).out ==
        "NOT COMPATIBLE: org/wrong on gpu-0-worker\n");
}

}  // namespace
}  // namespace cmatch
