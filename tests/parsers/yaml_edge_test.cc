#include "yaml/yaml_edge.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "parsers/yaml_samples.h"

using cmatch::Problem;
using cmatch::testing::Brief;
using namespace cmatch::internal;

namespace {

struct Parsed {
  std::vector<Problem> problems;
  bool usable = false;
};

Parsed Parse(std::string_view text) {
  Parsed out;
  YamlProblems problems("f.yaml", &out.problems);
  out.usable = ParseYaml(text, problems).root() != nullptr;
  return out;
}

std::string Repeat(std::string_view part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

// Whether yaml-cpp says it, and where, differs between its versions only in what is not tested
// here.
struct Case {
  std::string name;
  std::string text;
  std::string want;  // "line:column code; ...", in order; empty: accepted
};

std::vector<Case> Refused() {
  return {
      {"duplicate key", "a: 1\nb: 2\na: 3\n", "3:1 yaml-duplicate-key"},
      {"three equal keys", "{a: 1, a: 2, a: 3}", "1:8 yaml-duplicate-key; 1:14 yaml-duplicate-key"},
      {"duplicate key inside", "x:\n  - {k: 1, k: 2}\n", "2:12 yaml-duplicate-key"},
      {"quoted and plain key", "a: 1\n\"a\": 2\n", "2:1 yaml-duplicate-key"},
      {"unclosed quote", "a: \"xyz\nb: 1\n", "1:4 yaml-unclosed-quote"},
      {"unclosed single quote", "a: 'xyz\nb: it''s\n", "1:4 yaml-unclosed-quote"},
      {"quote over two lines", "a: \"x\n  y\"\nb: 1\n", "1:4 yaml-unclosed-quote"},
      {"merge key", "b: {x: 1}\nc: {<<: y}\n", "2:5 yaml-merge-key"},
      {"anchor and alias", "a: &s x\nb: *s\n", "1:4 yaml-anchor; 2:4 yaml-alias"},
      {"unknown alias", "b: *s\n", "1:4 yaml-alias"},
      {"self-recursive list", "a: &a [*a]\n", "1:4 yaml-anchor; 1:8 yaml-alias"},
      {"self-recursive mapping", "a: &a {b: *a}\n", "1:4 yaml-anchor; 1:11 yaml-alias"},
      {"anchor on nothing", "a: &s\nb: 1\n", "1:4 yaml-anchor"},
      {"anchor on the root", "&r a: 1\n", "1:1 yaml-anchor"},
      {"depth 17", "a: " + Repeat("[", 16) + Repeat("]", 16), "1:19 yaml-too-deep"},
      {"depth 500", "a: " + Repeat("[", 500) + Repeat("]", 500), "1:19 yaml-too-deep"},
      {"depth 100,000", "a: " + Repeat("[", 100000) + Repeat("]", 100000), "1:19 yaml-too-deep"},
      {"two documents", "a: 1\n---\nb: 2\n", "2:1 yaml-second-document"},
      {"end mark and more", "a: 1\n...\nb: 2\n", "3:1 yaml-second-document"},
      {"empty file", "", "1:1 yaml-empty"},
      {"blanks only", "  \n\n", "1:1 yaml-empty"},
      {"comment only", "# nothing\n", "1:1 yaml-empty"},
      {"null root", "~\n", "1:1 yaml-empty"},
      {"list at the root", "- a\n", "1:1 yaml-root-not-mapping"},
      {"text at the root", "just text\n", "1:1 yaml-root-not-mapping"},
      {"tag", "a: !foo 1\n", "1:4 yaml-tag"},
      {"core tag", "a: !!int 1\n", "1:4 yaml-tag"},
      {"language tag", "a: !!python/object:x {b: 1}\n", "1:4 yaml-tag"},
      {"non-specific tag", "a: ! x\n", "1:4 yaml-tag"},
      {"tag on a list", "a: !!seq [1]\n", "1:4 yaml-tag"},
      {"tab indentation", "a:\n\tb: 1\n", "2:1 yaml-tab"},
      {"tab after blanks", "a:\n  \tb: 1\n", "2:3 yaml-tab"},
      {"tab in an empty line", "a: 1\n\t\nb: 2\n", "2:1 yaml-tab"},
      {"NUL byte", std::string("a: x\0y\n", 7), "1:5 yaml-control-character"},
      {"control character", "a: x\x01\n", "1:5 yaml-control-character"},
      {"delete", "a: x\x7F\n", "1:5 yaml-control-character"},
      {"C1 control", "a: x\xC2\x85\n", "1:5 yaml-control-character"},
      {"escaped control", "a: \"x\\x00\"\n", "1:4 yaml-control-character"},
      {"bad UTF-8", "a: x\xFF\n", "1:5 yaml-bad-utf8"},
      {"overlong UTF-8", "a: \xC0\xAF\n", "1:4 yaml-bad-utf8"},
      {"surrogate", "a: \xED\xA0\x80\n", "1:4 yaml-bad-utf8"},
      {"cut UTF-8", "a: \xE2\x82", "1:4 yaml-bad-utf8"},
      {"UTF-16",
       std::string("\xFF\xFE"
                   "a\0:\0",
                   6),
       "1:1 yaml-bad-utf8"},
      {"several bad lines", "a: \x01\n\tb: 1\nc: \xFF\n",
       "1:4 yaml-control-character; 2:1 yaml-tab; 3:4 yaml-bad-utf8"},
      {"bare carriage return", "a: 1\rb: 2\n", "1:5 yaml-carriage-return"},
      {"list as key", "? [a, b]\n: 1\n", "1:3 yaml-complex-key"},
      {"mapping as key", "{{a: 1}: 2}\n", "1:2 yaml-complex-key"},
      {"null key", "~: 1\n", "1:1 yaml-null-key"},
      {"word null as key", "null: 1\n", "1:1 yaml-null-key"},
      {"no space after colon", "a:1\nb: 2\n", "2:2 yaml-syntax"},
      {"unclosed bracket", "a: [1, 2\nb: 3\n", "2:2 yaml-syntax"},
      {"unclosed brace", "a: {b: 1\nc: 2\n", "2:2 yaml-syntax"},
      {"stray bracket", "a: 1\n]\n", "2:1 yaml-syntax"},
      {"long text", "a: " + Repeat("x", 4097), "1:4 yaml-long-scalar"},
      {"unknown escape", "a: \"\\q\"\n", "1:7 yaml-syntax"},
      {"several of one file", "a: &x 1\nb: !t 2\nc: 3\nc: 4\n",
       "1:4 yaml-anchor; 2:4 yaml-tag; 4:1 yaml-duplicate-key"},
  };
}

std::vector<Case> Accepted() {
  return {
      {"block style", "a:\n  b: 1\n  c:\n    - x\n    - y\n", ""},
      {"flow style over lines", "a: {b: 1,\n  c: [x,\n    y]}\n", ""},
      {"document marks", "---\na: 1\n...\n", ""},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a: 1\n",
       {}},
      {"CR LF", "a: 1\r\nb:\r\n  - x\r\n", ""},
      {"no line feed at the end", "a: 1", ""},
      {"comments", "# x\na: 1  # y\n\n# z\n", ""},
      {"tab after the value", "a: 1\t# y\n", ""},
      {"literal and folded text", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", ""},
      {"UTF-8", "a: \"gr\xC3\xBC\xC3\x9F \xF0\x9F\x9A\x80\"\n", ""},
      {"depth 16", "a: " + Repeat("[", 15) + Repeat("]", 15), ""},
      {"text of 4096 bytes", "a: " + Repeat("x", 4096), ""},
      {"equal keys of different mappings", "a: {k: 1}\nb: {k: 1}\n", ""},
      {"explicit key", "? a\n: 1\n", ""},
      {"quotes in quotes", "a: \"x 'y' \\\"z\\\"\"\nb: 'it''s \"x\"'\n", ""},
      {"quoted specials", "a: \"*x\"\nb: '&y'\nc: \"!z\"\nd: \"<<\"\n", ""},
  };
}

}  // namespace

TEST_CASE("yaml edge: what is refused, with its place") {
  for (const Case& c : Refused()) {
    CAPTURE(c.name);
    const Parsed parsed = Parse(c.text);
    CHECK(Brief(parsed.problems) == c.want);
    for (const Problem& problem : parsed.problems) {
      CHECK(problem.where.file == "f.yaml");
      CHECK_FALSE(problem.message.empty());
    }
  }
}

TEST_CASE("yaml edge: what is accepted") {
  for (const Case& c : Accepted()) {
    CAPTURE(c.name);
    const Parsed parsed = Parse(c.text);
    CHECK(Brief(parsed.problems) == c.want);
    CHECK(parsed.usable);
  }
}

TEST_CASE("yaml edge: a duplicate key names both places") {
  const Parsed parsed = Parse("a: 1\nb: 2\na: 3\n");
  REQUIRE(parsed.problems.size() == 1);
  REQUIRE(parsed.problems[0].notes.size() == 1);
  CHECK(cmatch::ToString(parsed.problems[0].notes[0].where) == "f.yaml:1:1");
}

TEST_CASE("yaml edge: an unclosed bracket is named") {
  const Parsed parsed = Parse("a:\n  b: [1, 2\nc: 3\n");
  REQUIRE(parsed.problems.size() == 1);
  REQUIRE(parsed.problems[0].notes.size() == 1);
  CHECK(cmatch::ToString(parsed.problems[0].notes[0].where) == "f.yaml:2:6");
}

TEST_CASE("yaml edge: very deep and never closed") {
  for (const std::string_view open : {"[", "{", "- ", "? ", "[{"}) {
    CAPTURE(open);
    const Parsed parsed = Parse("a:\n  " + Repeat(open, 100000));
    CHECK_FALSE(parsed.usable);
    CHECK_FALSE(parsed.problems.empty());
  }
}

TEST_CASE("yaml edge: duplicates in a large mapping") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  CHECK(Parse(text).problems.empty());
  text += "k17: 2\n";
  CHECK(Brief(Parse(text).problems) == "5001:1 yaml-duplicate-key");
}

