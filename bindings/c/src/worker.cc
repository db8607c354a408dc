// cmatch_worker.

#include <utility>

#include "cmatch/build_ecp.h"
#include "cmatch/ecp_source.h"
#include "cmatch/render.h"
#include "descriptors.h"
#include "guard.h"
#include "log_records.h"
#include "objects.h"

using cmatch::Ecp;
using cmatch::Error;
using cmatch::GpuFacts;
using cmatch::RuleSet;
using cmatch::c::Failure;
using cmatch::c::Guard;
using cmatch::c::IsValid;
using cmatch::c::Outcome;
using cmatch::c::ToC;
using cmatch::c::WorkerSource;

cmatch_worker::cmatch_worker(cmatch::Worker bound, std::shared_ptr<const RuleSet> set,
                             std::vector<cmatch::Finding> found, std::optional<WorkerSource> from)
    : worker(std::move(bound)),
      rules(std::move(set)),
      warnings(std::move(found)),
      source(std::move(from)) {
  const auto view = [](const std::vector<std::string>& kinds, std::vector<cmatch_str>& views) {
    for (const std::string& kind : kinds) views.push_back(ToC(kind));
  };
  view(worker.ecp().supports_positional, positional);
  view(worker.ecp().supports_attention, attention);
  view(worker.ecp().supports_quant, quant);
}

namespace {

// An ECP on its way to an object.
struct Profile {
  Ecp ecp;
  std::vector<cmatch::Finding> warnings = {};
  std::optional<WorkerSource> source = {};
};

// What is wrong with an input stays an Error, so that it can be logged.
using Read = std::expected<std::expected<Profile, Error>, Failure>;

template <typename ReadProfile>
cmatch_status Make(const cmatch_rules* rules, cmatch_worker** out, cmatch_error** error,
                   ReadProfile&& read) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (out == nullptr) return cmatch::c::BadObject(nullptr, "out");
    *out = nullptr;
    if (!IsValid(rules)) return cmatch::c::BadObject(rules, "rules");
    const cmatch::c::Stopwatch watch(rules->log.get());
    Read profile = read();
    if (!profile) return std::unexpected(std::move(profile.error()));
    std::expected<cmatch::Worker, Error> worker = std::unexpected(Error{});
    worker = *profile ? rules->matcher.Bind((*profile)->ecp)
                      : std::unexpected(std::move(profile->error()));
    if (!worker) {
      cmatch::c::LogInvalid(*rules, worker.error(), watch);
      return cmatch::c::Fail(std::move(worker.error()));
    }
    *out = new cmatch_worker(*std::move(worker), rules->rules, std::move((*profile)->warnings),
                             std::move((*profile)->source));
    return CMATCH_OK;
  });
}

cmatch::Finding GpuWarning(std::string message) {
  cmatch::Finding finding;
  finding.rule = "CMATCH-8021";
  finding.error = "SourceWarning";
  finding.severity = cmatch::Severity::kWarning;
  finding.message = std::move(message);
  return finding;
}

std::expected<Profile, Error> Build(const RuleSet& rules, WorkerSource source) {
  std::expected<GpuFacts, Error> gpu = source.facts;
  if (!source.gpu.empty()) gpu = cmatch::ParseGpu(source.gpu, rules);
  if (!gpu) return std::unexpected(std::move(gpu.error()));
  auto ecp = BuildEcp(rules, source.choice, *gpu);
  if (!ecp) return std::unexpected(std::move(ecp.error()));
  Profile profile{*std::move(ecp)};
  for (std::string& warning : gpu->warnings) {
    profile.warnings.push_back(GpuWarning(std::move(warning)));
  }
  profile.source = std::move(source);
  return profile;
}

std::expected<GpuFacts, Error> FromInventory(std::string_view json, std::int64_t index,
                                             const RuleSet& rules) {
  auto gpus = cmatch::ReadInventory(json, "inventory", rules);
  if (!gpus) return std::unexpected(std::move(gpus.error()));
  GpuFacts* found = nullptr;
  for (GpuFacts& gpu : *gpus) {
    if (index == CMATCH_NOT_KNOWN) return std::move(gpu);
    if (!gpu.index || *gpu.index != index) continue;
    if (found != nullptr) {
      return std::unexpected(MakeError(cmatch::ErrorKind::kInvalidEcp, "inventory-no-gpu",
                                       "inventory lists several GPUs " + std::to_string(index)));
    }
    found = &gpu;
  }
  if (found != nullptr) return std::move(*found);
  return std::unexpected(
      MakeError(cmatch::ErrorKind::kInvalidEcp, "inventory-no-gpu",
                "inventory lists no GPU" +
                    (index == CMATCH_NOT_KNOWN ? std::string() : " " + std::to_string(index))));
}

