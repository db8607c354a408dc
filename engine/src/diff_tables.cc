#include "diff_tables.h"

#include <map>
#include <optional>

#include "cmatch/matrix.h"
#include "diff_text.h"
#include "judge.h"

namespace cmatch::internal {
namespace {

std::string_view NameOf(Severity severity) {
  return severity == Severity::kError     ? "error"
         : severity == Severity::kWarning ? "warning"
                                          : "off";
}

std::string_view NameOf(OnUnknown unknown) {
  return unknown == OnUnknown::kFail ? "fail" : unknown == OnUnknown::kWarn ? "warn" : "skip";
}

// How much of what a rule says counts.
int Weight(Severity severity) {
  return severity == Severity::kError ? 2 : severity == Severity::kWarning ? 1 : 0;
}
int Weight(OnUnknown unknown) {
  return unknown == OnUnknown::kFail ? 2 : unknown == OnUnknown::kWarn ? 1 : 0;
}

template <typename T>
Effect ByWeight(T from, T to) {
  return Weight(to) > Weight(from) ? Effect::kWorse : Effect::kBetter;
}

// A row as one line, by what names it.
struct Line {
  std::string text;
  Origin origin;
};
using Lines = std::map<std::string, Line>;

// What it means where a row is there in one set alone, and where it differs.
struct Effects {
  Effect added, removed, changed;
};
constexpr Effects kKnowledge = {Effect::kBetter, Effect::kWorse, Effect::kUnclear};
constexpr Effects kNames = {Effect::kNone, Effect::kNone, Effect::kNone};

class TableComparer {
 public:
  TableComparer(const RuleSet& before, const RuleSet& after, std::string_view today,
                RuleSetDiff& diff)
      : before_(before.tables()), after_(after.tables()), today_(today), diff_(diff) {}

  void Compare() {
    CompareRules();
    CompareLines(Waivers(before_), Waivers(after_),
                 {Effect::kBetter, Effect::kWorse, Effect::kNone});
    CompareEngines();
    CompareLines(Kinds(before_), Kinds(after_), kNames);
    CompareLines(Spellings(before_), Spellings(after_), kKnowledge);
    CompareLines(Architectures(before_), Architectures(after_), kKnowledge);
    CompareLines(Gpus(before_), Gpus(after_), kKnowledge);
    CompareLines(Advisories(before_), Advisories(after_), kNames);
  }

 private:
  void Add(std::string target, std::string from, std::string to, Origin old_origin,
           Origin new_origin, Effect effect) {
    if (from == to) return;
    diff_.tables.push_back({.target = std::move(target),
                            .from = std::move(from),
                            .to = std::move(to),
                            .old_where = before_.Locate(old_origin),
                            .new_where = after_.Locate(new_origin),
                            .effect = effect});
  }

  void CompareLines(const Lines& before, const Lines& after, Effects effects) {
    for (const auto& [target, line] : after) {
      const auto old = before.find(target);
      if (old == before.end()) {
        Add(target, "", line.text, {}, line.origin, effects.added);
      } else {
        Add(target, old->second.text, line.text, old->second.origin, line.origin, effects.changed);
      }
    }
    for (const auto& [target, line] : before) {
      if (!after.contains(target)) Add(target, line.text, "", line.origin, {}, effects.removed);
    }
  }

  static const Rule* FindRule(const Tables& tables, Text id) {
    for (const Rule& rule : tables.rules) {
      if (rule.id == id) return &rule;
    }
    return nullptr;
  }

  void CompareRules() {
    for (const Rule& rule : after_.rules) {
      if (const Rule* old = FindRule(before_, rule.id)) {
        CompareRule(*old, rule);
        continue;
      }
      Add("rules/" + std::string(rule.id), "",
          std::string(NameOf(rule.severity)) + ": " + ToString(rule.check), {}, rule.origin,
          rule.severity == Severity::kOff ? Effect::kNone : Effect::kUnclear);
    }
    for (const Rule& rule : before_.rules) {
      if (FindRule(after_, rule.id) != nullptr) continue;
      Add("rules/" + std::string(rule.id),
          std::string(NameOf(rule.severity)) + ": " + ToString(rule.check), "", rule.origin, {},
          rule.severity == Severity::kOff ? Effect::kNone : Effect::kBetter);
    }
  }

  void CompareRule(const Rule& from, const Rule& to) {
    const auto add = [&](const char* member, std::string old_text, std::string new_text,
                         Effect effect) {
      const bool severity = std::string_view(member) == "severity";
      Add("rules/" + std::string(to.id) + "/" + member, std::move(old_text), std::move(new_text),
          severity ? from.severity_origin : from.origin, severity ? to.severity_origin : to.origin,
          effect);
    };
    add("severity", std::string(NameOf(from.severity)), std::string(NameOf(to.severity)),
        ByWeight(from.severity, to.severity));
    const bool off = from.severity == Severity::kOff && to.severity == Severity::kOff;
    const Effect unclear = off ? Effect::kNone : Effect::kUnclear;
    add("when", from.when ? ToString(*from.when) : "always",
        to.when ? ToString(*to.when) : "always", unclear);
    add("check", ToString(from.check), ToString(to.check), unclear);
    add("unknown", std::string(NameOf(from.unknown)), std::string(NameOf(to.unknown)),
        off ? Effect::kNone : ByWeight(from.unknown, to.unknown));
    add("error", std::string(from.error), std::string(to.error), Effect::kNone);
    add("message", std::string(from.message), std::string(to.message), Effect::kNone);
    add("hint", std::string(from.hint), std::string(to.hint), Effect::kNone);
  }

