// What is refused rather than left out, what is said where nothing can be judged, and models that
// come through a pipe.

#include "cli/cmatch.h"
#include "support/gguf_writer.h"

namespace cmatch {
namespace {

using testing::Command;
using testing::Desk;
using testing::Has;
using testing::Json;
using testing::JsonOf;
using testing::Outcome;

TEST_CASE("usage: what says nothing is refused, not left out") {
  const Desk desk;
  const struct {
    std::vector<std::string> arguments;
    const char* says;
  } cases[] = {
      {{"profile", "--engine", "toy@", "--gpu", "T4"}, "no release after the @ of \"toy@\""},
      {{"matrix", "--engine", "toy@"}, "no release after the @"},
      {{"profile", "--engine", "", "--gpu", "T4"}, "--engine: must not be empty"},
      {{"profile", "--engine", "toy", "--gpu", ""}, "--gpu: must not be empty"},
      {{"profile", "--engine", "toy", "--gpu", "T4", "--launch", ""},
       "--launch: must not be empty: it takes KEY=VALUE"},
      {{"profile", "--engine", "toy", "--gpu", "T4", "--launch="},
       "--launch: must not be empty: it takes KEY=VALUE"},
      {{"profile", "--launch=", "--engine", "toy", "--gpu", "T4"},
       "--launch: must not be empty: it takes KEY=VALUE"},
      {{"profile", "--engine", "toy", "--gpu", "T4", "--launch=kv_cache="}, "not \"kv_cache=\""},
      {{"profile", "--engine=", "--gpu", "T4"}, "--engine: must not be empty"},
      {{"profile", "--engine", "toy", "--gpu", "T4", "--max-context="},
       "must be a number of tokens"},
      // behind "--" it is the name of a file
      {{"check", "--ecp", "worker.json", "--", "--ecp="}, "--ecp=: file-not-found"},
      {{"profile", "--engine", "toy", "--gpu", "T4", "--launch", "kv_cache=fp8,"}, "not \"\""},
      {{"profile", "--engine", "toy", "--gpu", "T4", "--worker-id", ""}, "must not be empty"},
      {{"profile", "--engine", "toy", "--gpu", "T4", "--build", ""}, "must not be empty"},
      {{"check", "seed.mcd.json", "--ecp", ""}, "must not be empty"},
      {{"check", "seed.mcd.json", "--ecp", "worker.json", "--catalog", ""}, "must not be empty"},
      {{"check", "seed.mcd.json", "--ecp", "worker.json", "--html", ""}, "must not be empty"},
      {{"profile", "--engine", "toy", "--gpu", "T4", "--rules", ""}, "must not be empty"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.arguments);
    std::vector<std::string> arguments = c.arguments;
    if (arguments.back() != "") arguments.insert(arguments.end(), {"--rules", "rules"});
    const Outcome run = desk.Run(arguments);
    CHECK(run.exit_code == 2);
    CHECK(run.out.empty());
    CAPTURE(run.err);
    CHECK(Has(run.err, c.says));
  }
}

TEST_CASE("usage: a GPU by a number that is no index here, and an inventory by no number") {
  const Desk desk;
  const auto error = [&](const char* gpu) {
    const Outcome run = desk.Run({"profile", "--engine", "vllm", "--gpu", gpu});
    CHECK(run.exit_code == 2);
    return run.err;
  };
  CHECK(Has(error("4090"), "for a product: --gpu \"NVIDIA GeForce RTX 4090\""));
  CHECK_FALSE(Has(error("17"), "for a product"));
  CHECK(Has(error("@nothing.json#x"), "after # stands the number of a GPU"));
  CHECK_FALSE(Has(error("@nothing.json#1"), "after #"));
}

TEST_CASE("usage: an inventory without an index, where its GPUs are alike and where they differ") {
  const Desk desk;
  const std::string l4 =
      R"("name": "L4", "compute_capability": [8, 9], "vram_total_bytes": 24152899584)";
  const std::string t4 =
      R"("name": "T4", "compute_capability": [7, 5], "vram_total_bytes": 17179869184)";
  const auto gpu = [](int index, const std::string& facts) {
    return "{\"index\": " + std::to_string(index) + ", " + facts + "}";
  };
  const struct {
    std::string gpus;
    const char* want;  // of the error; empty: a profile
  } cases[] = {
      {"[" + gpu(3, l4) + "]", ""},
      {"[" + gpu(0, l4) + ", " + gpu(1, l4) + "]", ""},
      {"[" + gpu(0, l4 + R"(, "uuid": "GPU-1")") + ", " + gpu(1, l4 + R"(, "uuid": "GPU-2")") + "]",
       ""},
      {"[" + gpu(4, l4) + ", " + gpu(5, l4) + ", " + gpu(7, t4) + "]",
       "name one: @gpus.json#4 (L4, 8.9, 23034MiB), @gpus.json#7 (T4, 7.5, 16384MiB)"},
      {"[{" + l4 + "}, {" + t4 + "}]",  // by position
       "name one: @gpus.json#0 (L4, 8.9, 23034MiB), @gpus.json#1 (T4, 7.5, 16384MiB)"},
      {"[" + gpu(0, l4 + R"(, "driver_version": "550.54")") + ", " +
           gpu(1, l4 + R"(, "driver_version": "580.65")") + "]",
       "#0 (L4, 8.9, 23034MiB, driver 550.54), @gpus.json#1 (L4, 8.9, 23034MiB, driver 580.65)"},
      {"[]", "inventory-no-gpu"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.gpus);
    desk.Write("gpus.json", c.gpus);
    const Outcome run = desk.Run({"profile", "--engine", "toy", "--gpu", "@gpus.json", "--rules",
                                  "rules", "--format", "json"});
    const std::string want = c.want;
    CHECK(run.exit_code == (want.empty() ? 0 : 2));
    CAPTURE(run.out);
    CHECK(Has(run.out, want));
    CHECK(Has(run.out, "inventory-several-gpus") == Has(want, "@gpus.json#"));
  }
}

TEST_CASE("usage: memory that the tables do not know of a product is taken, and said") {
  const Desk desk;
  const auto note = [&](const char* gpu) {
    const Outcome run = desk.Run({"profile", "--engine", "vllm", "--gpu", gpu});
    CHECK(run.exit_code == 0);
    return Has(run.err, "the tables know NVIDIA GeForce RTX 4090 with");
  };
  CHECK(note("RTX 4090,vram=11GiB"));
  CHECK(note("RTX 4090,vram=48GiB"));
  CHECK_FALSE(note("RTX 4090,vram=24GiB"));
  CHECK_FALSE(note("RTX 4090"));
}

TEST_CASE("usage: a directory named twice") {
  const Desk desk;
  desk.Write("site/o.yaml", "kind: cmatch.overlay/v1\nlayer: site\nreason: r\nowner: o\nset: []\n");
  for (const auto& arguments : {std::vector<std::string>{"lint", "site", "./site"},
                                {"layers", "--rules", "site", "site"},
                                {"gpus", "--known", "--rules", "site", "--rules", "site/"}}) {
    CAPTURE(arguments);
    const Outcome run = desk.Run(arguments);
    CHECK(run.exit_code != 0);
    CHECK(Has(run.out + run.err, "rules-duplicate error: the directory is named twice"));
  }
}

TEST_CASE("usage: only where a verdict was asked for it could not be judged") {
  const Desk desk;
  const struct {
    std::vector<std::string> arguments;
    bool judging;
  } cases[] = {{{"check", "nothing.gguf", "--ecp", "worker.json"}, true},
               {{"inspect", "nothing.gguf"}, false},
               {{"matrix", "--engine", "nothing"}, false},
               {{"profile", "--engine", "nothing", "--gpu", "T4"}, false},
               {{"layers", "nothing"}, false}};
  for (const auto& c : cases) {
    CAPTURE(c.arguments);
    const Outcome run = desk.Run(c.arguments);
    CHECK(run.exit_code == 2);
    CHECK(Has(run.err, "COULD NOT JUDGE") == c.judging);
    CHECK(Has(run.err, "COULD NOT ANSWER") != c.judging);
  }
}

TEST_CASE("test: no cases are no success") {
  const Desk desk;
  const Outcome run = desk.Run({"test", "rules"});
  CHECK(run.exit_code == 2);
  CHECK(run.out.empty());
  CHECK(Has(run.err, "no cases in rules"));
}

TEST_CASE("layers: --quiet is the last line alone") {
  const Desk desk;
  desk.Write("site/o.yaml",
             "kind: cmatch.overlay/v1\nlayer: site\nreason: r\nowner: o\nset:\n"
             "  - {target: rules/QUANT/severity, value: warning}\n");
  const std::vector<std::string> layers = {"layers", "rules", "site"};
  const Outcome all = desk.Run(layers);
  const Outcome quiet = desk.Run({"layers", "rules", "site", "-q"});
  CHECK(quiet.out == "1 change, 0 waivers\n");
  CHECK(all.out.ends_with(quiet.out));
  CHECK(all.out.size() > quiet.out.size());
}

TEST_CASE("check: a name of thousands of characters is cut in the text, whole in JSON") {
  const Desk desk;
  const std::string name(5000, 'n');
  std::string json(testing::kSeedModel);
  json.replace(json.find("meta-llama/Llama-3.1-8B"), 23, name);
  json.replace(json.find("8192"), 4, "99999");
  desk.Write("long.mcd.json", json);
  const Outcome text = desk.Run({"check", "long.mcd.json", "--ecp", "worker.json"});
  CHECK(text.exit_code == 1);
  CHECK_FALSE(Has(text.out, std::string(161, 'n')));
  CHECK(Has(text.out, "nnn... (5000 characters) on gpu-0-worker"));
  CHECK(JsonOf(desk.Run(
            {"check", "long.mcd.json", "--ecp", "worker.json", "--json"}))["model_id"] == name);
}

// The shell runs `script` with $CMATCH in the desk's directory.
Outcome Shell(const Desk& desk, const std::string& script) {
  return testing::RunCommand({.program = "/bin/sh",
                              .arguments = {"-c", script},
                              .directory = desk.path(),
                              .environment = {{"CMATCH", CMATCH_COMMAND}}});
}

TEST_CASE("stdin: of a GGUF file in a pipe the header is enough, whatever follows") {
  const Desk desk;
  const std::string bytes = testing::SmallModel().Bytes();
  desk.Write("small.gguf", bytes);
  const std::string check = "\"$CMATCH\" check - --engine llama.cpp --gpu 'RTX 4090' --json";
  const Outcome huge =
      Shell(desk, "{ cat small.gguf; head -c 3G /dev/zero; } 2>/dev/null | " + check);
  CHECK(huge.exit_code == 0);
  const Json report = JsonOf(huge);
  CHECK(report["compatible"] == true);
  const auto says = [](const Json& json, const char* rule, const char* because) {
    for (const Json& skipped : json["skipped"]) {
      if (skipped["rule"] == rule && Has(skipped["because"].get<std::string>(), because)) {
        return true;
      }
    }
    return false;
  };
  CHECK(says(report, "CMATCH-8011", "only the header is read"));
  // a file that was redirected is all there
  const Json file = JsonOf(Shell(desk, check + " < small.gguf"));
  CHECK_FALSE(says(file, "CMATCH-8011", ""));
  const Outcome inspected = Shell(desk, "cat small.gguf | \"$CMATCH\" inspect -");
  CHECK(Has(inspected.out, "only the header is read"));
  // a header that ends early, and what is no GGUF file
  const Outcome cut = Shell(desk, "head -c 100 small.gguf | " + check);
  CHECK(cut.exit_code == 2);
  CHECK(Has(cut.out, "gguf-truncated-header"));
  CHECK(Has(cut.out, "the file ends after 100 bytes"));
  const Outcome json = Shell(desk, "cat seed.mcd.json | " + check);
  CHECK(json.exit_code == 0);
  CHECK(Has(Shell(desk, "printf '' | " + check).out, "\"error\":\"InvalidMcd\""));
}

TEST_CASE("export: node affinity and a claim for Kubernetes") {
  const Desk desk;
  const std::vector<std::string> of = {"export",  "kubernetes", "toy.mcd.json",      "--engine",
                                       "toy@2.0", "--launch",   "tensor_parallel=2", "--rules",
                                       "rules"};
  const Outcome text = desk.Run(of);
  CAPTURE(text.err);
  CHECK(text.exit_code == 0);
  CHECK(testing::Golden("export.yaml", text.out) == "");
  std::vector<std::string> json = of;
  json.emplace_back("--json");
  const Json document = JsonOf(desk.Run(json));
  CHECK(document["schema"] == "cmatch.kubernetes/1");
  CHECK(document["gpu_count"] == 2);
  CHECK(document["claim"]["kind"] == "ResourceClaimTemplate");
  // what fails on every GPU
  const Outcome none =
      desk.Run({"export", "kubernetes", "wrong.mcd.json", "--engine", "toy", "--rules", "rules"});
  CHECK(none.exit_code == 1);
  CHECK(none.out.empty());
  CHECK(Has(none.err, "no GPU that the tables know would do"));
  CHECK(desk.Run({"export", "nomad", "toy.mcd.json", "--engine", "toy"}).exit_code == 2);
  CHECK(desk.Run({"export", "kubernetes", "broken.mcd.json", "--engine", "vllm"}).exit_code == 2);
  CHECK(desk.Run({"export", "kubernetes", "seed.mcd.json"}).exit_code == 2);
}

}  // namespace
}  // namespace cmatch
