#include <algorithm>
#include <utility>

#include "json/json_edge.h"

namespace cmatch::internal {

const JsonNode* JsonDocument::Find(const JsonNode& object, std::string_view key) const {
  if (object.type != JsonType::kObject) return nullptr;
  for (const JsonNode* member = First(object); member != nullptr; member = Next(*member)) {
    if (member->key == key) return member;
  }
  return nullptr;
}

std::vector<const JsonNode*> JsonDocument::PathTo(const JsonNode& node) const {
  std::vector<const JsonNode*> path;
  for (const JsonNode* at = &node; at != nodes_.data(); at = &nodes_[at->parent]) {
    path.push_back(at);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::string JsonDocument::Pointer(const JsonNode& node) const {
  std::string pointer;
  for (const JsonNode* step : PathTo(node)) {
    pointer += '/';
    if (nodes_[step->parent].type == JsonType::kList) {
      pointer += std::to_string(step->index);
      continue;
    }
    for (const char c : step->key) {
      if (c == '~') {
        pointer += "~0";
      } else if (c == '/') {
        pointer += "~1";
      } else {
        pointer += c;
      }
    }
  }
  return pointer;
}

std::string JsonDocument::Name(const JsonNode& node) const {
  std::string name;
  for (const JsonNode* step : PathTo(node)) {
    if (nodes_[step->parent].type == JsonType::kList) {
      name += '[' + std::to_string(step->index) + ']';
    } else {
      if (!name.empty()) name += '.';
      name += step->key;
    }
  }
  return name.empty() ? "the document" : name;
}

Problem JsonDocument::MakeProblem(const JsonNode& node, std::string code, std::string message,
                                  std::string help) const {
  return {.code = std::move(code),
          .path = Pointer(node),
          .message = std::move(message),
          .where = Where(node),
          .notes = {},
          .help = std::move(help)};
}

Problem JsonDocument::MakeValueProblem(const JsonNode& node, std::string code,
                                       std::string_view phrase, std::string help) const {
  return MakeProblem(node, std::move(code), Name(node) + " " + std::string(phrase),
                     std::move(help));
}

void JsonDocument::FindLines(std::string_view text) {
  lines_.push_back(0);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    lines_.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

Location JsonDocument::At(std::size_t offset) const {
  if (lines_.empty()) return {.file = name_};
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - lines_.begin());
  return {
      .file = name_, .line = line, .column = static_cast<std::uint32_t>(offset - *(after - 1) + 1)};
}

void JsonDocument::Fail(std::size_t offset, std::string code, std::string message,
                        std::string help) {
  problems_.push_back({.code = std::move(code),
                       .path = {},
                       .message = std::move(message),
                       .where = At(offset),
                       .notes = {},
                       .help = std::move(help)});
}

std::string_view Describe(JsonType type) {
  switch (type) {
    case JsonType::kNull:
      return "null";
    case JsonType::kBool:
      return "true or false";
    case JsonType::kInteger:
      return "an integer";
    case JsonType::kHugeInteger:
      return "an integer beyond 64 bits";
    case JsonType::kReal:
      return "a number with a point or an exponent";
    case JsonType::kText:
      return "a string";
    case JsonType::kList:
      return "a list";
    case JsonType::kObject:
      return "an object";
  }
  return "a value";
}

}  // namespace cmatch::internal
