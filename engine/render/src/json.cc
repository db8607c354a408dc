// Reports, errors and descriptors as JSON.

#include <algorithm>
#include <charconv>

#include "cmatch/render.h"
#include "json_writer.h"

namespace cmatch {
namespace {

using internal::JsonWriter;

const char* Name(Severity severity) {
  return severity == Severity::kWarning ? "warning" : severity == Severity::kOff ? "off" : "error";
}

void WritePlace(JsonWriter& json, const Location& where) {
  json.OptionalMember("file", where.file);
  json.OptionalMember("line", where.line);
  json.OptionalMember("column", where.column);
}

// The text of the other side of a conflict, in the type of the side that is taken.
Value TypedAs(const Value& side, const std::string& text) {
  const auto parse = [&](auto number) -> Value {
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return result.ec == std::errc() && result.ptr == end ? Value(number) : Value(text);
  };
  if (std::holds_alternative<std::int64_t>(side)) return parse(std::int64_t{0});
  if (std::holds_alternative<std::vector<std::int64_t>>(side)) return parse(std::int64_t{0});
  if (std::holds_alternative<double>(side)) return parse(0.0);
  if (std::holds_alternative<bool>(side) && (text == "true" || text == "false")) {
    return text == "true";
  }
  return text;
}

void WriteSupported(JsonWriter& json, const Finding& finding) {
  const Value side = finding.error == "SourceConflict" ? finding.required : Value();
  json.Key("supported").Array(finding.supported, [&](const std::string& text) {
    json.Write(TypedAs(side, text));
  });
}

void Write(JsonWriter& json, const Finding& finding) {
  json.Object([&] {
    json.Member("rule", finding.rule);
    json.Member("error", finding.error);
    json.Member("severity", Name(finding.severity));
    if (IsKnown(finding.required)) json.Member("required", finding.required);
    if (finding.has_supported) WriteSupported(json, finding);
    if (finding.max) json.Member("max", *finding.max);
    if (finding.min) json.Member("min", *finding.min);
    if (finding.multiple_of) json.Member("multiple_of", *finding.multiple_of);
    json.Member("message", finding.message);
    json.OptionalMember("hint", finding.hint);
    if (!finding.source) return;
    json.Key("source").Object([&] {
      WritePlace(json, finding.source->where);
      json.OptionalMember("text", finding.source->text);
    });
  });
}

void WriteFindings(JsonWriter& json, std::string_view name, const std::vector<Finding>& findings) {
  json.Key(name).Array(findings, [&](const Finding& finding) { Write(json, finding); });
}

template <typename Members>
void WriteMembers(JsonWriter& json, const Members& members) {
  for (const auto& [name, value] : members) {
    if (IsKnown(value)) json.Member(name, value);
  }
}

void Write(JsonWriter& json, const Problem& problem) {
  json.Object([&] {
    json.Member("code", problem.code);
    if (problem.warning) json.Member("severity", "warning");
    json.Member("path", problem.path);
    json.Member("message", problem.message);
    WritePlace(json, problem.where);
    json.OptionalMember("help", problem.help);
    if (problem.notes.empty()) return;
    json.Key("notes").Array(problem.notes, [&](const Note& note) {
      json.Object([&] {
        json.Member("message", note.message);
        WritePlace(json, note.where);
      });
    });
  });
}

void Write(JsonWriter& json, const TraceStep& step) {
  json.Object([&] {
    json.Member("rule", step.rule);
    json.Member("outcome", step.outcome);
    json.Member("values", step.values);
  });
}

void Write(JsonWriter& json, const RemedyChange& change) {
  json.Object([&] {
    json.Member("change", change.what);
    json.OptionalMember("from", change.from);
    json.Member("to", change.to);
    json.OptionalMember("option", change.option);
    if (!change.also.empty()) json.Member("also", change.also);
    if (change.more != 0) json.Member("more", change.more);
  });
}

void Write(JsonWriter& json, const Remedy& remedy) {
  json.Object([&] {
    json.Member("compatible", remedy.compatible);
    json.Key("changes").Array(remedy.changes,
                              [&](const RemedyChange& change) { Write(json, change); });
    if (!remedy.remaining.empty()) json.Member("remaining", remedy.remaining);
    if (!remedy.unchecked.empty()) json.Member("unchecked", remedy.unchecked);
    if (!remedy.warnings.empty()) json.Member("warnings", remedy.warnings);
  });
}

}  // namespace

std::string RenderJson(const Report& report) {
  JsonWriter json;
  json.Object([&] {
    json.Member("schema", "cmatch.report/1");
    json.Member("compatible", report.compatible);
    json.Member("model_id", report.model_id);
    json.Member("worker_id", report.worker_id);
    json.Key("ruleset").Object([&] {
      json.Member("version", report.ruleset_version);
      json.Member("digest", report.ruleset_digest);
    });
    WriteFindings(json, "violations", report.violations);
    WriteFindings(json, "warnings", report.warnings);
    WriteFindings(json, "waived", report.waived);
    json.Key("skipped").Array(report.skipped, [&](const Skipped& skipped) {
      json.Object([&] {
        json.Member("rule", skipped.rule);
        json.Member("because", skipped.because);
      });
    });
    if (report.remedies) {
      json.Key("remedies").Array(*report.remedies, [&](const Remedy& remedy) {
        Write(json, remedy);
      });
    }
    if (report.trace.empty()) return;
    json.Key("trace").Array(report.trace, [&](const TraceStep& step) { Write(json, step); });
  });
  return json.Take();
}

std::string RenderJson(const Error& error) {
  JsonWriter json;
  json.Object([&] {
    json.Member("schema", "cmatch.error/1");
    json.Member("error", ToString(error.kind));
    json.Member("message", error.message);
    json.Key("problems").Array(error.problems, [&](const Problem& problem) {
      Write(json, problem);
    });
  });
  return json.Take();
}

std::string RenderJson(const std::vector<Problem>& problems) {
  const bool bad = std::any_of(problems.begin(), problems.end(),
                               [](const Problem& problem) { return !problem.warning; });
  if (bad) return RenderJson(MakeError(ErrorKind::kInvalidRules, problems));
  JsonWriter json;
  json.Object([&] {
    json.Member("schema", "cmatch.error/1");
    json.Member("error", Value());
    json.Member("message", problems.empty() ? "no problems" : "warnings only");
    json.Key("problems").Array(problems, [&](const Problem& problem) { Write(json, problem); });
  });
  return json.Take();
}

std::string RenderJson(const Ecp& ecp) {
  JsonWriter json;
  json.Object([&] {
    json.Member("worker_id", ecp.worker_id);
    json.Member("supports_positional", ecp.supports_positional);
    json.Member("supports_attention", ecp.supports_attention);
    json.Member("supports_quant", ecp.supports_quant);
    json.Member("max_context", ecp.max_context);
    json.Member("vram_bytes", ecp.vram_bytes ? Value(*ecp.vram_bytes) : Value());
    WriteMembers(json, ecp.attributes);
  });
  return json.Take();
}

std::string RenderJson(const Mcd& mcd) {
  JsonWriter json;
  json.Object([&] {
    json.Member("model_id", mcd.model_id);
    json.Member("positional", mcd.positional);
    json.Member("attention", mcd.attention);
    json.Member("quant", mcd.quant);
    json.Member("context_max", mcd.context_max);
    json.Member("vocab_size", mcd.vocab_size);
    WriteMembers(json, mcd.attributes);
  });
  return json.Take();
}

std::string RenderJson(const Inspection& inspection) {
  JsonWriter json;
  json.Object([&] {
    json.Member("schema", "cmatch.mcd/1");
    json.Key("mcd").Object([&] { WriteMembers(json, inspection.members); });
    json.Key("origin").Object([&] {
      for (const auto& [name, from] : inspection.origin) json.Member(name, from);
    });
    json.Member("missing", inspection.missing);
    WriteFindings(json, "warnings", inspection.warnings);
  });
  return json.Take();
}

}  // namespace cmatch
