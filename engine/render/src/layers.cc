#include <algorithm>

#include "cmatch/render_layers.h"
#include "json_writer.h"

namespace cmatch {
namespace {

std::string Paint(const std::string& text, LayerState state, const TextOptions& options) {
  if (!options.color || state == LayerState::kApplies) return text;
  return (state == LayerState::kExpired ? "\033[1;31m" : "\033[33m") + text + "\033[0m";
}

std::string Place(const Location& where) {
  return Escape(where.file) + (where.line == 0 ? "" : ":" + std::to_string(where.line));
}

// "until 2027-03-01", "ENDS SOON: 2027-03-01", "EXPIRED: 2027-03-01"
std::string Until(const LayerItem& item, const TextOptions& options) {
  if (item.expires.empty()) return "for ever";
  const std::string word = item.state == LayerState::kExpired    ? "EXPIRED "
                           : item.state == LayerState::kEndsSoon ? "ENDS SOON "
                                                                 : "until ";
  return Paint(word + item.expires, item.state, options);
}

bool SameOverlay(const LayerItem& a, const LayerItem& b) {
  return a.layer == b.layer && a.owner == b.owner && a.where.file == b.where.file;
}

std::string ChangeText(const LayerItem& item, const TextOptions& options) {
  std::string text = "  set    " + Escape(item.target) + " = " + Escape(item.value) + ", " +
                     Until(item, options) + '\n';
  text += "         " + Place(item.where) + "; was " +
          (item.replaced.empty() ? "not stated" : Escape(item.replaced));
  if (!item.replaced_where.file.empty()) text += " at " + Place(item.replaced_where);
  text += '\n';
  if (!item.superseded_by.file.empty()) {
    text += "         does not count: set again at " + Place(item.superseded_by) + '\n';
  }
  return text;
}

std::string WaiverText(const LayerItem& item, const TextOptions& options) {
  return "  waive  " + Escape(item.target) + " for model " + Escape(item.model) + " on worker " +
         Escape(item.worker) + ", " + Until(item, options) + '\n' + "         " +
         Place(item.where) + "; " + Escape(item.reason) + '\n';
}

std::size_t CountOf(const std::vector<LayerItem>& layers, LayerState state) {
  return static_cast<std::size_t>(std::count_if(
      layers.begin(), layers.end(), [&](const LayerItem& item) { return item.state == state; }));
}

}  // namespace

std::string RenderText(const std::vector<LayerItem>& layers, const TextOptions& options) {
  std::string text;
  const LayerItem* last = nullptr;
  std::size_t waivers = 0;
  for (const LayerItem& item : layers) {
    if (last == nullptr || !SameOverlay(*last, item)) {
      text += Escape(item.layer) + " (" + Escape(item.owner) + ")";
      if (!item.waiver) text += ": " + Escape(item.reason);
      text += '\n';
    }
    text += item.waiver ? WaiverText(item, options) : ChangeText(item, options);
    waivers += item.waiver ? 1U : 0U;
    last = &item;
  }
  const std::size_t changes = layers.size() - waivers;
  text += std::to_string(changes) + (changes == 1 ? " change, " : " changes, ") +
          std::to_string(waivers) + (waivers == 1 ? " waiver" : " waivers");
  const std::size_t expired = CountOf(layers, LayerState::kExpired);
  const std::size_t soon = CountOf(layers, LayerState::kEndsSoon);
  if (soon != 0) text += "; " + std::to_string(soon) + (soon == 1 ? " ends soon" : " end soon");
  if (expired != 0) text += "; " + std::to_string(expired) + " expired";
  return text + '\n';
}

std::string RenderJson(const std::vector<LayerItem>& layers) {
  internal::JsonWriter json;
  const auto place = [&](const char* name, const Location& where) {
    if (where.file.empty()) return;
    json.Key(name).Object([&] {
      json.Member("file", where.file);
      json.OptionalMember("line", where.line);
      json.OptionalMember("column", where.column);
    });
  };
  json.Object([&] {
    json.Member("schema", "cmatch.layers/1");
    json.Key("layers").Array(layers, [&](const LayerItem& item) {
      json.Object([&] {
        json.Member("type", item.waiver ? "waiver" : "change");
        json.Member("layer", item.layer);
        json.Member("owner", item.owner);
        json.Member("reason", item.reason);
        json.OptionalMember("expires", item.expires);
        json.Member("state", ToString(item.state));
        json.Member(item.waiver ? "rule" : "target", item.target);
        json.OptionalMember("value", item.value);
        json.OptionalMember("model", item.model);
        json.OptionalMember("worker", item.worker);
        place("where", item.where);
        json.OptionalMember("replaced", item.replaced);
        place("replaced_where", item.replaced_where);
        place("superseded_by", item.superseded_by);
      });
    });
  });
  return json.Take();
}

}  // namespace cmatch
