#include "tables/overlay.h"

#include <chrono>

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

// False where nothing can be made of it.
bool ReadSetItem(YamlInput& in, const YamlNode& node) {
  YamlMap row(in, node, "change");
  row.RequiredText("target");
  const YamlNode* entries = row.Optional("entries");
  const YamlNode* value = row.Optional("value");
  const YamlNode* expect = row.Optional("expect");
  if (row.ok() && entries == nullptr && value == nullptr) row.Missing("value", "or \"entries\"");
  if (entries != nullptr && value != nullptr) {
    in.Refuse(*value, "yaml-unknown-key", "a change has \"entries\" or \"value\", not both");
  }
  if (entries != nullptr && expect != nullptr) {
    in.Refuse(*expect, "yaml-unknown-key", "\"expect\" is for single values, not for entries");
  }
  row.Done();
  return !row.broken();
}

void ReadWaiver(YamlInput& in, const YamlNode& node, const OverlayHead& head, Tables& tables) {
  YamlMap row(in, node, "waiver");
  Waiver waiver;
  waiver.origin = row.origin();
  waiver.layer = head.layer;
  waiver.owner = head.owner;
  waiver.rule = row.RequiredName("rule");
  waiver.model = row.OptionalText("model");
  waiver.worker = row.OptionalText("worker");
  waiver.reason = row.RequiredText("reason");
  const YamlNode* expires = row.Optional("expires");
  waiver.expires = expires == nullptr ? head.expires : ReadDate(in, *expires, "expires");
  if (waiver.model.empty()) waiver.model = "*";
  if (waiver.worker.empty()) waiver.worker = "*";
  row.Done();
  tables.waivers.push_back(waiver);
}

OverlayHead ReadHead(YamlMap& root) {
  OverlayHead head;
  head.layer = root.RequiredName("layer");
  head.reason = root.RequiredText("reason");
  head.owner = root.RequiredText("owner");
  if (const YamlNode* expires = root.Optional("expires")) {
    head.expires = ReadDate(root.in(), *expires, "expires");
  }
  return head;
}

std::vector<std::string_view> SplitPath(std::string_view target) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t slash = target.find('/');
    parts.push_back(target.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    target.remove_prefix(slash + 1);
  }
}

struct Root {
  std::string_view name;
  void (*apply)(const OverlayChange&);
};

constexpr std::array<Root, 6> kRoots = {{{"engines", ApplyToEngine},
                                         {"rules", ApplyToRule},
                                         {"advisories", ApplyToAdvisory},
                                         {"gpus", ApplyToGpu},
                                         {"architectures", ApplyToArchitecture},
                                         {"model_types", ApplyToArchitecture}}};

void Apply(const OverlayChange& change) {
  std::vector<std::string_view> names;
  for (const Root& root : kRoots) {
    if (root.name == change.path[0]) return root.apply(change);
    names.push_back(root.name);
  }
  change.UnknownName("group of tables", change.path[0], names);
}

}  // namespace

