#ifndef CMATCH_JSON_WRITER_H_
#define CMATCH_JSON_WRITER_H_

#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/value.h"

namespace cmatch::internal {

// Writes one JSON document on one line. Straight into a string: nlohmann's values allocate while
// they are destroyed, which ends the process where memory is short. ASCII alone: C1 controls and
// marks that turn text around are as legal in JSON as they are harmful on a terminal. Bytes that
// are not UTF-8 become U+FFFD.
//
//   JsonWriter json;
//   json.Object([&] {
//     json.Member("schema", "cmatch.report/1");
//     json.Key("list").Array(list, [&](const auto& one) { json.Write(one); });
//   });
//   return json.Take();
class JsonWriter {
 public:
  // A key, with its comma; a value must follow.
  JsonWriter& Key(std::string_view name);

  template <typename Body>
  void Object(Body&& body) {
    Open('{');
    body();
    Close('}');
  }
  template <typename List, typename Each>
  void Array(const List& list, Each&& each) {
    Open('[');
    for (const auto& one : list) {
      Separate();
      each(one);
    }
    Close(']');
  }

  void Write(std::string_view text);
  void Write(const std::string& text) { Write(std::string_view(text)); }
  void Write(const char* text) { Write(std::string_view(text)); }
  void Write(double number);
  void Write(const Value& value);  // null where unknown or opaque
  template <std::integral T>
  void Write(T number) {
    if constexpr (std::same_as<T, bool>) {
      text_ += number ? "true" : "false";
    } else {
      text_ += std::to_string(number);
    }
  }
  template <typename T>
  void Write(const std::vector<T>& list) {
    Array(list, [this](const T& one) { Write(one); });
  }

  template <typename T>
  void Member(std::string_view name, const T& value) {
    Key(name).Write(value);
  }
  // A text that is left out where it is empty, a number where it is 0.
  void OptionalMember(std::string_view name, std::string_view text) {
    if (!text.empty()) Member(name, text);
  }
  void OptionalMember(std::string_view name, std::uint32_t number) {
    if (number != 0) Member(name, number);
  }

  std::string Take() { return std::move(text_); }

 private:
  void Open(char bracket) {
    text_ += bracket;
    first_ = true;
  }
  void Close(char bracket) {
    text_ += bracket;
    first_ = false;
  }
  void Separate() {
    if (!first_) text_ += ',';
    first_ = false;
  }

  std::string text_;
  bool first_ = true;  // nothing in the innermost bracket yet
};

}  // namespace cmatch::internal

#endif  // CMATCH_JSON_WRITER_H_
