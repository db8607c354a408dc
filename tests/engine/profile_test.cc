// Profiles built from tables (CMATCH-8021).

#include <doctest/doctest.h>

#include <limits>

#include "cmatch/build_ecp.h"
#include "support/rules.h"

namespace cmatch {
namespace {

using testing::I;
using testing::kGpusYaml;
using testing::kKindsYaml;
using testing::kTableRules;
using testing::kToyYaml;
using testing::MakeRules;
using testing::S;
using testing::ToyFiles;

std::shared_ptr<const RuleSet> Toy() { return MakeRules(ToyFiles(kTableRules)); }

GpuFacts Gpu(const char* compute) {
  GpuFacts gpu;
  gpu.compute = ParseCompute(compute);
  gpu.memory_bytes = std::int64_t{24} << 30;
  return gpu;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

std::string Attribute(const Ecp& ecp, const char* name) {
  const auto it = ecp.attributes.find(name);
  return it == ecp.attributes.end() ? "(none)" : ToString(it->second);
}

// The codes of the problems, or "built".
std::string BuildCodes(const RuleSet& rules, const EngineChoice& choice, const GpuFacts& gpu) {
  const auto ecp = BuildEcp(rules, choice, gpu);
  if (ecp) return "built";
  std::string codes = std::string(ToString(ecp.error().kind));
  for (const Problem& problem : ecp.error().problems) codes += " " + problem.code;
  return codes;
}

TEST_CASE("CMATCH-8021 a profile lists what the release runs on the capability") {
  const auto rules = Toy();
  const struct {
    const char* version;
    const char* compute;
    const char* positional;
    const char* quant;
    const char* kv_cache;
  } cases[] = {{"2.0", "8.9", "rope_llama alibi", "fp16 fp8 f32 q4_k q4_k_m", "auto fp16 fp8"},
               {"2.0", "8.0", "rope_llama alibi", "fp16 fp8 f32 q4_k q4_k_m", "auto fp16"},
               {"2.0", "7.5", "rope_llama alibi", "fp16 f32 q4_k q4_k_m", "auto fp16"},
               {"2.0", "10.0", "rope_llama alibi", "fp16 f32 q4_k q4_k_m", "auto fp16"},
               {"1.9", "8.0", "rope_llama", "fp16 f32 q4_k q4_k_m", "auto fp16"},
               {"1.9", "8.9", "rope_llama", "fp16 fp8 f32 q4_k q4_k_m", "auto fp16 fp8"}};
  for (const auto& c : cases) {
    CAPTURE(c.version);
    CAPTURE(c.compute);
    const auto ecp = BuildEcp(*rules, {.engine = "toy", .version = c.version}, Gpu(c.compute));
    REQUIRE(ecp.has_value());
    CHECK(Joined(ecp->supports_positional) == c.positional);
    CHECK(Joined(ecp->supports_attention) == "mha gqa");
    CHECK(Joined(ecp->supports_quant) == c.quant);
    CHECK(Attribute(*ecp, "supports_tensor_type") == "fp16, f32, q4_k");
    std::string kv = Attribute(*ecp, "supports_kv_cache");
    while (kv.find(", ") != std::string::npos) kv.replace(kv.find(", "), 2, " ");
    CHECK(kv == c.kv_cache);
  }
}

TEST_CASE("CMATCH-8021 a kind's own row wins over the tensor type of its name") {
  std::string engine(kToyYaml);
  const std::string row = "      fp16: [{level: native, source: \"s\"}]\n      fp8:";
  engine.replace(engine.find(row), row.size(),
                 "      q4_k_m: [{level: unsupported, because: \"no\", source: \"s\"}]\n"
                 "      fp16: [{level: native, source: \"s\"}]\n      fp8:");
  const auto rules = MakeRules(ToyFiles(kTableRules, engine));
  const auto ecp = BuildEcp(*rules, {.engine = "toy"}, Gpu("8.9"));
  REQUIRE(ecp.has_value());
  CHECK(Joined(ecp->supports_quant) == "fp16 fp8 f32 q4_k");
}

TEST_CASE("CMATCH-8021 release: the default, its name, what the windows cover") {
  const auto rules = Toy();
  const auto release = [&](const char* version) {
    const auto ecp = BuildEcp(*rules, {.engine = "toy", .version = version}, Gpu("8.0"));
    return ecp ? Attribute(*ecp, "engine_version") : ecp.error().problems[0].code;
  };
  CHECK(release("") == "2.0");
  CHECK(release("v2.0") == "2.0");
  CHECK(release("1.0") == "1.0");
  CHECK(release("1.0rc1") == "ecp-release-not-covered");
  CHECK(release("0.9") == "ecp-release-not-covered");
  CHECK(release("2.9.9") == "2.9.9");
  CHECK(release("3.0") == "ecp-release-not-covered");
  CHECK(release("latest") == "ecp-bad-release");
  CHECK(BuildCodes(*rules, {.engine = "tyo"}, Gpu("8.0")) == "InvalidEcp ecp-unknown-engine");
  const auto near = BuildEcp(*rules, {.engine = "tyo"}, Gpu("8.0"));
  CHECK(near.error().problems[0].help.find("\"toy\"") != std::string::npos);
  const auto outside = BuildEcp(*rules, {.engine = "toy", .version = "3.0"}, Gpu("8.0"));
  CHECK(outside.error().problems[0].help.find(">=1.0 <3.0") != std::string::npos);
}

TEST_CASE("CMATCH-8021 release: none is taken where the tables name no default") {
  std::string engine(kToyYaml);
  const std::string version = "default_version: \"2.0\"\n";
  engine.erase(engine.find(version), version.size());
  const auto rules = MakeRules(ToyFiles(kTableRules, engine));
  CHECK(BuildCodes(*rules, {.engine = "toy"}, Gpu("8.0")) == "InvalidEcp ecp-no-release");
  CHECK(BuildCodes(*rules, {.engine = "toy", .version = "1.0"}, Gpu("8.0")) == "built");
  const auto none = BuildEcp(*rules, {.engine = "toy"}, Gpu("8.0"));
  CHECK(none.error().problems[0].help == "covered: >=1.0 <3.0");
}

TEST_CASE("ParseEngine splits NAME@VERSION at the first @") {
  const struct {
    const char* text;
    const char* engine;
    const char* version;
  } cases[] = {{"vllm", "vllm", ""}, {"vllm@0.9.0", "vllm", "0.9.0"}, {"vllm@", "vllm", ""},
               {"@1", "", "1"},      {"a@b@c", "a", "b@c"},           {"", "", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const EngineChoice choice = ParseEngine(c.text);
    CHECK(choice.engine == c.engine);
    CHECK(choice.version == c.version);
  }
}

TEST_CASE("CMATCH-8021 build: asked for, the first default of the release, or not known") {
  const auto rules = Toy();
  const auto build = [&](const char* version, const char* name) {
    const auto ecp =
        BuildEcp(*rules, {.engine = "toy", .version = version, .build = name}, Gpu("8.0"));
    return ecp ? Attribute(*ecp, "build") : ecp.error().problems[0].code;
  };
  CHECK(build("2.0", "") == "new");
  CHECK(build("1.9", "") == "old");
  CHECK(build("2.0", "old") == "old");
  CHECK(build("1.9", "new") == "ecp-unknown-build");
  CHECK(build("2.0", "neww") == "ecp-unknown-build");

  std::string engine(kToyYaml);
  const std::string row = "default_build: [new, old]\n";
  engine.replace(engine.find(row), row.size(), "");
  const auto none = MakeRules(ToyFiles(kTableRules, engine));
  const auto ecp = BuildEcp(*none, {.engine = "toy"}, Gpu("8.0"));
  REQUIRE(ecp.has_value());
  CHECK(Attribute(*ecp, "build") == "(none)");
  CHECK(ecp->worker_id == "toy@2.0 on compute 8.0");
}

TEST_CASE("CMATCH-8021 launch settings: defaults, words, numbers, what the release lacks") {
  const auto rules = Toy();
  const auto ecp = BuildEcp(*rules, {.engine = "toy"}, Gpu("8.0"));
  REQUIRE(ecp.has_value());
  CHECK(Attribute(*ecp, "kv_cache") == "auto");
  CHECK(Attribute(*ecp, "tensor_parallel") == "1");
  CHECK(Attribute(*ecp, "chunked") == "on");
  CHECK(Attribute(*ecp, "attention_backend") == "(none)");
  const auto old = BuildEcp(*rules, {.engine = "toy", .version = "1.9"}, Gpu("8.0"));
  REQUIRE(old.has_value());
  CHECK(Attribute(*old, "chunked") == "(none)");

  const struct {
    const char* key;
    const char* value;
    const char* want;
  } cases[] = {{"kv_cache", "fp8", "fp8"},
               {"kv_cache", "FP16", "fp16"},
               {"kv_cache", "fp9", "ecp-bad-launch-value"},
               {"attention_backend", "first", "FIRST"},
               {"attention_backend", "third", "ecp-bad-launch-value"},
               {"tensor_parallel", "1", "1"},
               {"tensor_parallel", "8", "8"},
               {"tensor_parallel", "0", "ecp-bad-launch-value"},
               {"tensor_parallel", "9", "ecp-bad-launch-value"},
               {"tensor_parallel", "-1", "ecp-bad-launch-value"},
               {"tensor_parallel", "2x", "ecp-bad-launch-value"},
               {"tensor_parallel", "2.0", "ecp-bad-launch-value"},
               {"tensor_paralel", "2", "ecp-unknown-launch-key"}};
  for (const auto& c : cases) {
    CAPTURE(c.key);
    CAPTURE(c.value);
    const auto built =
        BuildEcp(*rules, {.engine = "toy", .launch = {{c.key, c.value}}}, Gpu("8.0"));
    CHECK((built ? Attribute(*built, c.key) : built.error().problems[0].code) == c.want);
  }
  CHECK(BuildCodes(*rules, {.engine = "toy", .version = "1.9", .launch = {{"chunked", "on"}}},
                   Gpu("8.0")) == "InvalidEcp ecp-unknown-launch-key");
}

TEST_CASE("CMATCH-8021 every problem of a profile is named, not only the first") {
  const auto rules = Toy();
  CHECK(BuildCodes(*rules, {.engine = "nope"}, GpuFacts{}) ==
        "InvalidEcp ecp-unknown-engine ecp-no-compute");
  CHECK(BuildCodes(*rules, {.engine = "toy", .version = "9"}, Gpu("8.8")) ==
        "InvalidEcp ecp-release-not-covered ecp-unknown-compute");
  CHECK(BuildCodes(*rules,
                   {.engine = "toy", .build = "x", .launch = {{"kv_cache", "y"}, {"z", "1"}}},
                   Gpu("8.0")) ==
        "InvalidEcp ecp-unknown-build ecp-bad-launch-value ecp-unknown-launch-key");
}

TEST_CASE("CMATCH-8021 the capability must be one that a GPU has") {
  const auto rules = Toy();
  CHECK(BuildCodes(*rules, {.engine = "toy"}, GpuFacts{}) == "InvalidEcp ecp-no-compute");
  CHECK(BuildCodes(*rules, {.engine = "toy"}, Gpu("8.8")) == "InvalidEcp ecp-unknown-compute");
  CHECK(BuildCodes(*rules, {.engine = "toy"}, Gpu("8.7")) == "built");
  CHECK(rules->KnownCompute().size() == 9);
  CHECK(ToString(rules->KnownCompute()[0]) == "7.0");
  CHECK(ToString(rules->KnownCompute()[8]) == "12.0");
}

TEST_CASE("CMATCH-8021 max_context: asked for, the engine's own, or no limit") {
  const auto rules = Toy();
  const auto context = [](const RuleSet& set, const char* version,
                          std::optional<std::int64_t> asked) {
    const auto ecp =
        BuildEcp(set, {.engine = "toy", .version = version, .max_context = asked}, Gpu("8.0"));
    return ecp ? ecp->max_context : -1;
  };
  CHECK(context(*rules, "2.0", std::nullopt) == std::numeric_limits<std::int64_t>::max());
  CHECK(context(*rules, "2.0", 4096) == 4096);
  std::string engine(kToyYaml);
  const std::string row = "max_context: of_model\n";
  engine.replace(engine.find(row), row.size(),
                 "max_context: [{value: 4Ki, versions: \"<2.0\", source: \"s\"}, {value: 32768, "
                 "versions: \">=2.0\", source: \"s\"}]\n");
  const auto limited = MakeRules(ToyFiles(kTableRules, engine));
  CHECK(context(*limited, "1.9", std::nullopt) == 4096);
  CHECK(context(*limited, "2.0", std::nullopt) == 32768);
  CHECK(context(*limited, "2.0", 65536) == 65536);
}

TEST_CASE("CMATCH-8021 what is known of the GPU is in the profile, what is not is left out") {
  const auto rules = Toy();
  GpuFacts gpu = Gpu("8.9");
  gpu.name = "NVIDIA L4";
  gpu.driver = "550.54.14";
  gpu.count = 2;
  gpu.mig = true;
  auto ecp = BuildEcp(*rules, {.engine = "toy"}, gpu);
  REQUIRE(ecp.has_value());
  CHECK(ecp->worker_id == "toy@2.0/new on NVIDIA L4");
  CHECK(ecp->vram_bytes == std::int64_t{24} << 30);
  CHECK(Attribute(*ecp, "gpu") == "NVIDIA L4");
  CHECK(Attribute(*ecp, "gpu_count") == "2");
  CHECK(Attribute(*ecp, "driver") == "550.54.14");
  CHECK(Attribute(*ecp, "compute") == "8.9");
  CHECK(Attribute(*ecp, "mig") == "true");

  ecp = BuildEcp(*rules, {.engine = "toy", .worker_id = "w"}, [] {
    GpuFacts bare;
    bare.compute = ParseCompute("8.9");
    return bare;
  }());
  REQUIRE(ecp.has_value());
  CHECK(ecp->worker_id == "w");
  CHECK_FALSE(ecp->vram_bytes.has_value());
  for (const char* name : {"gpu", "driver", "mig"}) {
    CAPTURE(name);
    CHECK(Attribute(*ecp, name) == "(none)");
  }
}

// The toy engine in two files: 1.0 to 2.9 with a default release, 3.0 to 3.9 without.
std::vector<RuleFile> ToyInTwoFiles() {
  std::string later(kToyYaml);
  const std::string window = "windows: [{versions: \">=1.0 <3.0\", source: \"s\"}]\n";
  const std::string version = "default_version: \"2.0\"\n";
  later.replace(later.find(window), window.size(),
                "windows: [{versions: \">=3.0 <4.0\", source: \"s\"}]\n");
  later.replace(later.find(version), version.size(), "");
  std::vector<RuleFile> files = ToyFiles(kTableRules);
  files.push_back({"engines/toy-3.yaml", later});
  return files;
}

TEST_CASE("two files may state one engine where their windows do not meet") {
  std::vector<RuleFile> files = ToyInTwoFiles();
  const auto rules = MakeRules(files);
  for (const char* release : {"2.9", "3.0", "3.9"}) {
    CAPTURE(release);
    CHECK(BuildCodes(*rules, {.engine = "toy", .version = release}, Gpu("8.0")) == "built");
  }
  CHECK(BuildCodes(*rules, {.engine = "toy", .version = "4.0"}, Gpu("8.0")) ==
        "InvalidEcp ecp-release-not-covered");
  const auto standard = BuildEcp(*rules, {.engine = "toy"}, Gpu("8.0"));
  REQUIRE(standard.has_value());
  CHECK(Attribute(*standard, "engine_version") == "2.0");
  // an engine that there is not: each of those that there are is named once
  const auto other = BuildEcp(*rules, {.engine = "other"}, Gpu("8.0"));
  REQUIRE_FALSE(other.has_value());
  const Problem& problem = other.error().problems[0];
  const std::string said = problem.message + " " + problem.help;
  CHECK(said.find("toy") != std::string::npos);
  CHECK(said.find("toy") == said.rfind("toy"));

  files.back().text = std::string(kToyYaml);
  CHECK(testing::ProblemCodes(files) == "rules-overlap");
}

TEST_CASE("the default release of an engine may be one of its second file, by an overlay too") {
  const auto overlay = [](const char* release) {
    return RuleFile{"overlay.yaml",
                    "kind: cmatch.overlay/v1\nlayer: site\nreason: why\nowner: me\nset:\n"
                    "  - {target: engines/toy/default_version, value: \"" +
                        std::string(release) + "\"}\n"};
  };
  for (const bool stated : {true, false}) {
    CAPTURE(stated);
    std::vector<RuleFile> files = ToyInTwoFiles();
    if (!stated) {
      const std::string version = "default_version: \"2.0\"\n";
      for (RuleFile& file : files) {
        const std::size_t at = file.text.find(version);
        if (at != std::string::npos) file.text.erase(at, version.size());
      }
    }
    for (const char* release : {"2.9", "3.0", "3.9"}) {
      CAPTURE(release);
      files.push_back(overlay(release));
      const auto rules = MakeRules(files);
      const auto standard = BuildEcp(*rules, {.engine = "toy"}, Gpu("8.0"));
      REQUIRE(standard.has_value());
      CHECK(Attribute(*standard, "engine_version") == release);
      files.back() = overlay("4.0");
      CHECK(testing::ProblemCodes(files) == "rules-bad-default");
      auto tables = ReadTables(files);
      REQUIRE(tables.has_value());
      const auto refused = RuleSet::Create(*std::move(tables));
      REQUIRE_FALSE(refused.has_value());
      const Location where = refused.error().problems[0].where;
      CHECK(where.file == "overlay.yaml");
      CHECK(where.line == 6);
      files.pop_back();
    }
  }
}

TEST_CASE("releases may be numbered by builds, and have other names") {
  std::string engine =
      "kind: cmatch.engine/v1\nengine: cpp\nversioning: build\n"
      "names: [{name: \"0.9.5\", is: b7000, source: \"s\"}]\n"
      "windows: [{versions: \">=b4747 <b9000\", source: \"s\"}]\ndefault_version: b8000\nfloor: "
      "[{level: native, source: \"s\"}]\n"
      "supports:\n"
      "  positional: {source: \"s\", kinds: {rope_llama: [{versions: \">=b7000\", level: native, "
      "source: \"s\"}]}}\n"
      "  attention: {source: \"s\", kinds: {gqa: [{level: native, source: \"s\"}]}}\n"
      "  tensor_type: {source: \"s\", kinds: {q4_k: [{level: native, source: \"s\"}]}}\n";
  const auto rules = MakeRules(ToyFiles(kTableRules, engine));
  const auto positional = [&](const char* version) {
    const auto ecp = BuildEcp(*rules, {.engine = "cpp", .version = version}, Gpu("8.0"));
    return ecp ? Joined(ecp->supports_positional) : ecp.error().problems[0].code;
  };
  CHECK(positional("b4746") == "ecp-release-not-covered");
  CHECK(positional("b4747") == "");
  CHECK(positional("b6999") == "");
  CHECK(positional("b7000") == "rope_llama");
  CHECK(positional("0.9.5") == "rope_llama");
  CHECK(positional("b8999") == "rope_llama");
  CHECK(positional("b9000") == "ecp-release-not-covered");
  CHECK(positional("4747") == "ecp-bad-release");
  // quant comes from the tensor types where the engine states no quant
  const auto ecp = BuildEcp(*rules, {.engine = "cpp"}, Gpu("8.0"));
  REQUIRE(ecp.has_value());
  CHECK(Joined(ecp->supports_quant) == "q4_k q4_k_m");
}

}  // namespace
}  // namespace cmatch
