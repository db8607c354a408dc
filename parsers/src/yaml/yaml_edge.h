#ifndef CMATCH_YAML_EDGE_H_
#define CMATCH_YAML_EDGE_H_

// YAML as a flat tree of text, read strictly through yaml-cpp's events: what its Node interface
// lets pass (duplicate keys, aliases, an unclosed quote, a second document) is a problem with a
// position here. Nothing is typed: a scalar is text, and whether it was quoted.
//
//   YamlProblems problems("rules/kinds.yaml", &list);
//   YamlDocument document = ParseYaml(text, problems);
//   if (document.root() != nullptr) ...         // problems may still hold some that did not stop
//   it
//
// yaml-cpp's headers are included in yaml_edge.cc only; no exception leaves it.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/yaml_problems.h"

namespace cmatch::internal {

enum class YamlKind : std::uint8_t {
  kScalar,
  kSequence,
  kMapping,
  kNull,     // nothing, `~` or `null`, unquoted
  kRefused,  // a problem was reported here: ask no more of it
};

struct YamlNode {
  std::string_view text;   // kScalar: into the file's text, or the document's own where escaped
  std::uint32_t line = 0;  // 1-based
  std::uint32_t column = 0;
  std::uint32_t first = 0;  // children by index, 0: none; a mapping's are key, value, key, value
  std::uint32_t next = 0;   // sibling
  std::uint32_t count = 0;  // children; of a mapping: keys and values
  YamlKind kind = YamlKind::kScalar;
  bool quoted = false;

  YamlPlace place() const { return {line, column}; }
};

// Owns the nodes; the texts are views into the text that was parsed, which must outlive it.
class YamlDocument {
 public:
  // The root mapping; nullptr where the file could not be read to its end.
  const YamlNode* root() const { return usable_ ? &nodes_[1] : nullptr; }

  const YamlNode* First(const YamlNode& parent) const { return At(parent.first); }
  const YamlNode* Next(const YamlNode& child) const { return At(child.next); }

  // True where `text` stays valid without this document (it is part of the parsed text).
  static bool Inside(std::string_view parsed, std::string_view text) {
    return text.data() >= parsed.data() &&
           text.data() + text.size() <= parsed.data() + parsed.size();
  }

 private:
  friend class YamlTree;
  const YamlNode* At(std::uint32_t index) const { return index == 0 ? nullptr : &nodes_[index]; }

  std::vector<YamlNode> nodes_;  // [0] is no node
  std::deque<std::string> owned_;
  bool usable_ = false;
};

// Adds every problem it finds. `text` must outlive the result.
YamlDocument ParseYaml(std::string_view text, YamlProblems& problems);

}  // namespace cmatch::internal

#endif  // CMATCH_YAML_EDGE_H_
