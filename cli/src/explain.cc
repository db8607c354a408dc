// cmatch explain: a rule, an error, a problem code or a kind.

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cmatch/kinds.h"
#include "context.h"
#include "problem_codes.h"
#include "table.h"

namespace cmatch::cli {
namespace {

struct Explanation {
  std::string id, what, why, fix, source;
};

// The errors of CMATCH-8050 and the ones that a report or a refusal adds.
const Explanation kErrors[] = {
    {"IncompatiblePositional",
     "The model's positional encoding is not among those the worker supports.",
     "CMATCH-8030.1: position enters every attention score; another encoding gives other scores.",
     "Take an engine release that supports it (cmatch matrix --engine NAME).", "CMATCH-8050"},
    {"IncompatibleAttention",
     "The model's attention mechanism is not among those the worker supports.",
     "CMATCH-8030.2: it decides the layout of the KV cache and the kernels.",
     "Take an engine release or a GPU that supports it.", "CMATCH-8050"},
    {"IncompatibleQuant",
     "None of the formats in which the model can be had is one the worker supports.",
     "CMATCH-8030.3: one supported format is enough.",
     "Take another quantisation of the model, or another engine or GPU.", "CMATCH-8050"},
    {"ContextTooLarge", "The context that is needed is larger than the worker allows.",
     "CMATCH-8030.4: the smaller of what is asked for and what the model was trained for counts.",
     "Run it with --context N, or raise the worker's limit.", "CMATCH-8050"},
    {"InvalidMcd", "The model could not be judged: its descriptor is missing, incomplete or wrong.",
     "A verdict on a guess would be worse than none.",
     "Read the problems; a .mcd.json beside the model can state what its file does not.",
     "CMATCH-8050"},
    {"InvalidEcp",
     "The worker could not be judged: its profile is wrong, or the tables do not cover it.",
     "A verdict on a guess would be worse than none.",
     "Read the problems; they say what is covered and what is near.", "CMATCH-8050"},
    {"InvalidRules", "Rule or table files could not be loaded.",
     "Nothing is judged with half a rule set.",
     "cmatch lint DIR lists every problem with its place.", ""},
    {"RuleFailed", "A rule other than the four of CMATCH-8030 failed; `rule` says which.", "",
     "cmatch explain RULE", ""},
    {"Degraded",
     "It runs, but not as it should: emulated, converted, weights only, or partly on the CPU.",
     "Passing is not the same as running well.", "--strict makes warnings fail.", ""},
    {"Advisory",
     "The engine release has a known vulnerability in what loading the model makes it do.",
     "A model's file is input that somebody else wrote.",
     "Take the first fixed release; an overlay can waive one, with an expiry.", ""},
    {"SourceWarning", "The reader of the model's file noticed something.", "", "", ""},
    {"SourceConflict", "Two sources state different values; the first one counts.", "", "", ""},
    {"Expired", "An overlay or waiver is past its date.", "", "cmatch lint DIR", ""},
};

Exit Tell(Context& run, const Explanation& e) {
  const std::pair<const char*, const std::string&> parts[] = {
      {"id", e.id}, {"what", e.what}, {"why", e.why}, {"fix", e.fix}, {"source", e.source}};
  std::string text;
  for (const auto& [name, value] : parts) {
    if (value.empty()) continue;
    if (run.json()) {
      text += std::string(text.empty() ? "{\"schema\":\"cmatch.explain/1\"," : ",") +
              JsonString(name) + ":" + JsonString(value);
    } else {
      text += text.empty() ? Escape(value) + "\n"
                           : "  " + std::string(name) + ": " + Escape(value) + "\n";
    }
  }
  Print(text + (run.json() ? "}\n" : ""));
  return Exit::kGood;
}

Explanation OfRule(const RuleSet& rules, const Rule& rule) {
  return {std::string(rule.id) + " " + std::string(rule.name), std::string(rule.message),
          std::string(rule.why), std::string(rule.hint),
          ToString(rules.tables().Locate(rule.origin)) +
              (rule.source.empty() ? "" : " (" + std::string(rule.source) + ")")};
}

bool IsNamed(const Advisory& advisory, const std::string& id) {
  return advisory.id == id ||
         std::find(advisory.also.begin(), advisory.also.end(), id) != advisory.also.end();
}

Explanation OfAdvisory(const RuleSet& rules, const Advisory& advisory) {
  std::string id(advisory.id);
  for (const Text other : advisory.also) id += ", " + std::string(other);
  const std::string engine(advisory.engine);
  return {
      id, engine + " " + std::string(advisory.versions) + ": " + std::string(advisory.concerns), "",
      advisory.fixed.empty() ? "no fixed release is known"
                             : "first fixed release: " + engine + " " + std::string(advisory.fixed),
      ToString(rules.tables().Locate(advisory.origin)) + " (" + std::string(advisory.source) + ")"};
}

struct ExplainVerb {
  std::string id;

