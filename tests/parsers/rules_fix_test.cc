// cmatch lint --fix: what is mended, what is not, and that all else keeps its bytes.

#include "cmatch/rules_fix.h"

#include <doctest/doctest.h>

#include "tables/one_edit.h"

namespace cmatch {
namespace {

constexpr const char* kHead = "kind: cmatch.overlay/v1\nlayer: a\nreason: r\nowner: o\nset:\n";

std::string Overlay(std::string_view line) {
  return std::string(kHead) + "  - " + std::string(line) + "\n";
}

TEST_CASE("fix: one edit") {
  const struct {
    const char* a;
    const char* b;
    bool want;
  } cases[] = {{"level", "levle", true}, {"level", "leve", true},   {"level", "levels", true},
               {"level", "lebel", true}, {"level", "level", false}, {"level", "lev", false},
               {"level", "elvel", true}, {"level", "velel", false}, {"a", "", true},
               {"", "", false},          {"ab", "ba", true},        {"abc", "cba", false},
               {"abcd", "bacd", true},   {"abcd", "badc", false}};
  for (const auto& c : cases) {
    CAPTURE(c.a);
    CAPTURE(c.b);
    CHECK(internal::OneEdit(c.a, c.b) == c.want);
    CHECK(internal::OneEdit(c.b, c.a) == c.want);
  }
}

TEST_CASE("fix: what can be meant in one way only") {
  const struct {
    const char* before;
    const char* after;  // nullptr: nothing is changed
  } cases[] = {
      {"{target: engines/vllm/floor, entries: [{compute: [8.9], level: native}]}  # why",
       "{target: engines/vllm/floor, entries: [{compute: [\"8.9\"], level: native}]}  # why"},
      {"{target: engines/vllm/floor, entries: [{compute: [8.0..9.0, 12.0], level: native}]}",
       "{target: engines/vllm/floor, entries: [{compute: [\"8.0..9.0\", \"12.0\"], level: "
       "native}]}"},
      {"{target: engines/vllm/builds/cuda13/images, value: [9.0a, 12.0+ptx]}",
       "{target: engines/vllm/builds/cuda13/images, value: [\"9.0a\", \"12.0+ptx\"]}"},
      {"{target: engines/vllm/floor, entries: [{compute: [89], level: native}]}", nullptr},
      {"{target: engines/vllm/floor, entries: [{level: nativ}]}",
       "{target: engines/vllm/floor, entries: [{level: native}]}"},
      {"{target: engines/vllm/floor, entries: [{level: \"natvie\"}]}",
       "{target: engines/vllm/floor, entries: [{level: \"native\"}]}"},
      {"{target: engines/vllm/floor, entries: [{level: 'natvie'}]}",
       "{target: engines/vllm/floor, entries: [{level: 'native'}]}"},
      {"{target: engines/vllm/floor, entries: [{level: nat}]}", nullptr},
      // the nearest word is two edits away
      {"{target: engines/vllm/floor, entries: [{level: netivo}]}", nullptr},
      {"{target: engines/vllm/floor, entries: [{level: \"nativ}]}", nullptr},
      {"target: engines/vllm/floor\n    entires:\n      - {level: native}",
       "target: engines/vllm/floor\n    entries:\n      - {level: native}"},
      {"{target: engines/vllm/floor, entries: [{zzzzzz: 1, level: native}]}", nullptr},
      {"{target: engines/vllm/floor, entries: [{levle: native}]}",
       "{target: engines/vllm/floor, entries: [{level: native}]}"},
      {"{target: engines/vllm/floor, entries: [{levle: native, level: native}]}", nullptr},
      {"{target: engines/vllm/floor, entries: [{lvel: natve, compute: [8.9]}]}",
       "{target: engines/vllm/floor, entries: [{level: native, compute: [\"8.9\"]}]}"},
      {"{target: engines/vllm/floor, entries: [{compute: \"8.9\", level: native}]}",
       "{target: engines/vllm/floor, entries: [{compute: [\"8.9\"], level: native}]}"},
      // what names something is the user's to correct
      {"{target: engines/vlm/floor, entries: [{level: native}]}", nullptr},
      {"{target: rules/CMATCH-8130/severity, value: wraning}",
       "{target: rules/CMATCH-8130/severity, value: warning}"},
      {"{target: rules/CMATCH-8130/severity, value: off, expect: warning}", nullptr},
      {"{target: rules/CMATCH-8130/severity, value: off}", nullptr},
  };
  for (const auto& c : cases) {
    CAPTURE(c.before);
    const FixedFile fixed = FixFile({"o.yaml", Overlay(c.before)});
    CHECK(fixed.text == Overlay(c.after == nullptr ? c.before : c.after));
    CHECK(fixed.fixes.empty() == (c.after == nullptr));
    // a second run finds nothing more
    CHECK(FixFile({"o.yaml", fixed.text}).fixes.empty());
  }
}

TEST_CASE("fix: each edit says where and what") {
  const FixedFile fixed =
      FixFile({"o.yaml",
               Overlay("{target: engines/vllm/floor, entries: [{compute: [8.9], levl: native}]}")});
  REQUIRE(fixed.fixes.size() == 2);
  CHECK(fixed.fixes[0].code == "yaml-unquoted-compute");
  CHECK(ToString(fixed.fixes[0].where) == "o.yaml:6:55");
  CHECK(fixed.fixes[0].from == "8.9");
  CHECK(fixed.fixes[0].to == "\"8.9\"");
  CHECK(fixed.fixes[1].code == "yaml-unknown-key");
  CHECK(fixed.fixes[1].from == "levl");
  CHECK(fixed.fixes[1].to == "level");
}

TEST_CASE("fix: tabs before comments and in blank lines, never where depth counts") {
  const std::string good = Overlay("{target: rules/CMATCH-8130/severity, value: off}");
  const struct {
    std::string before, after;
  } cases[] = {
      {good + "\t# later\n", good + "  # later\n"},
      {good + " \t \n", good + "    \n"},
      {good + "\t\r\n", good + "  \r\n"},
      {good + "\t- {target: x}\n", good + "\t- {target: x}\n"},
      {good + "\t", good + "  "},
      {"\t# first\n" + good, "  # first\n" + good},
  };
  for (const auto& c : cases) CHECK(FixFile({"o.yaml", c.before}).text == c.after);
}

TEST_CASE("fix: integers lose their quotes, other text does not") {
  const std::string head =
      "kind: cmatch.kinds/v1\nkinds: {quant: {a: \"a\"}, tensor_type: {b: \"b\"}}\n";
  const auto fixed = [&](const std::string& line) {
    return FixFile({"k.yaml", head + line}).text.substr(head.size());
  };
  CHECK(fixed("file_types: {a: {id: \"15\", main: b}}\n") ==
        "file_types: {a: {id: 15, main: b}}\n");
  CHECK(fixed("file_types: {a: {id: \"015\", main: b}}\n") ==
        "file_types: {a: {id: \"015\", main: b}}\n");
  CHECK(fixed("file_types: {a: {id: \"0\", main: b}}\n") == "file_types: {a: {id: 0, main: b}}\n");
  for (const char* line :
       {"file_types: {a: {id: \"x\", main: b}}\n", "file_types: {a: {id: x, main: b}}\n",
        "file_types: {a: {id: \"\", main: b}}\n",
        "file_types: {a: {id: \"1234567890123456789\", main: b}}\n",
        "file_types: {a: {id: , main: b}}\n",
        "file_types: {a: {id: 1, main: b, removed: \"1\"}}\n"}) {
    CHECK(fixed(line) == line);
  }
}

TEST_CASE("fix: a file with more problems than are listed is mended, all of it") {
  // A hundred problems are listed, and each line has two: `valu` is no key, `value` is missing.
  std::string text = kHead;
  std::string want = kHead;
  for (int i = 0; i < 52; ++i) {
    const std::string target = "  - {target: rules/CMATCH-8130/severity, ";
    text += target + "valu: off}\n";
    want += target + "value: off}\n";
  }
  const FixedFile fixed = FixFile({"o.yaml", text});
  CHECK(fixed.fixes.size() == 52);
  CHECK(fixed.text == want);
  // a key that would be there twice is left alone here too
  const std::string twice = "  - {target: rules/CMATCH-8130/severity, valu: off, value: off}\n";
  CHECK(FixFile({"o.yaml", text + twice}).text == want + twice);
}

TEST_CASE("fix: a file that begins with a byte order mark is left alone, its columns are not") {
  const std::string text =
      "\xEF\xBB\xBF" + Overlay("{target: engines/vllm/floor, entries: [{level: nativ}]}");
  CHECK(FixFile({"o.yaml", text}).text == text);
}

TEST_CASE("fix: bytes that are no YAML come back as they are") {
  for (const std::string& text :
       {std::string(), std::string("\xEF\xBB\xBFkind: x\n"), std::string("a: [\n"),
        std::string("kind: cmatch.overlay/v1\nlayr: \"\n"), std::string(3, '\0')}) {
    CHECK(FixFile({"o.yaml", text}).text == text);
  }
}

}  // namespace
}  // namespace cmatch
