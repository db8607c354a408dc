#include "files/text_check.h"

#include <cstdint>

namespace cmatch::internal {
namespace {

constexpr std::size_t kQuotedBytes = 80;

unsigned char Byte(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool IsContinuation(std::string_view text, std::size_t i) {
  return i < text.size() && (Byte(text, i) & 0xC0U) == 0x80U;
}

bool IsControl(std::string_view sequence) {
  const unsigned char first = Byte(sequence, 0);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7F;
  return sequence.size() == 2 && first == 0xC2 && Byte(sequence, 1) < 0xA0;
}

void AppendEscaped(std::string& out, std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15U];
  }
}

}  // namespace

std::size_t Utf8SequenceLength(std::string_view text) {
  if (text.empty()) return 0;
  const unsigned char first = Byte(text, 0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  if (!IsContinuation(text, 1)) return 0;
  if (first < 0xE0) return 2;
  const unsigned char second = Byte(text, 1);
  if (!IsContinuation(text, 2)) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (!IsContinuation(text, 3)) return 0;
  const bool overlong = first == 0xF0 && second < 0x90;
  const bool beyond = first == 0xF4 && second >= 0x90;
  return overlong || beyond ? 0 : 4;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool HasControlCharacter(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    const std::size_t step = length == 0 ? 1 : length;
    if (length != 0 && IsControl(text.substr(0, step))) return true;
    text.remove_prefix(step);
  }
  return false;
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  std::size_t at = 0;
  while (at < text.size() && at < kQuotedBytes) {
    const std::string_view rest = text.substr(at);
    const std::size_t length = Utf8SequenceLength(rest);
    const std::string_view sequence = rest.substr(0, length == 0 ? 1 : length);
    if (length == 0 || IsControl(sequence)) {
      AppendEscaped(out, sequence);
    } else {
      if (sequence == "\"" || sequence == "\\") out += '\\';
      out += sequence;
    }
    at += sequence.size();
  }
  out += at < text.size() ? "...\"" : "\"";
  return out;
}

}  // namespace cmatch::internal
