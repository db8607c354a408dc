// One answer whichever door it is asked through: the C++ API, C structs and JSON, over every
// regression case of the tables.

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cmatch.h"
#include "cmatch/build_ecp.h"
#include "cmatch/cases_io.h"
#include "cmatch/check.h"
#include "cmatch/ecp_source.h"
#include "cmatch/matrix.h"
#include "cmatch/render.h"
#include "cmatch/rules_io.h"

namespace cmatch {
namespace {

using nlohmann::json;

cmatch_str ToC(std::string_view text) { return {text.data(), text.size()}; }

std::vector<cmatch_str> ToC(const std::vector<std::string>& texts) {
  std::vector<cmatch_str> c;
  for (const std::string& text : texts) c.push_back(ToC(std::string_view(text)));
  return c;
}

// What is not a member of the struct, as its `attributes`.
std::string Attributes(const std::string& document, const std::vector<const char*>& members) {
  json object = json::parse(document);
  for (const char* member : members) object.erase(member);
  return object.dump();
}

struct Answer {
  cmatch_status status = CMATCH_E_INTERNAL;
  std::string text;  // the report, or the name of the error

  friend bool operator==(const Answer&, const Answer&) = default;
};

std::ostream& operator<<(std::ostream& out, const Answer& answer) {
  return out << cmatch_status_name(answer.status) << ' ' << answer.text;
}

Answer FromC(cmatch_status status, cmatch_report* report, cmatch_error* error) {
  Answer answer{status, {}};
  if (report != nullptr) {
    cmatch_text* text = nullptr;
    REQUIRE(cmatch_report_json(report, &text) == CMATCH_OK);
    answer.text.assign(cmatch_text_str(text).ptr, cmatch_text_str(text).len);
    cmatch_text_free(text);
  } else {
    const cmatch_str name = cmatch_error_name(error);
    answer.text.assign(name.ptr, name.len);
  }
  cmatch_report_free(report);
  cmatch_error_free(error);
  return answer;
}

Answer ThroughCxx(const CapabilityMatcher& matcher, const Mcd& mcd, const Ecp& ecp) {
  const auto report = matcher.check_compatibility(mcd, ecp);
  if (report) return {report->compatible ? CMATCH_OK : CMATCH_INCOMPATIBLE, RenderJson(*report)};
  const bool model = report.error().kind == ErrorKind::kInvalidMcd;
  return {model ? CMATCH_INVALID_MCD : CMATCH_INVALID_ECP,
          std::string(ToString(report.error().kind))};
}

Answer ThroughJson(const cmatch_rules* rules, const Mcd& mcd, const Ecp& ecp) {
  cmatch_report* report = nullptr;
  cmatch_error* error = nullptr;
  const std::string mcd_text = RenderJson(mcd), ecp_text = RenderJson(ecp);
  const cmatch_status status = cmatch_check_json(
      rules, ToC(std::string_view(mcd_text)), ToC(std::string_view(ecp_text)), 0, &report, &error);
  return FromC(status, report, error);
}

Answer ThroughStructs(const cmatch_rules* rules, const Mcd& mcd, const Ecp& ecp) {
  const std::string mcd_extra = Attributes(RenderJson(mcd), {"model_id", "positional", "attention",
                                                             "quant", "context_max", "vocab_size"});
  const std::string ecp_extra =
      Attributes(RenderJson(ecp), {"worker_id", "supports_positional", "supports_attention",
                                   "supports_quant", "max_context", "vram_bytes"});
  const auto quant = ToC(mcd.quant), positional = ToC(ecp.supports_positional),
             attention = ToC(ecp.supports_attention), formats = ToC(ecp.supports_quant);
  cmatch_mcd m{};
  m.struct_size = sizeof m;
  m.model_id = ToC(std::string_view(mcd.model_id));
  m.positional = ToC(std::string_view(mcd.positional));
  m.attention = ToC(std::string_view(mcd.attention));
  m.quant = quant.data();
  m.quant_count = quant.size();
  m.context_max = mcd.context_max;
  m.vocab_size = mcd.vocab_size;
  m.attributes = ToC(std::string_view(mcd_extra));
  cmatch_ecp e{};
  e.struct_size = sizeof e;
  e.worker_id = ToC(std::string_view(ecp.worker_id));
  e.supports_positional = positional.data();
  e.supports_positional_count = positional.size();
  e.supports_attention = attention.data();
  e.supports_attention_count = attention.size();
  e.supports_quant = formats.data();
  e.supports_quant_count = formats.size();
  e.max_context = ecp.max_context;
  e.vram_bytes = ecp.vram_bytes.value_or(CMATCH_NOT_KNOWN);
  e.attributes = ToC(std::string_view(ecp_extra));
  cmatch_report* report = nullptr;
  cmatch_error* error = nullptr;
  const cmatch_status status = cmatch_check_typed(rules, &m, &e, 0, &report, &error);
  return FromC(status, report, error);
}

TEST_CASE("c: C++, structs and JSON give one answer for every case of the tables") {
  const auto cxx = LoadBuiltinRules();
  const CapabilityMatcher matcher(cxx);
  cmatch_rules* rules = nullptr;
  REQUIRE(cmatch_rules_builtin(nullptr, &rules, nullptr) == CMATCH_OK);
  const auto cases = LoadCases({CMATCH_SOURCE_DIR "/rules"});
  REQUIRE(cases.has_value());
  std::map<cmatch_status, int> seen;
  for (const Case& one : cases->cases) {
    CAPTURE(one.id);
    const Mcd& mcd = cases->mcds[one.mcd].mcd;
    const CaseEcp& worker = cases->ecps[one.ecp];
    Ecp ecp = worker.ecp;
    if (!worker.whole) {
      const auto gpu = ParseGpu(worker.gpu, *cxx);
      if (!gpu) continue;  // no ECP to compare
      const auto built = BuildEcp(*cxx, worker.choice, *gpu);
      if (!built) continue;
      ecp = *built;
    }
    const Answer want = ThroughCxx(matcher, mcd, ecp);
    ++seen[want.status];
    CHECK(ThroughStructs(rules, mcd, ecp) == want);
    CHECK(ThroughJson(rules, mcd, ecp) == want);
  }
  CHECK(seen[CMATCH_OK] > 50);
  CHECK(seen[CMATCH_INCOMPATIBLE] > 50);
  cmatch_rules_free(rules);
}

TEST_CASE("c: law: the JSON of a worker makes that worker, for every engine and product") {
  const auto cxx = LoadBuiltinRules();
  cmatch_rules* rules = nullptr;
  REQUIRE(cmatch_rules_builtin(nullptr, &rules, nullptr) == CMATCH_OK);
  int made = 0;
  for (const std::string_view engine : EngineNames(*cxx)) {
    for (const Gpu& gpu : cxx->tables().gpus) {
      CAPTURE(engine);
      CAPTURE(gpu.name);
      // Products that share a name are told apart by the capability.
      const std::string spec = std::string(gpu.name) + ",cc=" + ToString(gpu.compute);
      cmatch_worker_choice choice{};
      choice.struct_size = sizeof choice;
      choice.engine = ToC(engine);
      choice.gpu = ToC(std::string_view(spec));
      cmatch_worker* worker = nullptr;
      cmatch_worker* again = nullptr;
      REQUIRE(cmatch_worker_from_tables(rules, &choice, &worker, nullptr) == CMATCH_OK);
      cmatch_text* text = nullptr;
      cmatch_text* text_again = nullptr;
      REQUIRE(cmatch_worker_json(worker, &text) == CMATCH_OK);
      REQUIRE(cmatch_worker_from_json(rules, cmatch_text_str(text), &again, nullptr) == CMATCH_OK);
      REQUIRE(cmatch_worker_json(again, &text_again) == CMATCH_OK);
      const cmatch_str a = cmatch_text_str(text);
      const cmatch_str b = cmatch_text_str(text_again);
      CHECK(std::string_view(a.ptr, a.len) == std::string_view(b.ptr, b.len));
      cmatch_ecp ecp{};
      ecp.struct_size = sizeof ecp;
      REQUIRE(cmatch_worker_ecp(again, &ecp) == CMATCH_OK);
      CHECK((ecp.vram_bytes == CMATCH_NOT_KNOWN) == (gpu.memory.size() != 1));
      cmatch_text_free(text);
      cmatch_text_free(text_again);
      cmatch_worker_free(worker);
      cmatch_worker_free(again);
      ++made;
    }
  }
  CHECK(made > 1000);
  cmatch_rules_free(rules);
}

}  // namespace
}  // namespace cmatch
