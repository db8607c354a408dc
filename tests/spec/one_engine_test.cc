// The built-in rules with the rows of one engine: what they say of it is what all of them say.

#include <doctest/doctest.h>

#include <algorithm>

#include "cmatch/build_ecp.h"
#include "cmatch/cases_io.h"
#include "cmatch/check.h"
#include "cmatch/ecp_source.h"
#include "cmatch/render.h"
#include "cmatch/rules_io.h"
#include "support.h"

namespace cmatch {
namespace {

using testing::Builtin;

std::string Answer(const CapabilityMatcher& matcher, const Mcd& mcd, const CaseEcp& worker) {
  const auto gpu = ParseGpu(worker.gpu, matcher.rules());
  if (!gpu) return RenderJson(gpu.error());
  const auto ecp = BuildEcp(matcher.rules(), worker.choice, *gpu);
  if (!ecp) return RenderJson(ecp.error());
  const auto report = matcher.check_compatibility(mcd, *ecp);
  return report ? RenderJson(*report) : RenderJson(report.error());
}

TEST_CASE("CMATCH-8050 rules of one engine: every regression case has the same report") {
  const auto cases = LoadCases({CMATCH_SOURCE_DIR "/rules"});
  REQUIRE(cases);
  const CheckOptions options{.today = "2026-11-29", .trace = true};
  const CapabilityMatcher all(Builtin(), options);
  for (const Engine& engine : Builtin()->tables().engines) {
    const CapabilityMatcher one(LoadBuiltinRules(engine.name), options);
    std::size_t compared = 0;
    for (const Case& c : cases->cases) {
      const CaseEcp& worker = cases->ecps[c.ecp];
      if (worker.whole || worker.choice.engine != engine.name) continue;
      const Mcd& mcd = cases->mcds[c.mcd].mcd;
      CHECK_MESSAGE(Answer(one, mcd, worker) == Answer(all, mcd, worker), c.id);
      ++compared;
    }
    CHECK_MESSAGE(compared > 0, engine.name);
  }
}

TEST_CASE("CMATCH-8050 rules of one engine: what is not of an engine is all there") {
  const auto one = LoadBuiltinRules("llama.cpp");
  CHECK(one->digest() == Builtin()->digest());
  CHECK(one->tables().rules.size() == Builtin()->tables().rules.size());
  CHECK(one->tables().gpus.size() == Builtin()->tables().gpus.size());
  for (const char* dimension :
       {"positional", "attention", "quant", "tensor_type", "architecture", "kv_cache", "format"}) {
    CAPTURE(std::string(dimension));
    CHECK(std::ranges::equal(one->KindsOf(dimension), Builtin()->KindsOf(dimension)));
  }
}

TEST_CASE("CMATCH-8050 rules of one engine: other engines are known and refused") {
  const struct {
    const char* loaded;
    const char* asked;
    const char* code;  // of the problem; empty: it is built
  } kRows[] = {
      {"vllm", "vllm", ""},
      {"vLLM", "vllm", ""},  // folded, as --engine is
      {"llama.cpp", "vllm", "ecp-no-release"},
      {"llama.cpp", "no_engine", "ecp-unknown-engine"},
      {"no_engine", "llama.cpp", "ecp-no-release"},
      {"no_engine", "no_engine", "ecp-unknown-engine"},
  };
  for (const auto& row : kRows) {
    CAPTURE(std::string(row.loaded));
    CAPTURE(std::string(row.asked));
    const auto rules = LoadBuiltinRules(row.loaded);
    const auto gpu = ParseGpu("cc=8.9", *rules);
    REQUIRE(gpu);
    const auto ecp = BuildEcp(*rules, {.engine = row.asked}, *gpu);
    CHECK((ecp ? "" : ecp.error().problems[0].code) == std::string(row.code));
  }
}

}  // namespace
}  // namespace cmatch
