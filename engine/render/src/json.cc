#include <nlohmann/json.hpp>

#include "cmatch/render.h"

namespace cmatch {
namespace {

using Json = nlohmann::ordered_json;

// ASCII alone: C1 controls and marks that turn text around are as legal in JSON as they are harmful
// on a terminal.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

struct ToJsonValue {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(Opaque) const { return nullptr; }
  template <typename T>
  Json operator()(const T& value) const {
    return value;
  }
};

Json ToJson(const Value& value) { return std::visit(ToJsonValue{}, value); }

Json ToJson(const Source& source) {
  Json json = Json::object();
  if (!source.where.file.empty()) json["file"] = source.where.file;
  if (source.where.line != 0) json["line"] = source.where.line;
  if (source.where.column != 0) json["column"] = source.where.column;
  if (!source.text.empty()) json["text"] = source.text;
  return json;
}

const char* Name(Severity severity) {
  return severity == Severity::kWarning ? "warning" : severity == Severity::kOff ? "off" : "error";
}

Json ToJson(const Finding& finding) {
  Json json = {
      {"rule", finding.rule}, {"error", finding.error}, {"severity", Name(finding.severity)}};
  if (IsKnown(finding.required)) json["required"] = ToJson(finding.required);
  if (finding.has_supported) json["supported"] = finding.supported;
  if (finding.max) json["max"] = *finding.max;
  if (finding.min) json["min"] = *finding.min;
  if (finding.multiple_of) json["multiple_of"] = *finding.multiple_of;
  json["message"] = finding.message;
  if (!finding.hint.empty()) json["hint"] = finding.hint;
  if (finding.source) json["source"] = ToJson(*finding.source);
  return json;
}

Json ToJson(const std::vector<Finding>& findings) {
  Json json = Json::array();
  for (const Finding& finding : findings) json.push_back(ToJson(finding));
  return json;
}

template <typename Members>
Json ToJson(const Members& members) {
  Json json = Json::object();
  for (const auto& [name, value] : members) {
    if (IsKnown(value)) json[name] = ToJson(value);
  }
  return json;
}

void AddPlace(Json& json, const Location& where) {
  if (!where.file.empty()) json["file"] = where.file;
  if (where.line != 0) json["line"] = where.line;
  if (where.column != 0) json["column"] = where.column;
}

Json ToJson(const Problem& problem) {
  Json json = {{"code", problem.code}, {"path", problem.path}, {"message", problem.message}};
  AddPlace(json, problem.where);
  if (!problem.help.empty()) json["help"] = problem.help;
  for (const Note& note : problem.notes) {
    Json entry = {{"message", note.message}};
    AddPlace(entry, note.where);
    json["notes"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace

std::string RenderJson(const Report& report) {
  Json json = {
      {"schema", "cmatch.report/1"},
      {"compatible", report.compatible},
      {"model_id", report.model_id},
      {"worker_id", report.worker_id},
      {"ruleset", {{"version", report.ruleset_version}, {"digest", report.ruleset_digest}}},
      {"violations", ToJson(report.violations)},
      {"warnings", ToJson(report.warnings)},
      {"waived", ToJson(report.waived)},
      {"skipped", Json::array()}};
  for (const Skipped& skipped : report.skipped) {
    json["skipped"].push_back({{"rule", skipped.rule}, {"because", skipped.because}});
  }
  for (const TraceStep& step : report.trace) {
    json["trace"].push_back(
        {{"rule", step.rule}, {"outcome", step.outcome}, {"values", step.values}});
  }
  return Dump(json);
}

std::string RenderJson(const Error& error) {
  Json json = {{"schema", "cmatch.error/1"},
               {"error", ToString(error.kind)},
               {"message", error.message},
               {"problems", Json::array()}};
  for (const Problem& problem : error.problems) json["problems"].push_back(ToJson(problem));
  return Dump(json);
}

std::string RenderJson(const Ecp& ecp) {
  Json json = {{"worker_id", ecp.worker_id},
               {"supports_positional", ecp.supports_positional},
               {"supports_attention", ecp.supports_attention},
               {"supports_quant", ecp.supports_quant},
               {"max_context", ecp.max_context}};
  if (ecp.vram_bytes) json["vram_bytes"] = *ecp.vram_bytes;
  json.update(ToJson(ecp.attributes));
  return Dump(json);
}

std::string RenderJson(const Mcd& mcd) {
  Json json = {{"model_id", mcd.model_id},       {"positional", mcd.positional},
               {"attention", mcd.attention},     {"quant", mcd.quant},
               {"context_max", mcd.context_max}, {"vocab_size", mcd.vocab_size}};
  json.update(ToJson(mcd.attributes));
  return Dump(json);
}

std::string RenderJson(const Inspection& inspection) {
  const Json json = {{"schema", "cmatch.mcd/1"},
                     {"mcd", ToJson(inspection.members)},
                     {"origin", inspection.origin},
                     {"missing", inspection.missing},
                     {"warnings", ToJson(inspection.warnings)}};
  return Dump(json);
}

}  // namespace cmatch
