#include "json/json_value.h"

#include <charconv>

#include "cmatch/rule_set.h"
#include "files/read_limits.h"

namespace cmatch::internal {
namespace {

std::string NotA(std::string_view wanted, const JsonNode& node) {
  return "must be " + std::string(wanted) + ", not " + std::string(Describe(node.type));
}

std::string_view Wanted(FieldType type) {
  switch (type) {
    case FieldType::kKind:
    case FieldType::kText:
      return "a string";
    case FieldType::kKinds:
      return "a list of strings";
    case FieldType::kInteger:
    case FieldType::kBytes:
      return "an integer";
    case FieldType::kIntegers:
      return "an integer or a list of integers";
    case FieldType::kNumber:
      return "a number";
    case FieldType::kBool:
      return "true or false";
    case FieldType::kCompute:
      return "a compute capability as a string, \"8.9\"";
    case FieldType::kVersion:
      return "a version as a string, \"550.54.14\"";
  }
  return "something else";
}

// Appends the problem of one node; always returns "unknown".
Value Refuse(const JsonDocument& document, const JsonNode& node, std::string_view code,
             std::string_view phrase, std::vector<Problem>* problems) {
  problems->push_back(document.MakeValueProblem(node, std::string(code), phrase));
  return {};
}

constexpr std::string_view kTooLong = "must be at most 65536 bytes long";
static_assert(kMaxJsonText == 65536);

constexpr Field kTextElement{.name = {}, .type = FieldType::kText, .of = {}, .origin = {}};
constexpr Field kIntegerElement{.name = {}, .type = FieldType::kInteger, .of = {}, .origin = {}};

std::string TextElementProblem(const JsonNode& node) {
  if (node.type != JsonType::kText) return NotA("a string", node);
  if (node.text.size() > kMaxJsonText) return std::string(kTooLong);
  return TypeProblem(kTextElement, std::string(node.text));
}

std::string IntegerElementProblem(const JsonNode& node) {
  const std::string problem = IntegerProblem(node);
  return problem.empty() ? TypeProblem(kIntegerElement, node.integer) : problem;
}

// Calls `take` for every element that `check` finds nothing wrong with; true where that is all.
template <typename Check, typename Take>
bool ReadElements(const JsonDocument& document, const JsonNode& list, std::string_view code,
                  Check check, Take take, std::vector<Problem>* problems) {
  std::size_t wrong = 0;
  for (const JsonNode* at = document.First(list); at != nullptr; at = document.Next(*at)) {
    const std::string problem = check(*at);
    if (problem.empty()) {
      take(*at);
    } else if (wrong++ < kMaxElementProblems) {
      Refuse(document, *at, code, problem, problems);
    }
  }
  return wrong == 0;
}

Value ReadTexts(const JsonDocument& document, const JsonNode& list, std::string_view code,
                std::vector<Problem>* problems) {
  std::vector<std::string> texts;
  const auto take = [&](const JsonNode& node) { texts.emplace_back(node.text); };
  if (!ReadElements(document, list, code, TextElementProblem, take, problems)) return {};
  return texts;
}

Value ReadIntegers(const JsonDocument& document, const JsonNode& list, std::string_view code,
                   std::vector<Problem>* problems) {
  std::vector<std::int64_t> integers;
  const auto take = [&](const JsonNode& node) { integers.push_back(node.integer); };
  if (!ReadElements(document, list, code, IntegerElementProblem, take, problems)) return {};
  return integers;
}

// The value by its JSON type alone; unknown, with a problem, where that is the wrong one.
Value ReadShape(const JsonDocument& document, const JsonNode& node, FieldType type,
                std::string_view code, std::vector<Problem>* problems) {
  const auto refuse = [&] {
    return Refuse(document, node, code, NotA(Wanted(type), node), problems);
  };
  switch (type) {
    case FieldType::kKind:
    case FieldType::kText:
    case FieldType::kCompute:
    case FieldType::kVersion:
      if (node.type != JsonType::kText) return refuse();
      if (node.text.size() > kMaxJsonText) return Refuse(document, node, code, kTooLong, problems);
      return std::string(node.text);
    case FieldType::kKinds:
      if (node.type != JsonType::kList) return refuse();
      return ReadTexts(document, node, code, problems);
    case FieldType::kIntegers:
      if (node.type == JsonType::kList) return ReadIntegers(document, node, code, problems);
      [[fallthrough]];
    case FieldType::kInteger:
    case FieldType::kBytes: {
      const std::string problem = IntegerProblem(node);
      if (!problem.empty()) return Refuse(document, node, code, problem, problems);
      return node.integer;
    }
    case FieldType::kNumber:
      if (node.type == JsonType::kInteger) return node.integer;
      if (node.type != JsonType::kReal && node.type != JsonType::kHugeInteger) return refuse();
      return ToDouble(node);
    case FieldType::kBool:
      if (node.type != JsonType::kBool) return refuse();
      return node.boolean;
  }
  return refuse();
}

Value ListValue(const JsonDocument& document, const JsonNode& list) {
  std::vector<std::string> texts;
  std::vector<std::int64_t> integers;
  for (const JsonNode* at = document.First(list); at != nullptr; at = document.Next(*at)) {
    if (at->type == JsonType::kText) {
      texts.emplace_back(at->text);
    } else if (at->type == JsonType::kInteger) {
      integers.push_back(at->integer);
    } else {
      return Opaque{};
    }
  }
  if (integers.empty()) return texts;
  if (texts.empty()) return integers;
  return Opaque{};
}

}  // namespace

std::string IntegerProblem(const JsonNode& node) {
  if (node.type == JsonType::kInteger) return {};
  if (node.type == JsonType::kHugeInteger) {
    return "is out of range: integers go up to 9223372036854775807";
  }
  if (node.type == JsonType::kReal) {
    return "must be an integer, written without a point or an exponent";
  }
  return NotA("an integer", node);
}

double ToDouble(const JsonNode& node) {
  double value = 0;
  std::from_chars(node.text.data(), node.text.data() + node.text.size(), value);
  return value;
}

Value ToValue(const JsonDocument& document, const JsonNode& node) {
  switch (node.type) {
    case JsonType::kNull:
      return {};
    case JsonType::kBool:
      return node.boolean;
    case JsonType::kInteger:
      return node.integer;
    case JsonType::kReal:
    case JsonType::kHugeInteger:
      return ToDouble(node);
    case JsonType::kText:
      return std::string(node.text);
    case JsonType::kList:
      return ListValue(document, node);
    case JsonType::kObject:
      return Opaque{};
  }
  return Opaque{};
}

Value ReadValue(const JsonDocument& document, const JsonNode& node, const Field& field,
                std::string_view code, std::vector<Problem>* problems) {
  if (node.type == JsonType::kNull) return {};
  Value value = ReadShape(document, node, field.type, code, problems);
  if (!IsKnown(value)) return value;
  const std::string problem = TypeProblem(field, value);
  if (!problem.empty()) return Refuse(document, node, code, problem, problems);
  return value;
}

}  // namespace cmatch::internal