TEST_CASE("yaml edge: limits on size") {
  CHECK(Brief(Parse(std::string(8U << 20U, 'x') + "y").problems) == "1:1 yaml-too-large");
  // 1,000,000 nodes: the root, the key, the list and its items.
  const auto list_of = [](int items) { return "a: [" + Repeat("1,", items) + "]"; };
  CHECK(Parse(list_of(999'997)).usable);
  const Parsed over = Parse(list_of(999'998));
  REQUIRE(over.problems.size() == 1);
  CHECK(over.problems[0].code == "yaml-too-many-nodes");
}

TEST_CASE("yaml edge: a file with very many problems ends with one that says so") {
  std::string text = "a:\n";
  for (int i = 0; i < 150; ++i) text += "  - {k: 1, k: 2}\n";
  for (const std::string& bad : {text, Repeat("\x01\n", 150)}) {
    const Parsed parsed = Parse(bad);
    CHECK_FALSE(parsed.usable);
    REQUIRE(parsed.problems.size() == kYamlLimits.problems + 1);
    CHECK(parsed.problems.back().code == "yaml-too-many-problems");
  }
}

TEST_CASE("yaml edge: texts, quotes and places are kept as written") {
  const std::string text = "a: 8.10\nb: \"012\"\nc: 'it''s'\nd: [no, ~]\ne: \"a\\tb\"\n";
  std::vector<Problem> list;
  YamlProblems problems("f.yaml", &list);
  const YamlDocument document = ParseYaml(text, problems);
  REQUIRE(document.root() != nullptr);
  struct Want {
    std::string_view key, text;
    bool quoted;
  };
  const Want want[] = {{"a", "8.10", false}, {"b", "012", true}, {"c", "it's", true}};
  const YamlNode* key = document.First(*document.root());
  for (const Want& w : want) {
    CAPTURE(w.key);
    const YamlNode* value = document.Next(*key);
    CHECK(key->text == w.key);
    CHECK(value->text == w.text);
    CHECK(value->quoted == w.quoted);
    CHECK(value->column == 4);
    key = document.Next(*value);
  }
  const YamlNode* list_node = document.Next(*key);
  CHECK(list_node->kind == YamlKind::kSequence);
  const YamlNode* first = document.First(*list_node);
  CHECK(first->text == "no");
  CHECK(document.Next(*first)->kind == YamlKind::kNull);
  // Plain text costs no copy; an escape does.
  CHECK(YamlDocument::Inside(text, first->text));
  const YamlNode* escaped = document.Next(*document.Next(*list_node));
  CHECK(escaped->text == "a\tb");
  CHECK_FALSE(YamlDocument::Inside(text, escaped->text));
}

TEST_CASE("yaml edge: every prefix of a file is read or refused, never worse") {
  const std::string text(cmatch::testing::kEngineSample);
  for (std::size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    const Parsed parsed = Parse(std::string_view(text).substr(0, length));
    CHECK((parsed.usable || !parsed.problems.empty()));
  }
}
