#include "hf/hf_reader.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "files/text_check.h"
#include "hf/hf_attention.h"
#include "hf/hf_quant.h"
#include "models/architecture_name.h"

namespace cmatch::internal {
namespace {

std::string_view TextAt(const HfConfig& config, HfKeys keys) {
  const JsonNode* node = config.Find(keys);
  return node == nullptr || node->type != JsonType::kText ? std::string_view() : node->text;
}

// The document's model_type, or that of its `text_config` where only that one is known.
const JsonNode* FindModelType(const HfConfig& config, const RuleSet& rules) {
  const JsonNode* outer = config.FindOutside("model_type");
  const JsonNode* inner = config.Find("model_type");
  if (outer == nullptr) return inner;
  const bool outer_known = rules.FindArchitecture(outer->text, true) != nullptr;
  return outer_known || rules.FindArchitecture(inner->text, true) == nullptr ? outer : inner;
}

void BlockArchitecture(const std::string& code, const std::string& message, std::string help,
                       const Location& where, HfWriter* writer) {
  help +=
      "add a row for it to `model_types` in rules/architectures.yaml (or to a directory given with "
      "--rules), or state positional and attention in a sidecar, <model directory>.mcd.json";
  // One sentence for both members, so that it is said once.
  const std::string sentence = message + ": its positional encoding and attention are not known";
  writer->Block("positional", code, sentence, help, where);
  writer->Block("attention", code, sentence, help, where);
}

void WritePositional(const HfConfig& config, const Architecture& architecture, HfWriter* writer) {
  const auto lookup = [&](std::string_view name) { return config.Lookup(name); };
  for (const ConditionalKind& row : architecture.positional) {
    if (row.when && Evaluate(*row.when, lookup) != Truth::kTrue) continue;
    return writer->Set("positional", std::string(row.is),
                       "architecture table: " + std::string(architecture.name));
  }
}

// Returns the table's row; nullptr where there is none.
const Architecture* WriteArchitecture(const HfConfig& config, const RuleSet& rules,
                                      HfWriter* writer) {
  const JsonNode* model_type = FindModelType(config, rules);
  if (model_type == nullptr || model_type->type != JsonType::kText) {
    const std::string what = model_type == nullptr
                                 ? "config.json states no model_type"
                                 : "config.json: model_type must be a string, not " +
                                       std::string(Describe(model_type->type));
    BlockArchitecture("hf-no-model-type", what, "",
                      model_type == nullptr ? Location() : config.document().Where(*model_type),
                      writer);
    return nullptr;
  }
  writer->Set("architecture", std::string(model_type->text), *model_type);
  const Architecture* architecture = rules.FindArchitecture(model_type->text, true);
  if (architecture == nullptr) {
    BlockArchitecture(
        "hf-unknown-architecture",
        "the model_type " + Quoted(model_type->text) + " is not in rules/architectures.yaml",
        DidYouMean(model_type->text, rules, true), config.document().Where(*model_type), writer);
    return nullptr;
  }
  if (!architecture->unsupported.empty()) {
    writer->Block(
        "", "hf-unsupported-architecture",
        "model_type " + Quoted(model_type->text) + ": " + std::string(architecture->unsupported),
        "", config.document().Where(*model_type));
  }
  WritePositional(config, *architecture, writer);
  return architecture;
}

void WriteSizes(HfWriter* writer) {
  // Command-R states 8192 positions and, as model_max_length, the 131072 it was trained for.
  writer->TakeInteger("context_max", {"model_max_length", "max_position_embeddings", "n_positions",
                                      "max_seq_len", "seq_length", "n_ctx"});
  writer->TakeInteger("vocab_size", {"vocab_size", "padded_vocab_size"});
  writer->TakeInteger("block_count", {"num_hidden_layers", "n_layer", "n_layers", "num_layers"});
  writer->TakeInteger("embedding_length", {"hidden_size", "n_embd", "d_model"});
  writer->TakeIntegers("intermediate_size",
                       {"intermediate_size", "n_inner", "ffn_hidden_size", "ffn_dim", "d_ff"});
  writer->TakeInteger("expert_count", {"num_local_experts", "n_routed_experts", "num_experts",
                                       "ffn_config.moe_num_experts"});
  writer->TakeInteger("expert_used_count", {"num_experts_per_tok", "ffn_config.moe_top_k"});
}

void WriteWindow(const HfConfig& config, HfWriter* writer) {
  const JsonNode* use = config.Find("use_sliding_window");
  if (use != nullptr && use->type == JsonType::kBool && !use->boolean) {
    return writer->Set("sliding_window", std::int64_t{0}, *use);
  }
  if (config.IsNull("sliding_window")) {
    return writer->Set("sliding_window", std::int64_t{0}, "config.json: sliding_window");
  }
  writer->TakeInteger("sliding_window", {"sliding_window"});
}

void WriteSoftcapping(const HfConfig& config, HfWriter* writer) {
  if (config.IsNull("attn_logit_softcapping")) {
    return writer->Set("attn_logit_softcapping", std::int64_t{0},
                       "config.json: attn_logit_softcapping");
  }
  writer->TakeNumber("attn_logit_softcapping", {"attn_logit_softcapping"});
}

// Names as GGUF has them: none, linear, yarn, longrope, and those that only Hugging Face has.
// Sources: transformers modeling_rope_utils.py ("su" is the old name of longrope; "default" and the
// "mrope" of Qwen2-VL scale nothing).
std::string ScalingName(std::string_view type) {
  if (type == "default" || type == "mrope") return "none";
  if (type == "su") return "longrope";
  return std::string(type);
}

void WriteScaling(const HfConfig& config, HfWriter* writer) {
  const JsonNode* type =
      config.Find({"rope_scaling.rope_type", "rope_scaling.type", "rope_parameters.rope_type",
                   "rope_parameters.full_attention.rope_type"});
  if (type != nullptr && type->type == JsonType::kText && !type->text.empty()) {
    writer->Set("rope_scaling", ScalingName(type->text), *type);
  }
  writer->TakeInteger("original_context",
                      {"rope_scaling.original_max_position_embeddings",
                       "rope_parameters.original_max_position_embeddings",
                       "rope_parameters.full_attention.original_max_position_embeddings",
                       "original_max_position_embeddings"});
}

void WriteDtype(const HfConfig& config, const RuleSet& rules, HfWriter* writer) {
  const JsonNode* node = config.Find({"torch_dtype", "dtype"});
  if (node == nullptr || node->type != JsonType::kText || node->text == "auto") return;
  writer->Set("dtype", rules.Canonical("quant", node->text), *node);
}

void WriteCausal(const HfConfig& config, HfWriter* writer) {
  const JsonNode* classes = config.FindOutside("architectures");
  const JsonNode* first = classes == nullptr ? nullptr : config.document().First(*classes);
  if (first == nullptr || first->type != JsonType::kText) return;
  if (first->text.ends_with("ForCausalLM")) writer->Set("causal", true, *first);
}

bool IsHubName(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && slash != 0 && slash + 1 < text.size() &&
         text.find('/', slash + 1) == std::string_view::npos && text[0] != '.' && text[0] != '~' &&
         !HasControlCharacter(text);
}

}  // namespace

void WriteConfig(const HfConfig& config, const RuleSet& rules, HfWriter* writer) {
  writer->Set("format", "hf", "config.json");
  writer->Set("kind", "model", "config.json");
  const Architecture* architecture = WriteArchitecture(config, rules, writer);
  WriteSizes(writer);
  WriteAttention(config, architecture, writer);
  WriteWindow(config, writer);
  WriteSoftcapping(config, writer);
  WriteScaling(config, writer);
  WriteDtype(config, rules, writer);
  WriteCausal(config, writer);
}

void WriteQuant(const JsonDocument& document, const JsonNode& node, const std::string& origin,
                const RuleSet& rules, HfWriter* writer) {
  auto quant = ReadHfQuant(document, node);
  if (!quant) {
    return writer->Block("quant", "hf-unknown-quantization",
                         origin + ": " + quant.error() + ", so that no quant kind can be told",
                         "state quant in a sidecar, <model directory>.mcd.json",
                         document.Where(node));
  }
  for (std::string& kind : quant->kinds) kind = rules.Canonical("quant", kind);
  writer->Set("quant", std::move(quant->kinds), origin);
  if (!quant->weight_block_size.empty()) {
    writer->Set("weight_block_size", std::move(quant->weight_block_size), origin);
  }
  const std::optional<std::int64_t> group_size = quant->group_size;
  if (group_size) writer->Set("group_size", *group_size, origin);
}

std::string HfModelId(const HfConfig& config, const std::string& directory, std::string* where) {
  const std::string_view stated = TextAt(config, {"_name_or_path"});
  if (IsHubName(stated)) {
    *where = "config.json: _name_or_path";
    return std::string(stated);
  }
  *where = "directory name";
  std::error_code error;  // "." has a name, too
  std::filesystem::path path = std::filesystem::absolute(directory, error).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  // huggingface_hub's cache: models--ORG--NAME/snapshots/REVISION.
  const std::string folder = path.parent_path().parent_path().filename().string();
  if (path.parent_path().filename() == "snapshots" && folder.starts_with("models--")) {
    std::string name = folder.substr(std::string_view("models--").size());
    const std::size_t dashes = name.find("--");
    if (dashes != std::string::npos) name.replace(dashes, 2, "/");
    return name;
  }
  return path.filename().string();
}

}  // namespace cmatch::internal
