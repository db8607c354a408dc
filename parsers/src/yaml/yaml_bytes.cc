#include "yaml/yaml_bytes.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace cmatch::internal {
namespace {

unsigned Byte(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

std::string Hex(unsigned byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {kDigits[byte >> 4U & 15U], kDigits[byte & 15U]};
}

// A tab among the leading blanks of a line, which may have nothing else; npos where there is none.
std::size_t TabInIndentation(std::string_view line) {
  return line.substr(0, line.find_first_not_of(" \t")).find('\t');
}

struct Finding {
  std::size_t at;  // in the line
  std::size_t length;
  const char* code;
  std::string message;
  const char* help;
};

// The first byte of the line that is refused, or {length of the line, 0, ...}.
Finding FirstBadByte(std::string_view text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end;) {
    const unsigned byte = Byte(text, i);
    if (byte >= 0x20U && byte < 0x7FU) {
      ++i;
      continue;
    }
    if (byte == '\t' || (byte == '\r' && Byte(text, i + 1) == '\n')) {
      ++i;
      continue;
    }
    if (byte == '\r') {
      return {i - begin, 1, "yaml-carriage-return", "carriage return without a line feed",
              "end lines with LF (or CR LF)"};
    }
    if (byte < 0x20U || byte == 0x7FU) {
      return {i - begin, 1, "yaml-control-character", "control character 0x" + Hex(byte),
              "remove it, or write it as an escape in double quotes where it is meant"};
    }
    const std::size_t length = Utf8SequenceLength(text.substr(i));
    if (length == 0) {
      return {i - begin, 1, "yaml-bad-utf8", "byte 0x" + Hex(byte) + " is not valid UTF-8",
              "save the file as UTF-8"};
    }
    if (byte == 0xC2U && Byte(text, i + 1) < 0xA0U) {  // C1 controls, U+0080..U+009F
      return {i - begin, 2, "yaml-control-character",
              "control character U+00" + Hex(Byte(text, i + 1)), "remove it"};
    }
    i += length;
  }
  return {end - begin, 0, nullptr, {}, nullptr};
}

}  // namespace

bool CheckYamlBytes(std::string_view text, YamlProblems& problems) {
  const std::size_t before = problems.count();
  std::uint32_t line = 1;
  for (std::size_t begin = 0; begin < text.size() && !problems.full(); ++line) {
    const std::size_t feed = text.find('\n', begin);
    const std::size_t end = feed == std::string_view::npos ? text.size() : feed;
    const std::size_t tab = TabInIndentation(text.substr(begin, end - begin));
    if (tab != std::string_view::npos) {
      problems.Add({line, static_cast<std::uint32_t>(tab + 1)}, "yaml-tab", "tab in indentation",
                   "indent with spaces");
    }
    const Finding bad = FirstBadByte(text, begin, end);
    if (bad.length != 0) {
      problems.Add({line, static_cast<std::uint32_t>(bad.at + 1)}, bad.code, bad.message, bad.help);
    }
    begin = end + 1;
  }
  return problems.count() == before;
}

}  // namespace cmatch::internal
