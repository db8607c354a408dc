// cmatch_model.

#include <algorithm>
#include <utility>

#include "cmatch/mcd_source.h"
#include "cmatch/render.h"
#include "descriptors.h"
#include "guard.h"
#include "log_records.h"
#include "objects.h"

using cmatch::Error;
using cmatch::Mcd;
using cmatch::McdFacts;
using cmatch::c::Failure;
using cmatch::c::Guard;
using cmatch::c::IsValid;
using cmatch::c::Outcome;
using cmatch::c::ToC;

cmatch_model::cmatch_model(cmatch::Model bound, std::shared_ptr<const cmatch::RuleSet> set,
                           std::vector<cmatch::Finding> found)
    : model(std::move(bound)), rules(std::move(set)), warnings(std::move(found)) {
  for (const std::string& kind : model.mcd().quant) quant.push_back(ToC(kind));
}

namespace {

using Facts = std::expected<McdFacts, Error>;

// A GGUF of which only the front is there: that its tensor data is missing is no fault.
void LeaveOutData(McdFacts& facts) {
  std::erase_if(facts.blocking,
                [](const cmatch::Problem& p) { return p.code == "gguf-truncated-data"; });
  facts.members.erase("file_bytes");
}

Outcome Bind(const cmatch_rules& rules, const Mcd& mcd, std::vector<cmatch::Finding> warnings,
             const cmatch::c::Stopwatch& watch, cmatch_model** out) {
  auto model = rules.matcher.Bind(mcd);
  if (!model) {
    cmatch::c::LogInvalid(rules, model.error(), watch);
    return cmatch::c::Fail(std::move(model.error()));
  }
  *out = new cmatch_model(*std::move(model), rules.rules, std::move(warnings));
  return CMATCH_OK;
}

// From any source: `read` gives the facts, or a Failure for arguments that are wrong.
template <typename Read>
cmatch_status Make(const cmatch_rules* rules, const cmatch_model_options* options,
                   cmatch_model** out, cmatch_error** error, Read&& read) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (out == nullptr) return cmatch::c::BadObject(nullptr, "out");
    *out = nullptr;
    if (!IsValid(rules)) return cmatch::c::BadObject(rules, "rules");
    const auto settings = cmatch::c::ReadOptional(options, "options");
    if (!settings) return std::unexpected(settings.error());
    const cmatch::c::Stopwatch watch(rules->log.get());
    std::expected<Facts, Failure> facts = read(*settings);
    if (!facts) return std::unexpected(std::move(facts.error()));
    std::expected<Mcd, Error> mcd = std::unexpected(Error{});
    if (*facts && settings->header_only != 0) LeaveOutData(**facts);
    mcd = *facts ? McdFrom(**facts) : std::unexpected(std::move(facts->error()));
    if (!mcd) {
      cmatch::c::LogInvalid(*rules, mcd.error(), watch);
      return cmatch::c::Fail(std::move(mcd.error()));
    }
    if (settings->requested_context != 0) {
      mcd->attributes["requested_context"] = settings->requested_context;
    }
    return Bind(*rules, *mcd, std::move((*facts)->warnings), watch, out);
  });
}

std::string_view Bytes(const void* bytes, std::size_t size) {
  return {static_cast<const char*>(bytes), size};
}

}  // namespace

