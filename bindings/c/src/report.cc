// cmatch_report: typed getters.

#include <string>
#include <utility>
#include <variant>

#include "cmatch/render.h"
#include "guard.h"
#include "objects.h"

using cmatch::Finding;
using cmatch::Report;
using cmatch::Value;
using cmatch::c::Guard;
using cmatch::c::IsValid;
using cmatch::c::ToC;

namespace {

const std::vector<Finding>* ListOf(const cmatch_report* report, std::int32_t list) {
  if (!IsValid(report)) return nullptr;
  switch (list) {
    case CMATCH_VIOLATIONS:
      return &report->report.violations;
    case CMATCH_WARNINGS:
      return &report->report.warnings;
    case CMATCH_WAIVED:
      return &report->report.waived;
    default:
      return nullptr;
  }
}

const Finding* FindingOf(const cmatch_report* report, std::int32_t list, std::size_t i) {
  const std::vector<Finding>* findings = ListOf(report, list);
  return findings == nullptr || i >= findings->size() ? nullptr : &(*findings)[i];
}

// The texts of a value: one, or a list.
std::size_t CountTexts(const Value& value) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return texts->size();
  return std::holds_alternative<std::string>(value) ? 1 : 0;
}

cmatch_str TextOf(const Value& value, std::size_t j) {
  if (j >= CountTexts(value)) return {};
  if (const auto* text = std::get_if<std::string>(&value)) return ToC(*text);
  return ToC(std::get<std::vector<std::string>>(value)[j]);
}

std::int32_t KindOf(std::string_view error) {
  static constexpr std::pair<std::string_view, std::int32_t> kKinds[] = {
      {"IncompatiblePositional", CMATCH_KIND_POSITIONAL},
      {"IncompatibleAttention", CMATCH_KIND_ATTENTION},
      {"IncompatibleQuant", CMATCH_KIND_QUANT},
      {"ContextTooLarge", CMATCH_KIND_CONTEXT},
      {"InvalidMcd", CMATCH_KIND_INVALID_MCD},
      {"InvalidEcp", CMATCH_KIND_INVALID_ECP},
      {"RuleFailed", CMATCH_KIND_RULE_FAILED},
  };
  for (const auto& [name, kind] : kKinds) {
    if (name == error) return kind;
  }
  return CMATCH_KIND_OTHER;
}

void SetLimit(const Finding& finding, cmatch_finding& c) {
  const auto set = [&c](const std::optional<std::int64_t>& limit, std::int32_t kind) {
    if (!limit) return;
    c.limit = *limit;
    c.limit_kind = kind;
  };
  set(finding.multiple_of, CMATCH_LIMIT_MULTIPLE_OF);
  set(finding.min, CMATCH_LIMIT_MIN);
  set(finding.max, CMATCH_LIMIT_MAX);
}

cmatch_finding FindingToC(const Finding& finding) {
  cmatch_finding c{};
  c.rule = ToC(finding.rule);
  c.error = ToC(finding.error);
  c.message = ToC(finding.message);
  c.hint = ToC(finding.hint);
  if (finding.source) {
    c.source_file = ToC(finding.source->where.file);
    c.source_line = finding.source->where.line;
    c.source_text = ToC(finding.source->text);
  }
  c.kind = KindOf(finding.error);
  c.is_warning = finding.severity == cmatch::Severity::kError ? 0 : 1;
  SetLimit(finding, c);
  if (const auto* number = std::get_if<std::int64_t>(&finding.required)) {
    c.required_number = *number;
    c.has_required_number = 1;
  }
  c.has_supported = finding.has_supported ? 1 : 0;
  c.required_count = CountTexts(finding.required);
  c.supported_count = finding.supported.size();
  return c;
}

cmatch_status SkippedAt(const cmatch_report& report, std::size_t i, cmatch_finding* out) {
  if (i >= report.report.skipped.size()) return CMATCH_E_ARGUMENT;
  cmatch_finding c{};
  c.rule = ToC(report.report.skipped[i].rule);
  c.message = ToC(report.report.skipped[i].because);
  return cmatch::c::WriteStruct(out, c);
}

// A text of the report; empty where there is no report.
cmatch_str TextOf(const cmatch_report* report, std::string Report::* member) {
  return IsValid(report) ? ToC(report->report.*member) : cmatch_str{};
}

}  // namespace

extern "C" {

int32_t cmatch_report_compatible(const cmatch_report* report) noexcept {
  return IsValid(report) && report->report.compatible ? 1 : 0;
}

cmatch_str cmatch_report_model_id(const cmatch_report* report) noexcept {
  return TextOf(report, &Report::model_id);
}

cmatch_str cmatch_report_worker_id(const cmatch_report* report) noexcept {
  return TextOf(report, &Report::worker_id);
}

cmatch_str cmatch_report_version(const cmatch_report* report) noexcept {
  return TextOf(report, &Report::ruleset_version);
}

cmatch_str cmatch_report_digest(const cmatch_report* report) noexcept {
  return TextOf(report, &Report::ruleset_digest);
}

uint64_t cmatch_report_generation(const cmatch_report* report) noexcept {
  return IsValid(report) ? report->generation : 0;
}

size_t cmatch_report_count(const cmatch_report* report, int32_t list) noexcept {
  if (!IsValid(report)) return 0;
  if (list == CMATCH_SKIPPED) return report->report.skipped.size();
  const std::vector<Finding>* findings = ListOf(report, list);
  return findings == nullptr ? 0 : findings->size();
}

cmatch_status cmatch_report_at(const cmatch_report* report, int32_t list, size_t i,
                               cmatch_finding* out) noexcept {
  if (!IsValid(report)) return report == nullptr ? CMATCH_E_ARGUMENT : CMATCH_E_HANDLE;
  if (list == CMATCH_SKIPPED) return SkippedAt(*report, i, out);
  const Finding* finding = FindingOf(report, list, i);
  return finding == nullptr ? CMATCH_E_ARGUMENT : cmatch::c::WriteStruct(out, FindingToC(*finding));
}

cmatch_str cmatch_report_required(const cmatch_report* report, int32_t list, size_t i,
                                  size_t j) noexcept {
  const Finding* finding = FindingOf(report, list, i);
  return finding == nullptr ? cmatch_str{} : TextOf(finding->required, j);
}

cmatch_str cmatch_report_supported(const cmatch_report* report, int32_t list, size_t i,
                                   size_t j) noexcept {
  const Finding* finding = FindingOf(report, list, i);
  if (finding == nullptr || j >= finding->supported.size()) return {};
  return ToC(finding->supported[j]);
}

cmatch_status cmatch_report_json(const cmatch_report* report, cmatch_text** out) noexcept {
  if (out == nullptr) return CMATCH_E_ARGUMENT;
  *out = nullptr;
  if (!IsValid(report)) return report == nullptr ? CMATCH_E_ARGUMENT : CMATCH_E_HANDLE;
  return Guard(nullptr, [&]() -> cmatch::c::Outcome {
    std::string json = RenderJson(report->report);
    if (report->generation != 0 && json.ends_with('}')) {
      json.insert(json.size() - 1, ",\"generation\":" + std::to_string(report->generation));
    }
    *out = new cmatch_text(std::move(json));
    return CMATCH_OK;
  });
}

void cmatch_report_free(cmatch_report* report) noexcept {
  if (IsValid(report)) delete report;
}

}  // extern "C"
