#include "cost/inputs.h"

#include "support/gguf_writer.h"

namespace cmatch::testing {
namespace {

// 22 bytes a key: the file over which ggml's reader takes 18 s is 120,000 of them.
std::string Keys(std::size_t count) {
  GgufWriter file;
  for (std::size_t i = 0; i < count; ++i) file.U8("k" + std::to_string(100'000 + i), 1);
  return file.Bytes();
}

// The architecture last: all keys are looked at twice.
std::string LateArchitecture(std::size_t count) {
  GgufWriter file;
  for (std::size_t i = 0; i < count; ++i) file.U8("k" + std::to_string(100'000 + i), 1);
  return file.Text("general.architecture", "llama").Bytes();
}

std::string KeyTwice(std::size_t count) {
  GgufWriter file;
  for (std::size_t i = 0; i < count; ++i) file.U8("k" + std::to_string(100'000 + i), 1);
  return file.U8("k" + std::to_string(100'000 + count - 1), 1).Bytes();
}

// A warning each.
std::string OddKeys(std::size_t count) {
  GgufWriter file;
  for (std::size_t i = 0; i < count; ++i) file.U8("K " + std::to_string(100'000 + i), 1);
  return file.Bytes();
}

std::string Tensors(std::size_t count) {
  GgufWriter file;
  for (std::size_t i = 0; i < count; ++i) {
    file.Tensor("blk." + std::to_string(i) + ".attn_q.weight", {32}, kQ4_0);
  }
  return file.Bytes();
}

std::string TensorTwice(std::size_t count) {
  GgufWriter file;
  for (std::size_t i = 0; i < count; ++i) {
    file.Tensor("t" + std::to_string(i % (count - 1)), {32}, kQ4_0);
  }
  return file.Bytes();
}

std::string Tokens(std::size_t count) {
  return SmallModel().Tokens("tokenizer.ggml.merges", count).Bytes();
}

std::string LongKey(std::size_t count) {
  return GgufWriter().U8(std::string(count, 'k'), 1).Bytes();
}

// As many arrays as are kept, and more.
std::string Arrays(std::size_t count) {
  GgufWriter file;
  file.Text("general.architecture", "llama");
  for (std::size_t i = 0; i < count; ++i) {
    file.Integers("llama.list" + std::to_string(i), ValueType::kI32, {1, 2, 3, 4});
  }
  return file.Bytes();
}

std::string Repeat(std::string_view head, std::string_view piece, std::size_t count,
                   std::string_view tail) {
  std::string text(head);
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text.append(tail);
}

std::string JsonMembers(std::size_t count) {
  std::string text = "{";
  for (std::size_t i = 0; i < count; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  return text + "\"model_id\":\"m\"}";
}

std::string JsonSameKeys(std::size_t count) { return Repeat("{", "\"a\":1,", count, "\"a\":1}"); }

std::string JsonList(std::size_t count) { return Repeat("{\"quant\":[", "1,", count, "1]}"); }

std::string JsonSpaces(std::size_t count) { return Repeat("{", "   \n", count, "}"); }

std::string YamlLines(std::size_t count) {
  std::string text = "kind: cmatch.gpus/v1\ngpus:\n";
  for (std::size_t i = 0; i < count; ++i) {
    text += "  - {name: \"GPU " + std::to_string(i) +
            "\", compute: \"8.0\", memory: [8GiB], source: s}\n";
  }
  return text;
}

std::string YamlKeys(std::size_t count) {
  std::string text = "kind: cmatch.kinds/v1\nkinds:\n  quant:\n";
  for (std::size_t i = 0; i < count; ++i) text += "    q" + std::to_string(i) + ": \"x\"\n";
  return text;
}

// Brackets that are never closed, on one line and on many.
std::string YamlOpen(std::size_t count) { return Repeat("kind: ", "[", count, ""); }
std::string YamlOpenLines(std::size_t count) { return Repeat("kind: ", "[\n", count, ""); }
std::string YamlComments(std::size_t count) { return Repeat("", "# x\n", count, "a: b\n"); }

std::string Weights(std::size_t count) {
  std::string header = "{";
  for (std::size_t i = 0; i < count; ++i) {
    header +=
        "\"t" + std::to_string(i) + R"(":{"dtype":"BF16","shape":[8],"data_offsets":[0,16]},)";
  }
  header += R"("__metadata__":{}})";
  std::string bytes;
  for (unsigned i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xFFU);
  return bytes + header + std::string(16, '\0');
}

using C = CostlyInput;
const std::vector<CostlyInput> kInputs = {
    {"gguf-keys", C::kGguf, Keys},
    {"gguf-late-architecture", C::kGguf, LateArchitecture},
    {"gguf-key-twice", C::kGguf, KeyTwice},
    {"gguf-odd-keys", C::kGguf, OddKeys},
    {"gguf-tensors", C::kGguf, Tensors},
    {"gguf-tensor-twice", C::kGguf, TensorTwice},
    {"gguf-tokens", C::kGguf, Tokens},
    {"gguf-long-key", C::kGguf, LongKey},
    {"gguf-arrays", C::kGguf, Arrays},
    {"json-members", C::kMcd, JsonMembers},
    {"json-same-keys", C::kMcd, JsonSameKeys},
    {"json-list", C::kMcd, JsonList},
    {"json-spaces", C::kMcd, JsonSpaces},
    {"yaml-lines", C::kYaml, YamlLines},
    {"yaml-keys", C::kYaml, YamlKeys},
    {"yaml-open", C::kYaml, YamlOpen},
    {"yaml-open-lines", C::kYaml, YamlOpenLines},
    {"yaml-comments", C::kYaml, YamlComments},
    {"safetensors", C::kSafetensors, Weights},
};

}  // namespace

const std::vector<CostlyInput>& CostlyInputs() { return kInputs; }

}  // namespace cmatch::testing
