// Profiles that are given whole: their own lists decide.

#include <doctest/doctest.h>

#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::Built;
using testing::I;
using testing::Ids;
using testing::Judged;
using testing::Model;
using testing::S;
using testing::SeedEcp;
using testing::Toy;

TEST_CASE("a whole ECP: its own lists decide, and a warning says where the tables differ") {
  const auto rules = Toy();
  Ecp ecp = Built(*rules, {.compute = "8.6"});
  CHECK(Ids(Judged(rules, Model(), ecp).warnings) == "");

  ecp.supports_quant = {"fp16", "int8"};
  Mcd mcd = Model();
  mcd.quant = {"int8"};
  const Report more = Judged(rules, mcd, ecp);
  CHECK(more.compatible);
  REQUIRE(Ids(more.warnings) == "CMATCH-8021");
  CHECK(more.warnings[0].error == "SourceConflict");
  CHECK(more.warnings[0].message.find("it lists int8") != std::string::npos);
  CHECK(more.warnings[0].message.find("it lacks fp8") != std::string::npos);

  mcd.quant = {"fp8"};
  CHECK(Ids(Judged(rules, mcd, ecp).violations) == "QUANT");

  // a kind that no table knows is one the tables do not have
  ecp = Built(*rules, {.compute = "8.6"});
  ecp.supports_positional.push_back("rope_moon");
  const Report unknown = Judged(rules, Model(), ecp);
  REQUIRE(Ids(unknown.warnings) == "CMATCH-8021");
  CHECK(unknown.warnings[0].message.find("it lists rope_moon") != std::string::npos);
}

TEST_CASE("a whole ECP: levels come from the tables in whatever order and spelling its lists are") {
  const auto rules = Toy();
  Ecp ecp = Built(*rules, {.compute = "8.6"});
  ecp.supports_quant = {"q4_k_m", "FP8", "F16", "f32", "q4_k"};
  Mcd mcd = Model();
  mcd.quant = {"fp8"};
  const Report report = Judged(rules, mcd, ecp);
  CHECK(Ids(report.warnings) == "QUANT");
  CHECK(report.warnings[0].error == "Degraded");
  mcd.quant = {"int8"};
  const Report failed = Judged(rules, mcd, ecp);
  CHECK(failed.violations[0].supported == ecp.supports_quant);  // the caller's order and spelling
}

TEST_CASE("a whole ECP without an engine has no levels, rules on tables are skipped") {
  const auto rules = Toy();
  Mcd mcd = Model();
  mcd.quant = {"fp16"};
  const Report report = Judged(rules, mcd, SeedEcp());
  CHECK(report.compatible);
  CHECK(Ids(report.warnings) == "");
  CHECK(Ids(report.skipped) == "FLOOR TENSOR IMAGE DRIVER KV PATH");
  for (const char* missing : {"engine", "engine_version", "compute"}) {
    CAPTURE(missing);
    Ecp ecp = Built(*rules, {});
    ecp.attributes.erase(missing);
    const std::string skipped = Ids(Judged(rules, Model(), ecp).skipped);
    CHECK(skipped.find("FLOOR") != std::string::npos);
    CHECK(skipped.find("PATH") != std::string::npos);
  }
}

TEST_CASE("a whole ECP whose engine the tables do not cover") {
  const auto rules = Toy();
  const CapabilityMatcher matcher(rules);
  const auto code = [&](const char* name, const char* value) {
    Ecp ecp = Built(*rules, {});
    ecp.attributes[name] = S(value);
    const auto worker = matcher.Bind(ecp);
    return worker ? "bound" : worker.error().problems[0].code;
  };
  CHECK(code("engine_version", "3.0") == "ecp-release-not-covered");
  CHECK(code("engine_version", "x") == "ecp-bad-release");
  CHECK(code("compute", "8.8") == "ecp-unknown-compute");
  CHECK(code("build", "nope") == "ecp-unknown-build");
  CHECK(code("engine", "other") == "bound");
  Ecp other = Built(*rules, {});
  other.attributes["engine"] = S("other");
  const Report report = Judged(rules, Model(), other);
  REQUIRE(Ids(report.warnings) == "CMATCH-8021");
  CHECK(report.warnings[0].error == "SourceWarning");
  CHECK(report.warnings[0].hint == "");

  // nearly a known name: a slip, not an engine of one's own
  CHECK(code("engine", "tyo") == "ecp-unknown-engine");
  other.attributes["engine"] = S("tyo");
  const auto slip = matcher.Bind(other);
  REQUIRE_FALSE(slip.has_value());
  CHECK(slip.error().problems[0].path == "/engine");
  CHECK(slip.error().problems[0].help.starts_with("did you mean \"toy\"? known engines: toy"));

  // the same name in another spelling is that engine
  other.attributes["engine"] = S("TOY");
  const Report spelled = Judged(rules, Model(), other);
  CHECK(Ids(spelled.warnings) == "");
  CHECK(matcher.Bind(other)->ecp().attributes.at("engine") == S("toy"));
}

