#include <algorithm>
#include <cmath>

#include "cmatch/rule_set.h"

namespace cmatch {
namespace {

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string WordProblem(std::string_view text) {
  if (text.empty()) return "must not be empty";
  if (HasControl(text)) return "must not hold control characters";
  return {};
}

std::string TextProblem(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "must be a string" : WordProblem(*text);
}

std::string KindsProblem(const Value& value) {
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&value)) {
    return numbers->empty() ? "" : "must be a list of strings";
  }
  const auto* kinds = std::get_if<std::vector<std::string>>(&value);
  if (kinds == nullptr) return "must be a list of strings";
  for (const std::string& kind : *kinds) {
    if (std::string problem = WordProblem(kind); !problem.empty()) return "a kind " + problem;
  }
  return {};
}

// CMATCH-8010 and 8020 have no zero here; that it is one is said where they are read.
bool MustBePositive(std::string_view field) {
  return field == "mcd.context_max" || field == "mcd.vocab_size" || field == "ecp.max_context" ||
         field == "ecp.vram_bytes";
}

std::string IntegerProblem(const Value& value, std::string_view field = {}) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number != nullptr && *number >= 0) return {};
  return MustBePositive(field) ? "must be an integer > 0" : "must be an integer >= 0";
}

std::string IntegersProblem(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return IntegerProblem(value);
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value); texts && texts->empty()) {
    return {};
  }
  const auto* numbers = std::get_if<std::vector<std::int64_t>>(&value);
  const bool good = numbers != nullptr && std::all_of(numbers->begin(), numbers->end(),
                                                      [](std::int64_t n) { return n >= 0; });
  return good ? "" : "must be an integer >= 0 or a list of them";
}

std::string NumberProblem(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return {};
  const auto* number = std::get_if<double>(&value);
  return number == nullptr || !std::isfinite(*number) ? "must be a number" : "";
}

std::string ComputeProblem(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  const bool good = text != nullptr && ParseCompute(*text).has_value();
  return good ? "" : "must be a compute capability as text, \"8.9\"";
}

std::string VersionProblem(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  const bool good = text != nullptr && Version::Parse(Versioning::kPep440, *text).has_value();
  return good ? "" : "must be a version as text, \"550.54.14\"";
}

}  // namespace

std::string TypeProblem(const Field& field, const Value& value) {
  if (!IsKnown(value)) return {};
  switch (field.type) {
    case FieldType::kKind:
    case FieldType::kText:
      return TextProblem(value);
    case FieldType::kKinds:
      return KindsProblem(value);
    case FieldType::kInteger:
    case FieldType::kBytes:
      return IntegerProblem(value, field.name);
    case FieldType::kIntegers:
      return IntegersProblem(value);
    case FieldType::kNumber:
      return NumberProblem(value);
    case FieldType::kBool:
      return std::holds_alternative<bool>(value) ? "" : "must be true or false";
    case FieldType::kCompute:
      return ComputeProblem(value);
    case FieldType::kVersion:
      return VersionProblem(value);
  }
  return {};
}

}  // namespace cmatch
