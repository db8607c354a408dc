// The other verbs, the environment, and golden files of what people read.

#include "cli/cmatch.h"
#include "support/gguf_writer.h"

namespace cmatch {
namespace {

using testing::Desk;
using testing::Golden;
using testing::Has;
using testing::Json;
using testing::JsonOf;
using testing::Members;
using testing::Outcome;

TEST_CASE("inspect: what the sources say, exit 0 where a member is missing") {
  const Desk desk;
  desk.Write("part.mcd.json", R"({"model_id": "org/part", "quant": ["fp16"], "head_dim": 128})");
  const Outcome run = desk.Run({"inspect", "part.mcd.json", "--format", "json"});
  CHECK(run.exit_code == 0);
  const Json mcd = JsonOf(run);
  CHECK(Members(mcd) == "schema mcd origin missing warnings");
  CHECK(mcd["schema"] == "cmatch.mcd/1");
  CHECK(mcd["mcd"]["head_dim"] == 128);
  CHECK(mcd["origin"]["head_dim"].is_string());
  CHECK(mcd["missing"] == Json({"positional", "attention", "context_max", "vocab_size"}));
  CHECK(desk.Run({"check", "part.mcd.json", "--ecp", "worker.json"}).exit_code == 2);
  CHECK(desk.Run({"inspect", "nothing.gguf"}).exit_code == 2);
  CHECK(desk.Run({"inspect", "broken.mcd.json"}).exit_code == 2);
  // a file that is not a whole model is described
  const std::string bytes = testing::SmallModel().Bytes();
  desk.Write("short.gguf", bytes.substr(0, bytes.size() - 1));
  const Outcome cut = desk.Run({"inspect", "short.gguf", "--format", "json"});
  CHECK(cut.exit_code == 0);
  CHECK(JsonOf(cut)["warnings"].size() == 1);
}

TEST_CASE("profile: the ECP as JSON") {
  const Desk desk;
  const Outcome run =
      desk.Run({"profile", "--engine", "toy@2.0", "--gpu", "cc=8.9,vram=24GiB,driver=580.1",
                "--build", "old", "--launch", "kv_cache=fp8,tensor_parallel=2", "--worker-id", "w",
                "--max-context", "4096", "--rules", "rules"});
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
  const Json ecp = JsonOf(run);
  CHECK(
      Members(ecp).starts_with("worker_id supports_positional supports_attention supports_quant "
                               "max_context vram_bytes "));
  CHECK(ecp["worker_id"] == "w");
  CHECK(ecp["max_context"] == 4096);
  CHECK(ecp["vram_bytes"] == 25769803776);
  CHECK(ecp["engine"] == "toy");
  CHECK(ecp["engine_version"] == "2.0");
  CHECK(ecp["build"] == "old");
  CHECK(ecp["compute"] == "8.9");
  CHECK(ecp["driver"] == "580.1");
  CHECK(ecp["kv_cache"] == "fp8");
  CHECK(ecp["tensor_parallel"] == 2);
  const auto code = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "profile");
    arguments.insert(arguments.end(), {"--rules", "rules"});
    return desk.Run(arguments).exit_code;
  };
  CHECK(code({"--engine", "toy"}) == 2);
  CHECK(code({"--gpu", "T4"}) == 2);
  CHECK(code({"--engine", "toy", "--gpu", "T4"}) == 0);
  CHECK(code({"--engine", "toy", "--gpu", "V100"}) == 2);  // 16 or 32 GiB
  CHECK(code({"--engine", "toy", "--gpu", "V100,vram=32GiB"}) == 0);
  CHECK(code({"--engine", "toy", "--gpu", "cc=8.9"}) == 2);  // memory not known
  const Outcome open =
      desk.Run({"profile", "--engine", "toy", "--gpu", "V100", "--rules", "rules"});
  CHECK(Has(open.err, "16384MiB, 32768MiB"));
  CHECK(JsonOf(desk.Run({"profile", "--engine", "toy", "--gpu", "T4", "--rules",
                         "rules"}))["max_context"] == 9223372036854775807);
}

TEST_CASE("profile: an inventory file, by index") {
  const Desk desk;
  desk.Write(
      "gpus.json",
      R"([{"index": 0, "name": "T4", "vram_total_bytes": 17179869184, "compute_capability": [7, 5]},
          {"index": 1, "name": "L4", "vram_total_bytes": 25769803776, "compute_capability": [8, 9]}])");
  const auto compute = [&](const char* gpu) {
    const Outcome run = desk.Run({"profile", "--engine", "toy", "--gpu", gpu, "--rules", "rules"});
    return run.exit_code == 0 ? JsonOf(run)["compute"].get<std::string>() : "exit 2";
  };
  CHECK(compute("@gpus.json") == "exit 2");  // which?
  CHECK(compute("@gpus.json#0") == "7.5");
  CHECK(compute("@gpus.json#1") == "8.9");
  CHECK(compute("@gpus.json#2") == "exit 2");
  CHECK(compute("@nothing.json") == "exit 2");
}

