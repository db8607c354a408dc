#include "worker_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <set>

#include "cmatch/ecp_source.h"
#include "cmatch/gpu.h"
#include "cmatch/matrix.h"
#include "inventory_choice.h"

namespace cmatch::cli {
namespace {

std::optional<std::int64_t> Integer(std::string_view text) {
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

Error EcpError(std::string code, std::string message) {
  return MakeError(ErrorKind::kInvalidEcp, std::move(code), std::move(message));
}

// "kv_cache=fp8,tensor_parallel=2"
std::map<std::string, std::string> ParseLaunch(std::string_view text,
                                               std::vector<Problem>* problems) {
  std::map<std::string, std::string> launch;
  if (text.empty()) return launch;
  const auto refuse = [&](std::string message) {
    problems->push_back(EcpError("ecp-bad-launch-value", std::move(message)).problems[0]);
  };
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    const std::string item(text.substr(0, comma));
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == item.size()) {
      refuse("--launch takes KEY=VALUE pairs, not \"" + item + "\"");
    } else if (!launch.emplace(item.substr(0, equals), item.substr(equals + 1)).second) {
      refuse("--launch names " + item.substr(0, equals) + " twice");
    }
  }
  return launch;
}

// "@FILE[#INDEX]"
std::expected<GpuFacts, Error> FromInventory(std::string_view text, const RuleSet& rules,
                                             std::vector<GpuFacts>* inventory) {
  std::string_view file = text;
  std::optional<std::int64_t> wanted;
  if (const std::size_t hash = text.rfind('#'); hash != std::string_view::npos) {
    wanted = Integer(text.substr(hash + 1));
    if (wanted) file = text.substr(0, hash);
  }
  const auto json = ReadInput(std::string(file), ErrorKind::kInvalidEcp);
  if (!json) {
    Error error = json.error();
    if (!wanted && text.find('#') != std::string_view::npos) {
      error.problems[0].help = "after # stands the number of a GPU, as in @FILE#0";
    }
    return std::unexpected(std::move(error));
  }
  const auto gpus = ReadInventory(*json, file, rules);
  if (!gpus) return std::unexpected(gpus.error());
  if (inventory != nullptr) *inventory = *gpus;
  return ChooseGpu(*gpus, wanted, file);
}

// "4090" is an index here, and hardly meant as one.
std::string ProductHelp(const std::string& text, const RuleSet& rules) {
  constexpr std::size_t kNamed = 3;
  std::string names;
  const auto gpus = GpusNamed(rules, text);
  for (std::size_t i = 0; i < gpus.size() && i < kNamed; ++i) {
    names += (i == 0 ? "\"" : ", \"") + std::string(gpus[i]->name) + '"';
  }
  if (gpus.size() > kNamed) names += ", " + std::to_string(gpus.size() - kNamed) + " more";
  return names.empty() ? "" : "a number is an index; for a product: --gpu " + names;
}

// An index or UUID of this machine.
std::expected<GpuFacts, Error> FromMachine(const std::string& text, const RuleSet& rules) {
  const auto gpus = QueryGpus();
  const auto index = Integer(text);
  for (const GpuFacts& gpu : gpus ? *gpus : std::vector<GpuFacts>()) {
    if (gpu.uuid == text || (index && gpu.index && *gpu.index == *index)) return gpu;
  }
  Error error = gpus ? EcpError("gpu-not-found", "this machine has no GPU " + text) : gpus.error();
  if (std::string help = ProductHelp(text, rules); !help.empty()) {
    error.problems[0].help = std::move(help);
  }
  return std::unexpected(std::move(error));
}

bool NamesThisMachine(const std::string& text) {
  return Integer(text).has_value() || text.starts_with("GPU-") || text.starts_with("MIG-");
}

std::string ValidateLaunch(const std::string& text) {
  return text.empty() ? "must not be empty: it takes KEY=VALUE,..." : "";
}

}  // namespace

std::vector<const Gpu*> GpusNamed(const RuleSet& rules, std::string_view text) {
  const auto words_of = [](std::string_view name) {
    std::set<std::string> words;
    std::string word;
    for (const char c : std::string(name) + ' ') {
      if (c == ' ' || c == '-' || c == '(' || c == ')') {
        if (!word.empty() && word != "nvidia" && word != "geforce" && word != "tesla") {
          words.insert(word);
        }
        word.clear();
      } else {
        word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      }
    }
    return words;
  };
  const std::set<std::string> wanted = words_of(text);
  std::vector<const Gpu*> some, equal;
  for (const Gpu& gpu : rules.tables().gpus) {
    const std::set<std::string> words = words_of(gpu.name);
    if (wanted.empty() || !gpu.mig_of.empty() || !std::ranges::includes(words, wanted)) continue;
    (words == wanted ? equal : some).push_back(&gpu);
  }
  return equal.empty() ? some : equal;
}

std::string ValidateTokens(const std::string& text) {
  const auto tokens = Integer(text);
  return tokens && *tokens > 0 ? "" : "must be a number of tokens > 0, not \"" + text + "\"";
}

std::int64_t ParseTokens(const std::string& text) { return Integer(text).value_or(0); }

std::expected<GpuFacts, Error> ResolveGpu(const std::string& text, const RuleSet& rules,
                                          std::vector<GpuFacts>* inventory) {
  if (text.starts_with('@')) {
    return FromInventory(std::string_view(text).substr(1), rules, inventory);
  }
  if (NamesThisMachine(text)) return FromMachine(text, rules);
  return ParseGpu(text, rules);
}

