// Targets below `engines/E/builds/` and `engines/E/launch/`.

#include <algorithm>

#include "tables/overlay.h"
#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

void SetDrivers(const OverlayChange& change, const YamlNode& value, Versioning versioning,
                Build& build) {
  if (value.kind == YamlKind::kSequence) {
    build.min_driver = ReadDriverFloors(change.in, value, versioning);
    return;
  }
  DriverFloor floor;
  floor.driver = ReadDottedNumber(change.in, value, "min_driver");
  floor.source = change.head.reason;
  floor.origin = change.in.At(value);
  build.min_driver = {floor};
}

std::string DriversLine(const std::vector<DriverFloor>& floors) {
  if (floors.size() == 1 && floors[0].compute.empty()) return std::string(floors[0].driver);
  std::vector<Text> drivers;
  for (const DriverFloor& floor : floors) drivers.push_back(floor.driver);
  return OneLine(drivers);
}

std::string ImagesLine(const std::vector<Image>& images) {
  std::string out = "[";
  for (const Image& image : images) {
    if (out.size() > 1) out += ", ";
    out += ToString(image);
  }
  return out + "]";
}

}  // namespace

// engines/E/builds/B/MEMBER: each of the build's rows.
void ApplyToBuild(const OverlayChange& change, const OverlayEngines& engines) {
  constexpr std::array<std::string_view, 3> kMembers = {"cuda", "images", "min_driver"};
  const std::string_view member = change.path[4];
  if (std::find(kMembers.begin(), kMembers.end(), member) == kMembers.end()) {
    return change.UnknownName("member of a build", member, {kMembers.begin(), kMembers.end()});
  }
  std::vector<std::string_view> names;
  std::vector<Build*> builds;
  for (Engine* engine : engines) {
    for (Build& build : engine->builds) {
      names.push_back(build.name);
      if (build.name == change.path[3]) builds.push_back(&build);
    }
  }
  if (builds.empty()) return change.UnknownName("build", change.path[3], names);
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  Replaced replaced;
  for (Build* build : builds) {
    const std::string below = member == "cuda"     ? std::string(build->cuda)
                              : member == "images" ? ImagesLine(build->images)
                                                   : DriversLine(build->min_driver);
    if (!change.Expected(below, build->origin)) return;
    replaced.Add(below, build->origin);
  }
  Build changed;
  if (member == "cuda") changed.cuda = ReadDottedNumber(change.in, *value, "cuda");
  if (member == "images") changed.images = ReadImages(change.in, *value);
  if (member == "min_driver") SetDrivers(change, *value, engines[0]->versioning, changed);
  for (Build* build : builds) {
    if (member == "cuda") build->cuda = changed.cuda;
    if (member == "images") build->images = changed.images;
    if (member == "min_driver") build->min_driver = changed.min_driver;
    build->origin = change.in.At(change.target);
  }
  change.Record(replaced.text(), replaced.origin());
}

// engines/E/launch/KEY/default
void ApplyToLaunchKey(const OverlayChange& change, const OverlayEngines& engines) {
  std::vector<std::string_view> names;
  std::vector<LaunchKey*> keys;
  for (Engine* engine : engines) {
    for (LaunchKey& key : engine->launch) {
      names.push_back(key.name);
      if (key.name == change.path[3]) keys.push_back(&key);
    }
  }
  if (keys.empty()) return change.UnknownName("launch key", change.path[3], names);
  if (change.path[4] != "default") {
    return change.UnknownName("member of a launch key", change.path[4], {"default"});
  }
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  Replaced replaced;
  for (LaunchKey* key : keys) {
    if (!change.Expected(key->default_value, key->origin)) return;
    replaced.Add(key->default_value, key->origin);
    key->default_value = change.in.ReadText(*value, "default");
    CheckLaunchDefault(change.in, *value, *key);
    key->origin = change.in.At(change.target);
  }
  change.Record(replaced.text(), replaced.origin());
}

}  // namespace cmatch::internal
