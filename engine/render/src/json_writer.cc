#include "json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <variant>

#include "utf8.h"

namespace cmatch::internal {
namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

void AppendUnit(std::string& out, std::uint32_t unit) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[unit >> shift & 15];
}

// UTF-16 above the basic plane (RFC 8259, section 7).
void AppendEscaped(std::string& out, std::uint32_t point) {
  if (point < 0x10000) return AppendUnit(out, point);
  point -= 0x10000;
  AppendUnit(out, 0xd800 + (point >> 10));
  AppendUnit(out, 0xdc00 + (point & 0x3ff));
}

// The code point of a well-formed sequence.
std::uint32_t Decode(std::string_view sequence) {
  constexpr std::array<std::uint32_t, 5> kFirstBits = {0, 0x7f, 0x1f, 0x0f, 0x07};
  std::uint32_t point = static_cast<unsigned char>(sequence[0]) & kFirstBits[sequence.size()];
  for (const char c : sequence.substr(1)) {
    point = point << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  }
  return point;
}

const char* ShortEscape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return nullptr;
  }
}

}  // namespace

JsonWriter& JsonWriter::Key(std::string_view name) {
  Separate();
  Write(name);
  text_ += ':';
  return *this;
}

void JsonWriter::Write(std::string_view text) {
  text_ += '"';
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    const char c = sequence[0];
    if (length == 0) {
      AppendEscaped(text_, kReplacement);
    } else if (const char* escape = ShortEscape(c)) {
      text_ += escape;
    } else if (length == 1 && c >= 0x20 && c < 0x7f) {
      text_ += c;
    } else {
      AppendEscaped(text_, Decode(sequence));
    }
    text.remove_prefix(sequence.size());
  }
  text_ += '"';
}

// The shortest digits that read back as the same number, with a point or an exponent.
void JsonWriter::Write(double number) {
  if (!std::isfinite(number)) {
    text_ += "null";
    return;
  }
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  const std::string_view text(digits.data(), static_cast<std::size_t>(end.ptr - digits.data()));
  text_ += text;
  if (text.find_first_of(".e") == std::string_view::npos) text_ += ".0";
}

void JsonWriter::Write(const Value& value) {
  std::visit(
      [this](const auto& known) {
        using T = std::decay_t<decltype(known)>;
        if constexpr (std::same_as<T, std::monostate> || std::same_as<T, Opaque>) {
          text_ += "null";
        } else {
          Write(known);
        }
      },
      value);
}

}  // namespace cmatch::internal
