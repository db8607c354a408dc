// The shipped tables: the copy in the library is the one on disk.

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "cmatch/remedy.h"
#include "spec/support.h"

namespace cmatch {
namespace {

using testing::Builtin;
using testing::Judged;
using testing::kSeedEcp;
using testing::kSeedMcd;
using testing::ParseEcp;
using testing::ParseMcd;

TEST_CASE("rules: the built-in set is rules/ as it is on disk") {
  const auto from_disk = LoadRules({CMATCH_SOURCE_DIR "/rules"});
  REQUIRE_MESSAGE(from_disk.has_value(), from_disk.error().message);
  CHECK((*from_disk)->digest() == Builtin()->digest());
  CHECK((*from_disk)->version() == Builtin()->version());
  CHECK((*from_disk)->tables().rules.size() == Builtin()->tables().rules.size());
}

TEST_CASE("rules: the ids of the product contract, in this order") {
  std::string ids;
  for (const Rule& rule : Builtin()->tables().rules) ids += std::string(rule.id) + ' ';
  CHECK(ids ==
        "CMATCH-8030.1 CMATCH-8030.2 CMATCH-8030.3 CMATCH-8030.4 CMATCH-8130 CMATCH-8131 "
        "CMATCH-8132.1 CMATCH-8132.2 CMATCH-8133 CMATCH-8134 CMATCH-8135 CMATCH-8136 CMATCH-8137 "
        "CMATCH-8138 CMATCH-8139 CMATCH-8140 CMATCH-8141 CMATCH-8142 CMATCH-8201 ");
}

TEST_CASE("rules: the four rules are errors under their names, each with a reason and a source") {
  const char* errors[] = {"IncompatiblePositional", "IncompatibleAttention", "IncompatibleQuant",
                          "ContextTooLarge"};
  for (int i = 0; i < 4; ++i) {
    const Rule* rule = Builtin()->FindRule("CMATCH-8030." + std::to_string(i + 1));
    REQUIRE(rule != nullptr);
    CHECK(rule->error == errors[i]);
    CHECK(rule->severity == Severity::kError);
  }
  for (const Rule& rule : Builtin()->tables().rules) {
    CAPTURE(std::string(rule.id));
    CHECK_FALSE(rule.why.empty());
    CHECK_FALSE(rule.source.empty());
    CHECK_FALSE(rule.message.empty());
  }
}

TEST_CASE("CMATCH-8201: the numbers stay bytes, the sentence is for people") {
  const struct {
    std::int64_t file_bytes;
    const char* size;
  } cases[] = {
      {1023, "take 1023 bytes;"},
      {(1 << 20) - 1, "take 1048575 bytes;"},
      {1 << 20, "take 1.0 MiB;"},
      {(std::int64_t{1} << 30) - 1, "take 1024.0 MiB;"},
      {std::int64_t{1} << 30, "take 1.0 GiB;"},
      {74'975'894'464, "take 69.8 GiB;"},
      {std::numeric_limits<std::int64_t>::max(), "take 8589934592.0 GiB;"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.size);
    Mcd mcd = ParseMcd(kSeedMcd);
    mcd.attributes["file_bytes"] = c.file_bytes;
    Ecp ecp = ParseEcp(kSeedEcp);
    ecp.vram_bytes = 512;
    const Report report = Judged(mcd, ecp);
    CHECK(report.compatible);
    REQUIRE(report.warnings.size() == 1);
    const Finding& finding = report.warnings[0];
    CHECK(finding.rule == "CMATCH-8201");
    CHECK(finding.required == Value(c.file_bytes));
    CHECK(finding.max == 512);
    CHECK(finding.message.find(c.size) != std::string::npos);
    CHECK(finding.message.ends_with("has 512 bytes"));
  }
}

TEST_CASE("CMATCH-8139: the hint has the sizes that heads and quantisation groups both allow") {
  const struct {
    const char* name;
    std::map<std::string, Value, std::less<>> attributes;
    std::int64_t size;
    const char* want;
  } cases[] = {
      {"heads fail", {{"head_count", std::int64_t{12}}}, 8, "1, 2, 3, 4, 6, 12"},
      {"groups fail",
       {{"head_count", std::int64_t{32}},
        {"intermediate_size", std::int64_t{18944}},
        {"group_size", std::int64_t{128}}},
       8,
       "1, 2, 4"},
      {"heads fail, groups bound",
       {{"head_count", std::int64_t{32}},
        {"intermediate_size", std::int64_t{18944}},
        {"group_size", std::int64_t{128}}},
       37,
       "1, 2, 4"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Mcd mcd = ParseMcd(kSeedMcd);
    mcd.attributes = c.attributes;
    Ecp ecp = ParseEcp(kSeedEcp);
    ecp.attributes["tensor_parallel"] = c.size;
    const Report report = Judged(mcd, ecp);
    REQUIRE(report.violations.size() == 1);
    CHECK(report.violations[0].rule == "CMATCH-8139");
    CHECK(report.violations[0].hint == std::string("tensor_parallel may be ") + c.want);
  }
}

TEST_CASE("CMATCH-8141: a split over more GPUs than the worker has") {
  const struct {
    const char* name;
    std::map<std::string, std::int64_t> worker;
    const char* verdict;  // "pass", "fail", "skipped", "not asked"
    std::int64_t needs;
  } cases[] = {
      {"as many", {{"gpu_count", 4}, {"tensor_parallel", 4}}, "pass", 0},
      {"one too few", {{"gpu_count", 3}, {"tensor_parallel", 4}}, "fail", 4},
      {"more than are used", {{"gpu_count", 3}, {"tensor_parallel", 2}}, "pass", 0},
      {"both settings",
       {{"gpu_count", 4}, {"tensor_parallel", 2}, {"pipeline_parallel", 2}},
       "pass",
       0},
      {"the product of both",
       {{"gpu_count", 3}, {"tensor_parallel", 2}, {"pipeline_parallel", 2}},
       "fail",
       4},
      {"stages alone",
       {{"gpu_count", 1}, {"tensor_parallel", 1}, {"pipeline_parallel", 2}},
       "fail",
       2},
      {"no split",
       {{"gpu_count", 1}, {"tensor_parallel", 1}, {"pipeline_parallel", 1}},
       "not asked",
       0},
      {"the number is not known", {{"tensor_parallel", 2}}, "skipped", 0},
      {"no settings", {{"gpu_count", 1}}, "not asked", 0},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Mcd mcd = ParseMcd(kSeedMcd);
    mcd.attributes["head_count"] = std::int64_t{32};
    Ecp ecp = ParseEcp(kSeedEcp);
    for (const auto& [name, value] : c.worker) ecp.attributes[name] = value;
    const Report report = Judged(mcd, ecp);
    const bool skipped = std::ranges::any_of(
        report.skipped, [](const Skipped& rule) { return rule.rule == "CMATCH-8141"; });
    CHECK(skipped == (std::string_view(c.verdict) == "skipped"));
    CHECK(report.compatible == (std::string_view(c.verdict) != "fail"));
    if (report.compatible) continue;
    REQUIRE(report.violations.size() == 1);
    const Finding& finding = report.violations[0];
    CHECK(finding.rule == "CMATCH-8141");
    CHECK(finding.required == Value(c.worker.at("gpu_count")));
    CHECK(finding.min == c.needs);
    CHECK(finding.hint.find("count=" + std::to_string(c.needs)) != std::string::npos);
  }
}

TEST_CASE("remedies: another engine is one that has the launch settings asked for") {
  const CapabilityMatcher matcher(Builtin());
  RemedyRequest request{.mcd = ParseMcd(kSeedMcd), .engine = ParseEngine("tensorrt-llm@1.0.0")};
  request.mcd.quant = {"q4_k_m"};
  request.mcd.attributes["head_count"] = std::int64_t{32};
  request.gpu.compute = ParseCompute("8.9");
  const auto engines = [&] {
    std::set<std::string> names;
    for (const Remedy& remedy : Remedies(matcher, request)) {
      for (const RemedyChange& change : remedy.changes) {
        if (change.what == "engine") names.insert(change.to.substr(0, change.to.find('@')));
      }
    }
    return names;
  };
  CHECK(engines().contains("llama.cpp"));
  request.engine.launch = {{"tensor_parallel", "2"}};  // llama.cpp has no such setting
  CHECK_FALSE(engines().contains("llama.cpp"));
}

TEST_CASE("rules: the five engines, every row with a source") {
  std::set<std::string> names;
  for (const Engine& engine : Builtin()->tables().engines) {
    names.insert(std::string(engine.name));
    for (const Dimension& dimension : engine.supports) {
      for (const KindSupport& row : dimension.kinds) {
        for (const Entry& entry : row.entries) {
          CAPTURE(std::string(engine.name) + " " + std::string(row.kind));
          CHECK_FALSE(entry.source.empty());
          if (entry.level == Level::kDegraded) CHECK_FALSE(entry.because.empty());
        }
      }
    }
  }
  CHECK(names == std::set<std::string>{"llama.cpp", "ollama", "sglang", "tensorrt-llm", "vllm"});
}

}  // namespace
}  // namespace cmatch
