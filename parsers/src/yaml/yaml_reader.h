#ifndef CMATCH_YAML_READER_H_
#define CMATCH_YAML_READER_H_

// Typed, closed reading of a YAML tree: every key a mapping may have is asked for by name, what
// nobody asked for is an unknown key, and every wrong value is a problem with its position. Readers
// go on after a problem with an empty value, so that one run finds all of them.
//
//   YamlMap row(in, node, "GPU");
//   gpu.name = row.RequiredText("name");
//   gpu.unified = row.OptionalFlag("unified");
//   row.Done();

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmatch/tables.h"
#include "yaml/yaml_edge.h"

namespace cmatch::internal {

// One word of a closed list, as in `severity: error | warning | off`.
template <typename T>
using Words = std::span<const std::pair<T, Text>>;

// The file being read: its tree, its problems, and where its texts go.
class YamlInput {
 public:
  // `text` is what `document` was parsed from, and lives as long as the tables (in `pool`).
  YamlInput(const YamlDocument& document, std::string_view text, std::uint32_t file, TextPool& pool,
            YamlProblems& problems)
      : document_(document), text_(text), file_(file), pool_(pool), problems_(problems) {}

  const YamlDocument& document() const { return document_; }
  // How often something was refused, what nothing more is said of included.
  std::size_t refusals() const { return refusals_; }
  void MarkBroken(const YamlNode& row, std::string_view what) {
    problems_.MarkBroken(row.place(), what);
  }
  Origin At(const YamlNode& node) const { return {file_, node.line, node.column}; }

  // Nothing is said of a node that was refused already: then, and where the file has too many
  // problems, nullptr. Else the problem, to give it notes.
  Problem* Refuse(const YamlNode& node, std::string_view code, std::string message,
                  std::string help = {});

  Text Keep(std::string_view text);
  // A kind, folded; the view itself where it is canonical already.
  Text KeepKind(std::string_view text);

  // Each of these takes what the value is called in a message, and says what is wrong with it.
  Text ReadText(const YamlNode& node, std::string_view what);
  // A word that can name something: letters, digits, `_`, `-`, `.`, `+`.
  Text ReadName(const YamlNode& node, std::string_view what);
  // A name in the canonical form of kinds.
  Text ReadKind(const YamlNode& node, std::string_view what);
  std::optional<std::int64_t> ReadInteger(const YamlNode& node, std::string_view what,
                                          std::int64_t least, std::int64_t most);
  // "131072", "16Ki", "24GiB".
  std::optional<std::int64_t> ReadSize(const YamlNode& node, std::string_view what);
  std::optional<bool> ReadFlag(const YamlNode& node, std::string_view what);
  std::optional<ComputeRange> ReadCompute(const YamlNode& node, std::string_view what);
  VersionRange ReadVersions(const YamlNode& node, Versioning versioning);
  // The place of the word in `names`; nothing where it is none of them.
  std::optional<std::size_t> ReadWord(const YamlNode& node, std::string_view what,
                                      const std::vector<std::string_view>& names);

  // The items of a list; none, and a problem, where `node` is something else.
  std::vector<const YamlNode*> Items(const YamlNode& node, std::string_view what);
  // The keys and values of a mapping whose keys are names; refused keys are left out.
  using Member = std::pair<const YamlNode*, const YamlNode*>;
  std::vector<Member> Members(const YamlNode& node, std::string_view what);
  std::vector<Text> ReadTexts(const YamlNode& node, std::string_view what);
  std::vector<ComputeRange> ReadComputes(const YamlNode& node);

  // A scalar that is not empty; false, and a problem, otherwise.
  bool IsScalar(const YamlNode& node, std::string_view what, std::string_view expected);

 private:
  const YamlDocument& document_;
  std::string_view text_;
  std::uint32_t file_;
  TextPool& pool_;
  YamlProblems& problems_;
  std::size_t refusals_ = 0;
};

// "must be X, is a list": how a node of the wrong shape is named.
std::string_view ShapeOf(const YamlNode& node);
// "a, b, c"
std::string Joined(const std::vector<std::string_view>& names);
// `did you mean "x"?`, or "" where nothing is near.
std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates);

// A mapping whose keys are known. Keys that were asked for are the ones it may have: ask for all,
// then call Done().
class YamlMap {
 public:
  // `what` names the mapping in messages and must outlive this ("rule", "entry").
  YamlMap(YamlInput& in, const YamlNode& node, std::string_view what);

  bool ok() const { return node_ != nullptr; }
  Origin origin() const { return origin_; }
  YamlInput& in() { return in_; }
  const YamlNode& node() const { return given_; }

  const YamlNode* Optional(std::string_view key);
  const YamlNode* Required(std::string_view key);
  // Already asked for with Optional: says that it must be there.
  void Missing(std::string_view key, std::string_view why = {});

  Text RequiredText(std::string_view key);
  Text OptionalText(std::string_view key);
  Text RequiredName(std::string_view key);
  Text RequiredKind(std::string_view key);
  Text OptionalKind(std::string_view key);
  bool OptionalFlag(std::string_view key);
  std::int64_t RequiredInteger(std::string_view key, std::int64_t least,
                               std::int64_t most = std::numeric_limits<std::int64_t>::max());
  std::int64_t OptionalInteger(std::string_view key, std::int64_t fallback, std::int64_t least,
                               std::int64_t most = std::numeric_limits<std::int64_t>::max());
  VersionRange OptionalVersions(Versioning versioning);
  std::vector<ComputeRange> OptionalComputes();
  std::vector<Text> OptionalTexts(std::string_view key);

  template <typename T>
  T Word(const YamlNode& node, std::string_view key, Words<T> words, T fallback) {
    for (const auto& word : words) {
      if (word.second == node.text && node.kind == YamlKind::kScalar) return word.first;
    }
    std::vector<std::string_view> names;
    for (const auto& word : words) names.push_back(word.second);
    in_.ReadWord(node, key, names);
    return fallback;
  }
  template <typename T>
  T RequiredWord(std::string_view key, Words<T> words, T fallback) {
    const YamlNode* node = Required(key);
    return node == nullptr ? fallback : Word(*node, key, words, fallback);
  }
  template <typename T>
  T OptionalWord(std::string_view key, Words<T> words, T fallback) {
    const YamlNode* node = Optional(key);
    return node == nullptr ? fallback : Word(*node, key, words, fallback);
  }

  // Reports the keys that nobody asked for, and marks the row where anything in it was refused.
  void Done();
  bool broken() const { return in_.refusals() != refusals_before_; }

 private:
  static constexpr std::size_t kMostKeys = 24;

  void ReportUnknown();

  YamlInput& in_;
  const YamlNode& given_;
  std::size_t refusals_before_;
  const YamlNode* node_;  // nullptr: not a mapping
  std::string_view what_;
  Origin origin_;
  std::array<std::string_view, kMostKeys> asked_;
  std::size_t asked_count_ = 0;
  std::size_t found_ = 0;
};

}  // namespace cmatch::internal

#endif  // CMATCH_YAML_READER_H_
