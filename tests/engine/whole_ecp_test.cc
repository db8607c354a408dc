// Profiles that are given whole: their own lists decide.

#include <doctest/doctest.h>

#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::Built;
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
  other.attributes["engine"] = S("TOY");
  CHECK(Judged(rules, Model(), other).warnings[0].hint == "did you mean \"toy\"?");
}

}  // namespace
}  // namespace cmatch
