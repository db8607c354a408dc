// cmatch_store.

#include <utility>

#include "guard.h"
#include "log_records.h"
#include "make_rules.h"
#include "objects.h"

using cmatch::RuleStore;
using cmatch::c::Guard;
using cmatch::c::IsValid;
using cmatch::c::Outcome;

cmatch_store::~cmatch_store() { cmatch_rules_free(current); }

namespace {

// Makes `next` what cmatch_store_get returns.
void Publish(cmatch_store& store, cmatch_rules* next) noexcept {
  cmatch_rules* old = nullptr;
  {
    const std::lock_guard lock(store.pointer);
    old = std::exchange(store.current, next);
  }
  cmatch_rules_free(old);
}

// NULL `directories`: those of the last load. Calls hold store.writers.
Outcome Load(cmatch_store& store, const std::vector<std::string>* directories) {
  const cmatch::c::Stopwatch watch(store.log.get());
  std::unique_ptr<cmatch_rules> next;  // all that can fail comes before the swap
  const RuleStore::Ready ready = [&](const RuleStore::Snapshot& now) {
    next = std::make_unique<cmatch_rules>(now.rules, store.today, store.log, now.generation);
  };
  auto loaded =
      directories == nullptr ? store.store.Reload(ready) : store.store.Load(*directories, ready);
  if (!loaded) {
    cmatch::c::LogRejected(store.log.get(), loaded.error(), store.store.current().generation,
                           watch);
    return cmatch::c::Fail(std::move(loaded.error()));
  }
  cmatch::c::LogLoaded(*next, watch);
  Publish(store, next.release());
  return CMATCH_OK;
}

}  // namespace

extern "C" {

cmatch_status cmatch_store_new(const cmatch_str* directories, size_t count,
                               const cmatch_options* options, cmatch_store** out,
                               cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (out == nullptr) return cmatch::c::BadObject(nullptr, "out");
    *out = nullptr;
    const auto paths = cmatch::c::Paths(directories, count);
    if (!paths) return std::unexpected(paths.error());
    auto settings = cmatch::c::ReadOptions(options);
    if (!settings) return std::unexpected(std::move(settings.error()));
    auto store = std::make_unique<cmatch_store>();
    store->today = std::move(settings->today);
    store->log = settings->log;
    Outcome loaded = Load(*store, &*paths);
    if (!loaded) return loaded;
    if (settings->log) settings->log->Own();
    *out = store.release();
    return CMATCH_OK;
  });
}

cmatch_status cmatch_store_reload(cmatch_store* store, const cmatch_str* directories, size_t count,
                                  cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (!IsValid(store)) return cmatch::c::BadObject(store, "store");
    const auto paths = cmatch::c::Paths(directories, count);
    if (!paths) return std::unexpected(paths.error());
    const std::lock_guard lock(store->writers);
    return Load(*store, directories == nullptr ? nullptr : &*paths);
  });
}

cmatch_status cmatch_store_set_today(cmatch_store* store, cmatch_str today,
                                     cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (!IsValid(store)) return cmatch::c::BadObject(store, "store");
    auto date = cmatch::c::ReadToday(today);
    if (!date) return std::unexpected(std::move(date.error()));
    const std::lock_guard lock(store->writers);
    const RuleStore::Snapshot now = store->store.current();
    auto next = std::make_unique<cmatch_rules>(now.rules, *date, store->log, now.generation);
    store->today.swap(*date);
    Publish(*store, next.release());
    return CMATCH_OK;
  });
}

cmatch_rules* cmatch_store_get(const cmatch_store* store) noexcept {
  if (!IsValid(store)) return nullptr;
  const std::lock_guard lock(store->pointer);
  return cmatch_rules_ref(store->current);
}

uint64_t cmatch_store_generation(const cmatch_store* store) noexcept {
  if (!IsValid(store)) return 0;
  const std::lock_guard lock(store->pointer);
  return cmatch_rules_generation(store->current);
}

void cmatch_store_free(cmatch_store* store) noexcept {
  if (IsValid(store)) delete store;
}

}  // extern "C"
