// cmatch_rules.

#include "cmatch/rules_io.h"
#include "guard.h"
#include "log_records.h"
#include "make_rules.h"
#include "objects.h"

using cmatch::RuleSet;
using cmatch::c::Failure;
using cmatch::c::Guard;
using cmatch::c::IsValid;
using cmatch::c::Outcome;
using cmatch::c::ToC;

namespace cmatch::c {
namespace {

bool IsDate(std::string_view text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

}  // namespace

std::expected<std::string, Failure> ReadToday(cmatch_str today) {
  const auto text = View(today, "today");
  if (!text) return std::unexpected(text.error());
  if (text->empty() || IsDate(*text)) return std::string(*text);
  return Misuse(CMATCH_E_ARGUMENT, "today is not a date as YYYY-MM-DD");
}

std::expected<Settings, Failure> ReadOptions(const cmatch_options* options) {
  const auto read = ReadOptional(options, "options");
  if (!read) return std::unexpected(read.error());
  auto today = ReadToday(read->today);
  if (!today) return std::unexpected(std::move(today.error()));
  return Settings{*std::move(today), Log::Make(*read)};
}

}  // namespace cmatch::c

namespace {

using Loaded = std::expected<std::shared_ptr<const RuleSet>, cmatch::Error>;

// What all three makers do: options, the set, the object.
template <typename Load>
Outcome Make(const cmatch_options* options, cmatch_rules** out, Load&& load) {
  if (out == nullptr) return cmatch::c::BadObject(nullptr, "out");
  *out = nullptr;
  auto settings = cmatch::c::ReadOptions(options);
  if (!settings) return std::unexpected(std::move(settings.error()));
  const cmatch::c::Stopwatch watch(settings->log.get());
  Loaded rules = load();
  if (!rules) {
    cmatch::c::LogRejected(settings->log.get(), rules.error(), 0, watch);
    return cmatch::c::Fail(std::move(rules.error()));
  }
  if (*rules == nullptr) {
    return cmatch::c::Misuse(CMATCH_E_INTERNAL, "the built-in tables cannot be read");
  }
  *out = new cmatch_rules(*std::move(rules), settings->today, settings->log, 0);
  if (settings->log) settings->log->Own();
  cmatch::c::LogLoaded(**out, watch);
  return CMATCH_OK;
}

}  // namespace

extern "C" {

cmatch_status cmatch_rules_builtin(const cmatch_options* options, cmatch_rules** out,
                                   cmatch_error** error) noexcept {
  return Guard(error, [&] {
    return Make(options, out, []() -> Loaded { return cmatch::LoadBuiltinRules(); });
  });
}

cmatch_status cmatch_rules_load(const cmatch_str* directories, size_t count,
                                const cmatch_options* options, cmatch_rules** out,
                                cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (out != nullptr) *out = nullptr;
    const auto paths = cmatch::c::Paths(directories, count);
    if (!paths) return std::unexpected(paths.error());
    return Make(options, out, [&] { return cmatch::LoadRules(*paths); });
  });
}

cmatch_status cmatch_rules_with(const cmatch_rules* rules, const cmatch_options* options,
                                cmatch_rules** out, cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (out == nullptr) return cmatch::c::BadObject(nullptr, "out");
    *out = nullptr;
    if (!IsValid(rules)) return cmatch::c::BadObject(rules, "rules");
    auto settings = cmatch::c::ReadOptions(options);
    if (!settings) return std::unexpected(std::move(settings.error()));
    *out = new cmatch_rules(rules->rules, settings->today, settings->log, rules->generation);
    if (settings->log) settings->log->Own();
    return CMATCH_OK;
  });
}

cmatch_rules* cmatch_rules_ref(const cmatch_rules* rules) noexcept {
  if (!IsValid(rules)) return nullptr;
  rules->references.fetch_add(1, std::memory_order_relaxed);
  return const_cast<cmatch_rules*>(rules);
}

void cmatch_rules_free(cmatch_rules* rules) noexcept {
  if (!IsValid(rules)) return;
  if (rules->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete rules;
}

cmatch_str cmatch_rules_version(const cmatch_rules* rules) noexcept {
  return IsValid(rules) ? ToC(rules->rules->version()) : cmatch_str{};
}

cmatch_str cmatch_rules_digest(const cmatch_rules* rules) noexcept {
  return IsValid(rules) ? ToC(rules->rules->digest()) : cmatch_str{};
}

uint64_t cmatch_rules_generation(const cmatch_rules* rules) noexcept {
  return IsValid(rules) ? rules->generation : 0;
}

size_t cmatch_rules_count(const cmatch_rules* rules) noexcept {
  return IsValid(rules) ? rules->rules->tables().rules.size() : 0;
}

cmatch_str cmatch_rules_id(const cmatch_rules* rules, size_t i) noexcept {
  if (i >= cmatch_rules_count(rules)) return {};
  return ToC(rules->rules->tables().rules[i].id);
}

}  // extern "C"
