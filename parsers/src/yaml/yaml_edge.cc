#include "yaml/yaml_edge.h"

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

#include "yaml/yaml_bytes.h"
#include "yaml/yaml_syntax.h"
#include "yaml/yaml_tree.h"

namespace cmatch::internal {
namespace {

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

YamlMark MarkOf(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor) {
  return {PlaceOf(mark), static_cast<std::size_t>(std::max(mark.pos, 0)), tag,
          anchor != YAML::NullAnchor};
}

// yaml-cpp's events, handed to the tree.
class Events : public YAML::EventHandler {
 public:
  explicit Events(YamlTree& tree) : tree_(tree) {}

  void OnDocumentStart(const YAML::Mark& mark) override { tree_.BeginDocument(PlaceOf(mark)); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    tree_.Null(MarkOf(mark, "", anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    tree_.Alias(MarkOf(mark, "", YAML::NullAnchor));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    tree_.Scalar(MarkOf(mark, tag, anchor), value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    tree_.Open(MarkOf(mark, tag, anchor), YamlKind::kSequence, style == YAML::EmitterStyle::Flow);
  }
  void OnSequenceEnd() override { tree_.Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    tree_.Open(MarkOf(mark, tag, anchor), YamlKind::kMapping, style == YAML::EmitterStyle::Flow);
  }
  void OnMapEnd() override { tree_.Close(); }

 private:
  YamlTree& tree_;
};

void AddSyntaxProblem(const YAML::Exception& error, const YamlTree& tree, YamlProblems& problems) {
  const YamlPlace place = PlaceOf(error.mark);
  if (error.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR)) {
    problems.Add(place, "yaml-alias", "aliases ('*name') are not used in these files",
                 "write the value out, or put the text in quotes");
    return;
  }
  const SyntaxAdvice advice = AdviseSyntax(error.msg);
  Problem* problem =
      problems.Add(place, "yaml-syntax", std::string(advice.message), std::string(advice.help));
  const YamlNode* bracket = advice.in_flow ? tree.OpenBracket() : nullptr;
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

  YamlTree tree(text, problems);
  Events events(tree);
  try {
    TextBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
    return tree.Finish();
  } catch (const YamlStop&) {
    problems.Close();
    return tree.Abandon();
  } catch (const YAML::DeepRecursion&) {
    problems.Add({1, 1}, "yaml-too-deep", "nested far too deep");
  } catch (const YAML::Exception& error) {
    AddSyntaxProblem(error, tree, problems);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    problems.Add({1, 1}, "yaml-unreadable", std::string("cannot be read: ") + error.what());
  }
  return tree.Abandon();
}

}  // namespace cmatch::internal
