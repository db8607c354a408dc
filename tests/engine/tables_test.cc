// What the tables say of a worker, at the check: levels, floor, images, driver, paths.

#include <doctest/doctest.h>

#include "cmatch/build_ecp.h"
#include "cmatch/coverage.h"
#include "support/rules.h"

namespace cmatch {
namespace {

using testing::Attributes;
using testing::I;
using testing::Ids;
using testing::K;
using testing::kTableRules;
using testing::kToyYaml;
using testing::MakeRules;
using testing::S;
using testing::SeedEcp;
using testing::SeedMcd;
using testing::ToyFiles;

std::shared_ptr<const RuleSet> Toy() { return MakeRules(ToyFiles(kTableRules)); }

// A model that toy 2.0 takes whole on 8.9.
Mcd Model(const Attributes& attributes = {{"head_dim", I(128)}}) {
  Mcd mcd = SeedMcd();
  mcd.quant = {"fp16"};
  mcd.attributes = attributes;
  return mcd;
}

struct Start {
  const char* compute = "8.9";
  const char* version = "2.0";
  const char* build = "";
  const char* driver = "";
  std::map<std::string, std::string> launch = {};
};

Ecp Built(const RuleSet& rules, const Start& w) {
  GpuFacts gpu;
  gpu.compute = ParseCompute(w.compute);
  gpu.driver = w.driver;
  const auto ecp = BuildEcp(
      rules, {.engine = "toy", .version = w.version, .build = w.build, .launch = w.launch}, gpu);
  REQUIRE_MESSAGE(ecp.has_value(), ecp.error().message);
  return *ecp;
}

Report Judged(const std::shared_ptr<const RuleSet>& rules, const Mcd& mcd, const Ecp& ecp) {
  const CapabilityMatcher matcher(rules);
  const auto model = matcher.Bind(mcd);
  const auto worker = matcher.Bind(ecp);
  REQUIRE(model.has_value());
  REQUIRE_MESSAGE(worker.has_value(), worker.error().message);
  CHECK(testing::Disagreement(matcher, *model, *worker) == "");
  return matcher.Explain(*model, *worker);
}

// "fails | warns | skipped"
std::string Outcome(const Report& report) {
  return Ids(report.violations) + "|" + Ids(report.warnings) + "|" + Ids(report.skipped);
}

const Finding* Find(const std::vector<Finding>& findings, std::string_view rule) {
  for (const Finding& finding : findings) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

TEST_CASE("CMATCH-8030.3 degraded support passes and warns with the row's reason and source") {
  const auto rules = Toy();
  Mcd mcd = Model();
  mcd.quant = {"fp8"};
  const Report native = Judged(rules, mcd, Built(*rules, {.compute = "8.9"}));
  CHECK(Outcome(native) == "||TENSOR DRIVER");
  const Report degraded = Judged(rules, mcd, Built(*rules, {.compute = "8.6"}));
  CHECK(degraded.compatible);
  REQUIRE(Outcome(degraded) == "|QUANT|TENSOR DRIVER");
  const Finding& finding = degraded.warnings[0];
  CHECK(finding.error == "Degraded");
  CHECK(finding.severity == Severity::kWarning);
  CHECK(finding.message.find("weights only") != std::string::npos);
  REQUIRE(finding.source.has_value());
  CHECK(finding.source->where.file == "engines/toy.yaml");
  CHECK(finding.source->where.line > 0);
  CHECK(finding.source->text == "fp8 rows");
  // the best level of what is supported counts
  mcd.quant = {"fp8", "fp16"};
  CHECK(Outcome(Judged(rules, mcd, Built(*rules, {.compute = "8.6"}))) == "||TENSOR DRIVER");
  // an older release has no such row
  mcd.quant = {"fp8"};
  CHECK(Outcome(Judged(rules, mcd, Built(*rules, {.compute = "8.6", .version = "1.9"}))) ==
        "QUANT||TENSOR DRIVER");
}

TEST_CASE("CMATCH-8030 a failure names the row it rests on and where it would run") {
  const auto rules = Toy();
  Mcd mcd = Model();
  mcd.quant = {"fp8"};
  mcd.positional = "rope_neox";
  const Report report = Judged(rules, mcd, Built(*rules, {.compute = "7.5"}));
  const Finding* quant = Find(report.violations, "QUANT");
  REQUIRE(quant != nullptr);
  CHECK(quant->hint.find("8.9..9.0") != std::string::npos);
  CHECK(quant->source->where.file == "engines/toy.yaml");
  const Finding* positional = Find(report.violations, "POS");
  REQUIRE(positional != nullptr);
  CHECK(positional->source->text == "positional");  // not listed: the dimension's source
  CHECK(positional->supported == std::vector<std::string>{"rope_llama", "alibi"});
  CHECK(positional->required == S("rope_neox"));
}

TEST_CASE("CMATCH-8130 the engine's own floor, by release") {
  const struct {
    const char* compute;
    const char* version;
    const char* want;
  } cases[] = {{"7.0", "1.9", "||FLOOR"},        {"9.0", "1.9", ""}, {"10.0", "1.9", "FLOOR"},
               {"7.0", "2.0", "FLOOR degraded"}, {"7.5", "2.0", ""}, {"12.0", "2.0", ""}};
  const auto rules = Toy();
  for (const auto& c : cases) {
    CAPTURE(c.compute);
    CAPTURE(c.version);
    const Report report =
        Judged(rules, Model(), Built(*rules, {.compute = c.compute, .version = c.version}));
    const bool fails = Find(report.violations, "FLOOR") != nullptr;
    const bool warns = Find(report.warnings, "FLOOR") != nullptr;
    CHECK(fails == (std::string_view(c.want) == "FLOOR"));
    CHECK(warns == (std::string_view(c.want) == "FLOOR degraded"));
  }
  const Report old = Judged(rules, Model(), Built(*rules, {.compute = "10.0", .version = "1.9"}));
  const Finding* floor = Find(old.violations, "FLOOR");
  REQUIRE(floor != nullptr);
  CHECK(floor->required == S("10.0"));
  CHECK(floor->supported == std::vector<std::string>{"7.0..9.0"});
  CHECK(floor->source->text == "floor 1");
}

TEST_CASE("CMATCH-8133 images of the build: cubin, PTX, neither, build not known") {
  const auto rules = Toy();
  const struct {
    const char* compute;
    const char* version;
    const char* build;
    const char* want;
  } cases[] = {{"8.0", "2.0", "new", "pass"},      {"8.9", "2.0", "new", "pass"},
               {"8.7", "2.0", "new", "fail"},      {"7.5", "2.0", "new", "fail"},
               {"9.0", "2.0", "new", "pass"},      {"10.0", "2.0", "new", "pass"},
               {"12.0", "2.0", "new", "degraded"}, {"7.0", "2.0", "old", "pass"},
               {"7.5", "2.0", "old", "pass"},      {"8.0", "2.0", "old", "degraded"},
               {"12.0", "2.0", "old", "degraded"}, {"8.9", "1.9", "old", "pass"},
               {"9.0", "1.9", "old", "fail"}};
  for (const auto& c : cases) {
    CAPTURE(c.compute);
    CAPTURE(c.version);
    CAPTURE(c.build);
    const Report report =
        Judged(rules, Model(),
               Built(*rules, {.compute = c.compute, .version = c.version, .build = c.build}));
    const std::string got = Find(report.violations, "IMAGE") != nullptr ? "fail"
                            : Find(report.warnings, "IMAGE") != nullptr ? "degraded"
                                                                        : "pass";
    CHECK(got == c.want);
  }
  Ecp ecp = Built(*rules, {.compute = "7.5"});
  ecp.attributes.erase("build");
  const Report unknown = Judged(rules, Model(), ecp);
  CHECK(Ids(unknown.skipped) == "TENSOR IMAGE DRIVER");
  // the builds that would run are named: PTX counts, no code does not
  CHECK(unknown.skipped[1].because.find("old") != std::string::npos);
  CHECK(unknown.skipped[1].because.find("new") == std::string::npos);
}

TEST_CASE("CMATCH-8134 the driver floor of the build") {
  const struct {
    const char* build;
    const char* driver;
    const char* want;
  } cases[] = {{"new", "579.99", "DRIVER"},    {"new", "580", ""},       {"new", "580.65.06", ""},
               {"old", "525.60.12", "DRIVER"}, {"old", "525.60.13", ""}, {"old", "", "skipped"}};
  const auto rules = Toy();
  for (const auto& c : cases) {
    CAPTURE(c.driver);
    const Report report = Judged(
        rules, Model(), Built(*rules, {.compute = "8.9", .build = c.build, .driver = c.driver}));
    const bool skipped = Ids(report.skipped).find("DRIVER") != std::string::npos;
    CHECK((skipped ? "skipped" : Ids(report.violations)) == c.want);
  }
  // a build without a stated floor
  const Report none =
      Judged(rules, Model(),
             Built(*rules, {.compute = "8.0", .version = "1.9", .build = "old", .driver = "400"}));
  CHECK(Ids(none.skipped).find("DRIVER") != std::string::npos);
}

TEST_CASE("CMATCH-8135 KV cache: one setting for both halves, or each its own") {
  const struct {
    Attributes launch;
    const char* compute;
    const char* want;
  } cases[] = {{{{"kv_cache", S("fp8")}}, "8.9", "pass"},
               {{{"kv_cache", S("fp8")}}, "8.0", "fail"},
               {{{"kv_cache_k", S("fp16")}, {"kv_cache_v", S("fp16")}}, "8.0", "pass"},
               {{{"kv_cache_k", S("fp16")}, {"kv_cache_v", S("fp8")}}, "8.0", "fail"},
               {{{"kv_cache_k", S("fp8")}, {"kv_cache_v", S("fp16")}}, "8.0", "fail"},
               {{{"kv_cache", S("fp8")}, {"kv_cache_k", S("fp16")}, {"kv_cache_v", S("fp16")}},
                "8.0",
                "pass"},
               {{{"kv_cache", S("fp16")}, {"kv_cache_v", S("fp8")}}, "8.0", "fail"},
               {{{"kv_cache_k", S("fp16")}}, "8.0", "skipped"},
               {{{"kv_cache_k", S("fp8")}}, "8.0", "fail"},
               {{}, "8.0", "skipped"}};
  const auto rules = Toy();
  for (const auto& c : cases) {
    Ecp ecp = Built(*rules, {.compute = c.compute});
    ecp.attributes.erase("kv_cache");
    for (const auto& [name, value] : c.launch) {
      ecp.attributes[name] = value;
      CAPTURE(name + "=" + ToString(value));
    }
    const Report report = Judged(rules, Model(), ecp);
    const std::string got = Find(report.violations, "KV") != nullptr              ? "fail"
                            : Ids(report.skipped).find("KV") != std::string::npos ? "skipped"
                                                                                  : "pass";
    CHECK(got == c.want);
  }
}

TEST_CASE("ecp.kv_cache is not known where its halves differ") {
  const auto rules = MakeRules(ToyFiles(testing::RuleYaml("R", "{value: ecp.kv_cache, eq: fp16}")));
  const struct {
    Attributes ecp;
    const char* want;
  } cases[] = {{{{"kv_cache", S("fp16")}}, "pass"},
               {{{"kv_cache", S("fp8")}}, "fail"},
               {{{"kv_cache_k", S("fp16")}, {"kv_cache_v", S("fp16")}}, "pass"},
               {{{"kv_cache_k", S("fp16")}, {"kv_cache_v", S("fp8")}}, "skipped"},
               {{{"kv_cache_k", S("fp16")}}, "skipped"},
               {{{"kv_cache", S("fp16")}, {"kv_cache_v", S("fp8")}}, "skipped"},
               {{{"kv_cache", S("fp16")}, {"kv_cache_v", S("fp16")}}, "pass"}};
  for (const auto& c : cases) {
    for (const auto& [name, value] : c.ecp) CAPTURE(name + "=" + ToString(value));
    CHECK(testing::OutcomeOf(rules, "R", {}, c.ecp) == c.want);
  }
}

TEST_CASE("CMATCH-8136 paths: the first that accepts decides") {
  const struct {
    Attributes mcd;
    Start worker;
    const char* want;  // of PATH
    const char* says;  // in the message or reason
  } cases[] = {
      {{{"head_dim", I(128)}}, {}, "pass", ""},
      {{{"head_dim", I(64)}}, {}, "pass", ""},
      // the first does not accept: the second, degraded
      {{{"head_dim", I(80)}}, {}, "degraded", "SECOND: no tensor cores"},
      {{{"head_dim", I(256)}}, {}, "degraded", "SECOND"},
      {{{"head_dim", I(257)}}, {}, "fail", "FIRST"},
      // an unsupported path that accepts is the engine's choice, and it crashes
      {{{"head_dim", I(96)}}, {}, "fail", "head size 96 crashes"},
      // not known: each might be the one
      {{}, {}, "skipped", "mcd.head_dim"},
      // the first is not there on this capability
      {{{"head_dim", I(128)}}, {.compute = "7.5", .build = "old"}, "degraded", "SECOND"},
      // no path is there on this capability
      {{{"head_dim", I(128)}}, {.compute = "12.0"}, "fail", "none is there on 12.0"},
      // forced
      {{{"head_dim", I(128)}}, {.launch = {{"attention_backend", "SECOND"}}}, "degraded", "SECOND"},
      {{{"head_dim", I(80)}}, {.launch = {{"attention_backend", "FIRST"}}}, "fail", "FIRST"},
      {{{"head_dim", I(80)}}, {.launch = {{"attention_backend", "auto"}}}, "degraded", "SECOND"},
      {{{"head_dim", I(128)}},
       {.compute = "7.5", .build = "old", .launch = {{"attention_backend", "first"}}},
       "fail",
       "FIRST is not there on 7.5"},
      // forced past the path that would crash
      {{{"head_dim", I(96)}}, {.launch = {{"attention_backend", "second"}}}, "degraded", "SECOND"},
      {{}, {.launch = {{"attention_backend", "SECOND"}}}, "skipped", "mcd.head_dim"}};
  const auto rules = Toy();
  for (const auto& c : cases) {
    CAPTURE(c.want);
    CAPTURE(c.says);
    const Report report = Judged(rules, Model(c.mcd), Built(*rules, c.worker));
    std::string got = "pass";
    std::string text;
    if (const Finding* failed = Find(report.violations, "PATH")) {
      got = "fail";
      text = failed->message;
    } else if (const Finding* warned = Find(report.warnings, "PATH")) {
      got = "degraded";
      text = warned->message;
    }
    for (const Skipped& skip : report.skipped) {
      if (skip.rule != "PATH") continue;
      got = "skipped";
      text = skip.because;
    }
    CHECK(got == c.want);
    CAPTURE(text);
    CHECK(text.find(c.says) != std::string::npos);
  }
}

TEST_CASE("CMATCH-8136 an unknown path leaves the answer open only where it would change it") {
  // A may take the model (its input is not known); what follows decides whether that matters.
  const auto outcome = [](const char* first_level, const char* second_level, const char* second) {
    std::string engine(kToyYaml);
    engine.resize(engine.find("paths:"));
    engine += "paths:\n  attention:\n    - {id: A, level: " + std::string(first_level) +
              ", because: \"a\", accepts: [{value: mcd.n, ge: 1}], source: \"s\"}\n    - {id: B, "
              "level: " +
              second_level + ", because: \"b\", accepts: [" + second + "], source: \"s\"}\n";
    const auto rules = MakeRules(ToyFiles(kTableRules, engine));
    const Report report = Judged(rules, Model(), Built(*rules, {}));
    return Find(report.violations, "PATH") != nullptr              ? "fail"
           : Ids(report.skipped).find("PATH") != std::string::npos ? "skipped"
                                                                   : "pass";
  };
  const char* yes = "{value: mcd.context_max, ge: 1}";
  const char* no = "{value: mcd.context_max, lt: 1}";
  CHECK(outcome("native", "native", yes) == "pass");
  CHECK(outcome("native", "unsupported", yes) == "skipped");
  CHECK(outcome("unsupported", "native", yes) == "skipped");
  CHECK(outcome("unsupported", "unsupported", yes) == "fail");
  CHECK(outcome("native", "native", no) == "skipped");
  CHECK(outcome("unsupported", "native", no) == "fail");
}

TEST_CASE("CMATCH-8136 every group of paths must accept; a group of other releases is not asked") {
  std::string engine(kToyYaml);
  engine +=
      "  second:\n    - {id: X, versions: \">=2.5\", level: native, accepts: [{value: "
      "mcd.head_dim, eq: 64}], source: \"s\"}\n";
  const auto rules = MakeRules(ToyFiles(kTableRules, engine));
  const auto fails = [&](const char* version, std::int64_t head_dim) {
    return Ids(
        Judged(rules, Model({{"head_dim", I(head_dim)}}), Built(*rules, {.version = version}))
            .violations);
  };
  CHECK(fails("2.4", 128) == "");
  CHECK(fails("2.5", 128) == "PATH");
  CHECK(fails("2.5", 64) == "");
  // before 2.0 no group is stated: nothing is refused
  CHECK(fails("1.9", 300) == "");
}

TEST_CASE("an engine without paths takes any model") {
  std::string engine(kToyYaml);
  engine.resize(engine.find("paths:"));
  const auto rules = MakeRules(ToyFiles(kTableRules, engine));
  const Report report = Judged(rules, Model({}), Built(*rules, {}));
  CHECK(Ids(report.violations) == "");
  CHECK(Ids(report.skipped).find("PATH") == std::string::npos);
}

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

TEST_CASE("a whole ECP without an engine has no levels; rules on tables are skipped") {
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
}

TEST_CASE("an engine that states tensor types and no quant: degraded types show in quant too") {
  std::string engine(kToyYaml);
  const std::size_t quant = engine.find("  quant:\n");
  engine.erase(quant, engine.find("  tensor_type:\n") - quant);
  const std::string row = "      q4_k: [{level: native, source: \"s\"}]";
  engine.replace(engine.find(row), row.size(),
                 "      q4_k: [{level: degraded, because: \"on the CPU\", source: \"s\"}]");
  const auto rules = MakeRules(ToyFiles(kTableRules, engine));
  Mcd mcd = Model();
  mcd.quant = {"q4_k_m"};
  mcd.attributes["tensor_types"] = K({"q4_k"});
  const Report report = Judged(rules, mcd, Built(*rules, {}));
  CHECK(report.compatible);
  CHECK(Ids(report.warnings) == "QUANT TENSOR");
}

TEST_CASE("an overlay's rows go before what is below and may overlap it") {
  std::vector<RuleFile> files = ToyFiles(kTableRules);
  files.push_back({"overlay.yaml", R"(kind: cmatch.overlay/v1
layer: site
reason: "driver bug"
owner: ops
set:
  - target: engines/toy/supports/quant/fp16
    entries: [{compute: ["8.9"], level: unsupported, because: "OPS-1"}]
)"});
  const auto rules = MakeRules(files);
  const Report here = Judged(rules, Model(), Built(*rules, {.compute = "8.9"}));
  REQUIRE(Ids(here.violations) == "QUANT");
  CHECK(here.violations[0].message.find("OPS-1") != std::string::npos);
  CHECK(here.violations[0].source->where.file == "overlay.yaml");
  CHECK(Ids(Judged(rules, Model(), Built(*rules, {.compute = "8.6"})).violations) == "");
}

TEST_CASE("tables whose rows contradict each other are refused") {
  const struct {
    const char* from;
    const char* to;
    const char* want;
  } cases[] = {
      // two rows for one release and capability, at each boundary
      {"compute: [\"8.0..8.7\"], versions: \">=2.0\", level: degraded",
       "compute: [\"8.0..8.9\"], versions: \">=2.0\", level: degraded", "rules-overlap"},
      {"compute: [\"8.0..8.7\"], versions: \">=2.0\", level: degraded",
       "compute: [\"8.0..8.7\"], level: degraded", ""},
      {"versions: \"<2.0\", level: native, source: \"floor 1\"",
       "versions: \"<=2.0\", level: native, source: \"floor 1\"", "rules-overlap; rules-overlap"},
      {"- {versions: \"<2.0\", cuda", "- {versions: \"<=2.0\", cuda", "rules-overlap"},
      {"compute: [\"7.0..9.0\"], versions: \"<2.0\"", "compute: [\"7.0..9.1\"], versions: \"<2.0\"",
       "rules-unknown-compute"},
      {"driver: \"580\"", "driver: \"new\"", "yaml-wrong-type"},
      {"default_version: \"2.0\"", "default_version: \"3.0\"", "rules-bad-default"},
      {"default_build: [new, old]", "default_build: [newer]", "rules-bad-default"},
      {"  kv_cache:\n    source", "  kv_cach:\n    source", "rules-unknown-dimension"},
      {"  attention:\n    source", "  quants:\n    source", "yaml-missing-key"},
      {"max_context: of_model",
       "max_context: [{value: 1, versions: \"<2.0\", source: s}, {value: 2, versions: \">=2.0\", "
       "source: s}]",
       ""},
      {"max_context: of_model",
       "max_context: [{value: 1, versions: \"<=2.0\", source: s}, {value: 2, versions: \">=2.0\", "
       "source: s}]",
       "rules-overlap"},
      {"[{driver: \"580\"}]",
       "[{compute: [\"7.0..8.0\"], driver: \"580\"}, {compute: [\"8.6..12.0\"], driver: \"570\"}]",
       ""},
      {"[{driver: \"580\"}]",
       "[{compute: [\"7.0..8.0\"], driver: \"580\"}, {compute: [\"8.0..12.0\"], driver: \"570\"}]",
       "rules-overlap"},
      {"[{driver: \"580\"}]", "[{driver: \"580\"}, {compute: [\"8.0\"], driver: \"570\"}]",
       "rules-overlap"},
      // a path that asks for paths would never end
      {"{value: mcd.head_dim, eq: 96}", "{some_path: ecp.paths}", "rules-bad-clause"},
      {"{value: mcd.head_dim, eq: 96}", "{any: [{not: {some_path: ecp.paths}}]}",
       "rules-bad-clause"}};
  for (const auto& c : cases) {
    CAPTURE(c.to);
    std::string engine(kToyYaml);
    REQUIRE(engine.find(c.from) != std::string::npos);
    engine.replace(engine.find(c.from), std::string_view(c.from).size(), c.to);
    CHECK(testing::ProblemCodes(ToyFiles(kTableRules, engine)) == c.want);
  }
}

TEST_CASE("coverage: rows that no check has rested on") {
  const auto rules = Toy();
  const CapabilityMatcher matcher(rules);
  Coverage coverage(rules);
  const auto add = [&](const Mcd& mcd, const Start& w) {
    const auto model = matcher.Bind(mcd);
    const auto worker = matcher.Bind(Built(*rules, w));
    coverage.Add(*model, *worker, matcher.Check(*model, *worker));
  };
  const auto untouched = [&](std::string_view what) {
    for (const Coverage::Gap& gap : coverage.Gaps()) {
      if (gap.what == what) return true;
    }
    return false;
  };
  CHECK(coverage.rows() == coverage.Gaps().size());
  CHECK(untouched("QUANT: no failing case"));
  CHECK(untouched("toy quant fp8"));
  Mcd mcd = Model();
  add(mcd, {});
  CHECK_FALSE(untouched("QUANT: no passing case"));
  CHECK(untouched("QUANT: no failing case"));
  CHECK_FALSE(untouched("toy quant fp16"));
  CHECK_FALSE(untouched("toy attention gqa"));
  CHECK_FALSE(untouched("toy path FIRST"));
  CHECK(untouched("toy path SECOND"));
  CHECK(untouched("toy attention mha"));
  mcd.quant = {"fp8"};
  add(mcd, {.compute = "7.5"});
  CHECK_FALSE(untouched("QUANT: no failing case"));
  CHECK_FALSE(untouched("toy path SECOND"));
  CHECK(untouched("toy quant fp8"));  // no row applied there
  add(mcd, {.compute = "8.9"});
  CHECK(untouched("toy quant fp8"));  // the other row is still to be touched
  add(mcd, {.compute = "8.0"});
  CHECK_FALSE(untouched("toy quant fp8"));
}

}  // namespace
}  // namespace cmatch
