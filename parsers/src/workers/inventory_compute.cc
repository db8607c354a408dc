#include "workers/inventory_compute.h"

#include <string>

namespace cmatch::internal {
namespace {

constexpr std::int64_t kMostPart = 99;

std::optional<ComputeCapability> FromParts(const JsonNode* major, const JsonNode* minor) {
  const auto good = [](const JsonNode* part) {
    return part != nullptr && part->type == JsonType::kInteger && part->integer >= 0 &&
           part->integer <= kMostPart;
  };
  if (!good(major) || !good(minor)) return std::nullopt;
  return ComputeCapability{static_cast<std::uint16_t>(major->integer),
                           static_cast<std::uint16_t>(minor->integer)};
}

std::optional<ComputeCapability> FromSm(std::int64_t sm) {
  if (sm < 10 || sm > kMostPart * 10 + 9) return std::nullopt;
  return ComputeCapability{static_cast<std::uint16_t>(sm / 10),
                           static_cast<std::uint16_t>(sm % 10)};
}

std::optional<ComputeCapability> FromNode(const JsonDocument& document, const JsonNode& node) {
  switch (node.type) {
    case JsonType::kText:
      return ParseCompute(node.text);
    case JsonType::kInteger:
      return FromSm(node.integer);
    case JsonType::kList: {
      const JsonNode* major = document.First(node);
      if (node.size != 2) return std::nullopt;
      return FromParts(major, document.Next(*major));
    }
    case JsonType::kObject:
      return FromParts(document.Find(node, "major"), document.Find(node, "minor"));
    case JsonType::kNull:
    case JsonType::kBool:
    case JsonType::kHugeInteger:
    case JsonType::kReal:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ComputeCapability> ReadComputeNode(const JsonDocument& document, const JsonNode& node,
                                                 std::vector<Problem>* problems) {
  const auto compute = FromNode(document, node);
  if (!compute) {
    problems->push_back(
        document.MakeValueProblem(node, "inventory-wrong-compute", "is not a compute capability",
                                  "write [8, 6], \"8.6\", {\"major\": 8, \"minor\": 6}, or sm 86"));
  }
  return compute;
}

}  // namespace cmatch::internal
