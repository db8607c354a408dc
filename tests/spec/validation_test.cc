// CMATCH-8030, 8031 and 8050: the four rules and what a failure says.

#include <algorithm>

#include "cmatch/render.h"
#include "spec/support.h"

namespace cmatch {
namespace {

using testing::Builtin;
using testing::Ids;
using testing::Judged;
using testing::kSeedEcp;
using testing::kSeedMcd;
using testing::ParseEcp;
using testing::ParseMcd;
using testing::SeedEcp;
using testing::SeedMcd;
using testing::With;

std::string Failing(const Mcd& mcd, const Ecp& ecp) { return Ids(Judged(mcd, ecp).violations); }

TEST_CASE("CMATCH-8030 validation: the specification's model runs on its worker") {
  const Report report = Judged(ParseMcd(kSeedMcd), ParseEcp(kSeedEcp));
  CHECK(report.compatible);
  CHECK(report.violations.empty());
  CHECK(report.warnings.empty());
}

TEST_CASE("CMATCH-8030.1 positional: a member of the worker's list") {
  for (const char* kind : {"rope_llama", "rope_neox", "alibi", "ROPE-LLAMA", "rope_norm"}) {
    CAPTURE(kind);
    Mcd mcd = SeedMcd();
    mcd.positional = kind;
    CHECK(Failing(mcd, SeedEcp()) == "");
  }
  for (const char* kind : {"learned", "mrope", "none", "rope", "rope_lama"}) {
    CAPTURE(kind);
    Mcd mcd = SeedMcd();
    mcd.positional = kind;
    CHECK(Failing(mcd, SeedEcp()) == "CMATCH-8030.1");
  }
}

TEST_CASE("CMATCH-8030.2 attention: a member of the worker's list") {
  for (const char* kind : {"mha", "gqa", "mqa", "GQA"}) {
    CAPTURE(kind);
    Mcd mcd = SeedMcd();
    mcd.attention = kind;
    CHECK(Failing(mcd, SeedEcp()) == "");
  }
  for (const char* kind : {"mla", "none", "gqaa"}) {
    CAPTURE(kind);
    Mcd mcd = SeedMcd();
    mcd.attention = kind;
    CHECK(Failing(mcd, SeedEcp()) == "CMATCH-8030.2");
  }
}

TEST_CASE("CMATCH-8030.3 quant: one common element is enough") {
  const struct {
    std::vector<std::string> model;
    std::vector<std::string> worker;
    const char* want;
  } cases[] = {{{"q4_0", "q8_0"}, {"q4_0", "q8_0", "fp16"}, ""},
               {{"q4_k_m", "q8_0"}, {"q8_0"}, ""},
               {{"q4_k_m", "q6_k", "fp16"}, {"q4_0", "fp16"}, ""},
               {{"F16"}, {"half"}, ""},
               {{"q4_k_m"}, {"fp16"}, "CMATCH-8030.3"},
               {{"q4_k_m", "q6_k"}, {"fp16", "q4_0"}, "CMATCH-8030.3"},
               {{"q4_0"}, {}, "CMATCH-8030.3"},
               {{"brand_new"}, {"brand-new"}, ""}};
  for (const auto& c : cases) {
    CAPTURE(c.model[0]);
    Mcd mcd = SeedMcd();
    Ecp ecp = SeedEcp();
    mcd.quant = c.model;
    ecp.supports_quant = c.worker;
    CHECK(Failing(mcd, ecp) == c.want);
  }
}

TEST_CASE("CMATCH-8030.4 context: not more than the worker allows") {
  const struct {
    std::int64_t context;
    std::int64_t most;
    const char* want;
  } cases[] = {{16383, 16384, ""},
               {16384, 16384, ""},
               {16385, 16384, "CMATCH-8030.4"},
               {1, 1, ""},
               {2, 1, "CMATCH-8030.4"},
               {INT64_MAX, INT64_MAX, ""},
               {INT64_MAX, INT64_MAX - 1, "CMATCH-8030.4"}};
  for (const auto& c : cases) {
    CAPTURE(c.context);
    Mcd mcd = SeedMcd();
    Ecp ecp = SeedEcp();
    mcd.context_max = c.context;
    ecp.max_context = c.most;
    CHECK(Failing(mcd, ecp) == c.want);
  }
}

TEST_CASE("CMATCH-8030 validation: every failing rule is reported, in order") {
  const Report report = Judged(
      ParseMcd(
          R"({"model_id": "m", "positional": "rope_neox", "attention": "mla", "quant": ["q4_k_m"], "context_max": 32768, "vocab_size": 1})"),
      ParseEcp(
          R"({"worker_id": "w", "supports_positional": ["rope_llama", "alibi"], "supports_attention": ["gqa"], "supports_quant": ["fp16"], "max_context": 16384, "vram_bytes": 1})"));
  CHECK(Ids(report.violations) == "CMATCH-8030.1 CMATCH-8030.2 CMATCH-8030.3 CMATCH-8030.4");
}

// CapabilityError::IncompatiblePositional { required: "rope_neox", supported: vec!["rope_llama",
// "alibi"] }
TEST_CASE("CMATCH-8031 error reporting: what was required and what is supported") {
  const Report report = Judged(ParseMcd(With(kSeedMcd, "rope_llama", "rope_neox")),
                               ParseEcp(With(kSeedEcp, "[\"rope_llama\", \"rope_neox\", \"alibi\"]",
                                             "[\"rope_llama\", \"alibi\"]")));
  REQUIRE(report.violations.size() == 1);
  const Finding& finding = report.violations[0];
  CHECK(finding.error == "IncompatiblePositional");
  CHECK(finding.required == Value(std::string("rope_neox")));
  CHECK(finding.supported == std::vector<std::string>{"rope_llama", "alibi"});
  CHECK(finding.message.find("rope_neox") != std::string::npos);
  CHECK(finding.message.find("rope_llama, alibi") != std::string::npos);
  const std::string json = RenderJson(report);
  CHECK(json.find(R"("rule":"CMATCH-8030.1","error":"IncompatiblePositional","severity":"error",)"
                  R"("required":"rope_neox","supported":["rope_llama","alibi"])") !=
        std::string::npos);
}

TEST_CASE("CMATCH-8031 error reporting: spelling and order are the caller's") {
  Mcd mcd = SeedMcd();
  Ecp ecp = SeedEcp();
  mcd.quant = {"Q4-K-M", "Q6_K"};
  ecp.supports_quant = {"FP16", "a", "B-c"};
  const Report report = Judged(mcd, ecp);
  REQUIRE(report.violations.size() == 1);
  CHECK(report.violations[0].required == Value(mcd.quant));
  CHECK(report.violations[0].supported == ecp.supports_quant);
}

TEST_CASE("CMATCH-8050 error types: each of the six, with its members") {
  Mcd mcd = SeedMcd();
  Ecp ecp = SeedEcp();
  mcd.positional = "learned";
  mcd.attention = "mla";
  mcd.quant = {"q4_k_m"};
  mcd.context_max = 32768;
  const Report report = Judged(mcd, ecp);
  REQUIRE(report.violations.size() == 4);
  const char* names[] = {"IncompatiblePositional", "IncompatibleAttention", "IncompatibleQuant",
                         "ContextTooLarge"};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(report.violations[i].error == names[i]);
    CHECK(report.violations[i].has_supported == (i < 3));
  }
  CHECK(report.violations[0].required == Value(std::string("learned")));
  CHECK(report.violations[2].required == Value(std::vector<std::string>{"q4_k_m"}));
  CHECK(report.violations[3].required == Value(std::int64_t{32768}));
  CHECK(report.violations[3].max == 16384);

  const CapabilityMatcher matcher(Builtin());
  const auto invalid_mcd = matcher.check_compatibility(Mcd{}, ecp);
  REQUIRE_FALSE(invalid_mcd.has_value());
  CHECK(ToString(invalid_mcd.error().kind) == "InvalidMcd");
  CHECK_FALSE(invalid_mcd.error().message.empty());
  const auto invalid_ecp = matcher.check_compatibility(mcd, Ecp{});
  REQUIRE_FALSE(invalid_ecp.has_value());
  CHECK(ToString(invalid_ecp.error().kind) == "InvalidEcp");
  CHECK_FALSE(invalid_ecp.error().message.empty());
}

}  // namespace
}  // namespace cmatch
