#include "yaml/yaml_tree.h"

#include <algorithm>
#include <utility>

#include "files/text_check.h"
#include "yaml/yaml_syntax.h"

namespace cmatch::internal {
namespace {

// A line feed is what a block scalar is for; a tab does no harm.
bool HasEscapedControl(const std::string& value) {
  if (!HasControlCharacter(value)) return false;
  std::string rest = value;
  std::erase_if(rest, [](char c) { return c == '\n' || c == '\t'; });
  return HasControlCharacter(rest);
}

}  // namespace

YamlTree::YamlTree(std::string_view text, YamlProblems& problems)
    : text_(text), problems_(problems) {
  // About 8 bytes a node in the tables; a large file of few nodes must not reserve much.
  constexpr std::size_t kMostReserved = 65'536;
  document_.nodes_.reserve(std::min(text.size() / 8 + 16, kMostReserved));
  document_.nodes_.emplace_back();
}

void YamlTree::BeginDocument(YamlPlace place) {
  if (++documents_ == 1) return;
  Refuse(place, "yaml-second-document", "a second document begins here",
         "one document a file: remove the '---', or move what follows to a file of its own");
  throw YamlStop{};
}

void YamlTree::Null(const YamlMark& mark) {
  const std::uint32_t key = frames_.empty() || !frames_.back().mapping ? 0 : frames_.back().last;
  YamlNode& node = Add(mark, YamlKind::kNull);
  CheckProperties(node, mark);
  // The mark of a value that is not there is that of what comes next.
  if (key == 0 || node.kind != YamlKind::kNull) return;
  node.line = document_.nodes_[key].line;
  node.column = document_.nodes_[key].column;
}

void YamlTree::Alias(const YamlMark& mark) {
  Add(mark, YamlKind::kScalar).kind = YamlKind::kRefused;
  Refuse(mark.place, "yaml-alias", "aliases ('*name') are not used in these files",
         "write the value out, or put the text in quotes");
}

void YamlTree::Scalar(const YamlMark& mark, const std::string& value) {
  YamlNode& node = Add(mark, YamlKind::kScalar);
  if (value.size() > kYamlLimits.scalar_bytes) {
    Refuse(node.place(), "yaml-long-scalar",
           "a value of " + std::to_string(value.size()) + " bytes; at most " +
               std::to_string(kYamlLimits.scalar_bytes) + " are read",
           "is a quote or a line break missing?");
    node.kind = YamlKind::kRefused;
  }
  node.quoted = mark.tag == "!";
  node.text =
      node.quoted && !mark.anchored ? KeepQuoted(node, mark, value) : Keep(mark.offset, value);
  CheckProperties(node, mark);
  const bool is_key = !frames_.empty() && frames_.back().mapping &&
                      document_.nodes_[frames_.back().node].count % 2 == 1;
  if (is_key && !node.quoted && node.text == "<<") RefuseMergeKey(node);
}

void YamlTree::Open(const YamlMark& mark, YamlKind kind, bool flow) {
  if (frames_.size() >= kYamlLimits.depth) {
    Refuse(mark.place, "yaml-too-deep",
           "nested deeper than " + std::to_string(kYamlLimits.depth) + " levels");
    throw YamlStop{};
  }
  YamlNode& node = Add(mark, kind);
  CheckProperties(node, mark);
  if (mark.tag == "!") RefuseTag(node);  // of a scalar only, it means quotes
  const auto index = static_cast<std::uint32_t>(document_.nodes_.size() - 1);
  frames_.push_back({index, 0, kind == YamlKind::kMapping, flow});
}

void YamlTree::Close() {
  if (frames_.back().mapping) FindDuplicateKeys(document_.nodes_[frames_.back().node]);
  frames_.pop_back();
}

const YamlNode* YamlTree::OpenBracket() const {
  if (frames_.empty() || !frames_.back().flow) return nullptr;
  return &document_.nodes_[frames_.back().node];
}

YamlDocument YamlTree::Finish() {
  constexpr const char* kBegin = "begin it with `kind: cmatch.NAME/v1`";
  const YamlKind root = document_.nodes_.size() < 2 ? YamlKind::kNull : document_.nodes_[1].kind;
  if (root == YamlKind::kNull) {
    Refuse({1, 1}, "yaml-empty", "the file states nothing", kBegin);
  } else if (root == YamlKind::kScalar || root == YamlKind::kSequence) {
    Refuse(document_.nodes_[1].place(), "yaml-root-not-mapping",
           "the file is not a mapping of keys to values", kBegin);
  }
  document_.usable_ = root == YamlKind::kMapping;
  return std::move(document_);
}

void YamlTree::Refuse(YamlPlace place, std::string_view code, std::string message,
                      std::string help) {
  problems_.Add(place, code, std::move(message), std::move(help));
  if (problems_.full()) throw YamlStop{};
}

YamlNode& YamlTree::Add(const YamlMark& mark, YamlKind kind) {
  std::vector<YamlNode>& nodes = document_.nodes_;
  if (nodes.size() > kYamlLimits.nodes) {
    Refuse(mark.place, "yaml-too-many-nodes",
           "more than " + std::to_string(kYamlLimits.nodes) + " keys and values in one file");
    throw YamlStop{};
  }
  const auto index = static_cast<std::uint32_t>(nodes.size());
  YamlNode& node = nodes.emplace_back();
  node.line = mark.place.line;
  node.column = mark.place.column;
  node.kind = kind;
  if (frames_.empty()) return node;

  Frame& frame = frames_.back();
  YamlNode& parent = nodes[frame.node];
  (frame.last == 0 ? parent.first : nodes[frame.last].next) = index;
  frame.last = index;
  ++parent.count;
  const bool is_key = frame.mapping && parent.count % 2 == 1;
  if (is_key && kind != YamlKind::kScalar) RefuseKey(node);
  return node;
}

void YamlTree::CheckProperties(YamlNode& node, const YamlMark& mark) {
  if (mark.anchored) {
    node.kind = YamlKind::kRefused;
    Refuse(node.place(), "yaml-anchor", "anchors ('&name') are not used in these files",
           "remove the anchor and write the value out where it is used");
  }
  if (!mark.tag.empty() && mark.tag != "?" && mark.tag != "!") RefuseTag(node);
}

void YamlTree::RefuseTag(YamlNode& node) {
  node.kind = YamlKind::kRefused;
  Refuse(node.place(), "yaml-tag", "tags ('!name') are not used in these files",
         "remove the tag; a text that begins with '!' needs quotes");
}

void YamlTree::RefuseKey(YamlNode& node) {
  const bool null = node.kind == YamlKind::kNull;
  node.kind = YamlKind::kRefused;
  if (null) {
    Refuse(node.place(), "yaml-null-key", "a key that is empty, '~' or 'null'",
           "name the key, or put it in quotes");
  } else {
    Refuse(node.place(), "yaml-complex-key", "a key that is a list or a mapping",
           "keys are words; a text that begins with '[' or '{' needs quotes");
  }
}

void YamlTree::RefuseMergeKey(YamlNode& node) {
  node.kind = YamlKind::kRefused;
  Refuse(node.place(), "yaml-merge-key", "merge keys ('<<') are not used in these files",
         "write the members out");
}

void YamlTree::FindDuplicateKeys(const YamlNode& mapping) {
  keys_.clear();
  std::vector<YamlNode>& nodes = document_.nodes_;
  for (std::uint32_t at = mapping.first; at != 0; at = nodes[nodes[at].next].next) {
    if (nodes[at].kind == YamlKind::kScalar) keys_.push_back(&nodes[at]);
  }
  constexpr std::size_t kFew = 12;  // below this, comparing all pairs is faster than sorting
  if (keys_.size() <= kFew) {
    for (std::size_t i = 1; i < keys_.size(); ++i) {
      const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(i);
      const auto first = std::find_if(
          keys_.begin(), end, [&](const YamlNode* other) { return other->text == keys_[i]->text; });
      if (first != end) RefuseDuplicate(**first, *keys_[i]);
    }
    return;
  }
  // Equal keys stay in the order of the file, which is that of the nodes.
  std::sort(keys_.begin(), keys_.end(), [](const YamlNode* a, const YamlNode* b) {
    return a->text != b->text ? a->text < b->text : a < b;
  });
  for (std::size_t first = 0, i = 1; i < keys_.size(); ++i) {
    if (keys_[i]->text == keys_[first]->text) {
      RefuseDuplicate(*keys_[first], *keys_[i]);
    } else {
      first = i;
    }
  }
}

void YamlTree::RefuseDuplicate(const YamlNode& first, YamlNode& second) {
  second.kind = YamlKind::kRefused;
  Problem* problem = problems_.Add(second.place(), "yaml-duplicate-key",
                                   "key " + Quoted(second.text) + " is stated twice",
                                   "remove one of the two, or join what they hold");
  if (problem != nullptr) problem->notes.push_back({"first here", problems_.At(first.place())});
  if (problems_.full()) throw YamlStop{};
}

std::string_view YamlTree::Keep(std::size_t offset, const std::string& value) {
  if (offset <= text_.size() && text_.substr(offset).starts_with(value)) {
    return text_.substr(offset, value.size());
  }
  return document_.owned_.emplace_back(value);
}

std::string_view YamlTree::KeepQuoted(YamlNode& node, const YamlMark& mark,
                                      const std::string& value) {
  const char first = mark.offset < text_.size() ? text_[mark.offset] : '\0';
  if (first == '!') RefuseTag(node);
  if (first != '"' && first != '\'') return Keep(mark.offset, value);  // a block scalar
  const QuotedScalar quoted = ScanQuoted(text_, mark.offset);
  if (!quoted.closed) {
    Refuse(node.place(), "yaml-unclosed-quote", "a quoted text that does not end on its line",
           std::string("close it with ") + first +
               " on the same line; long texts may be folded with `>-`");
    throw YamlStop{};  // What follows was read with quotes and text exchanged.
  }
  if (!quoted.escaped && quoted.inner == value) return quoted.inner;
  if (HasEscapedControl(value)) {
    node.kind = YamlKind::kRefused;
    Refuse(node.place(), "yaml-control-character", "an escape that stands for a control character");
  }
  return document_.owned_.emplace_back(value);
}

}  // namespace cmatch::internal