  Exit Run(Context& run) const;
  bool TellAdvisory(Context& run, const RuleSet& rules) const;
  bool TellKind(Context& run, const RuleSet& rules) const;
};

// One advisory may be of several engines.
bool ExplainVerb::TellAdvisory(Context& run, const RuleSet& rules) const {
  bool told = false;
  for (const Advisory& advisory : rules.tables().advisories) {
    if (!IsNamed(advisory, id)) continue;
    Tell(run, OfAdvisory(rules, advisory));
    told = true;
  }
  return told;
}

bool ExplainVerb::TellKind(Context& run, const RuleSet& rules) const {
  bool told = false;
  for (const KindName& kind : rules.tables().kinds) {
    const std::string canonical = rules.Canonical(kind.dimension, id);
    if (canonical != kind.name) continue;
    std::string engines;
    for (const Engine& engine : rules.tables().engines) {
      for (const Dimension& dimension : engine.supports) {
        if (dimension.name != kind.dimension) continue;
        for (const KindSupport& row : dimension.kinds) {
          if (row.kind == kind.name)
            engines += (engines.empty() ? "" : ", ") + std::string(engine.name);
        }
      }
    }
    Tell(run,
         {std::string(kind.name) + " (" + std::string(kind.dimension) + ")",
          std::string(kind.meaning), engines.empty() ? "" : "engines with rows of it: " + engines,
          "", ToString(rules.tables().Locate(kind.origin))});
    told = true;
  }
  return told;
}

Exit ExplainVerb::Run(Context& run) const {
  const auto rules = run.Rules();
  if (!rules) return run.Fail(rules.error());
  if (const Rule* rule = (*rules)->FindRule(id)) return Tell(run, OfRule(**rules, *rule));
  for (const Explanation& error : kErrors) {
    if (error.id == id) return Tell(run, error);
  }
  if (const auto code = FindProblemCode(id)) {
    return Tell(run, {id, code->what, "", code->fix, code->page});
  }
  if (TellAdvisory(run, **rules) || TellKind(run, **rules)) return Exit::kGood;
  std::vector<std::string_view> names;
  for (const Rule& rule : (*rules)->tables().rules) names.push_back(rule.id);
  for (const Advisory& advisory : (*rules)->tables().advisories) names.push_back(advisory.id);
  for (const Explanation& error : kErrors) names.push_back(error.id);
  for (const std::string_view code : ProblemCodeNames()) names.push_back(code);
  for (const KindName& kind : (*rules)->tables().kinds) names.push_back(kind.name);
  const std::string_view near = Nearest(id, names);
  PrintError("cmatch explain: no rule, advisory, error, problem code or kind \"" + Escape(id) +
             "\"" + (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?") + "\n");
  return Exit::kCouldNotJudge;
}

}  // namespace

Verb AddExplain(CLI::App& app) {
  auto verb = std::make_shared<ExplainVerb>();
  app.add_option(
         "ID", verb->id,
         "A rule (CMATCH-8030.3), an advisory (CVE-2026-27940), an error (IncompatibleQuant), a "
         "problem code (gguf-bad-magic) or a kind (q4_k_m)")
      ->required();
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
