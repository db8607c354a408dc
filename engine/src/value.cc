#include "cmatch/value.h"

#include <charconv>

namespace cmatch {
namespace {

std::string Number(double number) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, number);
  return {buffer, result.ptr};
}

struct Printer {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(Opaque) const { return {}; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return Number(value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const std::vector<std::int64_t>& values) const {
    std::string text;
    for (const std::int64_t value : values) {
      if (!text.empty()) text += ", ";
      text += std::to_string(value);
    }
    return text;
  }
  std::string operator()(const std::vector<std::string>& values) const {
    std::string text;
    for (const std::string& value : values) {
      if (!text.empty()) text += ", ";
      text += value;
    }
    return text;
  }
};

}  // namespace

std::string ToString(const Value& value) { return std::visit(Printer{}, value); }

}  // namespace cmatch
