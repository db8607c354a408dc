// The cmatch command: arguments in, verb, exit code out.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cmatch/kinds.h"
#include "config.h"
#include "context.h"

namespace cmatch::cli {
namespace {

struct VerbRow {
  const char* name;
  const char* help;
  const char* example;
  Verb (*add)(CLI::App&);
  const char* formats;  // beside text and json, joined by spaces
};

constexpr auto kVerbs = std::to_array<VerbRow>({
    {"check", "The verdict for each model",
     "cmatch check model.gguf --engine llama.cpp --gpu \"RTX 4090\"", AddCheck, "sarif github"},
    {"inspect", "What a model's file, sidecar and catalog entry say",
     "cmatch inspect model.gguf --format json", AddInspect, ""},
    {"profile", "The profile of a worker, as JSON",
     "cmatch profile --engine vllm@0.9.0 --gpu \"H100 PCIe\"", AddProfile, ""},
    {"gpus", "The GPUs of this machine, or those the tables know", "cmatch gpus --known", AddGpus,
     ""},
    {"lint", "Check rule and table files", "cmatch lint /etc/cmatch/rules", AddLint,
     "sarif github"},
    {"test", "Run rule-table regression cases", "cmatch test rules --format junit", AddTest,
     "junit github"},
    {"diff", "Which verdicts change between two rule sets", "cmatch diff builtin /etc/cmatch/rules",
     AddDiff, "markdown"},
    {"layers", "Every override and waiver, and which end", "cmatch layers site --within 30d",
     AddLayers, ""},
    {"explain", "Whatever has a name here: what, why, how to fix", "cmatch explain CMATCH-8030.3",
     AddExplain, ""},
    {"matrix", "Support by kind and compute capability, from the tables",
     "cmatch matrix --engine vllm@0.9.0", AddMatrix, ""},
    {"fleet", "Every model on every worker of two NDJSON files",
     "cmatch fleet --models models.ndjson --workers workers.ndjson", AddFleet, ""},
    {"export", "What a model requires of a GPU, as Kubernetes takes it",
     "cmatch export kubernetes model.gguf --engine vllm@0.9.0", AddExport, ""},
    {"watch", "Read rule directories again whenever they change, and say what came of it",
     "cmatch watch /etc/cmatch/rules", AddWatch, ""},
});

void AddGlobals(CLI::App& app, Globals& globals, std::string_view more) {
  std::vector<std::string> formats = {"text", "json"};
  while (!more.empty()) {
    formats.emplace_back(more.substr(0, more.find(' ')));
    more.remove_prefix(std::min(formats.back().size() + 1, more.size()));
  }
  app.add_option("--format", globals.format, "Output")->check(CLI::IsMember(formats));
  app.add_flag_callback(
      "--json", [&globals] { globals.format = "json"; }, "Short for --format json");
  app.add_option("--rules", globals.rules, "Rule directory (repeatable)")
      ->allow_extra_args(false)
      ->check(ValidateGiven);
  app.add_flag("-q,--quiet", globals.quiet, "Only the answer");
  app.add_flag("-v,--verbose", globals.verbose, "More: in check, every rule with its values");
  app.add_option("--color", globals.color, "Colour")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

// A word that is not a verb, with the verb it may have been; empty where the verb is right.
std::string MistypedVerb(int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return {};
  std::vector<std::string_view> names;
  for (const VerbRow& row : kVerbs) names.emplace_back(row.name);
  if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return {};
  const std::string_view near = Nearest(argv[1], names);
  return "no verb \"" + Escape(argv[1]) + '"' +
         (near.empty() ? "" : "; did you mean \"cmatch " + std::string(near) + "\"?");
}

// The arguments, the last first, as CLI11 takes them. "--launch=" is two, of which the second is
// empty: CLI11 would take the word behind it for the value.
std::vector<std::string> Arguments(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto verbs = app.get_subcommands([](const CLI::App*) { return true; });
  const auto takes_value = [&](const std::string& name) {
    return std::any_of(verbs.begin(), verbs.end(), [&](const CLI::App* verb) {
      const CLI::Option* option = verb->get_option_no_throw(name);
      return option != nullptr && option->get_items_expected_max() > 0;
    });
  };
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (!words[i].starts_with("--") || !words[i].ends_with('=')) continue;
    std::string name = words[i].substr(0, words[i].size() - 1);
    if (!takes_value(name)) continue;
    words[i] = std::move(name);
    words.insert(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, "");
  }
  std::reverse(words.begin(), words.end());
  return words;
}

int Usage(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error);
  const std::string verb = MistypedVerb(argc, argv);
  PrintError("cmatch: " + (verb.empty() ? Escape(error.what()) : verb) +
             "\ncmatch --help lists the verbs and options\n");
  return static_cast<int>(Exit::kCouldNotJudge);
}

// An answer that nobody can read is none: a full disk must not look like a verdict.
int Written(Exit exit) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return static_cast<int>(exit);
  PrintError("cmatch: cannot write the answer: " + std::string(std::strerror(errno)) + '\n');
  return static_cast<int>(Exit::kCouldNotJudge);
}

