// What changes between two rule sets on the grid of engine, release, build, capability and kind.

#include "cmatch/diff.h"

#include <doctest/doctest.h>

#include "engine/diff_lines.h"

namespace cmatch {
namespace {

using testing::Changed;
using testing::kToyYaml;
using testing::Lines;
using testing::Toy;
using testing::WithOverlay;

TEST_CASE("diff: equal sets have no change") {
  const RuleSetDiff diff = Compare(*Toy(), *Toy());
  CHECK(diff.grid.empty());
  CHECK(diff.tables.empty());
  CHECK(diff.grid_cells > 0);
  CHECK_FALSE(diff.GetsWorse());
  CHECK(diff.old_digest == diff.new_digest);
}

TEST_CASE("diff: each change of an engine's table is exactly the cells it changes") {
  const struct {
    const char* from;
    const char* to;
    const char* grid;
    bool worse;
  } cases[] = {
      // two spans (1.0 to 2.0, 2.0 to 3.0) on each capability
      {"fp8:\n        - {compute: [\"8.9..9.0\"], level: native",
       "fp8:\n        - {compute: [\"8.9\"], level: native",
       "worse 2 supports/quant fp8 [9.0] [>=1.0 <3.0] native -> unsupported", true},
      {"fp8:\n        - {compute: [\"8.9..9.0\"], level: native",
       "fp8:\n        - {compute: [\"8.9..10.0\"], level: native",
       "better 2 supports/quant fp8 [10.0] [>=1.0 <3.0] unsupported -> native", false},
      {"versions: \">=2.0\", level: degraded, because: \"weights only\"",
       "versions: \">=1.5\", level: degraded, because: \"weights only\"",
       "better 3 supports/quant fp8 [8.0..8.7] [>=1.5 <2.0] unsupported -> degraded", false},
      {"level: degraded, because: \"weights only\"", "level: native, because: \"weights only\"",
       "better 3 supports/quant fp8 [8.0..8.7] [>=2.0 <3.0] degraded -> native", false},
      {"{compute: [\"7.5..12.0\"], versions: \">=2.0\", level: native",
       "{compute: [\"8.0..12.0\"], versions: \">=2.0\", level: native",
       "worse 1 floor [7.5] [>=2.0 <3.0] native -> unsupported", true},
      {"windows: [{versions: \">=1.0 <3.0\"", "windows: [{versions: \">=1.0 <=3.0\"",
       "better 1 windows [] [==3.0] not covered -> covered", false},
      {"windows: [{versions: \">=1.0 <3.0\"", "windows: [{versions: \">=1.5 <3.0\"",
       "worse 1 windows [] [>=1.0 <1.5] covered -> not covered", true},
      {"max_context: of_model", "max_context: [{value: 4096, versions: \">=2.0\", source: \"s\"}]",
       "worse 1 max_context [] [>=2.0 <3.0] of_model -> 4096", true},
      {"\"8.9\", \"9.0a\", \"10.0f\", \"9.0ptx\"", "\"8.9\", \"10.0f\", \"9.0ptx\"",
       "worse 1 builds/images new [9.0] [>=2.0 <3.0] native -> degraded", true},
      {"min_driver: [{driver: \"580\"}]", "min_driver: [{driver: \"590\"}]",
       "worse 9 builds/min_driver new [7.0..12.0] [>=2.0 <3.0] 580 -> 590", true},
      {"min_driver: [{driver: \"580\"}]", "min_driver: [{driver: \"575\"}]",
       "better 9 builds/min_driver new [7.0..12.0] [>=2.0 <3.0] 580 -> 575", false},
      {"{values: [auto, fp16, fp8], default: auto", "{values: [auto, fp16, fp8], default: fp8",
       "unclear 2 launch kv_cache [] [>=1.0 <3.0] auto, fp16, fp8; default auto -> auto, fp16, "
       "fp8; default fp8",
       true},
      {"  chunked: {values: [\"on\", \"off\"], default: \"on\", versions: \">=2.0\", source: "
       "\"s\"}\n",
       "", "worse 1 launch chunked [] [>=2.0 <3.0] on, off; default on -> not there", true},
      {"    - {id: NEVER, compute: [\"8.0..9.0\"]", "    - {id: OTHER, compute: [\"8.0..9.0\"]",
       "worse 5 paths/attention NEVER [8.0..9.0] [>=2.0 <3.0] unsupported for {value: "
       "mcd.head_dim, eq: 96} -> not there\n"
       "unclear 5 paths/attention OTHER [8.0..9.0] [>=2.0 <3.0] not there -> unsupported for "
       "{value: mcd.head_dim, eq: 96}",
       true},
      {"in: [64, 128]", "in: [64]",
       "unclear 5 paths/attention FIRST [8.0..9.0] [>=2.0 <3.0] native for {value: mcd.head_dim, "
       "in: [64, 128]} -> "
       "native for {value: mcd.head_dim, in: [64]}",
       true},
      // kinds that change alike are one change
      {"      mha: [{level: native, source: \"s\"}]\n      gqa: [{level: native, source: \"s\"}]\n",
       "      mha: [{compute: [\"8.0..12.0\"], level: native, source: \"s\"}]\n      gqa: "
       "[{compute: [\"8.0..12.0\"], level: native, source: \"s\"}]\n",
       "worse 8 supports/attention mha gqa [7.0..7.5] [>=1.0 <3.0] native -> unsupported", true},
      // a file type follows its main tensor type
      {"      q4_k: [{level: native, source: \"s\"}]\n", "",
       "worse 36 supports/quant q4_k q4_k_m [7.0..12.0] [>=1.0 <3.0] native -> unsupported\n"
       "worse 18 supports/tensor_type q4_k [7.0..12.0] [>=1.0 <3.0] native -> unsupported",
       true},
      {"  kv_cache:\n    source: \"kv_cache\"\n    kinds:\n      auto: [{level: native, source: "
       "\"s\"}]\n      fp16: [{level: native, source: \"s\"}]\n      fp8: [{compute: "
       "[\"8.9..9.0\"], level: native, source: \"s\"}]\n",
       "",
       "worse 36 supports/kv_cache auto fp16 [7.0..12.0] [>=1.0 <3.0] native -> not stated\n"
       "worse 4 supports/kv_cache fp8 [8.9..9.0] [>=1.0 <3.0] native -> not stated\n"
       "better 14 supports/kv_cache fp8 [7.0..8.7, 10.0..12.0] [>=1.0 <3.0] unsupported -> not "
       "stated",
       true},
  };
  for (const auto& c : cases) {
    CAPTURE(c.to);
    const RuleSetDiff diff = Compare(*Toy(), *Changed(c.from, c.to));
    CHECK(Lines(diff.grid) == c.grid);
    CHECK(diff.tables.empty());
    CHECK(diff.GetsWorse() == c.worse);
  }
}

TEST_CASE("diff: limits, settings, paths and floors, whichever way they change") {
  const std::string limit_4k = "max_context: [{value: 4096, source: \"s\"}]";
  const std::string limit_8k = "max_context: [{value: 8192, source: \"s\"}]";
  const std::string no_limit = "max_context: of_model";
  const std::string driver = "min_driver: [{driver: \"580\"}], ";
  const std::string first =
      "    - {id: FIRST, compute: [\"8.0..9.0\"], versions: \">=2.0\", level: "
      "native, accepts: [{value: mcd.head_dim, in: [64, 128]}], source: "
      "\"first\"}\n";
  const std::string whole =
      "    - {id: FIRST, compute: [\"8.0..9.0\"], versions: \">=2.0\", level: "
      "native, source: \"first\"}\n";
  const std::string key =
      "  chunked: {values: [\"on\", \"off\"], default: \"on\", versions: "
      "\">=2.0\", source: \"s\"}\n";
  const std::string number = "  tensor_parallel: {integer: [1, 8], default: 1, source: \"s\"}\n";
  const struct {
    std::string part;  // of the toy's file
    std::string before;
    std::string after;
    const char* grid;
  } cases[] = {
      {no_limit, limit_4k, limit_8k, "better 2 max_context [] [>=1.0 <3.0] 4096 -> 8192"},
      {no_limit, limit_8k, limit_4k, "worse 2 max_context [] [>=1.0 <3.0] 8192 -> 4096"},
      {no_limit, limit_8k, no_limit, "better 2 max_context [] [>=1.0 <3.0] 8192 -> of_model"},
      {no_limit, limit_8k, limit_8k, ""},
      {driver, "", driver, "worse 9 builds/min_driver new [7.0..12.0] [>=2.0 <3.0] none -> 580"},
      {driver, driver, "", "better 9 builds/min_driver new [7.0..12.0] [>=2.0 <3.0] 580 -> none"},
      {key, "", key, "better 1 launch chunked [] [>=2.0 <3.0] not there -> on, off; default on"},
      {number, number, "  tensor_parallel: {integer: [1, 16], source: \"s\"}\n",
       "unclear 2 launch tensor_parallel [] [>=1.0 <3.0] 1 to 8; default 1 -> 1 to 16"},
      {first, "", first,
       "better 5 paths/attention FIRST [8.0..9.0] [>=2.0 <3.0] not there -> native for {value: "
       "mcd.head_dim, in: [64, 128]}"},
      {first, first, whole,
       "unclear 5 paths/attention FIRST [8.0..9.0] [>=2.0 <3.0] native for {value: mcd.head_dim, "
       "in: [64, 128]} -> native"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.before);
    CAPTURE(c.after);
    CHECK(Lines(Compare(*Changed(c.part, c.before), *Changed(c.part, c.after)).grid) == c.grid);
  }
}

TEST_CASE("diff: the order of paths counts among those that both sides have") {
  const std::string paths(kToyYaml.substr(kToyYaml.find("    - {id: FIRST")));
  const std::size_t never = paths.find("    - {id: NEVER");
  const std::size_t second = paths.find("    - {id: SECOND");
  const std::string a = paths.substr(0, never);
  const std::string b = paths.substr(never, second - never);
  const std::string c = paths.substr(second);
  CHECK(Lines(Compare(*Toy(), *Changed(paths, b + a + c)).grid) ==
        "unclear 5 paths/attention [8.0..9.0] [>=2.0 <3.0] FIRST, NEVER, SECOND -> NEVER, "
        "FIRST, SECOND");
  // one that is only there on one side does not put the others into another order
  CHECK(Lines(Compare(*Changed(paths, a + c), *Changed(paths, a + b + c)).grid) ==
        "unclear 5 paths/attention NEVER [8.0..9.0] [>=2.0 <3.0] not there -> unsupported for "
        "{value: mcd.head_dim, eq: 96}");
}

TEST_CASE("diff: the rows that decided on both sides, and why") {
  const auto after = WithOverlay(
      "set:\n  - {target: engines/toy/supports/quant/fp8, entries: [{compute: [\"8.6..9.0\"], "
      "level: "
      "unsupported, because: \"OPS-2\"}]}\n");
  const RuleSetDiff diff = Compare(*Toy(), *after);
  REQUIRE(Lines(diff.grid) ==
          "worse 4 supports/quant fp8 [8.9..9.0] [>=1.0 <3.0] native -> unsupported\n"
          "worse 2 supports/quant fp8 [8.6..8.7] [>=2.0 <3.0] degraded -> unsupported");
  CHECK(diff.grid[0].because == "OPS-2");
  REQUIRE(diff.grid[0].old_rows.size() == 1);
  REQUIRE(diff.grid[0].new_rows.size() == 1);
  CHECK(diff.grid[0].old_rows[0].file == "engines/toy.yaml");
  CHECK(diff.grid[0].old_rows[0].line + 1 == diff.grid[1].old_rows[0].line);
  CHECK(ToString(diff.grid[0].new_rows[0]).starts_with("o.yaml:6:"));
  CHECK(diff.grid[0].Targets() == std::vector<std::string>{"engines/toy/supports/quant/fp8"});
  // the other way round
  CHECK_FALSE(Compare(*after, *Toy()).GetsWorse());
}

TEST_CASE("diff: what is allowed does not count, kind by kind") {
  const auto after = Changed(
      "      mha: [{level: native, source: \"s\"}]\n      gqa: [{level: native, source: \"s\"}]\n",
      "      mha: [{level: unsupported, source: \"s\"}]\n      gqa: [{level: unsupported, source: "
      "\"s\"}]\n");
  const struct {
    std::vector<std::string> allow;
    const char* grid;
    bool worse;
  } cases[] = {
      {{"engines/toy/supports/attention/mha"},
       "worse 18 supports/attention gqa [7.0..12.0] [>=1.0 <3.0] native -> unsupported\n"
       "worse allowed 18 supports/attention mha [7.0..12.0] [>=1.0 <3.0] native -> unsupported",
       true},
      {{"engines/toy/supports/attention/*"},
       "worse allowed 36 supports/attention mha gqa [7.0..12.0] [>=1.0 <3.0] native -> unsupported",
       false},
      {{"*/mha", "*/gqa"},
       "worse allowed 36 supports/attention mha gqa [7.0..12.0] [>=1.0 <3.0] native -> unsupported",
       false},
      {{"engines/other/*", "mha"},
       "worse 36 supports/attention mha gqa [7.0..12.0] [>=1.0 <3.0] native -> unsupported",
       true},
  };
  for (const auto& c : cases) {
    const RuleSetDiff diff = Compare(*Toy(), *after, {.allow = c.allow});
    CHECK(Lines(diff.grid) == c.grid);
    CHECK(diff.GetsWorse() == c.worse);
    CHECK(diff.ChangedCells() == 36);
  }
}

}  // namespace
}  // namespace cmatch
