#include "hf/hf_quant.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cmatch/kinds.h"
#include "files/text_check.h"

namespace cmatch::internal {
namespace {

struct Name {
  std::string_view from;
  std::string_view kind;
};

// `quant_algo` of NVIDIA Model Optimizer. The names are those of TensorRT-LLM, enum QuantAlgo in
// tensorrt_llm/quantization/mode.py.
constexpr std::array kAlgorithms = {
    Name{"fp8", "modelopt_fp8"},
    Name{"nvfp4", "modelopt_fp4"},
    Name{"fp8_per_channel_per_token", "fp8_rowwise"},
    Name{"fp8_block_scales", "fp8_block"},
    Name{"w8a8_sq_per_channel", "int8_w8a8"},
    Name{"w8a16", "int8"},
    Name{"w4a16", "int4"},
};

std::string_view Text(const JsonDocument& document, const JsonNode& object, std::string_view key) {
  const JsonNode* node = document.Find(object, key);
  return node == nullptr || node->type != JsonType::kText ? std::string_view() : node->text;
}

std::optional<std::int64_t> Positive(const JsonDocument& document, const JsonNode& object,
                                     std::string_view key) {
  const JsonNode* node = document.Find(object, key);
  if (node == nullptr || node->type != JsonType::kInteger || node->integer <= 0) {
    return std::nullopt;
  }
  return node->integer;
}

std::vector<std::int64_t> Integers(const JsonDocument& document, const JsonNode& object,
                                   std::string_view key) {
  std::vector<std::int64_t> integers;
  const JsonNode* list = document.Find(object, key);
  if (list == nullptr || list->type != JsonType::kList) return integers;
  for (const JsonNode* at = document.First(*list); at != nullptr; at = document.Next(*at)) {
    if (at->type != JsonType::kInteger || at->integer <= 0) return {};
    integers.push_back(at->integer);
  }
  return integers;
}

// One group of a compressed-tensors checkpoint: weights, and activations where they are quantised.
struct Group {
  std::string_view format;
  std::string_view type;
  std::int64_t bits = 0;
  std::int64_t activation_bits = 0;  // 0: not quantised
  bool blocks = false;
};

// Formats and members: compressed-tensors, CompressionFormat and QuantizationArgs.
std::string KindOf(const Group& group) {
  const bool weights_only = group.activation_bits == 0;
  if (group.format == "nvfp4-pack-quantized") return weights_only ? "nvfp4" : "nvfp4_w4a4";
  if (group.format == "mxfp4-pack-quantized") return "mxfp4";
  if (group.format == "mxfp8-quantized") return "mxfp8";
  if (group.type == "float" && group.bits == 8) {
    if (group.blocks) return "fp8_block";
    return weights_only ? "fp8" : "fp8_w8a8";
  }
  if (group.type == "int" && group.bits == 8 && group.activation_bits == 8) return "int8_w8a8";
  if (group.type != "int" || group.bits == 0) return {};
  return "compressed_tensors_w" + std::to_string(group.bits) + "a" +
         std::to_string(weights_only ? 16 : group.activation_bits);
}

Group ReadGroup(const JsonDocument& document, const JsonNode& node, std::string_view format,
                HfQuant* quant) {
  Group group;
  group.format = Text(document, node, "format");
  if (group.format.empty()) group.format = format;
  const JsonNode* weights = document.Find(node, "weights");
  if (weights == nullptr) return group;
  group.type = Text(document, *weights, "type");
  group.bits = Positive(document, *weights, "num_bits").value_or(0);
  group.blocks = Text(document, *weights, "strategy") == "block";
  if (!quant->group_size) quant->group_size = Positive(document, *weights, "group_size");
  if (quant->weight_block_size.empty()) {
    quant->weight_block_size = Integers(document, *weights, "block_structure");
  }
  const JsonNode* activations = document.Find(node, "input_activations");
  if (activations != nullptr) {
    group.activation_bits = Positive(document, *activations, "num_bits").value_or(0);
  }
  return group;
}

std::expected<HfQuant, std::string> ReadCompressedTensors(const JsonDocument& document,
                                                          const JsonNode& node) {
  HfQuant quant;
  const std::string_view format = Text(document, node, "format");
  const JsonNode* groups = document.Find(node, "config_groups");
  const JsonNode* at = groups == nullptr ? nullptr : document.First(*groups);
  if (at == nullptr) {
    Group group;
    group.format = format;
    std::string kind = KindOf(group);
    if (kind.empty()) return std::unexpected("compressed-tensors without config_groups");
    quant.kinds.push_back(std::move(kind));
  }
  for (; at != nullptr; at = document.Next(*at)) {
    std::string kind = KindOf(ReadGroup(document, *at, format, &quant));
    if (kind.empty()) {
      return std::unexpected("compressed-tensors group " + Quoted(at->key) +
                             " is of no known form");
    }
    if (std::find(quant.kinds.begin(), quant.kinds.end(), kind) == quant.kinds.end()) {
      quant.kinds.push_back(std::move(kind));
    }
  }
  if (quant.kinds.size() > 1) {
    return std::unexpected("its layers are quantised in different ways, " + quant.kinds[0] +
                           " and " + quant.kinds[1]);
  }
  return quant;
}

std::string AlgorithmKind(std::string_view algorithm) {
  std::string folded = FoldKind(algorithm);
  for (const Name& name : kAlgorithms) {
    if (name.from == folded) return std::string(name.kind);
  }
  return folded;
}

std::vector<std::string> MethodKinds(std::string_view method, bool blocks) {
  if (method == "fp8") return {blocks ? "fp8_block" : "fp8"};
  // Weights by channel, activations by token: the method's own definition in vLLM and SGLang.
  if (method == "fbgemm_fp8") return {"fp8_rowwise", "fp8_w8a8"};
  return {FoldKind(method)};
}

}  // namespace

std::expected<HfQuant, std::string> ReadHfQuant(const JsonDocument& document,
                                                const JsonNode& node) {
  if (node.type != JsonType::kObject) return std::unexpected("it is not an object");
  const JsonNode* nested = document.Find(node, "quantization");
  if (nested != nullptr) return ReadHfQuant(document, *nested);

  const std::string method = FoldKind(Text(document, node, "quant_method"));
  const std::string_view algorithm = Text(document, node, "quant_algo");
  if (method == "compressed_tensors" && algorithm.empty()) {
    return ReadCompressedTensors(document, node);
  }
  HfQuant quant;
  quant.weight_block_size = Integers(document, node, "weight_block_size");
  quant.group_size = Positive(document, node, "group_size");
  if (!quant.group_size) quant.group_size = Positive(document, node, "q_group_size");
  if (!algorithm.empty()) {
    quant.kinds.push_back(AlgorithmKind(algorithm));
  } else if (!method.empty()) {
    quant.kinds = MethodKinds(method, !quant.weight_block_size.empty());
  } else {
    return std::unexpected("it states neither quant_method nor quant_algo");
  }
  return quant;
}

}  // namespace cmatch::internal