int Main(int argc, char** argv) {
  // Neither this nor the tables are ever destroyed: it would be a tenth of what a check costs.
  static CLI::App& app = *new CLI::App(
      "Says before a worker is spawned whether a model can run on an engine on a GPU.", "cmatch");
  app.set_version_flag("--version", "cmatch " CMATCH_VERSION);
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Help for every verb");
  app.failure_message(CLI::FailureMessage::simple);
  app.footer(
      "Exit codes: 0 compatible, 1 not compatible, 2 could not judge.\n"
      "Examples:\n  cmatch check model.gguf --engine llama.cpp --gpu \"RTX 4090\"\n"
      "  cmatch inspect model.gguf");
  Globals globals;
  std::array<Verb, kVerbs.size()> verbs;
  const auto given = [&](std::string_view word) {
    return std::find(argv, argv + argc, word) != argv + argc;
  };
  // Verbs that cannot be meant, with their options, would be a fifth of what a check costs.
  const bool listed = given("--help-all") || given("--help") || given("-h") ||
                      std::ranges::none_of(kVerbs, given, &VerbRow::name);
  for (std::size_t i = 0; i < kVerbs.size(); ++i) {
    if (!listed && !given(kVerbs[i].name)) continue;
    CLI::App* sub = app.add_subcommand(kVerbs[i].name, kVerbs[i].help);
    if (!given("--help-all") && !given(kVerbs[i].name)) continue;
    sub->footer(std::string("Example:\n  ") + kVerbs[i].example);
    AddGlobals(*sub, globals, kVerbs[i].formats);
    verbs[i] = kVerbs[i].add(*sub);
  }
  if (argc == 1) {
    PrintError(app.help());
    return static_cast<int>(Exit::kCouldNotJudge);
  }
  try {
    app.parse(Arguments(app, argc, argv));
  } catch (const CLI::ParseError& error) {
    return Usage(app, error, argc, argv);
  }
  const CLI::App* asked = app.get_subcommands().front();  // one is required
  globals.verb = asked->get_name();
  if (const auto configured = ApplyDefaults(globals); !configured) {
    return static_cast<int>(Context(globals).Fail(configured.error()));
  }
  static Context& context = *new Context(globals);
  const auto row = std::ranges::find(kVerbs, globals.verb, &VerbRow::name);
  return Written(verbs[static_cast<std::size_t>(row - kVerbs.begin())](context));
}

}  // namespace
}  // namespace cmatch::cli

int main(int argc, char** argv) {
  try {
    return cmatch::cli::Main(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("cmatch: out of memory\n", stderr);
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cmatch: %s\n", error.what());
    return 2;
  }
}
