#include "cmatch/layers.h"

#include <algorithm>

#include "judge.h"

namespace cmatch {
namespace {

LayerState StateOf(std::string_view expires, std::string_view today, std::string_view until) {
  if (internal::Expired(expires, today)) return LayerState::kExpired;
  if (!expires.empty() && expires <= until) return LayerState::kEndsSoon;
  return LayerState::kApplies;
}

// Entries and paths join those below; of single values the last one counts.
bool IsValue(const Override& change) { return !change.value.starts_with("[{"); }

LayerItem ItemOf(const Tables& tables, const Override& change) {
  LayerItem item;
  item.layer = change.layer;
  item.owner = change.owner;
  item.reason = change.reason;
  item.expires = change.expires;
  item.target = change.target;
  item.value = change.value;
  item.where = tables.Locate(change.origin);
  item.replaced = change.replaced;
  if (change.replaced_origin.line != 0) item.replaced_where = tables.Locate(change.replaced_origin);
  const Override* end = tables.overrides.data() + tables.overrides.size();
  const Override* later = std::find_if(&change + 1, end, [&](const Override& other) {
    return other.target == change.target && IsValue(change);
  });
  if (later != end) item.superseded_by = tables.Locate(later->origin);
  return item;
}

LayerItem ItemOf(const Tables& tables, const Waiver& waiver) {
  LayerItem item;
  item.waiver = true;
  item.layer = waiver.layer;
  item.owner = waiver.owner;
  item.reason = waiver.reason;
  item.expires = waiver.expires;
  item.target = waiver.rule;
  item.model = waiver.model;
  item.worker = waiver.worker;
  item.where = tables.Locate(waiver.origin);
  return item;
}

}  // namespace

std::vector<LayerItem> LayersOf(const RuleSet& rules, std::string_view today,
                                std::string_view until) {
  const Tables& tables = rules.tables();
  std::vector<std::pair<std::uint32_t, LayerItem>> items;  // by file: overlays apply in that order
  for (const Override& change : tables.overrides) {
    items.emplace_back(change.origin.file, ItemOf(tables, change));
  }
  for (const Waiver& waiver : tables.waivers) {
    items.emplace_back(waiver.origin.file, ItemOf(tables, waiver));
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<LayerItem> layers;
  for (auto& [file, item] : items) {
    item.state = StateOf(item.expires, today, until);
    layers.push_back(std::move(item));
  }
  return layers;
}

std::string_view ToString(LayerState state) {
  switch (state) {
    case LayerState::kApplies:
      return "applies";
    case LayerState::kEndsSoon:
      return "ends soon";
    case LayerState::kExpired:
      return "expired";
  }
  return "applies";
}

}  // namespace cmatch