  // Those that still let something pass.
  Lines Waivers(const Tables& tables) const {
    Lines lines;
    for (const Waiver& waiver : tables.waivers) {
      if (Expired(waiver.expires, today_)) continue;
      std::string text =
          "model " + std::string(waiver.model) + ", worker " + std::string(waiver.worker);
      const std::string target = "waive/" + std::string(waiver.rule) + "/" +
                                 std::string(waiver.model) + "/" + std::string(waiver.worker);
      text += waiver.expires.empty() ? ", for ever" : ", until " + std::string(waiver.expires);
      lines.try_emplace(target, Line{std::move(text), waiver.origin});
    }
    return lines;
  }

  void CompareEngines() {
    std::map<std::string, bool> names;
    for (const Tables* tables : {&before_, &after_}) {
      for (const Engine& engine : tables->engines) names[std::string(engine.name)] = true;
    }
    for (const auto& [name, _] : names) {
      const Engine* from = FindEngine(before_, name);
      const Engine* to = FindEngine(after_, name);
      if (from != nullptr && to != nullptr) {
        CompareLines(Settings(before_, name), Settings(after_, name), kKnowledge);
        continue;
      }
      const std::string what = "an engine of the tables";
      Add("engines/" + name, from == nullptr ? "" : what, to == nullptr ? "" : what,
          from == nullptr ? Origin{} : from->origin, to == nullptr ? Origin{} : to->origin,
          to == nullptr ? Effect::kWorse : Effect::kBetter);
    }
  }

  static const Engine* FindEngine(const Tables& tables, std::string_view name) {
    for (const Engine& engine : tables.engines) {
      if (engine.name == name) return &engine;
    }
    return nullptr;
  }

  // What is taken where nobody says otherwise, over all files of the engine.
  static Lines Settings(const Tables& tables, std::string_view name) {
    Lines lines;
    for (const Engine& engine : tables.engines) {
      if (engine.name != name) continue;
      const std::string target = "engines/" + std::string(name) + "/";
      const auto add = [&](const std::string& member, std::string text) {
        if (!text.empty()) lines.try_emplace(target + member, Line{std::move(text), engine.origin});
      };
      add("versioning", engine.versioning == Versioning::kBuild ? "build" : "pep440");
      add("default_version", std::string(engine.default_version));
      add("default_build", ListText(engine.default_build));
      for (const ReleaseName& release : engine.names) {
        lines.try_emplace(target + "names/" + std::string(release.name),
                          Line{std::string(release.is), release.origin});
      }
    }
    return lines;
  }

  // Names alone: what is known of them stands in the grid.
  static Lines Kinds(const Tables& tables) {
    Lines lines;
    for (const KindName& kind : tables.kinds) {
      lines.try_emplace("kinds/" + std::string(kind.dimension) + "/" + std::string(kind.name),
                        Line{std::string(kind.meaning), kind.origin});
    }
    return lines;
  }

  // They warn and change no verdict.
  static Lines Advisories(const Tables& tables) {
    Lines lines;
    for (const Advisory& advisory : tables.advisories) {
      std::string text = std::string(advisory.versions);
      if (!advisory.fixed.empty()) text += ", fixed in " + std::string(advisory.fixed);
      if (advisory.severity == Severity::kOff) text = "off";
      Line& line =
          lines["advisories/" + std::string(advisory.engine) + "/" + std::string(advisory.id)];
      line.text += (line.text.empty() ? "" : "; ") + text;
      line.origin = advisory.severity_origin;
    }
    return lines;
  }

  static Lines Spellings(const Tables& tables) {
    Lines lines;
    for (const KindAlias& alias : tables.aliases) {
      lines.try_emplace("aliases/" + std::string(alias.dimension) + "/" + std::string(alias.alias),
                        Line{std::string(alias.is), alias.origin});
    }
    for (const FileType& type : tables.file_types) {
      lines.try_emplace("file_types/" + std::string(type.name),
                        Line{"id " + std::to_string(type.id) + ", main " + std::string(type.main) +
                                 (type.removed ? ", removed" : ""),
                             type.origin});
    }
    for (const TensorType& type : tables.tensor_types) {
      lines.try_emplace(
          "tensor_types/" + std::string(type.name),
          Line{"id " + std::to_string(type.id) + ", block of " + std::to_string(type.block_size) +
                   " in " + std::to_string(type.type_size) + " bytes" +
                   (type.removed ? ", removed" : ""),
               type.origin});
    }
    return lines;
  }

  static Lines Architectures(const Tables& tables) {
    Lines lines;
    for (const Architecture& row : tables.architectures) {
      lines.try_emplace((row.hf ? "model_types/" : "architectures/") + std::string(row.name),
                        Line{ArchitectureText(row), row.origin});
    }
    return lines;
  }

  static Lines Gpus(const Tables& tables) {
    Lines lines;
    for (const Gpu& gpu : tables.gpus) {
      lines.try_emplace(
          "gpus/" + std::string(gpu.name),
          Line{"compute " + ToString(gpu.compute) + ", memory " + MemoryText(gpu.memory),
               gpu.origin});
    }
    return lines;
  }

  const Tables& before_;
  const Tables& after_;
  std::string_view today_;
  RuleSetDiff& diff_;
};

}  // namespace

void CompareTables(const RuleSet& before, const RuleSet& after, std::string_view today,
                   RuleSetDiff& diff) {
  TableComparer(before, after, today, diff).Compare();
}

}  // namespace cmatch::internal