TEST_CASE("gpus: the known products") {
  const Desk desk;
  const Json gpus = JsonOf(desk.Run({"gpus", "--known", "--format", "json", "--rules", "rules"}));
  CHECK(gpus["schema"] == "cmatch.gpus/1");
  CHECK(gpus["gpus"].size() == 9);
  CHECK(gpus["gpus"][0]["name"] == "V100");
}

TEST_CASE("lint: 0 for good files, 1 for any error found, 2 where a path cannot be read") {
  const Desk desk;
  CHECK(desk.Run({"lint", "rules"}).exit_code == 0);
  CHECK(desk.Run({"lint"}).exit_code == 0);
  CHECK(desk.Run({"lint", "nothing"}).exit_code == 2);
  desk.Write("bad/kinds.yaml", "kind: cmatch.kinds/v1\nkindz: {}\n");
  desk.Write("bad/gpus.yaml", "kind: cmatch.gpus/v1\ngpus:\n  - {name: \"X\", compute: 8.9}\n");
  const Outcome run = desk.Run({"lint", "bad"});
  CHECK(run.exit_code == 1);
  // file:line:column: CODE error: what, all problems of all files
  CHECK(Has(run.out, "bad/gpus.yaml:3:"));
  CHECK(Has(run.out, "bad/kinds.yaml:2:1: "));
  CHECK(Has(run.out, "did you mean \"kind"));
  const Json json = JsonOf(desk.Run({"lint", "bad", "--format", "json"}));
  CHECK(json["schema"] == "cmatch.error/1");
  CHECK(json["error"] == "InvalidRules");
  CHECK(json["problems"].size() >= 2);
  CHECK(desk.Run({"lint", "bad", "nothing"}).exit_code == 2);
  CHECK(desk.Run({"lint", "bad/kinds.yaml"}).exit_code == 1);
}

constexpr const char* kCases = R"(kind: cmatch.cases/v1
mcds:
  toy: {model_id: "org/toy", positional: alibi, attention: gqa, quant: [fp8], context_max: 4096, vocab_size: 1000, head_dim: 80}
ecps:
  l4: {engine: "toy", gpu: "cc=8.9,vram=24GiB"}
  t4: {engine: "toy", gpu: "cc=7.5,vram=16GiB", build: old}
cases:
  - {id: toy-on-l4, mcd: toy, ecp: l4, fails: [], warns: [PATH]}
  - {id: toy-on-t4, mcd: toy, ecp: t4, fails: [QUANT]}
)";

TEST_CASE("test: 0 where every case holds, 1 where one does not, 2 where there is no rule set") {
  const Desk desk;
  desk.Write("rules/cases/toy.yaml", kCases);
  const Outcome good = desk.Run({"test", "rules"});
  CAPTURE(good.out);
  CHECK(good.exit_code == 0);
  CHECK(Has(good.out, "2 passed, 0 failed"));
  std::string wrong(kCases);
  wrong.replace(wrong.find("fails: [QUANT]"), 14, "fails: [FLOOR]");
  desk.Write("rules/cases/toy.yaml", wrong);
  const Outcome bad = desk.Run({"test", "rules"});
  CHECK(bad.exit_code == 1);
  CHECK(Has(bad.out, "FAIL rules/cases/toy.yaml:9"));
  CHECK(Has(bad.out, "toy-on-t4: fails: expected FLOOR, got QUANT"));
  const Json json = JsonOf(desk.Run({"test", "rules", "--format", "json"}));
  CHECK(json["schema"] == "cmatch.test/1");
  CHECK(json["passed"] == 1);
  CHECK(json["failed"] == 1);
  const Outcome junit = desk.Run({"test", "rules", "--format", "junit"});
  CHECK(junit.exit_code == 1);
  CHECK(Has(junit.out, "<testsuite name=\"cmatch\" tests=\"2\" failures=\"1\""));
  CHECK(desk.Run({"test", "nothing"}).exit_code == 2);
  CHECK(desk.Run({"test"}).exit_code == 2);
}

TEST_CASE("explain: rules, errors, kinds") {
  const Desk desk;
  for (const char* id : {"CMATCH-8030.3", "IncompatibleQuant", "InvalidMcd", "Degraded", "q4_k_m",
                         "rope_neox", "F16"}) {
    CAPTURE(id);
    const Outcome run = desk.Run({"explain", id});
    CHECK(run.exit_code == 0);
    CHECK_FALSE(run.out.empty());
  }
  CHECK(JsonOf(desk.Run({"explain", "CMATCH-8030.3", "--format", "json"}))["schema"] ==
        "cmatch.explain/1");
  CHECK(desk.Run({"explain", "xyzzy-plugh"}).exit_code == 2);
}

TEST_CASE("flags win over the environment") {
  const Desk desk;
  const std::map<std::string, std::string> environment = {
      {"CMATCH_ENGINE", "toy"}, {"CMATCH_GPU", "T4"}, {"CMATCH_RULES", "rules"}};
  const auto worker = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"profile"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome run = desk.Run(arguments, "", environment);
    CAPTURE(run.err);
    return run.exit_code == 0 ? JsonOf(run)["worker_id"].get<std::string>() : run.err;
  };
  CHECK(worker({}) == "toy@2.0/new on T4");
  CHECK(worker({"--engine", "toy@1.9"}) == "toy@1.9/old on T4");
  CHECK(worker({"--gpu", "L4"}) == "toy@2.0/new on L4");
  CHECK(Has(worker({"--rules", "nothing"}), "nothing"));
}

