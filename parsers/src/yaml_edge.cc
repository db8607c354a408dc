#include "yaml_edge.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <istream>
#include <new>
#include <streambuf>

#include "yaml_bytes.h"
#include "yaml_syntax.h"

namespace cmatch::internal {
namespace {

// Thrown through yaml-cpp where the rest of the file can say nothing more of use.
struct Stop {};

// A stream over the text itself; a stringstream would copy it.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    // The buffer is only ever read: no put area is set.
    char* begin = const_cast<char*>(text.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    setg(begin, begin, begin + text.size());
  }
};

YamlPlace PlaceOf(const YAML::Mark& mark) {
  if (mark.line < 0 || mark.column < 0) return {1, 1};
  return {static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

// A line feed is what a block scalar is for; a tab does no harm.
bool HasEscapedControl(const std::string& value) {
  if (!HasControlCharacter(value)) return false;
  std::string rest = value;
  std::erase_if(rest, [](char c) { return c == '\n' || c == '\t'; });
  return HasControlCharacter(rest);
}

}  // namespace

class YamlTreeBuilder : public YAML::EventHandler {
 public:
  YamlTreeBuilder(std::string_view text, YamlProblems& problems)
      : text_(text), problems_(problems) {
    // About 8 bytes a node in the tables; a large file of few nodes must not reserve much.
    constexpr std::size_t kMostReserved = 65'536;
    document_.nodes_.reserve(std::min(text.size() / 8 + 16, kMostReserved));
    document_.nodes_.emplace_back();
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    Refuse(PlaceOf(mark), "yaml-second-document", "a second document begins here",
           "one document a file: remove the '---', or move what follows to a file of its own");
    throw Stop{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::uint32_t key = frames_.empty() || !frames_.back().mapping ? 0 : frames_.back().last;
    YamlNode& node = Add(mark, YamlKind::kNull);
    CheckProperties(node, "", anchor);
    // The mark of a value that is not there is that of what comes next.
    if (key == 0 || node.kind != YamlKind::kNull) return;
    node.line = document_.nodes_[key].line;
    node.column = document_.nodes_[key].column;
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    Add(mark, YamlKind::kScalar).kind = YamlKind::kRefused;
    Refuse(PlaceOf(mark), "yaml-alias", "aliases ('*name') are not used in these files",
           "write the value out, or put the text in quotes");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode& node = Add(mark, YamlKind::kScalar);
    if (value.size() > kYamlLimits.scalar_bytes) {
      Refuse(node.place(), "yaml-long-scalar",
             "a value of " + std::to_string(value.size()) + " bytes; at most " +
                 std::to_string(kYamlLimits.scalar_bytes) + " are read",
             "is a quote or a line break missing?");
      node.kind = YamlKind::kRefused;
    }
    node.quoted = tag == "!";
    node.text = node.quoted && anchor == 0 ? QuotedText(node, mark, value) : Keep(mark.pos, value);
    CheckProperties(node, tag, anchor);
    if (!frames_.empty() && frames_.back().mapping &&
        document_.nodes_[frames_.back().node].count % 2 == 1) {
      CheckKey(node);
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    Open(mark, tag, anchor, style, YamlKind::kSequence);
  }
  void OnSequenceEnd() override { frames_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    Open(mark, tag, anchor, style, YamlKind::kMapping);
  }
  void OnMapEnd() override {
    FindDuplicateKeys(document_.nodes_[frames_.back().node]);
    frames_.pop_back();
  }

  // The innermost `[` or `{` that is open.
  const YamlNode* OpenBracket() const {
    return frames_.empty() || !frames_.back().flow ? nullptr
                                                   : &document_.nodes_[frames_.back().node];
  }

  YamlDocument Finish() {
    if (document_.nodes_.size() < 2 || document_.nodes_[1].kind == YamlKind::kNull) {
      Refuse({1, 1}, "yaml-empty", "the file states nothing",
             "begin it with `kind: cmatch.NAME/v1`");
    } else if (document_.nodes_[1].kind == YamlKind::kRefused) {
      return std::move(document_);
    } else if (document_.nodes_[1].kind != YamlKind::kMapping) {
      Refuse(document_.nodes_[1].place(), "yaml-root-not-mapping",
             "the file is not a mapping of keys to values", "begin it with `kind: cmatch.NAME/v1`");
    } else {
      document_.usable_ = true;
    }
    return std::move(document_);
  }
  YamlDocument Abandon() { return std::move(document_); }

 private:
  struct Frame {
    std::uint32_t node;
    std::uint32_t last;  // child
    bool mapping;
    bool flow;
  };

  void Refuse(YamlPlace place, std::string_view code, std::string message, std::string help = {}) {
    problems_.Add(place, code, std::move(message), std::move(help));
    if (problems_.full()) throw Stop{};
  }

  // Appends a node to the open collection. The reference is valid until the next Add.
  YamlNode& Add(const YAML::Mark& mark, YamlKind kind) {
    std::vector<YamlNode>& nodes = document_.nodes_;
    const YamlPlace place = PlaceOf(mark);
    if (nodes.size() > kYamlLimits.nodes) {
      Refuse(place, "yaml-too-many-nodes",
             "more than " + std::to_string(kYamlLimits.nodes) + " keys and values in one file");
      throw Stop{};
    }
    const auto index = static_cast<std::uint32_t>(nodes.size());
    YamlNode& node = nodes.emplace_back();
    node.line = place.line;
    node.column = place.column;
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

  void RefuseKey(YamlNode& node) {
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

  void CheckKey(YamlNode& node) {
    if (node.quoted || node.text != "<<") return;
    node.kind = YamlKind::kRefused;
    Refuse(node.place(), "yaml-merge-key", "merge keys ('<<') are not used in these files",
           "write the members out");
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style, YamlKind kind) {
    if (frames_.size() >= kYamlLimits.depth) {
      Refuse(PlaceOf(mark), "yaml-too-deep",
             "nested deeper than " + std::to_string(kYamlLimits.depth) + " levels");
      throw Stop{};
    }
    YamlNode& node = Add(mark, kind);
    // A plain collection has no tag or "?", by version.
    CheckProperties(node, tag == "!" ? "!!" : tag, anchor);
    const auto index = static_cast<std::uint32_t>(document_.nodes_.size() - 1);
    frames_.push_back({index, 0, kind == YamlKind::kMapping, style == YAML::EmitterStyle::Flow});
  }

  void CheckProperties(YamlNode& node, std::string_view tag, YAML::anchor_t anchor) {
    if (anchor != 0) {
      node.kind = YamlKind::kRefused;
      Refuse(node.place(), "yaml-anchor", "anchors ('&name') are not used in these files",
             "remove the anchor and write the value out where it is used");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      node.kind = YamlKind::kRefused;
      Refuse(node.place(), "yaml-tag", "tags ('!name') are not used in these files",
             "remove the tag; a text that begins with '!' needs quotes");
    }
  }

  // Stable storage of a scalar: the text of the file where it is written as it is meant.
  std::string_view Keep(int position, std::string_view value) {
    const auto at = static_cast<std::size_t>(std::max(position, 0));
    if (at <= text_.size() && text_.substr(at).starts_with(value)) {
      return text_.substr(at, value.size());
    }
    return document_.owned_.emplace_back(value);
  }

  std::string_view QuotedText(YamlNode& node, const YAML::Mark& mark, const std::string& value) {
    const auto at = static_cast<std::size_t>(std::max(mark.pos, 0));
    const char first = at < text_.size() ? text_[at] : '\0';
    if (first == '!') {
      CheckProperties(node, "!!", 0);
      return Keep(mark.pos, value);
    }
    if (first != '"' && first != '\'') return Keep(mark.pos, value);  // a block scalar
    const QuotedScalar quoted = ScanQuoted(text_, at);
    if (!quoted.closed) {
      Refuse(node.place(), "yaml-unclosed-quote", "a quoted text that does not end on its line",
             std::string("close it with ") + first +
                 " on the same line; long texts may be folded with `>-`");
      throw Stop{};  // What follows was read with quotes and text exchanged.
    }
    if (!quoted.escaped && quoted.inner == value) return quoted.inner;
    if (HasEscapedControl(value)) {
      node.kind = YamlKind::kRefused;
      Refuse(node.place(), "yaml-control-character",
             "an escape that stands for a control character");
    }
    return document_.owned_.emplace_back(value);
  }

  void FindDuplicateKeys(const YamlNode& mapping) {
    keys_.clear();
    std::vector<YamlNode>& nodes = document_.nodes_;
    for (std::uint32_t at = mapping.first; at != 0; at = nodes[nodes[at].next].next) {
      if (nodes[at].kind == YamlKind::kScalar) keys_.push_back(&nodes[at]);
    }
    constexpr std::size_t kFew = 12;  // below this, comparing all pairs is faster than sorting
    if (keys_.size() <= kFew) {
      for (std::size_t i = 1; i < keys_.size(); ++i) {
        const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(i);
        const auto first = std::find_if(keys_.begin(), end, [&](const YamlNode* other) {
          return other->text == keys_[i]->text;
        });
        if (first != end) RefuseDuplicate(**first, *keys_[i]);
      }
      return;
    }
    std::stable_sort(keys_.begin(), keys_.end(),
                     [](const YamlNode* a, const YamlNode* b) { return a->text < b->text; });
    for (std::size_t first = 0, i = 1; i < keys_.size(); ++i) {
      if (keys_[i]->text == keys_[first]->text) {
        RefuseDuplicate(*keys_[first], *keys_[i]);
      } else {
        first = i;
      }
    }
  }

  void RefuseDuplicate(const YamlNode& first, YamlNode& second) {
    second.kind = YamlKind::kRefused;
    Problem* problem = problems_.Add(second.place(), "yaml-duplicate-key",
                                     "key " + Quoted(second.text) + " is stated twice",
                                     "remove one of the two, or join what they hold");
    if (problem != nullptr) problem->notes.push_back({"first here", problems_.At(first.place())});
    if (problems_.full()) throw Stop{};
  }

  std::string_view text_;
  YamlProblems& problems_;
  YamlDocument document_;
  std::vector<Frame> frames_;
  std::vector<YamlNode*> keys_;  // scratch
  int documents_ = 0;
};

namespace {

void AddSyntaxProblem(const YAML::Exception& error, const YamlTreeBuilder& builder,
                      YamlProblems& problems) {
  const YamlPlace place = PlaceOf(error.mark);
  if (error.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR)) {
    problems.Add(place, "yaml-alias", "aliases ('*name') are not used in these files",
                 "write the value out, or put the text in quotes");
    return;
  }
  const SyntaxAdvice advice = AdviseSyntax(error.msg);
  Problem* problem =
      problems.Add(place, "yaml-syntax", std::string(advice.message), std::string(advice.help));
  const YamlNode* bracket = advice.in_flow ? builder.OpenBracket() : nullptr;
  if (problem == nullptr || bracket == nullptr) return;
  const char* opened =
      bracket->kind == YamlKind::kSequence ? "the '[' that is open" : "the '{' that is open";
  problem->notes.push_back({opened, problems.At(bracket->place())});
}

}  // namespace

YamlDocument ParseYaml(std::string_view text, YamlProblems& problems) {
  if (text.size() > kYamlLimits.bytes) {
    problems.Add({1, 1}, "yaml-too-large",
                 "larger than " + std::to_string(kYamlLimits.bytes) + " bytes");
    return {};
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!CheckYamlBytes(text, problems)) {
    problems.Close();
    return {};
  }

  YamlTreeBuilder builder(text, problems);
  try {
    TextBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.Finish();
  } catch (const Stop&) {
    problems.Close();
    return builder.Abandon();
  } catch (const YAML::DeepRecursion&) {
    problems.Add({1, 1}, "yaml-too-deep", "nested far too deep");
  } catch (const YAML::Exception& error) {
    AddSyntaxProblem(error, builder, problems);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    problems.Add({1, 1}, "yaml-unreadable", std::string("cannot be read: ") + error.what());
  }
  return builder.Abandon();
}

}  // namespace cmatch::internal