extern "C" {

cmatch_status cmatch_model_from_path(const cmatch_rules* rules, cmatch_str path,
                                     const cmatch_model_options* options, cmatch_model** out,
                                     cmatch_error** error) noexcept {
  return Make(rules, options, out, error,
              [&](const cmatch_model_options& set) -> std::expected<Facts, Failure> {
                auto file = cmatch::c::Path(path, "path");
                if (!file) return std::unexpected(std::move(file.error()));
                return ReadModel(*file, *rules->rules,
                                 {.catalog = {}, .sidecar = set.no_sidecar == 0});
              });
}

cmatch_status cmatch_model_from_bytes(const cmatch_rules* rules, cmatch_str name, const void* bytes,
                                      size_t size, const cmatch_model_options* options,
                                      cmatch_model** out, cmatch_error** error) noexcept {
  return Make(rules, options, out, error,
              [&](const cmatch_model_options&) -> std::expected<Facts, Failure> {
                const auto label = cmatch::c::View(name, "name");
                if (!label) return std::unexpected(label.error());
                if (bytes == nullptr && size != 0) return cmatch::c::BadObject(nullptr, "bytes");
                return cmatch::ReadModelBytes(Bytes(bytes, size), *label, *rules->rules);
              });
}

cmatch_status cmatch_model_from_json(const cmatch_rules* rules, cmatch_str json,
                                     const cmatch_model_options* options, cmatch_model** out,
                                     cmatch_error** error) noexcept {
  return Make(rules, options, out, error,
              [&](const cmatch_model_options&) -> std::expected<Facts, Failure> {
                const auto text = cmatch::c::View(json, "json");
                if (!text) return std::unexpected(text.error());
                return cmatch::ReadMcdJson(*text, cmatch::c::kMcdName, *rules->rules);
              });
}

cmatch_status cmatch_model_from_catalog(const cmatch_rules* rules, cmatch_str path, cmatch_str id,
                                        const cmatch_model_options* options, cmatch_model** out,
                                        cmatch_error** error) noexcept {
  return Make(rules, options, out, error,
              [&](const cmatch_model_options& set) -> std::expected<Facts, Failure> {
                auto file = cmatch::c::Path(path, "path");
                if (!file) return std::unexpected(std::move(file.error()));
                auto key = cmatch::c::Path(id, "id");
                if (!key) return std::unexpected(std::move(key.error()));
                return ReadModel(*key, *rules->rules,
                                 {.catalog = *file, .sidecar = set.no_sidecar == 0});
              });
}

cmatch_status cmatch_model_from_catalog_json(const cmatch_rules* rules, cmatch_str json,
                                             cmatch_str id, const cmatch_model_options* options,
                                             cmatch_model** out, cmatch_error** error) noexcept {
  return Make(rules, options, out, error,
              [&](const cmatch_model_options&) -> std::expected<Facts, Failure> {
                const auto text = cmatch::c::View(json, "json");
                if (!text) return std::unexpected(text.error());
                const auto key = cmatch::c::View(id, "id");
                if (!key) return std::unexpected(key.error());
                return cmatch::ReadCatalogEntry(*text, "catalog", *key, *rules->rules);
              });
}

cmatch_status cmatch_model_from_mcd(const cmatch_rules* rules, const cmatch_mcd* mcd,
                                    cmatch_model** out, cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (out == nullptr) return cmatch::c::BadObject(nullptr, "out");
    *out = nullptr;
    if (!IsValid(rules)) return cmatch::c::BadObject(rules, "rules");
    const cmatch::c::Stopwatch watch(rules->log.get());
    auto read = cmatch::c::ReadMcd(mcd, *rules->rules);
    if (!read) return std::unexpected(std::move(read.error()));
    return Bind(*rules, *read, {}, watch, out);
  });
}

cmatch_status cmatch_model_rebind(const cmatch_rules* rules, const cmatch_model* model,
                                  cmatch_model** out, cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (out == nullptr) return cmatch::c::BadObject(nullptr, "out");
    *out = nullptr;
    if (!IsValid(rules)) return cmatch::c::BadObject(rules, "rules");
    if (!IsValid(model)) return cmatch::c::BadObject(model, "model");
    const cmatch::c::Stopwatch watch(rules->log.get());
    return Bind(*rules, model->model.mcd(), model->warnings, watch, out);
  });
}

cmatch_str cmatch_model_id(const cmatch_model* model) noexcept {
  return IsValid(model) ? ToC(model->model.mcd().model_id) : cmatch_str{};
}

cmatch_status cmatch_model_mcd(const cmatch_model* model, cmatch_mcd* out) noexcept {
  if (!IsValid(model)) return model == nullptr ? CMATCH_E_ARGUMENT : CMATCH_E_HANDLE;
  const Mcd& mcd = model->model.mcd();
  cmatch_mcd c{};
  c.model_id = ToC(mcd.model_id);
  c.positional = ToC(mcd.positional);
  c.attention = ToC(mcd.attention);
  c.quant = model->quant.data();
  c.quant_count = model->quant.size();
  c.context_max = mcd.context_max;
  c.vocab_size = mcd.vocab_size;
  if (const auto at = mcd.attributes.find("requested_context"); at != mcd.attributes.end()) {
    if (const auto* tokens = std::get_if<std::int64_t>(&at->second)) c.requested_context = *tokens;
  }
  return cmatch::c::WriteStruct(out, c);
}

cmatch_status cmatch_model_json(const cmatch_model* model, cmatch_text** out) noexcept {
  if (out == nullptr) return CMATCH_E_ARGUMENT;
  *out = nullptr;
  if (!IsValid(model)) return model == nullptr ? CMATCH_E_ARGUMENT : CMATCH_E_HANDLE;
  return Guard(nullptr, [&]() -> Outcome {
    *out = new cmatch_text(cmatch::RenderJson(model->model.mcd()));
    return CMATCH_OK;
  });
}

void cmatch_model_free(cmatch_model* model) noexcept {
  if (IsValid(model)) delete model;
}

}  // extern "C"