TEST_CASE("--rules: further directories add to the first, and overlays change it") {
  const Desk desk;
  desk.Write("site/overlay.yaml",
             "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\nowner: ops\nset:\n"
             "  - {target: rules/QUANT/severity, value: warning}\n");
  desk.Write(
      "int8.mcd.json",
      R"({"model_id": "m", "positional": "alibi", "attention": "gqa", "quant": ["int8"], "context_max": 1, "vocab_size": 1, "head_dim": 64})");
  const std::vector<std::string> check = {"check", "int8.mcd.json", "--engine", "toy", "--gpu",
                                          "L4",    "--rules",       "rules"};
  CHECK(desk.Run(check).exit_code == 1);
  std::vector<std::string> with_site = check;
  with_site.insert(with_site.end(), {"--rules", "site"});
  CHECK(desk.Run(with_site).exit_code == 0);
  // over the built-in set
  desk.Write("more/overlay.yaml",
             "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\nowner: ops\nset:\n"
             "  - {target: rules/CMATCH-8030.4/severity, value: off}\n");
  desk.Write(
      "long.mcd.json",
      R"({"model_id": "m", "positional": "alibi", "attention": "gqa", "quant": ["fp16"], "context_max": 32768, "vocab_size": 1})");
  CHECK(desk.Run({"check", "long.mcd.json", "--ecp", "worker.json"}).exit_code == 1);
  CHECK(desk.Run({"check", "long.mcd.json", "--ecp", "worker.json", "--rules", "more"}).exit_code ==
        0);
}

// The digest of the small rule set is not what these are about.
std::string Masked(std::string text) {
  const std::size_t at = text.find("xxh128:");
  if (at != std::string::npos) text.replace(at, 39, "xxh128:DIGEST");
  return text;
}

TEST_CASE("golden: what people and programs read") {
  const Desk desk;
  desk.Write("rules/cases/toy.yaml", kCases);
  desk.Write("bad/kinds.yaml", "kind: cmatch.kinds/v1\nkindz: {}\n");
  desk.Write("part.mcd.json", R"({"model_id": "org/part", "quant": ["fp16"], "head_dim": 128})");
  desk.Write("site/overlay.yaml",
             "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\nowner: ops\nwaive:\n"
             "  - {rule: QUANT, model: \"org/*\", worker: \"*\", reason: \"known\", expires: "
             "\"2999-01-01\"}\n");
  const std::vector<std::string> toy = {"--engine",          "toy",     "--gpu",
                                        "cc=8.6,vram=24GiB", "--rules", "rules"};
  const std::vector<std::string> old = {"--engine",           "toy@1.9", "--gpu",
                                        "cc=12.0,vram=32GiB", "--rules", "rules"};
  const struct {
    const char* name;
    std::vector<std::string> arguments;
    const std::vector<std::string>* worker;
  } cases[] = {{"check-degraded.txt", {"check", "toy.mcd.json"}, &toy},
               {"check-degraded.json", {"check", "toy.mcd.json", "--json"}, &toy},
               {"check-fails.txt", {"check", "wrong.mcd.json"}, &old},
               {"check-fails.json", {"check", "wrong.mcd.json", "--json"}, &old},
               {"check-fails-color.txt", {"check", "wrong.mcd.json", "--color", "always"}, &old},
               {"check-trace.txt", {"check", "toy.mcd.json", "--trace"}, &toy},
               {"check-waived.txt", {"check", "toy.mcd.json", "--rules", "site"}, &old},
               {"inspect.txt", {"inspect", "part.mcd.json"}, nullptr},
               {"inspect.json", {"inspect", "part.mcd.json", "--json"}, nullptr},
               {"profile.json", {"profile"}, &toy},
               {"lint.txt", {"lint", "bad"}, nullptr},
               {"lint.json", {"lint", "bad", "--json"}, nullptr},
               {"test.txt", {"test", "rules", "--coverage"}, nullptr},
               {"test-junit.xml", {"test", "rules", "--format", "junit"}, nullptr},
               {"gpus.txt", {"gpus", "--known", "--rules", "rules"}, nullptr},
               {"explain.txt", {"explain", "PATH", "--rules", "rules"}, nullptr},
               {"matrix.txt", {"matrix", "--engine", "toy", "--rules", "rules"}, nullptr}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    std::vector<std::string> arguments = c.arguments;
    if (c.worker != nullptr) arguments.insert(arguments.end(), c.worker->begin(), c.worker->end());
    const Outcome run = desk.Run(arguments);
    CAPTURE(run.err);
    CHECK(run.exit_code >= 0);
    CHECK(Golden(c.name, Masked(run.out)) == "");
  }
  const Outcome error = desk.Run({"check", "broken.mcd.json", "--ecp", "worker.json"});
  CHECK(Golden("check-error.txt", error.err) == "");
}

}  // namespace
}  // namespace cmatch