// The texts of a cmatch_worker_choice; the GPU is left to the caller.
std::expected<cmatch::EngineChoice, Failure> ReadChoice(const cmatch_worker_choice& c) {
  const auto engine = cmatch::c::View(c.engine, "engine");
  if (!engine) return std::unexpected(engine.error());
  const auto build = cmatch::c::View(c.build, "build");
  if (!build) return std::unexpected(build.error());
  const auto id = cmatch::c::View(c.worker_id, "worker_id");
  if (!id) return std::unexpected(id.error());
  if (c.launch == nullptr && c.launch_count != 0) return cmatch::c::BadObject(nullptr, "launch");
  cmatch::EngineChoice choice = cmatch::ParseEngine(*engine);
  choice.build = *build;
  choice.worker_id = *id;
  if (c.max_context != 0) choice.max_context = c.max_context;
  for (std::size_t i = 0; i < c.launch_count; ++i) {
    const auto key = cmatch::c::View(c.launch[i].key, "launch key");
    if (!key) return std::unexpected(key.error());
    const auto value = cmatch::c::View(c.launch[i].value, "launch value");
    if (!value) return std::unexpected(value.error());
    if (!choice.launch.emplace(*key, *value).second) {
      return cmatch::c::Misuse(CMATCH_E_ARGUMENT, "launch names a key twice");
    }
  }
  return choice;
}

Read ReadFromTables(const RuleSet& rules, const cmatch_worker_choice* choice) {
  const auto c = cmatch::c::ReadStruct(choice, "choice");
  if (!c) return std::unexpected(c.error());
  auto engine = ReadChoice(*c);
  if (!engine) return std::unexpected(std::move(engine.error()));
  const auto gpu = cmatch::c::View(c->gpu, "gpu");
  if (!gpu) return std::unexpected(gpu.error());
  const auto inventory = cmatch::c::View(c->inventory, "inventory");
  if (!inventory) return std::unexpected(inventory.error());
  if (engine->engine.empty() || gpu->empty() == inventory->empty()) {
    return cmatch::c::Misuse(CMATCH_E_ARGUMENT,
                             "choice needs an engine, and either gpu or inventory");
  }
  WorkerSource source{*std::move(engine), std::string(*gpu), {}};
  if (gpu->empty()) {
    auto facts = FromInventory(*inventory, c->gpu_index, rules);
    if (!facts) return std::expected<Profile, Error>(std::unexpected(std::move(facts.error())));
    source.facts = *std::move(facts);
  }
  return Build(rules, std::move(source));
}

}  // namespace

extern "C" {

cmatch_status cmatch_worker_from_json(const cmatch_rules* rules, cmatch_str json,
                                      cmatch_worker** out, cmatch_error** error) noexcept {
  return Make(rules, out, error, [&]() -> Read {
    const auto text = cmatch::c::View(json, "json");
    if (!text) return std::unexpected(text.error());
    auto ecp = cmatch::ReadEcp(*text, cmatch::c::kEcpName, *rules->rules);
    if (!ecp) return std::expected<Profile, Error>(std::unexpected(std::move(ecp.error())));
    return Profile{*std::move(ecp)};
  });
}

cmatch_status cmatch_worker_from_tables(const cmatch_rules* rules,
                                        const cmatch_worker_choice* choice, cmatch_worker** out,
                                        cmatch_error** error) noexcept {
  return Make(rules, out, error, [&] { return ReadFromTables(*rules->rules, choice); });
}

cmatch_status cmatch_worker_from_ecp(const cmatch_rules* rules, const cmatch_ecp* ecp,
                                     cmatch_worker** out, cmatch_error** error) noexcept {
  return Make(rules, out, error, [&]() -> Read {
    auto read = cmatch::c::ReadEcpStruct(ecp, *rules->rules);
    if (!read) return std::unexpected(std::move(read.error()));
    return Profile{*std::move(read)};
  });
}

cmatch_status cmatch_worker_rebind(const cmatch_rules* rules, const cmatch_worker* worker,
                                   cmatch_worker** out, cmatch_error** error) noexcept {
  return Make(rules, out, error, [&]() -> Read {
    if (!IsValid(worker)) return cmatch::c::BadObject(worker, "worker");
    if (worker->source) return Build(*rules->rules, *worker->source);
    return Profile{worker->worker.ecp(), worker->warnings};
  });
}

cmatch_str cmatch_worker_id(const cmatch_worker* worker) noexcept {
  return IsValid(worker) ? ToC(worker->worker.ecp().worker_id) : cmatch_str{};
}

cmatch_status cmatch_worker_ecp(const cmatch_worker* worker, cmatch_ecp* out) noexcept {
  if (!IsValid(worker)) return worker == nullptr ? CMATCH_E_ARGUMENT : CMATCH_E_HANDLE;
  const Ecp& ecp = worker->worker.ecp();
  cmatch_ecp c{};
  c.worker_id = ToC(ecp.worker_id);
  c.supports_positional = worker->positional.data();
  c.supports_positional_count = worker->positional.size();
  c.supports_attention = worker->attention.data();
  c.supports_attention_count = worker->attention.size();
  c.supports_quant = worker->quant.data();
  c.supports_quant_count = worker->quant.size();
  c.max_context = ecp.max_context;
  c.vram_bytes = ecp.vram_bytes.value_or(CMATCH_NOT_KNOWN);
  return cmatch::c::WriteStruct(out, c);
}

cmatch_status cmatch_worker_json(const cmatch_worker* worker, cmatch_text** out) noexcept {
  if (out == nullptr) return CMATCH_E_ARGUMENT;
  *out = nullptr;
  if (!IsValid(worker)) return worker == nullptr ? CMATCH_E_ARGUMENT : CMATCH_E_HANDLE;
  return Guard(nullptr, [&]() -> Outcome {
    *out = new cmatch_text(cmatch::RenderJson(worker->worker.ecp()));
    return CMATCH_OK;
  });
}

void cmatch_worker_free(cmatch_worker* worker) noexcept {
  if (IsValid(worker)) delete worker;
}

}  // extern "C"
