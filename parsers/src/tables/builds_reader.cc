// `builds` and `launch` of engine files.

#include <algorithm>
#include <utility>

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

std::optional<Image> ReadImage(YamlInput& in, const YamlNode& node) {
  if (!in.IsScalar(node, "images", "an image")) return std::nullopt;
  if (!node.quoted) {
    in.Refuse(node, "yaml-unquoted-compute",
              "an image needs quotes: " + std::string(node.text) + " may read as a number",
              "write \"" + std::string(node.text) + "\"");
    return std::nullopt;
  }
  std::optional<Image> image = ParseImage(node.text);
  if (!image) {
    in.Refuse(node, "yaml-bad-image", Quoted(node.text) + " is not an image",
              "write \"8.9\" (a cubin), \"9.0a\", \"10.0f\", \"12.0+ptx\" (with PTX) or \"7.5ptx\" "
              "(PTX only)");
  }
  return image;
}

Build ReadBuild(YamlInput& in, const YamlNode& key, const YamlNode& node, Versioning versioning) {
  YamlMap row(in, node, "build");
  Build build;
  build.name = in.ReadName(key, "build");
  build.origin = row.origin();
  build.versions = row.OptionalVersions(versioning);
  if (const YamlNode* cuda = row.Optional("cuda")) build.cuda = ReadDottedNumber(in, *cuda, "cuda");
  if (const YamlNode* images = row.Optional("images")) build.images = ReadImages(in, *images);
  build.only_listed = row.OptionalText("only_listed");
  if (const YamlNode* floors = row.Optional("min_driver")) {
    build.min_driver = ReadDriverFloors(in, *floors, versioning);
  }
  build.source = row.RequiredText("source");
  row.Done();
  return build;
}

void ReadIntegerRange(YamlInput& in, const YamlNode& node, LaunchKey& key) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  key.integer = true;
  key.max = kMost;
  const std::vector<const YamlNode*> ends = in.Items(node, "integer");
  if (ends.size() == 2) {
    key.min = in.ReadInteger(*ends[0], "integer", 0, kMost).value_or(0);
    key.max = in.ReadInteger(*ends[1], "integer", key.min, kMost).value_or(kMost);
  } else if (node.kind == YamlKind::kSequence) {
    in.Refuse(node, "yaml-wrong-type", "\"integer\" must be a list of two: [LEAST, MOST]");
  }
}

LaunchKey ReadLaunchKey(YamlInput& in, const YamlNode& name, const YamlNode& node,
                        Versioning versioning) {
  YamlMap row(in, node, "launch key");
  LaunchKey key;
  key.name = in.ReadName(name, "launch key");
  key.origin = row.origin();
  key.versions = row.OptionalVersions(versioning);
  const YamlNode* values = row.Optional("values");
  const YamlNode* integer = row.Optional("integer");
  if (values != nullptr) key.values = in.ReadTexts(*values, "values");
  if (integer != nullptr) ReadIntegerRange(in, *integer, key);
  if (values == nullptr && integer == nullptr) row.Missing("values", "or the key \"integer\"");
  if (values != nullptr && integer != nullptr) {
    in.Refuse(*integer, "yaml-unknown-key", "a launch key has \"values\" or \"integer\", not both");
  }
  if (values != nullptr && values->kind == YamlKind::kSequence && values->count == 0) {
    in.Refuse(*values, "yaml-empty-list", "\"values\" lists nothing");
  }
  if (const YamlNode* fallback = row.Optional("default")) {
    key.default_value = in.ReadText(*fallback, "default");
    CheckLaunchDefault(in, *fallback, key);
  }
  key.source = row.RequiredText("source");
  row.Done();
  return key;
}

}  // namespace

void CheckLaunchDefault(YamlInput& in, const YamlNode& node, const LaunchKey& key) {
  if (key.default_value.empty()) return;
  if (key.integer) {
    in.ReadInteger(node, "default", key.min, key.max);
    return;
  }
  const std::vector<std::string_view> names(key.values.begin(), key.values.end());
  if (!names.empty()) in.ReadWord(node, "default", names);
}

// "12.8", "570.15": quoted, or 12.10 would be 12.1.
Text ReadDottedNumber(YamlInput& in, const YamlNode& node, std::string_view what) {
  if (!in.IsScalar(node, what, "a version in quotes")) return {};
  const bool dotted = node.text.find_first_not_of("0123456789.") == std::string_view::npos &&
                      node.text.front() != '.' && node.text.back() != '.' &&
                      node.text.find("..") == std::string_view::npos;
  if (dotted && node.quoted) return in.Keep(node.text);
  in.Refuse(node, "yaml-wrong-type",
            Quoted(what) + " must be a version in quotes, is " + std::string(node.text),
            dotted ? "write \"" + std::string(node.text) + "\"" : "write \"12.8\" or \"570.15\"");
  return {};
}

std::vector<const YamlNode*> OneOrMany(YamlInput& in, const YamlNode& node, std::string_view what) {
  if (node.kind != YamlKind::kSequence) return {&node};
  std::vector<const YamlNode*> items = in.Items(node, what);
  if (items.empty()) in.Refuse(node, "yaml-empty-list", Quoted(what) + " lists nothing");
  return items;
}

std::vector<Image> ReadImages(YamlInput& in, const YamlNode& node) {
  std::vector<Image> images;
  for (const YamlNode* item : in.Items(node, "images")) {
    if (const std::optional<Image> image = ReadImage(in, *item)) images.push_back(*image);
  }
  if (node.kind == YamlKind::kSequence && node.count == 0) {
    in.Refuse(node, "yaml-empty-list", "\"images\" lists nothing");
  }
  return images;
}

std::vector<DriverFloor> ReadDriverFloors(YamlInput& in, const YamlNode& node,
                                          Versioning versioning) {
  std::vector<DriverFloor> floors;
  for (const YamlNode* item : in.Items(node, "min_driver")) {
    YamlMap row(in, *item, "driver floor");
    DriverFloor floor;
    floor.origin = row.origin();
    floor.compute = row.OptionalComputes();
    floor.versions = row.OptionalVersions(versioning);
    if (const YamlNode* driver = row.Required("driver")) {
      floor.driver = ReadDottedNumber(in, *driver, "driver");
    }
    floor.source = row.OptionalText("source");
    row.Done();
    floors.push_back(std::move(floor));
  }
  return floors;
}

void ReadBuilds(YamlInput& in, const YamlNode& node, Engine& engine) {
  for (const auto& [key, value] : in.Members(node, "builds")) {
    for (const YamlNode* item : OneOrMany(in, *value, key->text)) {
      engine.builds.push_back(ReadBuild(in, *key, *item, engine.versioning));
    }
  }
}

void ReadLaunchKeys(YamlInput& in, const YamlNode& node, Engine& engine) {
  for (const auto& [key, value] : in.Members(node, "launch")) {
    for (const YamlNode* item : OneOrMany(in, *value, key->text)) {
      engine.launch.push_back(ReadLaunchKey(in, *key, *item, engine.versioning));
    }
  }
}

}  // namespace cmatch::internal
