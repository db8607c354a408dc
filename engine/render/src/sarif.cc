// Static Analysis Results Interchange Format, OASIS Standard 2.1.0; numbers in comments are its
// sections.

#include <array>
#include <map>

#include "cmatch/results.h"
#include "json_writer.h"

namespace cmatch {
namespace {

using internal::JsonWriter;

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const char* Name(ResultKind kind) {
  switch (kind) {
    case ResultKind::kFail:
      return "fail";
    case ResultKind::kPass:
      return "pass";
    case ResultKind::kNotApplicable:
      return "notApplicable";
    case ResultKind::kOpen:
      return "open";
  }
  return "open";
}

// A URI reference (RFC 3986). A colon in the first segment of a relative one would read as a
// scheme, so it is encoded like everything that is not plain.
std::string UriOf(std::string_view file) {
  static constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/+@=,";
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string uri = file.starts_with('/') ? "file://" : "";
  for (const char c : file) {
    if (kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += kDigits[byte >> 4];
      uri += kDigits[byte & 15];
    }
  }
  return uri;
}

void WriteText(JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key).Object([&] { json.Member("text", text); });
}

void WriteLocation(JsonWriter& json, const Location& where, std::string_view message) {
  json.Object([&] {
    json.Key("physicalLocation").Object([&] {
      json.Key("artifactLocation").Object([&] { json.Member("uri", UriOf(where.file)); });
      if (where.line == 0) return;
      json.Key("region").Object([&] {
        json.Member("startLine", where.line);
        json.OptionalMember("startColumn", where.column);
      });
    });
    if (!message.empty()) WriteText(json, "message", message);
  });
}

void WriteRule(JsonWriter& json, const ToolRule& rule) {
  json.Object([&] {
    json.Member("id", rule.id);
    json.OptionalMember("name", rule.name);
    if (!rule.description.empty()) WriteText(json, "shortDescription", rule.description);
    if (!rule.help.empty()) WriteText(json, "help", rule.help);
    json.OptionalMember("helpUri", rule.help_uri);
  });
}

void WriteResult(JsonWriter& json, const ToolResult& result, std::size_t rule) {
  json.Object([&] {
    json.Member("ruleId", result.rule);
    json.Member("ruleIndex", rule);
    json.Member("kind", Name(result.kind));
    // 3.27.10: what is not a failure has no level.
    json.Member("level", result.kind == ResultKind::kFail ? ToString(result.level) : "none");
    WriteText(json, "message", result.message);
    if (!result.where.file.empty()) {
      json.Key("locations").Array(std::array{&result.where}, [&](const Location* where) {
        WriteLocation(json, *where, "");
      });
    }
    std::vector<const RelatedPlace*> related;
    for (const RelatedPlace& place : result.related) {
      if (!place.where.file.empty()) related.push_back(&place);
    }
    if (!related.empty()) {
      json.Key("relatedLocations").Array(related, [&](const RelatedPlace* place) {
        WriteLocation(json, place->where, place->message);
      });
    }
    if (result.suppressed_because.empty()) return;
    json.Key("suppressions").Array(std::array{&result}, [&](const ToolResult* one) {
      json.Object([&] {
        json.Member("kind", "external");
        json.Member("justification", one->suppressed_because);
      });
    });
  });
}

// The rules of a run, those that only a result names included, and the index of each.
struct RuleIndex {
  explicit RuleIndex(const ToolRun& run) {
    for (const ToolRule& rule : run.rules) Add(rule);
    for (const ToolResult& result : run.results) Add({.id = result.rule});
  }
  void Add(const ToolRule& rule) {
    if (at.emplace(rule.id, rules.size()).second) rules.push_back(rule);
  }

  std::vector<ToolRule> rules;
  std::map<std::string, std::size_t> at;
};

void WriteRun(JsonWriter& json, const ToolRun& run) {
  const RuleIndex index(run);
  json.Object([&] {
    json.Key("tool").Object([&] {
      json.Key("driver").Object([&] {
        json.Member("name", run.tool);
        json.OptionalMember("version", run.tool_version);
        json.OptionalMember("informationUri", run.information_uri);
        json.Key("rules").Array(index.rules, [&](const ToolRule& rule) { WriteRule(json, rule); });
      });
    });
    json.Key("invocations").Array(std::array{run.successful}, [&](bool successful) {
      json.Object([&] { json.Member("executionSuccessful", successful); });
    });
    json.Key("results").Array(run.results, [&](const ToolResult& result) {
      WriteResult(json, result, index.at.at(result.rule));
    });
  });
}

}  // namespace

std::string_view ToString(ResultLevel level) {
  switch (level) {
    case ResultLevel::kError:
      return "error";
    case ResultLevel::kWarning:
      return "warning";
    case ResultLevel::kNote:
      return "note";
  }
  return "none";
}

std::string RenderSarif(const ToolRun& run) {
  JsonWriter json;
  json.Object([&] {
    json.Member("$schema", kSchema);
    json.Member("version", "2.1.0");
    json.Key("runs").Array(std::array{&run}, [&](const ToolRun* one) { WriteRun(json, *one); });
  });
  return json.Take();
}

}  // namespace cmatch
