// Tables that contradict themselves, and rows that no check rests on.

#include <doctest/doctest.h>

#include "cmatch/coverage.h"
#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::Built;
using testing::kTableRules;
using testing::kToyYaml;
using testing::Model;
using testing::Start;
using testing::Toy;
using testing::ToyFiles;

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
      {"driver: \"580\"", "driver: \".580\"", "yaml-wrong-type"},
      {"driver: \"580\"", "driver: \"580.\"", "yaml-wrong-type"},
      {"driver: \"580\"", "driver: \"580..1\"", "yaml-wrong-type"},
      {"driver: \"580\"", "driver: \"580.1\"", ""},
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