TEST_CASE("a whole ECP: launch settings and counts meet the checks of --launch") {
  const auto rules = Toy();
  const CapabilityMatcher matcher(rules);
  const struct {
    const char* name;
    Value value;
    const char* want;  // the code and path, or the value as bound
  } cases[] = {
      {"kv_cache", S("fp8"), "fp8"},
      {"kv_cache", S("FP16"), "fp16"},
      {"kv_cache", S("fp9"), "ecp-bad-launch-value /kv_cache"},
      {"kv_cache", I(8), "ecp-bad-launch-value /kv_cache"},
      {"attention_backend", S("first"), "FIRST"},
      {"attention_backend", S("third"), "ecp-bad-launch-value /attention_backend"},
      {"tensor_parallel", I(0), "ecp-bad-launch-value /tensor_parallel"},
      {"tensor_parallel", I(1), "1"},
      {"tensor_parallel", I(8), "8"},
      {"tensor_parallel", I(9), "ecp-bad-launch-value /tensor_parallel"},
      {"tensor_parallel", S("2"), "ecp-bad-launch-value /tensor_parallel"},
      {"chunked", S("ON"), "on"},
      {"gpu_count", I(0), "ecp-wrong-value /gpu_count"},
      {"gpu_count", I(1), "1"},
      {"my_own_note", S("x"), "x"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CAPTURE(ToString(c.value));
    Ecp ecp = Built(*rules, {});
    ecp.attributes[c.name] = c.value;
    const auto worker = matcher.Bind(ecp);
    std::string got;
    if (worker) {
      got = ToString(worker->ecp().attributes.at(c.name));
    } else {
      CHECK(worker.error().problems.size() == 1);
      got = worker.error().problems[0].code + " " + worker.error().problems[0].path;
    }
    CHECK(got == c.want);
  }

  // A setting that the release does not have, though another one has it.
  Ecp old = Built(*rules, {.version = "1.9"});
  old.attributes["chunked"] = S("on");
  const auto refused = matcher.Bind(old);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().problems[0].code == "ecp-unknown-launch-key");
  CHECK(refused.error().problems[0].path == "/chunked");
}

