#include <algorithm>
#include <charconv>
#include <limits>

#include "compile.h"

namespace cmatch::internal {

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> ParseBytes(std::string_view text) {
  struct Unit {
    std::string_view suffix;
    int shift;
  };
  static constexpr Unit kUnits[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40},
                                    {"Ki", 10},  {"Mi", 20},  {"Gi", 30},  {"Ti", 40}};
  int shift = 0;
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.suffix)) continue;
    text.remove_suffix(unit.suffix.size());
    shift = unit.shift;
    break;
  }
  const auto value = ParseInteger(text);
  if (!value || *value < 0) return std::nullopt;
  if (*value > std::numeric_limits<std::int64_t>::max() >> shift) return std::nullopt;
  return *value << shift;
}

std::optional<double> ParseNumber(std::string_view text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  if (value != value) return std::nullopt;
  return value;
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> ParseWord(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::kInteger:
    case FieldType::kIntegers:
    case FieldType::kBytes:
      return ParseBytes(text).or_else([&] { return ParseInteger(text); });
    case FieldType::kBool:
      return ParseBool(text).transform([](bool b) { return std::int64_t{b}; });
    case FieldType::kCompute:
      return ParseCompute(text).transform([](ComputeCapability c) { return ComputeWord(c); });
    case FieldType::kKind:
    case FieldType::kKinds:
    case FieldType::kNumber:
    case FieldType::kText:
    case FieldType::kVersion:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view NameOf(FieldType type) {
  const auto* it = std::find_if(kFieldTypes.begin(), kFieldTypes.end(),
                                [&](const auto& row) { return row.first == type; });
  return it->second;
}

std::string_view NameOf(Relation relation) {
  const auto* it = std::find_if(kRelations.begin(), kRelations.end(),
                                [&](const auto& row) { return row.first == relation; });
  return it->second;
}

bool IsWord(FieldType type) {
  return type == FieldType::kInteger || type == FieldType::kIntegers || type == FieldType::kBytes ||
         type == FieldType::kBool || type == FieldType::kCompute;
}

}  // namespace cmatch::internal
