#ifndef CMATCH_OVERLAY_H_
#define CMATCH_OVERLAY_H_

// kind: cmatch.overlay/v1. An overlay changes what other files say; it is applied when all of them
// are read, so its values stay YAML until then: what they must be depends on the target.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/tables.h"
#include "yaml/yaml_reader.h"

namespace cmatch::internal {

// What an overlay says of itself.
struct OverlayHead {
  Text layer, reason, owner, expires;
};

struct Overlay {
  OverlayHead head;
  std::vector<const YamlNode*> changes;  // the items of `set` that have the right shape
};

// Checks the shape of an overlay file and adds its waivers. `root` has been asked for `kind`; its
// document must outlive the result.
Overlay ReadOverlayFile(YamlMap& root, Tables& tables);

// Applies the changes. Every one is recorded in Tables::overrides.
void ApplyOverlay(YamlInput& in, const Overlay& overlay, Tables& tables);

// One item of `set`, being applied.
struct OverlayChange {
  YamlInput& in;
  Tables& tables;
  const OverlayHead& head;
  std::vector<std::string_view> path;  // of the target, at the slashes
  const YamlNode& target;
  const YamlNode* value = nullptr;  // exactly one of `value` and `entries` is there
  const YamlNode* entries = nullptr;
  const YamlNode* expect = nullptr;

  // Says that `name` is no `what`, and what is near among `candidates`.
  void UnknownName(std::string_view what, std::string_view name,
                   const std::vector<std::string_view>& candidates) const;
  // The value that this target takes; nullptr, and a problem, where entries were given instead.
  const YamlNode* TakeValue() const;
  const YamlNode* TakeEntries() const;
  // False, and a problem, where the overlay expected another value below.
  bool Expected(std::string_view replaced, Origin replaced_origin) const;
  void Record(std::string_view replaced, Origin replaced_origin) const;
};

// What a change replaced, in one or several places: its lines, and the first of the places.
class Replaced {
 public:
  void Add(std::string_view line, Origin origin) {
    if (text_.empty()) origin_ = origin;
    if (!text_.empty()) text_ += "; ";
    text_ += line;
  }
  const std::string& text() const { return text_; }
  Origin origin() const { return origin_; }

 private:
  std::string text_;
  Origin origin_;
};

void ApplyToEngine(const OverlayChange& change);
// An engine that several files state, for different windows, is changed in each of them.
using OverlayEngines = std::vector<Engine*>;
void ApplyToBuild(const OverlayChange& change, const OverlayEngines& engines);
void ApplyToLaunchKey(const OverlayChange& change, const OverlayEngines& engines);
void ApplyToCommand(const OverlayChange& change, const OverlayEngines& engines);
void ApplyToRule(const OverlayChange& change);
void ApplyToGpu(const OverlayChange& change);
void ApplyToArchitecture(const OverlayChange& change);
void ApplyToAdvisory(const OverlayChange& change);

// Values as one line, for lists of overrides.
std::string OneLine(const YamlDocument& document, const YamlNode& node);
std::string OneLine(const Entry& entry);
std::string OneLine(const std::vector<Text>& items);

}  // namespace cmatch::internal

#endif  // CMATCH_OVERLAY_H_
