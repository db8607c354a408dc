#ifndef CMATCH_TESTS_ENGINE_TOY_H_
#define CMATCH_TESTS_ENGINE_TOY_H_

// Models and workers of the engine `toy` (support/rules.h), judged by the rules on tables.

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/build_ecp.h"
#include "support/rules.h"

namespace cmatch::testing {

inline std::shared_ptr<const RuleSet> Toy() { return MakeRules(ToyFiles(kTableRules)); }

// A model that toy 2.0 takes whole on 8.9.
inline Mcd Model(const Attributes& attributes = {{"head_dim", I(128)}}) {
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

inline Ecp Built(const RuleSet& rules, const Start& w) {
  GpuFacts gpu;
  gpu.compute = ParseCompute(w.compute);
  gpu.driver = w.driver;
  const auto ecp = BuildEcp(
      rules, {.engine = "toy", .version = w.version, .build = w.build, .launch = w.launch}, gpu);
  REQUIRE_MESSAGE(ecp.has_value(), ecp.error().message);
  return *ecp;
}

inline Report Judged(const std::shared_ptr<const RuleSet>& rules, const Mcd& mcd, const Ecp& ecp) {
  const CapabilityMatcher matcher(rules);
  const auto model = matcher.Bind(mcd);
  const auto worker = matcher.Bind(ecp);
  REQUIRE(model.has_value());
  REQUIRE_MESSAGE(worker.has_value(), worker.error().message);
  CHECK(Disagreement(matcher, *model, *worker) == "");
  return matcher.Explain(*model, *worker);
}

// "fails | warns | skipped"
inline std::string Outcome(const Report& report) {
  return Ids(report.violations) + "|" + Ids(report.warnings) + "|" + Ids(report.skipped);
}

inline const Finding* Find(const std::vector<Finding>& findings, std::string_view rule) {
  for (const Finding& finding : findings) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_ENGINE_TOY_H_