TEST_CASE("a whole ECP: launch settings that no release takes, where none is named") {
  std::string toy(testing::kToyYaml);
  const auto rewrite = [](std::string& yaml, std::string_view from, std::string_view to) {
    REQUIRE(yaml.find(from) != std::string::npos);
    yaml.replace(yaml.find(from), from.size(), to);
  };
  std::string second = toy;
  rewrite(toy, R"(kv_cache: {values: [auto, fp16, fp8], default: auto, source: "s"})",
          R"(kv_cache: [{versions: "<2.0", values: [auto, fp8], default: auto, source: "s"},
             {versions: ">=2.0", values: [auto, fp16], default: auto, source: "s"}])");
  rewrite(toy, R"(attention_backend: {values: [auto, FIRST, SECOND], source: "s"})",
          R"(attention_backend: [{versions: "<2.0", values: [auto, FIRST, third], source: "s"},
             {versions: ">=2.0", values: [auto, FIRST, SECOND, Third], source: "s"}])");
  rewrite(toy, R"(tensor_parallel: {integer: [1, 8], default: 1, source: "s"})",
          R"(tensor_parallel: [{versions: "<2.0", integer: [1, 4], default: 1, source: "s"},
             {versions: ">=2.0", integer: [2, 8], default: 2, source: "s"}])");
  rewrite(second, "engine: toy", "engine: second");
  rewrite(second, "  chunked:", "  flash: {values: [\"on\"], source: \"s\"}\n  chunked:");
  std::vector<RuleFile> files = testing::ToyFiles(testing::kTableRules, toy);
  files.push_back({"engines/second.yaml", second});
  const auto rules = testing::MakeRules(files);
  const CapabilityMatcher matcher(rules);
  const struct {
    const char* name;
    Value value;
    const char* want;  // the problem, or the value as bound
  } cases[] = {
      {"kv_cache", S("FP8"), "fp8"},    // before 2.0
      {"kv_cache", S("fp16"), "fp16"},  // from 2.0 on
      {"kv_cache", S("fp88"),
       "/kv_cache ecp-bad-launch-value: no release of toy knows kv_cache=fp88; known: auto, fp8, "
       "fp16"},
      {"kv_cache", I(8),
       "/kv_cache ecp-bad-launch-value: no release of toy knows kv_cache=8; known: auto, fp8, "
       "fp16"},
      {"attention_backend", S("secnod"),
       "/attention_backend ecp-bad-launch-value: no release of toy knows attention_backend=secnod; "
       "did you mean \"SECOND\"? known: auto, FIRST, third, SECOND, Third"},
      {"attention_backend", S("first"), "FIRST"},
      {"attention_backend", S("THIRD"), "THIRD"},  // releases write it differently
      {"tensor_parallel", I(0),
       "/tensor_parallel ecp-bad-launch-value: tensor_parallel=0 is not an integer from 1 to 8; "},
      {"tensor_parallel", I(1), "1"},
      {"tensor_parallel", I(8), "8"},
      {"tensor_parallel", I(9),
       "/tensor_parallel ecp-bad-launch-value: tensor_parallel=9 is not an integer from 1 to 8; "},
      {"chunked", S("off"), "off"},  // of 2.0 only
      {"flash", S("on"),             // of the other engine
       "/flash ecp-unknown-launch-key: no release of toy has a launch setting \"flash\"; known: "
       "kv_cache, attention_backend, tensor_parallel, chunked"},
      {"my_own_note", S("x"), "x"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CAPTURE(ToString(c.value));
    Ecp ecp = SeedEcp();
    ecp.attributes["engine"] = S("toy");
    ecp.attributes[c.name] = c.value;
    const auto worker = matcher.Bind(ecp);
    std::string got;
    if (worker) {
      got = ToString(worker->ecp().attributes.at(c.name));
    } else {
      for (const Problem& problem : worker.error().problems) {
        got += problem.path + " " + problem.code + ": " + problem.message + "; " + problem.help;
      }
    }
    CHECK(got == c.want);
  }
}

TEST_CASE("a whole ECP: sizes that no engine takes, where no engine is known") {
  const auto rules = Toy();
  const CapabilityMatcher matcher(rules);
  for (const char* engine : {"", "other"}) {
    CAPTURE(engine);
    Ecp ecp = SeedEcp();
    if (*engine != '\0') ecp.attributes["engine"] = S(engine);
    ecp.attributes["tensor_parallel"] = I(1);
    CHECK(matcher.Bind(ecp).has_value());
    ecp.attributes["tensor_parallel"] = I(1024);
    CHECK(matcher.Bind(ecp).has_value());
    ecp.attributes["tensor_parallel"] = I(0);
    ecp.attributes["gpu_count"] = I(0);
    const auto worker = matcher.Bind(ecp);
    REQUIRE_FALSE(worker.has_value());
    REQUIRE(worker.error().problems.size() == 2);
    CHECK(worker.error().problems[0].path == "/gpu_count");
    CHECK(worker.error().problems[1].path == "/tensor_parallel");
    CHECK(worker.error().problems[1].message == "tensor_parallel must be an integer >= 1, not 0");
  }
}

TEST_CASE("a whole ECP: every problem at once, and a name that is nearly one is a warning") {
  const auto rules = Toy();
  const CapabilityMatcher matcher(rules);
  Ecp ecp = Built(*rules, {});
  ecp.max_context = 0;
  ecp.attributes["build"] = S("nope");
  ecp.attributes["compute"] = S("8.8");
  ecp.attributes["kv_cache"] = S("fp9");
  ecp.attributes["gpu_count"] = I(0);
  const auto worker = matcher.Bind(ecp);
  REQUIRE_FALSE(worker.has_value());
  std::string paths;
  for (const Problem& problem : worker.error().problems) paths += problem.path;
  CHECK(paths == "/max_context/compute/build/kv_cache/gpu_count");

  Ecp slip = Built(*rules, {});
  slip.attributes["kv_cach"] = S("fp9");
  slip.attributes["gpus"] = I(2);
  const Report report = Judged(rules, Model(), slip);
  REQUIRE(Ids(report.warnings) == "CMATCH-8021");
  CHECK(report.warnings[0].message == "no rule reads \"kv_cach\" of the profile");
  CHECK(report.warnings[0].hint == "did you mean \"kv_cache\"?");
}

}  // namespace
}  // namespace cmatch