void WorkerOptions::Add(CLI::App& app, Offers offers) {
  std::vector<CLI::Option*> built_from = {
      app.add_option("--engine", engine, "Engine, NAME or NAME@VERSION (vllm@0.9.0)"),
      app.add_option("--build", build, "Build of the release (cuda12)"),
      app.add_option("--launch", launch,
                     "Launch settings, K=V,... (kv_cache=fp8,tensor_parallel=2)")
          ->check(ValidateLaunch)};
  if (offers != Offers::kAnyGpu) {
    built_from.push_back(app.add_option(
        "--gpu", gpu,
        "GPU: product name, cc=8.9,vram=24GiB, @INVENTORY[#INDEX], or an index or UUID here"));
    app.add_option("--worker-id", worker_id, "Name of the worker in reports")->check(ValidateGiven);
  }
  for (CLI::Option* option : built_from) option->check(ValidateGiven);
  app.add_option("--max-context", max_context, "Context limit of the worker, in tokens")
      ->check(ValidateTokens);
  offers_ecp = offers == Offers::kGpuOrProfile;
  if (!offers_ecp) return;
  CLI::Option* given =
      app.add_option("--ecp", ecp, "A whole profile as JSON, instead of --engine and --gpu")
          ->check(ValidateGiven);
  // Nothing is derived from a profile that is given: a setting beside it would be left out.
  for (CLI::Option* option : built_from) given->excludes(option);
}

std::string WorkerOptions::EngineName(const Globals& globals) const {
  if (!ecp.empty()) return {};
  return ParseEngine(engine.empty() ? globals.default_engine : engine).engine;
}

std::string WorkerOptions::OrProfile() const { return offers_ecp ? ", or --ecp FILE" : ""; }

std::expected<EngineChoice, Error> WorkerOptions::Choose(const Globals& globals,
                                                         std::vector<Problem>* problems) const {
  const std::string& engine_text = engine.empty() ? globals.default_engine : engine;
  if (engine_text.empty()) {
    return std::unexpected(
        EcpError("ecp-not-given", "no engine: give --engine NAME[@VERSION]" + OrProfile()));
  }
  auto choice = ChooseEngine(engine_text);
  if (!choice) return choice;
  choice->launch = ParseLaunch(launch, problems);
  choice->build = build;
  choice->worker_id = worker_id;
  if (!max_context.empty()) choice->max_context = ParseTokens(max_context);
  return choice;
}

std::expected<RemedyRequest, Error> WorkerOptions::Request(const RuleSet& rules,
                                                           const Globals& globals,
                                                           std::vector<GpuFacts>* inventory) const {
  if (!ecp.empty()) {
    const auto json = ReadInput(ecp, ErrorKind::kInvalidEcp);
    if (!json) return std::unexpected(json.error());
    auto profile = ReadEcp(*json, ecp, rules);
    if (!profile) return std::unexpected(std::move(profile.error()));
    if (!worker_id.empty()) profile->worker_id = worker_id;
    if (!max_context.empty()) profile->max_context = ParseTokens(max_context);
    return RemedyRequest{.ecp = std::move(*profile)};
  }
  std::vector<Problem> problems;
  auto choice = Choose(globals, &problems);
  if (!choice) return std::unexpected(std::move(choice.error()));
  const std::string& gpu_text = gpu.empty() ? globals.default_gpu : gpu;
  if (gpu_text.empty()) {
    return std::unexpected(EcpError("ecp-not-given", "no GPU: give --gpu" + OrProfile()));
  }
  auto facts = ResolveGpu(gpu_text, rules, inventory);
  if (!facts) {
    problems.insert(problems.begin(), facts.error().problems.begin(), facts.error().problems.end());
  }
  if (!problems.empty()) {
    // The engine may be wrong too, and is then said in the same breath.
    if (auto release = BuildMatrix(rules, choice->engine, choice->version); !release) {
      problems.push_back(std::move(release.error().problems[0]));
    }
    return std::unexpected(MakeError(ErrorKind::kInvalidEcp, std::move(problems)));
  }
  for (const std::string& warning : facts->warnings) {
    if (!globals.quiet) PrintError("warning: " + Escape(warning) + '\n');
  }
  return RemedyRequest{.engine = std::move(*choice), .gpu = std::move(*facts)};
}

std::expected<EngineChoice, Error> ChooseEngine(const std::string& text) {
  if (!text.ends_with('@')) return ParseEngine(text);
  Error error = EcpError("ecp-bad-release", "no release after the @ of \"" + text + '"');
  error.problems[0].help =
      "write NAME@VERSION; NAME alone is the newest release that the tables know";
  return std::unexpected(std::move(error));
}

std::expected<Ecp, Error> ProfileOf(const RuleSet& rules, const RemedyRequest& request) {
  return request.ecp ? std::expected<Ecp, Error>(*request.ecp)
                     : BuildEcp(rules, request.engine, request.gpu);
}

std::expected<Ecp, Error> WorkerOptions::Build(const RuleSet& rules, const Globals& globals) const {
  const auto request = Request(rules, globals, nullptr);
  if (!request) return std::unexpected(request.error());
  return ProfileOf(rules, *request);
}

}  // namespace cmatch::cli
