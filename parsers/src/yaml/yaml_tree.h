#ifndef CMATCH_YAML_TREE_H_
#define CMATCH_YAML_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/yaml_edge.h"
#include "yaml/yaml_problems.h"

namespace cmatch::internal {

// Thrown through the parser where the rest of the file can say nothing more of use; caught in
// yaml_edge.cc.
struct YamlStop {};

// Where a node begins and what stands before it.
struct YamlMark {
  YamlPlace place;
  std::size_t offset = 0;  // in the text, without a byte order mark
  std::string_view tag;    // "" or "?": none; "!": none, and a scalar in quotes
  bool anchored = false;
};

// Builds a document from a parser's events and refuses what the format does not have: anchors,
// aliases, tags, merge keys, keys that are no words, keys stated twice, quotes that are not closed
// on their line, and what is over the limits.
class YamlTree {
 public:
  YamlTree(std::string_view text, YamlProblems& problems);

  void BeginDocument(YamlPlace place);
  void Null(const YamlMark& mark);
  void Alias(const YamlMark& mark);
  void Scalar(const YamlMark& mark, const std::string& value);
  // `flow`: in brackets.
  void Open(const YamlMark& mark, YamlKind kind, bool flow);
  void Close();

  // The innermost `[` or `{` that is open.
  const YamlNode* OpenBracket() const;
  // The document where it is whole, and one without a root otherwise.
  YamlDocument Finish();
  YamlDocument Abandon() { return std::move(document_); }

 private:
  struct Frame {
    std::uint32_t node;
    std::uint32_t last;  // child
    bool mapping;
    bool flow;
  };

  void Refuse(YamlPlace place, std::string_view code, std::string message, std::string help = {});
  // Appends a node to the open collection. The reference is valid until the next Add.
  YamlNode& Add(const YamlMark& mark, YamlKind kind);
  void CheckProperties(YamlNode& node, const YamlMark& mark);
  void RefuseTag(YamlNode& node);
  void RefuseKey(YamlNode& node);
  void RefuseMergeKey(YamlNode& node);
  void FindDuplicateKeys(const YamlNode& mapping);
  void RefuseDuplicate(const YamlNode& first, YamlNode& second);
  // Stable storage of a scalar: the text of the file where it is written as it is meant.
  std::string_view Keep(std::size_t offset, const std::string& value);
  std::string_view KeepQuoted(YamlNode& node, const YamlMark& mark, const std::string& value);

  std::string_view text_;
  YamlProblems& problems_;
  YamlDocument document_;
  std::vector<Frame> frames_;
  std::vector<YamlNode*> keys_;  // scratch
  int documents_ = 0;
};

}  // namespace cmatch::internal

#endif  // CMATCH_YAML_TREE_H_
