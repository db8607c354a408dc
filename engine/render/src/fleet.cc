#include <algorithm>

#include "cmatch/render_fleet.h"
#include "json_writer.h"

namespace cmatch {
namespace {

using internal::JsonWriter;

constexpr std::size_t kFew = 10;  // of a list, in text

const std::vector<Rule>& RulesOf(const Fleet& fleet) {
  return fleet.matcher().rules().tables().rules;
}
const std::string& ModelId(const Fleet& fleet, std::size_t model) {
  return fleet.models()[model].mcd().model_id;
}
const std::string& WorkerId(const Fleet& fleet, std::size_t worker) {
  return fleet.workers()[worker].ecp().worker_id;
}

std::string Counted(std::size_t count, std::string_view one) {
  return std::to_string(count) + ' ' + std::string(one) + (count == 1 ? "" : "s");
}

std::string Right(std::size_t number, std::size_t width) {
  std::string text = std::to_string(number);
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

// One line for each of the first few.
template <typename Line>
std::string Lines(std::size_t count, const TextOptions& options, Line line) {
  const std::size_t shown = options.verbose ? count : std::min(count, kFew);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += line(i);
  if (shown < count) text += "  and " + std::to_string(count - shown) + " more (-v lists all)\n";
  return text;
}

// Rules that failed, warned or were waived; with `verbose` those that were skipped too.
std::string RuleLines(const Fleet& fleet, const FleetSummary& summary, bool verbose) {
  constexpr std::size_t kWidth = 10;
  std::string text;
  std::size_t only_skipped = 0;
  for (std::size_t rule = 0; rule < summary.rules.size(); ++rule) {
    const FleetRuleCounts& counts = summary.rules[rule];
    const std::size_t seen = counts.failed + counts.warned + counts.waived;
    if (seen == 0 && counts.skipped != 0 && !verbose) ++only_skipped;
    if (seen == 0 && (counts.skipped == 0 || !verbose)) continue;
    text += Right(counts.failed, kWidth) + Right(counts.alone, kWidth) +
            Right(counts.warned, kWidth) + Right(counts.skipped, kWidth) +
            Right(counts.waived, kWidth) + "  " + std::string(RulesOf(fleet)[rule].id) + ' ' +
            std::string(RulesOf(fleet)[rule].name) + '\n';
  }
  if (!text.empty()) {
    text.insert(0, "    failed     alone    warned   skipped    waived  rule, by pairs\n");
  }
  if (only_skipped != 0) {
    text += "not all checked for want of an input: " + Counted(only_skipped, "rule") +
            " more (-v lists them)\n";
  }
  return text;
}

std::string UnlockLine(const Fleet& fleet, const FleetUnlock& unlock) {
  const Rule& rule = RulesOf(fleet)[unlock.rule];
  const std::string needed = unlock.needed.empty() ? "" : " " + Escape(unlock.needed);
  std::string text = "  " + std::string(rule.id) + ' ' + std::string(rule.name) + needed + ": " +
                     Counted(unlock.models.size(), "model") + ", such as " +
                     Escape(ModelId(fleet, unlock.models[0])) + " on " +
                     Escape(WorkerId(fleet, unlock.worker)) + '\n';
  if (!unlock.finding.hint.empty()) text += "        help: " + Escape(unlock.finding.hint) + '\n';
  return text;
}

using Bits = Verdict::Bits;

std::vector<std::string_view> RuleIds(const Fleet& fleet, const Bits& bits) {
  std::vector<std::string_view> ids;
  for (std::size_t rule = 0; rule < RulesOf(fleet).size(); ++rule) {
    if (Verdict::Has(bits, rule)) ids.push_back(RulesOf(fleet)[rule].id);
  }
  return ids;
}

}  // namespace

std::string RenderText(const Fleet& fleet, const FleetSummary& summary,
                       const TextOptions& options) {
  const std::size_t pairs = fleet.models().size() * fleet.workers().size();
  std::string text = std::to_string(summary.compatible) + " of " + Counted(pairs, "pair") +
                     " compatible: " + Counted(fleet.models().size(), "model") + ", " +
                     Counted(fleet.workers().size(), "worker") + '\n';
  text += RuleLines(fleet, summary, options.verbose);
  if (!summary.models_without_worker.empty()) {
    text += "no worker takes " + Counted(summary.models_without_worker.size(), "model") + ":\n";
    text += Lines(summary.models_without_worker.size(), options, [&](std::size_t i) {
      return "  " + Escape(ModelId(fleet, summary.models_without_worker[i])) + '\n';
    });
  }
  if (!summary.workers_without_model.empty()) {
    text += Counted(summary.workers_without_model.size(), "worker") + " can take no model:\n";
    text += Lines(summary.workers_without_model.size(), options, [&](std::size_t i) {
      return "  " + Escape(WorkerId(fleet, summary.workers_without_model[i])) + '\n';
    });
  }
  if (summary.unlocks.empty()) return text;
  text += "what would give models a worker:\n";
  return text + Lines(summary.unlocks.size(), options,
                      [&](std::size_t i) { return UnlockLine(fleet, summary.unlocks[i]); });
}

std::string RenderJson(const Fleet& fleet, const FleetSummary& summary) {
  JsonWriter json;
  const auto models = [&](std::string_view name, const std::vector<std::size_t>& list) {
    json.Key(name).Array(list, [&](std::size_t model) { json.Write(ModelId(fleet, model)); });
  };
  json.Object([&] {
    json.Member("schema", "cmatch.fleet/1");
    json.Member("kind", "summary");
    json.Member("models", fleet.models().size());
    json.Member("workers", fleet.workers().size());
    json.Member("compatible", summary.compatible);
    json.Key("ruleset").Object([&] {
      json.Member("version", fleet.matcher().rules().version());
      json.Member("digest", fleet.matcher().rules().digest());
    });
    std::size_t rule = 0;
    json.Key("rules").Array(summary.rules, [&](const FleetRuleCounts& counts) {
      json.Object([&] {
        json.Member("rule", RulesOf(fleet)[rule++].id);
        json.Member("failed", counts.failed);
        json.Member("alone", counts.alone);
        json.Member("warned", counts.warned);
        json.Member("skipped", counts.skipped);
        json.Member("waived", counts.waived);
      });
    });
    models("models_without_worker", summary.models_without_worker);
    json.Key("workers_without_model").Array(summary.workers_without_model, [&](std::size_t w) {
      json.Write(WorkerId(fleet, w));
    });
    json.Key("unlocks").Array(summary.unlocks, [&](const FleetUnlock& unlock) {
      json.Object([&] {
        json.Member("rule", RulesOf(fleet)[unlock.rule].id);
        json.OptionalMember("needed", unlock.needed);
        models("models", unlock.models);
        json.Member("worker", WorkerId(fleet, unlock.worker));
        json.Member("message", unlock.finding.message);
        json.OptionalMember("hint", unlock.finding.hint);
      });
    });
  });
  return json.Take();
}

std::string RenderPairText(const Fleet& fleet, std::size_t model, std::size_t worker,
                           const Verdict& verdict) {
  std::string text = (verdict.compatible() ? "ok    " : "FAIL  ") + Escape(ModelId(fleet, model)) +
                     " on " + Escape(WorkerId(fleet, worker));
  const auto add = [&](std::string_view word, const Bits& bits) {
    const auto ids = RuleIds(fleet, bits);
    if (ids.empty()) return;
    text += "  " + std::string(word);
    for (const std::string_view id : ids) text += ' ' + std::string(id);
  };
  add("failed", verdict.failed);
  add("warned", verdict.warned);
  add("waived", verdict.waived);
  return text + '\n';
}

std::string RenderPairJson(const Fleet& fleet, std::size_t model, std::size_t worker,
                           const Verdict& verdict) {
  JsonWriter json;
  const auto ids = [&](std::string_view name, const Bits& bits) {
    json.Key(name).Array(RuleIds(fleet, bits), [&](std::string_view id) { json.Write(id); });
  };
  json.Object([&] {
    json.Member("schema", "cmatch.fleet/1");
    json.Member("kind", "pair");
    json.Member("compatible", verdict.compatible());
    json.Member("model_id", ModelId(fleet, model));
    json.Member("worker_id", WorkerId(fleet, worker));
    ids("failed", verdict.failed);
    ids("warned", verdict.warned);
    ids("skipped", verdict.skipped);
    ids("waived", verdict.waived);
  });
  return json.Take();
}

}  // namespace cmatch
