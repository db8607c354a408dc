#include "json/json_edge.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cmatch::internal {
namespace {

std::string Nested(int depth) {
  const auto n = static_cast<std::size_t>(depth);
  return std::string(n, '[') + std::string(n, ']');
}

std::string Codes(const JsonDocument& document) {
  std::string codes;
  for (const Problem& problem : document.problems()) {
    codes += (codes.empty() ? "" : " ") + problem.code + "@" + std::to_string(problem.where.line) +
             ":" + std::to_string(problem.where.column);
  }
  return codes;
}

TEST_CASE("json_edge: what is refused, and where") {
  struct Case {
    std::string name;
    std::string text;
    bool whole;
    std::string want;
  };
  const std::vector<Case> cases = {
      {"empty", "", false, "json-syntax@1:1"},
      {"blank", " \n ", false, "json-syntax@2:2"},
      {"scalar", "1", true, ""},
      {"object", R"({"a":1})", true, ""},
      {"cut off", "{\"a\":\n 1", false, "json-syntax@2:3"},
      {"missing colon", R"({"a" 1})", false, "json-syntax@1:6"},
      {"missing colon, long token", R"({"a" 12345})", false, "json-syntax@1:6"},
      {"two commas", "[1,,2]", false, "json-syntax@1:4"},
      {"comma at the end", "[1,\n]", false, "json-syntax@2:1"},
      {"bare word", "[nope]", false, "json-syntax@1:3"},
      {"leading zero", "[01]", false, "json-syntax@1:3"},
      {"comment", "{} // x", false, "json-trailing-text@1:4"},
      {"second document", "{}\n{}", false, "json-trailing-text@2:1"},
      {"second value, broken", "1 x", false, "json-trailing-text@1:3"},
      {"byte order mark", "\xEF\xBB\xBF{}", false, "json-byte-order-mark@1:1"},
      {"UTF-16, little end first", std::string("\xFF\xFE{\0}\0", 6), false,
       "json-byte-order-mark@1:1"},
      {"UTF-16, big end first", std::string("\xFE\xFF\0{\0}", 6), false,
       "json-byte-order-mark@1:1"},
      {"NUL after the end", std::string("{}\0", 3), false, "json-nul@1:3"},
      {"NUL in a string", std::string("[\"\0\"]", 5), false, "json-nul@1:3"},
      {"tab in a string", "[\"\t\"]", false, "json-syntax@1:3"},
      {"not UTF-8", "[\"a\xFF\"]", false, "json-bad-utf8@1:4"},
      {"overlong UTF-8", "[\"\xC0\x80\"]", false, "json-bad-utf8@1:3"},
      {"surrogate in UTF-8", "[\"\xED\xA0\x80\"]", false, "json-bad-utf8@1:4"},
      {"lone escaped surrogate", R"(["\ud800"])", false, "json-syntax@1:9"},
      {"duplicate key", "{\"a\":1,\n \"a\":2}", true, "json-duplicate-key@2:2"},
      {"three of a key", R"({"a":1,"b":2,"a":3,"a":4})", true,
       "json-duplicate-key@1:14 json-duplicate-key@1:20"},
      {"duplicate by escape", R"({"a":1,"\u0061":2})", true, "json-duplicate-key@1:8"},
      {"duplicate in an inner object", R"([{"a":1},{"a":1,"a":1}])", true,
       "json-duplicate-key@1:17"},
      {"same key in two objects", R"([{"a":1},{"a":1}])", true, ""},
      {"depth 64", Nested(64), true, ""},
      {"depth 65", Nested(65), false, "json-too-deep@1:65"},
      {"2^63 - 1", "[9223372036854775807]", true, ""},
      {"2^64", "[18446744073709551616]", true, ""},
      {"1e309", "[1,1e309]", false, "json-number-range@1:4"},
      {"duplicate, then broken", R"([{"a":1,"a":2},])", false,
       "json-duplicate-key@1:9 json-syntax@1:16"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const JsonDocument document = JsonDocument::Parse(c.text, "x.json");
    CHECK(Codes(document) == c.want);
    CHECK((document.root() != nullptr) == c.whole);
  }
}

TEST_CASE("json_edge: size limits") {
  const std::string most = "\"" + std::string(kMaxJsonBytes - 2, 'x') + "\"";
  CHECK(JsonDocument::Parse(most, "x").root() != nullptr);
  CHECK(Codes(JsonDocument::Parse(most + " ", "x")) == "json-too-large@0:0");

  std::string many = "[0";
  for (std::size_t i = 2; i < kMaxJsonValues; ++i) many += ",0";
  CHECK(JsonDocument::Parse(many + "]", "x").root() != nullptr);
  const JsonDocument more = JsonDocument::Parse(many + ",0]", "x");
  REQUIRE(more.problems().size() == 1);
  CHECK(more.problems()[0].code == "json-too-many-values");
}

TEST_CASE("json_edge: numbers keep how they were written") {
  struct Case {
    std::string text;
    JsonType type;
    std::int64_t integer;
  };
  const std::vector<Case> cases = {
      {"0", JsonType::kInteger, 0},
      {"-1", JsonType::kInteger, -1},
      {"9223372036854775807", JsonType::kInteger, INT64_MAX},
      {"9223372036854775808", JsonType::kHugeInteger, 0},
      {"18446744073709551615", JsonType::kHugeInteger, 0},
      {"18446744073709551616", JsonType::kHugeInteger, 0},
      {"-9223372036854775808", JsonType::kInteger, INT64_MIN},
      {"-9223372036854775809", JsonType::kHugeInteger, 0},
      {"8192.0", JsonType::kReal, 0},
      {"1e3", JsonType::kReal, 0},
      {"1E3", JsonType::kReal, 0},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    for (const std::string& text : {c.text, "[" + c.text + "]"}) {
      const JsonDocument document = JsonDocument::Parse(text, "x");
      REQUIRE(document.root() != nullptr);
      const JsonNode* node = document.root();
      if (node->type == JsonType::kList) node = document.First(*node);
      CHECK(node->type == c.type);
      CHECK(node->integer == c.integer);
      CHECK(node->text == c.text);
    }
  }
}

TEST_CASE("json_edge: positions, pointers and texts") {
  const std::string text =
      "{ \"a\" : [ true, null ,\"x\\ny\", -5 ],\n  \"b/c~\" : {\"d\" : 1.5 , \"\" : false}}";
  const JsonDocument document = JsonDocument::Parse(text, "x.json");
  REQUIRE(document.root() != nullptr);
  const JsonNode& root = *document.root();
  CHECK(root.size == 2);
  CHECK(document.Pointer(root).empty());

  const JsonNode* a = document.Find(root, "a");
  REQUIRE(a != nullptr);
  struct Want {
    JsonType type;
    std::string pointer;
    std::uint32_t column;
  };
  const std::vector<Want> wants = {{JsonType::kBool, "/a/0", 11},
                                   {JsonType::kNull, "/a/1", 17},
                                   {JsonType::kText, "/a/2", 23},
                                   {JsonType::kInteger, "/a/3", 31}};
  const JsonNode* element = document.First(*a);
  for (const Want& want : wants) {
    CAPTURE(want.pointer);
    REQUIRE(element != nullptr);
    CHECK(element->type == want.type);
    CHECK(document.Pointer(*element) == want.pointer);
    CHECK(document.Where(*element) == Location{"x.json", 1, want.column});
    element = document.Next(*element);
  }
  CHECK(element == nullptr);
  CHECK(document.Next(*document.First(*a))->type == JsonType::kNull);
  CHECK(document.Find(*a, "a") == nullptr);

  const JsonNode* inner = document.Find(root, "b/c~");
  REQUIRE(inner != nullptr);
  CHECK(document.Pointer(*inner) == "/b~1c~0");
  const JsonNode* d = document.Find(*inner, "d");
  REQUIRE(d != nullptr);
  CHECK(d->text == "1.5");
  CHECK(document.Where(*d) == Location{"x.json", 2, 19});
  CHECK(document.Pointer(*document.Find(*inner, "")) == "/b~1c~0/");
  CHECK(document.Find(*inner, "e") == nullptr);
}

TEST_CASE("json_edge: a document that is moved keeps its texts") {
  const std::string text = R"({"k\u0041":"v\u0042","plain":"text"})";
  JsonDocument first = JsonDocument::Parse(text, "x");
  const JsonDocument document = std::move(first);
  REQUIRE(document.root() != nullptr);
  CHECK(document.Find(*document.root(), "kA")->text == "vB");
  CHECK(document.Find(*document.root(), "plain")->text == "text");
}

TEST_CASE("json_edge: every prefix of a document is refused, none crashes") {
  const std::string text = R"({"a":[1,2.5e1,"\u00e9\n",true,null],"b":{"c":-1}})";
  for (std::size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    const std::string prefix = text.substr(0, length);
    const JsonDocument document = JsonDocument::Parse(prefix, "x");
    CHECK(document.root() == nullptr);
    CHECK(document.problems().size() == 1);
  }
  CHECK(JsonDocument::Parse(text, "x").root() != nullptr);
}

}  // namespace
}  // namespace cmatch::internal
