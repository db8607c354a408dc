// The file type (`quant`, what the file says of itself) and the tensor types (what is in it).

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "gguf/gguf_facts.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kFileType = "general.file_type";
// LLAMA_FTYPE_GUESSED: set in memory by llama.cpp, never meant for a file.
constexpr std::int64_t kGuessed = 1024;

std::string TypeName(const GgufFacts& facts, std::uint32_t id) {
  const TensorType* type = facts.rules().FindTensorType(id);
  return type == nullptr ? std::string() : facts.rules().Canonical("tensor_type", type->name);
}

// The type with most bytes, matrices before vectors: norms and biases stay f32 in every file. The
// lowest number wins a tie. nullopt: no tensors.
std::optional<std::uint32_t> MainType(const GgufTensors& tensors) {
  const bool matrices = std::ranges::any_of(
      tensors.types, [](const auto& use) { return use.second.matrix_bytes > 0; });
  std::optional<std::uint32_t> best;
  std::uint64_t most = 0;
  for (const auto& [id, use] : tensors.types) {
    const std::uint64_t bytes = matrices ? use.matrix_bytes : use.bytes;
    if (bytes <= most) continue;
    best = id;
    most = bytes;
  }
  return best;
}

// general.file_type without the guessed bit; nullopt where it does not name a type.
const FileType* ReadFileType(GgufFacts& facts) {
  const GgufValue* value = facts.header().Find(kFileType);
  if (value == nullptr) return nullptr;
  const auto* number = std::get_if<std::int64_t>(&value->kept);
  if (value->array || number == nullptr || !IsGgufInteger(value->type)) {
    facts.Warn("gguf-odd-file-type", "general.file_type is not an integer: not used");
    return nullptr;
  }
  std::int64_t id = *number;
  if (id >= kGuessed && (id & kGuessed) != 0) {
    facts.Warn("gguf-odd-file-type",
               "general.file_type carries bit 1024 (\"guessed\"), which is not for files");
    id &= ~kGuessed;
  }
  const FileType* type = facts.rules().FindFileType(id);
  if (type == nullptr || type->removed) {
    facts.Warn("gguf-odd-file-type",
               "general.file_type " + std::to_string(id) +
                   (type == nullptr
                        ? " is not known: not used"
                        : " (" + std::string(type->name) + ") was removed from ggml: not used"),
               type == nullptr ? "a newer file type goes into `file_types` of a kinds file" : "");
    return nullptr;
  }
  return type;
}

void CheckAmongTensors(GgufFacts& facts, const FileType& type) {
  if (type.main.empty() || !facts.tensors_known() || facts.header().tensors.types.empty()) return;
  const std::string main = facts.rules().Canonical("tensor_type", type.main);
  for (const auto& [id, use] : facts.header().tensors.types) {
    if (TypeName(facts, id) == main) return;
  }
  facts.Warn("gguf-odd-file-type", "general.file_type says " + std::string(type.name) +
                                       ", but no tensor is " + main +
                                       ": the tensors decide what an engine must support");
}

void StateTensorTypes(GgufFacts& facts) {
  std::set<std::string> names;
  for (const auto& [id, use] : facts.header().tensors.types) names.insert(TypeName(facts, id));
  facts.Set("tensor_types", std::vector<std::string>(names.begin(), names.end()),
            "types of " + std::to_string(facts.header().tensors.count) + " tensors");
}

// The type that computation is in; only where the weights are not quantised.
void StateDtype(GgufFacts& facts, std::uint32_t main) {
  const TensorType* type = facts.rules().FindTensorType(main);
  if (type == nullptr || type->block_size != 1) return;
  facts.Set("dtype", TypeName(facts, main), "type of most tensor bytes");
}

}  // namespace

void StateGgufQuant(GgufFacts& facts) {
  const FileType* type = ReadFileType(facts);
  std::optional<std::uint32_t> main;
  if (facts.tensors_known() && facts.header().tensors.count > 0) {
    StateTensorTypes(facts);
    main = MainType(facts.header().tensors);
  }
  if (main.has_value()) StateDtype(facts, *main);
  if (type != nullptr) {
    CheckAmongTensors(facts, *type);
    facts.Set("quant", std::vector{facts.rules().Canonical("quant", type->name)}, kFileType);
  } else if (main.has_value()) {
    facts.Set("quant", std::vector{facts.rules().Canonical("quant", TypeName(facts, *main))},
              "type of most tensor bytes");
  } else {
    facts.Block("quant", "gguf-no-file-type",
                "neither general.file_type nor tensors say how the model is quantised");
  }
}

}  // namespace cmatch::internal
