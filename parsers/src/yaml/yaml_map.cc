#include <algorithm>
#include <cassert>

#include "yaml/yaml_reader.h"

namespace cmatch::internal {
namespace {

// "a rule", "an entry".
std::string WithArticle(std::string_view what) {
  const bool vowel =
      !what.empty() && std::string_view("aeio").find(what[0]) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(what);
}

}  // namespace

YamlMap::YamlMap(YamlInput& in, const YamlNode& node, std::string_view what)
    : in_(in),
      given_(node),
      refusals_before_(in.refusals()),
      node_(nullptr),
      what_(what),
      origin_(in.At(node)) {
  if (node.kind == YamlKind::kMapping) {
    node_ = &node;
    return;
  }
  in.Refuse(node, "yaml-wrong-type",
            WithArticle(what) + " must be a mapping, is " + std::string(ShapeOf(node)));
}

const YamlNode* YamlMap::Optional(std::string_view key) {
  assert(asked_count_ < kMostKeys);
  asked_[asked_count_++] = key;
  if (node_ == nullptr) return nullptr;
  const YamlDocument& document = in_.document();
  const YamlNode* at = document.First(*node_);
  while (at != nullptr) {
    const YamlNode* value = document.Next(*at);
    if (value == nullptr) return nullptr;
    if (at->text == key && at->kind == YamlKind::kScalar) {
      ++found_;
      return value;
    }
    at = document.Next(*value);
  }
  return nullptr;
}

const YamlNode* YamlMap::Required(std::string_view key) {
  const YamlNode* value = Optional(key);
  if (value == nullptr) Missing(key);
  return value;
}

void YamlMap::Missing(std::string_view key, std::string_view why) {
  if (node_ == nullptr) return;
  std::string message = WithArticle(what_) + " needs the key " + Quoted(key);
  if (!why.empty()) message += " " + std::string(why);
  in_.Refuse(*node_, "yaml-missing-key", std::move(message));
}

Text YamlMap::RequiredText(std::string_view key) {
  const YamlNode* value = Required(key);
  return value == nullptr ? Text() : in_.ReadText(*value, key);
}

Text YamlMap::OptionalText(std::string_view key) {
  const YamlNode* value = Optional(key);
  return value == nullptr ? Text() : in_.ReadText(*value, key);
}

Text YamlMap::RequiredName(std::string_view key) {
  const YamlNode* value = Required(key);
  return value == nullptr ? Text() : in_.ReadName(*value, key);
}

Text YamlMap::RequiredKind(std::string_view key) {
  const YamlNode* value = Required(key);
  return value == nullptr ? Text() : in_.ReadKind(*value, key);
}

Text YamlMap::OptionalKind(std::string_view key) {
  const YamlNode* value = Optional(key);
  return value == nullptr ? Text() : in_.ReadKind(*value, key);
}

bool YamlMap::OptionalFlag(std::string_view key) {
  const YamlNode* value = Optional(key);
  return value != nullptr && in_.ReadFlag(*value, key).value_or(false);
}

std::int64_t YamlMap::RequiredInteger(std::string_view key, std::int64_t least, std::int64_t most) {
  const YamlNode* value = Required(key);
  return value == nullptr ? least : in_.ReadInteger(*value, key, least, most).value_or(least);
}

std::int64_t YamlMap::OptionalInteger(std::string_view key, std::int64_t fallback,
                                      std::int64_t least, std::int64_t most) {
  const YamlNode* value = Optional(key);
  return value == nullptr ? fallback : in_.ReadInteger(*value, key, least, most).value_or(fallback);
}

VersionRange YamlMap::OptionalVersions(Versioning versioning) {
  const YamlNode* value = Optional("versions");
  return value == nullptr ? VersionRange() : in_.ReadVersions(*value, versioning);
}

std::vector<ComputeRange> YamlMap::OptionalComputes() {
  const YamlNode* value = Optional("compute");
  return value == nullptr ? std::vector<ComputeRange>() : in_.ReadComputes(*value);
}

std::vector<Text> YamlMap::OptionalTexts(std::string_view key) {
  const YamlNode* value = Optional(key);
  return value == nullptr ? std::vector<Text>() : in_.ReadTexts(*value, key);
}

void YamlMap::Done() {
  if (node_ != nullptr && found_ * 2 != node_->count) ReportUnknown();
  if (broken()) in_.MarkBroken(given_, what_);
}

void YamlMap::ReportUnknown() {
  const std::vector<std::string_view> known(
      asked_.begin(), asked_.begin() + static_cast<std::ptrdiff_t>(asked_count_));
  const YamlDocument& document = in_.document();
  // What is there already is not what was meant.
  std::vector<std::string_view> missing = known;
  for (const YamlNode* key = document.First(*node_); key != nullptr;) {
    std::erase(missing, key->text);
    const YamlNode* value = document.Next(*key);
    key = value == nullptr ? nullptr : document.Next(*value);
  }
  const YamlNode* key = document.First(*node_);
  while (key != nullptr) {
    const YamlNode* value = document.Next(*key);
    if (std::find(known.begin(), known.end(), key->text) == known.end()) {
      std::string help = DidYouMean(key->text, missing);
      if (help.empty()) help = WithArticle(what_) + " may have: " + Joined(known);
      in_.Refuse(*key, "yaml-unknown-key",
                 "unknown key " + Quoted(key->text) + " in " + WithArticle(what_), std::move(help));
    }
    key = value == nullptr ? nullptr : document.Next(*value);
  }
}

}  // namespace cmatch::internal
