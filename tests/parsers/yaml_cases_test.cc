// Regression cases, the command's configuration, and whole files.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/cases_io.h"
#include "cmatch/config_io.h"
#include "files/file_edge.h"
#include "parsers/yaml_samples.h"
#include "support/files.h"

using namespace cmatch;
using namespace cmatch::testing;

TEST_CASE("yaml cases: what a file gives") {
  const auto cases = ReadCases({{"c.yaml", std::string(kCasesSample)}});
  REQUIRE(cases.has_value());
  REQUIRE(cases->mcds.size() == 1);
  const Mcd& mcd = cases->mcds[0].mcd;
  CHECK(mcd.model_id == "org/small");
  CHECK(mcd.quant == std::vector<std::string>{"q4_0"});
  CHECK(mcd.context_max == 8192);
  CHECK(mcd.attributes.at("head_dim") == Value(std::int64_t{128}));
  CHECK(mcd.attributes.at("causal") == Value(true));
  CHECK(mcd.attributes.at("attn_logit_softcapping") == Value(0.5));

  REQUIRE(cases->ecps.size() == 2);
  CHECK_FALSE(cases->ecps[0].whole);
  CHECK(cases->ecps[0].choice.engine == "vllm");
  CHECK(cases->ecps[0].choice.version == "0.9.0");
  CHECK(cases->ecps[0].choice.launch.at("tensor_parallel") == "2");
  CHECK(cases->ecps[0].choice.max_context == 16384);
  CHECK(cases->ecps[0].gpu == "cc=7.5,vram=16GiB");
  CHECK(cases->ecps[1].whole);
  CHECK(cases->ecps[1].ecp.attributes.at("compute") == Value(std::string("7.5")));

  REQUIRE(cases->cases.size() == 2);
  CHECK(cases->cases[0].fails.empty());
  CHECK(cases->cases[0].warns == std::vector<std::string>{"CMATCH-8030.1"});
  CHECK_FALSE(cases->cases[0].skipped.has_value());
  CHECK(cases->cases[1].ecp == 1);
  CHECK(cases->cases[1].error == "InvalidEcp");
  CHECK(ToString(cases->cases[1].where) == "c.yaml:9:5");
}

TEST_CASE("yaml cases: attributes take the type that their text has") {
  const std::int64_t one = 1;
  const struct {
    const char* text;
    Value want;
  } cases[] = {
      {"true", true},
      {"false", false},
      {"128", std::int64_t{128}},
      {"-1", std::int64_t{-1}},
      {"0.5", 0.5},
      {"9223372036854775808", 9223372036854775808.0},
      {"550.54.14", std::string("550.54.14")},
      {"\"7.5\"", std::string("7.5")},
      {"yarn", std::string("yarn")},
      {"\"\"", std::string()},
      {"[1, 2]", std::vector{one, std::int64_t{2}}},
      {"[a, b]", std::vector<std::string>{"a", "b"}},
      {"[1, b]", std::vector<std::string>{"1", "b"}},
      {"[]", std::vector<std::string>{}},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.text));
    const auto read = ReadCases(
        {{"c.yaml", Changed(kCasesSample, "head_dim: 128", "head_dim: " + std::string(c.text))}});
    REQUIRE(read.has_value());
    CHECK(read->mcds[0].mcd.attributes.at("head_dim") == c.want);
  }
}

TEST_CASE("yaml cases: what is refused") {
  struct Case {
    std::string from, to, want;
  };
  const Case cases[] = {
      {"mcd: small, ecp: t4", "mcd: smal, ecp: t4", "8:28 rules-unknown-name"},
      {"ecp: t4", "ecp: t5", "8:40 rules-unknown-name"},
      {"fails: [], ", "", "8:5 yaml-missing-key"},
      {"fails: []", "failss: []", "8:5 yaml-missing-key; 8:44 yaml-unknown-key"},
      {"small-on-given", "small-on-t4", "9:5 rules-duplicate"},
      {"InvalidEcp", "InvalidGpu", "9:57 yaml-unknown-word"},
      {"error: InvalidEcp", "fails: [a], error: InvalidEcp", "9:57 yaml-unknown-key"},
      {"context_max: 8192", "context_max: 8k", "3:102 yaml-wrong-type"},
      {"quant: [q4_0]", "quant: q4_0", "3:81 yaml-wrong-type"},
      {"gpu: \"cc=7.5,vram=16GiB\", ", "", "5:7 yaml-missing-key"},
      {"launch:", "lauch:", "5:56 yaml-unknown-key"},
      {"cmatch.cases/v1", "cmatch.kinds/v1", "1:1 yaml-wrong-kind"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.to);
    const auto read = ReadCases({{"c.yaml", Changed(kCasesSample, c.from, c.to)}});
    CHECK(Brief(read ? std::vector<Problem>() : read.error().problems) == c.want);
  }
}

TEST_CASE("yaml config: what a file gives, and what is refused") {
  const auto config = ReadConfig(kConfigSample, "cmatch.yaml");
  REQUIRE(config.has_value());
  CHECK(config->engine == "vllm@0.9.0");
  CHECK(config->gpu == "RTX 4090");
  CHECK(config->rules == std::vector<std::string>{"/etc/cmatch/rules"});
  CHECK(ReadConfig("kind: cmatch.config/v1\n", "c")->engine.empty());
  CHECK(ReadConfig("kind: cmatch.config/v1\nrules: /a\n", "c")->rules.size() == 1);

  struct Case {
    std::string text, want;
  };
  const Case cases[] = {
      {"engine: vllm\n", "1:1 yaml-missing-key"},
      {"kind: cmatch.config/v1\nengin: vllm\n", "2:1 yaml-unknown-key"},
      {"kind: cmatch.config/v1\nengine: [a]\n", "2:9 yaml-wrong-type"},
      {"kind: cmatch.rules/v1\n", "1:1 yaml-wrong-kind"},
      {"kind: cmatch.config/v1\nengine: vllm\nengine: sglang\n", "3:1 yaml-duplicate-key"},
      {"", "1:1 yaml-empty"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto read = ReadConfig(c.text, "c");
    CHECK(Brief(read ? std::vector<Problem>() : read.error().problems) == c.want);
  }
}

TEST_CASE("yaml files: only whole regular files are read") {
  const TempDir dir;
  const std::string path = dir.Write("a", "12345");
  CHECK(internal::ReadWholeFile(path, 5) == "12345");
  CHECK(internal::ReadWholeFile(dir.Write("empty", ""), 0) == "");
  const auto code = [](const std::string& file, std::size_t limit) {
    const auto bytes = internal::ReadWholeFile(file, limit);
    return bytes ? std::string() : bytes.error().code;
  };
  CHECK(code(path, 4) == "file-too-large");
  CHECK(code(dir.path().string(), 4) == "file-not-regular");
  CHECK(code("/dev/null", 4) == "file-not-regular");
  CHECK(code((dir.path() / "none").string(), 4) == "file-not-found");
  const std::string fifo = (dir.path() / "fifo").string();
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(code(fifo, 4) == "file-not-regular");
  // What the system says its size is (0) does not decide.
  CHECK(code("/proc/self/maps", 10) == "file-too-large");
}

TEST_CASE("yaml directories: cases of each") {
  const TempDir dir;
  dir.Write("a/cases/one.yaml", kCasesSample);
  dir.Write("b/x.yaml", "");
  const auto cases = LoadCases({dir.path() / "a", dir.path() / "b"});
  REQUIRE(cases.has_value());
  CHECK(cases->cases.size() == 2);
}