Text ReadDate(YamlInput& in, const YamlNode& node, std::string_view what) {
  if (!in.IsScalar(node, what, "a date")) return {};
  const std::string_view text = node.text;
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = 0;
    for (const char c : text.substr(at, length)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  if (text.size() == 10 && text[4] == '-' && text[7] == '-' && number(0, 4) > 0 &&
      number(5, 2) > 0 && number(8, 2) > 0) {
    const std::chrono::year_month_day date(std::chrono::year(number(0, 4)),
                                           std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                           std::chrono::day(static_cast<unsigned>(number(8, 2))));
    if (date.ok()) return in.Keep(text);
  }
  in.Refuse(node, "yaml-bad-date", Quoted(what) + " must be a day, is " + Quoted(text),
            "write \"2027-03-01\"");
  return {};
}

Overlay ReadOverlayFile(YamlMap& root, Tables& tables) {
  YamlInput& in = root.in();
  Overlay overlay{.head = ReadHead(root), .changes = {}};
  const YamlNode* set = root.Optional("set");
  const YamlNode* waive = root.Optional("waive");
  if (set == nullptr && waive == nullptr)
    root.Missing("set", "or \"waive\": an overlay without either does nothing");
  if (set != nullptr) {
    for (const YamlNode* item : in.Items(*set, "set")) {
      if (ReadSetItem(in, *item)) overlay.changes.push_back(item);
    }
  }
  if (waive != nullptr) {
    for (const YamlNode* item : in.Items(*waive, "waive")) {
      ReadWaiver(in, *item, overlay.head, tables);
    }
  }
  return overlay;
}

void ApplyOverlay(YamlInput& in, const Overlay& overlay, Tables& tables) {
  for (const YamlNode* item : overlay.changes) {
    YamlMap row(in, *item, "change");
    const YamlNode* target = row.Required("target");
    if (target == nullptr) continue;
    Apply({.in = in,
           .tables = tables,
           .head = overlay.head,
           .path = SplitPath(target->text),
           .target = *target,
           .value = row.Optional("value"),
           .entries = row.Optional("entries"),
           .expect = row.Optional("expect")});
  }
}

void OverlayChange::UnknownName(std::string_view what, std::string_view name,
                                const std::vector<std::string_view>& candidates) const {
  std::string help = DidYouMean(name, candidates);
  if (help.empty() && !candidates.empty() && candidates.size() <= 16) {
    help = "there is:";
    for (const std::string_view candidate : candidates) {
      help += ' ';
      help += candidate;
    }
  }
  in.Refuse(target, "rules-unknown-target",
            "no " + std::string(what) + " " + Quoted(name) + " to change", std::move(help));
}

const YamlNode* OverlayChange::TakeValue() const {
  if (value != nullptr) return value;
  in.Refuse(target, "rules-unknown-target", "this target takes a \"value\", not \"entries\"");
  return nullptr;
}

const YamlNode* OverlayChange::TakeEntries() const {
  if (entries != nullptr) return entries;
  in.Refuse(target, "rules-unknown-target", "this target takes \"entries\", not a \"value\"");
  return nullptr;
}

bool OverlayChange::Expected(std::string_view replaced, Origin replaced_origin) const {
  if (expect == nullptr) return true;
  const std::string expected = OneLine(in.document(), *expect);
  if (expected == replaced) return true;
  Problem* problem =
      in.Refuse(*expect, "rules-stale-overlay",
                "the overlay expects " + Quoted(expected) + " below, there is " + Quoted(replaced),
                "look whether the overlay is still needed, then correct \"expect\"");
  if (problem != nullptr) problem->notes.push_back({"stated here", tables.Locate(replaced_origin)});
  return false;
}

void OverlayChange::Record(std::string_view replaced, Origin replaced_origin) const {
  const YamlNode& given = value != nullptr ? *value : *entries;
  tables.overrides.push_back({.layer = head.layer,
                              .reason = head.reason,
                              .owner = head.owner,
                              .expires = head.expires,
                              .target = in.Keep(target.text),
                              .value = tables.pool.Intern(OneLine(in.document(), given)),
                              .origin = in.At(target),
                              .replaced = tables.pool.Intern(replaced),
                              .replaced_origin = replaced_origin});
}

std::string OneLine(const YamlDocument& document, const YamlNode& node) {
  if (node.kind == YamlKind::kScalar) return std::string(node.text);
  const bool mapping = node.kind == YamlKind::kMapping;
  std::string out = mapping ? "{" : "[";
  bool key = true;
  for (const YamlNode* child = document.First(node); child != nullptr;
       child = document.Next(*child)) {
    if (out.size() > 1) out += mapping && !key ? ": " : ", ";
    out += OneLine(document, *child);
    key = !key;
  }
  return out + (mapping ? "}" : "]");
}

std::string OneLine(const Entry& entry) {
  std::string out = "{";
  if (!entry.compute.empty()) {
    out += "compute: [";
    for (const ComputeRange& range : entry.compute) {
      if (!out.ends_with('[')) out += ", ";
      out += ToString(range);
    }
    out += "], ";
  }
  if (!entry.versions.Everything()) out += "versions: " + std::string(entry.versions.text) + ", ";
  for (const auto& [level, name] : kLevels) {
    if (level == entry.level) out += "level: " + std::string(name);
  }
  if (!entry.because.empty()) out += ", because: " + std::string(entry.because);
  return out + "}";
}

std::string OneLine(const std::vector<Text>& items) {
  std::string out = "[";
  for (const Text item : items) {
    if (out.size() > 1) out += ", ";
    out += item;
  }
  return out + "]";
}

}  // namespace cmatch::internal
