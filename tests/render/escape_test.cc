#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "cmatch/render.h"

namespace cmatch {
namespace {

TEST_CASE("Escape: control characters, what turns text around, and bytes that are not UTF-8") {
  const struct {
    const char* name;
    std::string text;
    const char* want;
  } cases[] = {{"empty", "", ""},
               {"plain", "org/model-8B", "org/model-8B"},
               {"UTF-8", "caf\xc3\xa9 \xe6\xa8\xa1\xe5\x9e\x8b \xf0\x9f\xa6\x99",
                "caf\xc3\xa9 \xe6\xa8\xa1\xe5\x9e\x8b \xf0\x9f\xa6\x99"},
               {"escape", "a\033[31m", "a\\x1b[31m"},
               {"NUL", std::string("a\0b", 3), "a\\x00b"},
               {"line end", "a\r\n\tb", "a\\x0d\\x0a\\x09b"},
               {"0x1f and 0x20", "\x1f\x20", "\\x1f "},
               {"DEL", "\x7e\x7f", "~\\x7f"},
               {"C1", "\xc2\x80\xc2\x9b\xc2\x9f", "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f"},
               {"after C1", "\xc2\xa0", "\xc2\xa0"},
               {"right to left", "\xe2\x80\xae", "\\xe2\\x80\\xae"},
               {"isolates", "\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9"},
               {"U+2028, U+2029", "\u2028|\u2029", "\\xe2\\x80\\xa8|\\xe2\\x80\\xa9"},
               {"U+200E, U+200F", "\u200e|\u200f", "\\xe2\\x80\\x8e|\\xe2\\x80\\x8f"},
               {"U+202A, U+202E", "\u202a|\u202e", "\\xe2\\x80\\xaa|\\xe2\\x80\\xae"},
               {"U+061C, U+200B", "\u061c|\u200b", "\\xd8\\x9c|\\xe2\\x80\\x8b"},
               {"U+2060, U+206F", "\u2060|\u206f", "\\xe2\\x81\\xa0|\\xe2\\x81\\xaf"},
               {"U+FEFF", "\ufeff", "\\xef\\xbb\\xbf"},
               {"tags", "\U000e0041\U000e007f", "\\xf3\\xa0\\x81\\x81\\xf3\\xa0\\x81\\xbf"},
               {"beside those", "\u200a\u200c\u200d\u2010\u2027\u202f\u205f\u2070\u061b\u061d",
                "\u200a\u200c\u200d\u2010\u2027\u202f\u205f\u2070\u061b\u061d"},
               {"lone continuation", "\x80", "\\x80"},
               {"cut off", "a\xe6\xa8", "a\\xe6\\xa8"},
               {"overlong", "\xc0\xaf", "\\xc0\\xaf"},
               {"overlong of three", "\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
               {"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
               {"past U+10FFFF", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
               {"no lead byte", "\xff\xfe", "\\xff\\xfe"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    CHECK(Escape(c.text) == c.want);
  }
}

TEST_CASE("Escape: nothing it lets through is a control character") {
  for (unsigned code = 0; code < 0x10000; ++code) {
    std::string text;
    if (code < 0x100) text = std::string(1, static_cast<char>(code));
    if (code >= 0x100) {
      text = {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    }
    for (const char c : Escape(text)) {
      const auto byte = static_cast<unsigned char>(c);
      const bool control = byte < 0x20 || byte == 0x7f;
      if (control) CAPTURE(code);
      if (control) CHECK_FALSE(control);
    }
  }
}

// A report with everything in it.
Report FullReport() {
  Report report;
  report.model_id = "org/m\033";
  report.worker_id = "w";
  Finding finding;
  finding.rule = "R-1";
  finding.error = "RuleFailed";
  finding.required = std::vector<std::string>(40, "a_rather_long_kind");
  finding.supported = std::vector<std::string>(40, "another_long_kind\n");
  finding.has_supported = true;
  finding.message = std::string(300, 'x') + " and a few more words to break, with \033 in them";
  finding.hint = "do something about it";
  finding.source = Source{.where = {"rules/a.yaml", 1, 2}, .text = "a source"};
  report.violations = {finding, finding};
  report.warnings = {finding};
  report.waived = {finding};
  report.skipped = {{"R-2", "mcd.x is not known \033"}};
  report.trace = {{"R-1", "fail", "mcd.x = \033"}};
  return report;
}

TEST_CASE("text: lines keep to the width, words that are longer apart") {
  for (const std::size_t width : {40UL, 60UL, 61UL, 80UL, 200UL}) {
    CAPTURE(width);
    Report report = FullReport();
    for (auto* findings : {&report.violations, &report.warnings, &report.waived}) {
      for (Finding& finding : *findings)
        finding.message =
            "a few words that are to be broken " + std::string(30, 'y') + " into lines";
    }
    const std::string text = RenderText(report, {.color = false, .width = width, .verbose = false});
    CHECK(text.find('\033') == std::string::npos);
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      REQUIRE(end != std::string::npos);
      const std::string line = text.substr(at, end - at);
      CHECK_FALSE(line.ends_with(' '));
      // the table's cells and the verdict have their own measure
      if (line.starts_with("        ")) longest = std::max(longest, line.size());
      at = end + 1;
    }
    CHECK(longest <= width);
  }
}

TEST_CASE("text: what hides in a report is escaped wherever it stands") {
  const std::string text = RenderText(FullReport());
  CHECK(text.find('\033') == std::string::npos);
  CHECK(text.find("\\x1b") != std::string::npos);
  const std::string json = RenderJson(FullReport());
  CHECK(json.find('\033') == std::string::npos);
  CHECK(json.find('\n') == std::string::npos);
}

TEST_CASE("text: names of members and rules are escaped like everything else") {
  Inspection inspection;
  inspection.model = "m";
  inspection.members["\033[2Ja"] = std::int64_t{3};
  inspection.origin["\033[2Ja"] = "sidecar: \033";
  inspection.missing = {"\033]0;b"};
  const std::string described = RenderText(inspection);
  CHECK(described.find('\033') == std::string::npos);
  CHECK(described.find("  \\x1b[2Ja  3  (sidecar: \\x1b)\n") != std::string::npos);
  CHECK(described.find("  \\x1b]0;b  missing\n") != std::string::npos);

  Report report = FullReport();
  report.violations[0].rule = "R\xe2\x80\xae-1";
  report.skipped[0].rule = "R\n-2";
  report.trace[0].rule = "R\x07-3";
  const std::string judged = RenderText(report);
  CHECK(judged.find("FAIL    R\\xe2\\x80\\xae-1  ") != std::string::npos);
  CHECK(judged.find("    R\\x0a-2: mcd.x") != std::string::npos);
  CHECK(judged.find(" R\\x07-3 ") != std::string::npos);
}

TEST_CASE("json: numbers that are none are null, what is not known is left out") {
  Mcd mcd;
  mcd.attributes["odd"] = std::numeric_limits<double>::quiet_NaN();
  mcd.attributes["endless"] = -std::numeric_limits<double>::infinity();
  mcd.attributes["half"] = 0.5;
  mcd.attributes["open"] = Value();
  const std::string json = RenderJson(mcd);
  CHECK(json.find("\"odd\":null") != std::string::npos);
  CHECK(json.find("\"endless\":null") != std::string::npos);
  CHECK(json.find("\"half\":0.5") != std::string::npos);
  CHECK(json.find("open") == std::string::npos);
}

TEST_CASE("json: bytes that are not UTF-8 never make a document that cannot be read") {
  Report report = FullReport();
  report.model_id = "a\xff\xc2";
  const std::string json = RenderJson(report);
  for (const char c : json) CHECK(static_cast<unsigned char>(c) < 0x7f);
  CHECK(json.find("\"model_id\":\"a") != std::string::npos);
}

}  // namespace
}  // namespace cmatch
