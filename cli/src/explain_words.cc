// What `cmatch explain` says of the names that no table has: sections of the specification, and the
// errors of reports and refusals.

#include <algorithm>

#include "explanation.h"

namespace cmatch::cli {
namespace {

constexpr std::string_view kPrefix = "CMATCH-";

struct Section {
  std::string_view number, title, what, see;
};

constexpr Section kSections[] = {
    {"8001", "preflight validation",
     "Whether a model is compatible is decided before a worker is spawned.", "cmatch check"},
    {"8002", "MCD parsing", "The model's descriptor is read from its metadata.", "cmatch inspect"},
    {"8003", "ECP querying", "The worker's profile is built from what the GPU is asked.",
     "cmatch gpus, cmatch profile"},
    {"8004", "compatibility check",
     "What the model requires must be a subset of what the worker can do.", "cmatch check"},
    {"8010", "MCD structure",
     "A model capability descriptor has model_id, positional, attention, quant (a list of formats "
     "in which the model can be had), context_max and vocab_size; any other member is an extension "
     "that rules can name.",
     "cmatch inspect MODEL; docs/reference/model-sources.md"},
    {"8011", "MCD sources",
     "A descriptor comes from a GGUF file's metadata, a .mcd.json beside it, a model catalog's "
     "entry or a Hugging Face directory. As the rule of a warning: a reader noticed something "
     "about "
     "the model's file, or two sources disagree.",
     "docs/reference/model-sources.md"},
    {"8020", "ECP structure",
     "An engine capability profile has worker_id, supports_positional, supports_attention, "
     "supports_quant, max_context and vram_bytes; any other member is an extension that rules can "
     "name.",
     "cmatch profile --engine NAME --gpu GPU"},
    {"8021", "ECP sources",
     "A profile comes from the GPU's compute capability and memory and from the tables of what an "
     "engine's release can do. As the rule of a warning: a profile that was given whole and the "
     "tables disagree; the profile's lists decide.",
     "docs/howto/worker.md"},
    {"8030", "validation rules",
     "The positional encoding, the attention mechanism, one of the formats and the context that "
     "the "
     "model needs must be among what the worker supports. All four are judged, and every one that "
     "fails is listed.",
     "docs/explanation.md"},
    {"8031", "error reporting", "A failure says what was required and what is supported.",
     "docs/reference/report.md"},
    {"8040", "workflow of the pool manager",
     "Read the model's descriptor, build the worker's profile, check, and spawn or return the "
     "error.",
     "docs/embedding.md"},
    {"8050", "error types",
     "IncompatiblePositional, IncompatibleAttention, IncompatibleQuant and ContextTooLarge are "
     "verdicts; InvalidMcd and InvalidEcp say that nothing could be judged.",
     "cmatch explain IncompatibleQuant, ..."},
    {"8060", "required crates", "Serialisation, errors and tracing for the pool manager's side.",
     "docs/spec-trace.md"},
};

struct ErrorText {
  std::string_view id, what, why, fix, source;
};

// The errors of CMATCH-8050 and the ones that a report or a refusal adds.
constexpr ErrorText kErrors[] = {
    {"IncompatiblePositional",
     "The model's positional encoding is not among those the worker supports.",
     "CMATCH-8030.1: position enters every attention score; another encoding gives other scores.",
     "Take an engine or a release that supports it (cmatch matrix --engine NAME); cmatch check "
     "lists under \"would run:\" what would do.",
     "CMATCH-8050"},
    {"IncompatibleAttention",
     "The model's attention mechanism is not among those the worker supports.",
     "CMATCH-8030.2: it decides the layout of the KV cache and the kernels.",
     "Take an engine, a release or a GPU that supports it; cmatch check lists under \"would run:\" "
     "what would do.",
     "CMATCH-8050"},
    {"IncompatibleQuant",
     "None of the formats in which the model can be had is one the worker supports.",
     "CMATCH-8030.3: one supported format is enough.",
     "Take another quantisation of the model, or another engine or GPU; cmatch check lists under "
     "\"would run:\" what would do.",
     "CMATCH-8050"},
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
     "cmatch lint DIR lists every problem with its place.", "docs/reference/tables.md"},
    {"RuleFailed", "A rule other than the four of CMATCH-8030 failed; `rule` says which.",
     "CMATCH-8050 names no error for rules beyond its own.",
     "cmatch explain RULE; cmatch check lists under \"would run:\" what would do.",
     "docs/reference/report.md"},
    {"Degraded",
     "It runs, but not as it should: emulated, converted, weights only, or partly on the CPU.",
     "Passing is not the same as running well.",
     "Nothing need be done; --strict makes warnings fail.", "docs/reference/report.md"},
    {"Advisory",
     "The engine release has a known vulnerability in what loading the model makes it do.",
     "A model's file is input that somebody else wrote.",
     "Take the first fixed release; an overlay can waive one, with an expiry.",
     "docs/tables/advisories.md"},
    {"SourceWarning", "The reader of the model's file noticed something.",
     "The verdict rests on what could be read all the same.",
     "Read the message; a .mcd.json beside the model can state what is right.",
     "docs/reference/model-sources.md"},
    {"SourceConflict", "Two sources of the model state different values; the first one counts.",
     "One of the two is out of date.",
     "Correct the sidecar or the catalog's entry, or leave the sidecar out with --no-sidecar.",
     "docs/reference/model-sources.md"},
    {"Expired", "An overlay or waiver is past its date, and does not count.",
     "An exception that nobody has looked at again is no longer one.",
     "cmatch layers lists them; remove it or renew its date.", "docs/howto/rules-at-night.md"},
};

}  // namespace

std::optional<Explanation> ExplainError(std::string_view id) {
  for (const ErrorText& error : kErrors) {
    if (!SameName(error.id, id)) continue;
    return Explanation{.id = std::string(error.id),
                       .parts = {{"what", std::string(error.what)},
                                 {"why", std::string(error.why)},
                                 {"fix", std::string(error.fix)},
                                 {"source", std::string(error.source)}}};
  }
  return std::nullopt;
}

std::vector<std::string_view> ErrorNames() {
  std::vector<std::string_view> names;
  for (const ErrorText& error : kErrors) names.push_back(error.id);
  return names;
}

std::optional<Explanation> ExplainSection(std::string_view id) {
  for (const Section& section : kSections) {
    const std::string full = std::string(kPrefix) + std::string(section.number);
    if (!SameName(full, id) && section.number != id) continue;
    return Explanation{.id = full,
                       .more = std::string(section.title),
                       .parts = {{"name", std::string(section.title)},
                                 {"what", std::string(section.what)},
                                 {"see", std::string(section.see)},
                                 {"source", "the specification"}}};
  }
  return std::nullopt;
}

std::string FixOf(std::string_view error) {
  if (error == "RuleFailed") {
    return "cmatch check lists under \"would run:\" the smallest changes that make it pass.";
  }
  const auto* row = std::find_if(std::begin(kErrors), std::end(kErrors),
                                 [&](const ErrorText& text) { return text.id == error; });
  return row == std::end(kErrors) ? "" : std::string(row->fix);
}

}  // namespace cmatch::cli
