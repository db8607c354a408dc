// What the tables say of a worker, at the check: levels, floor, images, driver, KV cache.

#include <doctest/doctest.h>

#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::Attributes;
using testing::Built;
using testing::Find;
using testing::Ids;
using testing::Judged;
using testing::K;
using testing::kTableRules;
using testing::kToyYaml;
using testing::MakeRules;
using testing::Model;
using testing::Outcome;
using testing::S;
using testing::Toy;
using testing::ToyFiles;

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
  CHECK(quant->hint.find("compute capability 8.0..9.0") != std::string::npos);
  CHECK(quant->source->where.file == "engines/toy.yaml");
  const Finding* positional = Find(report.violations, "POS");
  REQUIRE(positional != nullptr);
  CHECK(positional->source->text == "positional");  // not listed: the dimension's source
  CHECK(positional->supported == std::vector<std::string>{"rope_llama", "alibi"});
  CHECK(positional->required == S("rope_neox"));
}

TEST_CASE("a hint names where the kind runs after the overlays, not what they replaced") {
  std::vector<RuleFile> files = ToyFiles(std::string(kTableRules));
  files.push_back({"site.yaml", R"(kind: cmatch.overlay/v1
layer: site
reason: "OPS-1234"
owner: ops
set:
  - target: engines/toy/supports/quant/fp8
    entries: [{compute: ["8.6..8.9"], level: unsupported, because: "OPS-1234"}]
)"});
  const auto rules = MakeRules(files);
  Mcd mcd = Model();
  mcd.quant = {"fp8"};
  const Report report = Judged(rules, mcd, Built(*rules, {.compute = "8.9"}));
  const Finding* quant = Find(report.violations, "QUANT");
  REQUIRE(quant != nullptr);
  CHECK(quant->hint == "toy 2.0 runs fp8 on compute capability 8.0, 9.0");
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

TEST_CASE("CMATCH-8133 an engine that goes by the list of capabilities takes no other GPU") {
  std::string engine(kToyYaml);
  engine.replace(engine.find("\"9.0ptx\"], min"), 10,
                 "\"9.0ptx\"], only_listed: \"skipped: not in the list\",");
  const auto rules = MakeRules(ToyFiles(kTableRules, engine));
  for (const auto& [compute, fails] :
       {std::pair{"8.0", false}, std::pair{"8.9", false}, std::pair{"8.7", true},
        std::pair{"9.0", false}, std::pair{"10.0", false}, std::pair{"12.0", true}}) {
    CAPTURE(compute);
    const Report report = Judged(rules, Model(), Built(*rules, {.compute = compute}));
    const Finding* image = Find(report.violations, "IMAGE");
    CHECK((image != nullptr) == fails);
    if (image != nullptr) {
      CHECK(image->message.ends_with(": skipped: not in the list"));
    }
  }
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

}  // namespace
}  // namespace cmatch
