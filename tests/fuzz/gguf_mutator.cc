// Changes GGUF files by their parts: pairs and tensors move, are doubled and taken out, types,
// lengths, counts and offsets are set to values at their bounds. The container is taken apart and
// put together again with counts that fit, most of the time, so that an input gets past them.

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutator.h"

namespace {

using Random = std::mt19937;

constexpr std::uint64_t kNumbers[] = {0,       1,           2,           3,           7,
                                      31,      32,          63,          64,          255,
                                      256,     4'095,       4'096,       4'097,       65'535,
                                      65'536,  0x7FFF'FFFF, 0x8000'0000, 0xFFFF'FFFF, 0x1'0000'0000,
                                      1 << 30, 1ULL << 61,  1ULL << 62,  1ULL << 63,  ~0ULL};
constexpr std::string_view kKeys[] = {"general.architecture",
                                      "general.alignment",
                                      "general.file_type",
                                      "general.name",
                                      "general.type",
                                      "llama.block_count",
                                      "llama.context_length",
                                      "llama.embedding_length",
                                      "llama.attention.head_count",
                                      "llama.attention.head_count_kv",
                                      "llama.attention.key_length",
                                      "llama.attention.kv_lora_rank",
                                      "llama.rope.scaling.type",
                                      "llama.rope.dimension_sections",
                                      "llama.expert_count",
                                      "llama.expert_used_count",
                                      "llama.vocab_size",
                                      "split.count",
                                      "split.no",
                                      "split.tensors.count",
                                      "tokenizer.ggml.tokens"};
constexpr std::string_view kWords[] = {"llama", "mpt",      "deepseek2", "jamba", "bert",  "clip",
                                       "yarn",  "longrope", "adapter",   "model", "qwen2", "none"};

std::string Little(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
  return out;
}

std::string Text(std::string_view text) { return Little(text.size(), 8).append(text); }

// Takes bytes off the front; false where there are fewer.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool Skip(std::uint64_t count) {
    if (count > rest_.size()) return false;
    rest_.remove_prefix(count);
    return true;
  }
  std::optional<std::uint64_t> Number(std::size_t bytes) {
    if (rest_.size() < bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(bytes);
    return value;
  }
  bool SkipText() {
    const auto length = Number(8);
    return length && Skip(*length);
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// Bytes of a value by its type; 0: a text or an array, or none.
std::size_t Width(std::uint64_t type) {
  constexpr std::size_t kWidths[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return type < std::size(kWidths) ? kWidths[type] : 0;
}

bool SkipValue(Reader& in, std::uint64_t type) {
  if (type == 8) return in.SkipText();
  if (type != 9) return Width(type) > 0 && in.Skip(Width(type));
  const auto element = in.Number(4);
  const auto count = in.Number(8);
  if (!element || !count || *count > in.rest().size()) return false;
  if (*element != 8) return Width(*element) > 0 && in.Skip(*count * Width(*element));
  for (std::uint64_t i = 0; i < *count; ++i) {
    if (!in.SkipText()) return false;
  }
  return true;
}

bool SkipPair(Reader& in) {
  if (!in.SkipText()) return false;
  const auto type = in.Number(4);
  return type && SkipValue(in, *type);
}

bool SkipTensor(Reader& in) {
  if (!in.SkipText()) return false;
  const auto dimensions = in.Number(4);
  return dimensions && *dimensions <= 8 && in.Skip(*dimensions * 8 + 12);
}

struct Container {
  std::string head = "GGUF" + Little(3, 4);
  std::vector<std::string> pairs, tensors;
  std::string rest;  // padding, data, and what could not be taken apart

  std::string Bytes(Random& random) const {
    const std::uint64_t more = random() % 16 == 0 ? kNumbers[random() % std::size(kNumbers)] : 0;
    std::string out = head + Little(tensors.size() + (random() % 2 == 0 ? more : 0), 8) +
                      Little(pairs.size() + (random() % 2 == 0 ? more : 0), 8);
    for (const std::string& pair : pairs) out += pair;
    for (const std::string& tensor : tensors) out += tensor;
    return out + rest;
  }
};

std::optional<Container> TakeApart(std::string_view bytes) {
  Container container;
  Reader in(bytes);
  if (!in.Skip(8)) return std::nullopt;
  container.head = bytes.substr(0, 8);
  const auto tensors = in.Number(8);
  const auto pairs = in.Number(8);
  if (!tensors || !pairs) return std::nullopt;
  const auto take = [&](std::uint64_t count, bool (*skip)(Reader&), std::vector<std::string>& out) {
    for (std::uint64_t i = 0; i < count; ++i) {
      Reader next = in;
      if (!skip(next)) return false;
      out.emplace_back(in.rest().substr(0, in.rest().size() - next.rest().size()));
      in = next;
    }
    return true;
  };
  if (take(*pairs, SkipPair, container.pairs)) take(*tensors, SkipTensor, container.tensors);
  container.rest = in.rest();
  return container;
}

std::uint64_t AnyNumber(Random& random) { return kNumbers[random() % std::size(kNumbers)]; }

std::string NewPair(Random& random) {
  const std::string key = Text(kKeys[random() % std::size(kKeys)]);
  const std::uint64_t type = random() % 13;
  if (type == 8) return key + Little(type, 4) + Text(kWords[random() % std::size(kWords)]);
  if (type != 9) return key + Little(type, 4) + Little(AnyNumber(random), Width(type));
  const std::uint64_t element = random() % 2 == 0 ? 5 : random() % 8;
  const std::uint64_t count = random() % 5;
  std::string out = key + Little(type, 4) + Little(element, 4) + Little(count, 8);
  for (std::uint64_t i = 0; i < count; ++i) out += Little(random() % 9, Width(element));
  return out;
}

std::string NewTensor(Random& random) {
  std::string out = Text("t" + std::to_string(random() % 100));
  const std::uint64_t dimensions = random() % 5;
  out += Little(dimensions, 4);
  for (std::uint64_t i = 0; i < dimensions; ++i) {
    out += Little(random() % 2 == 0 ? AnyNumber(random) : 32 * (random() % 4), 8);
  }
  return out + Little(random() % 45, 4) + Little(random() % 3 * 32, 8);
}

// A number of 4 or 8 bytes somewhere in a part.
void SetNumber(std::string& part, Random& random) {
  const std::size_t width = random() % 2 == 0 ? 4 : 8;
  if (part.size() < width) return;
  part.replace(random() % (part.size() - width + 1), width, Little(AnyNumber(random), width));
}

void ChangeParts(std::vector<std::string>& parts, std::string (*make)(Random&), Random& random) {
  const auto at = [&] { return parts.empty() ? 0 : random() % parts.size(); };
  const auto place = [&] { return parts.begin() + static_cast<std::ptrdiff_t>(at()); };
  const auto change = parts.empty() ? 0 : random() % 6;
  switch (change) {
    case 0:
      parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(random() % (parts.size() + 1)),
                   make(random));
      break;
    case 1:
      parts.erase(place());
      break;
    case 2:
      parts.push_back(*place());
      break;
    case 3:
      std::swap(*place(), *place());
      break;
    case 4:
      SetNumber(*place(), random);
      break;
    default:
      *place() = make(random);
      break;
  }
}

}  // namespace

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                    unsigned seed) {
  Random random(seed);
  if (random() % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
  auto container = TakeApart({reinterpret_cast<const char*>(data), size});
  if (!container) container.emplace();
  for (auto left = 1 + random() % 3; left > 0; --left) {
    if (random() % 3 == 0) {
      ChangeParts(container->tensors, NewTensor, random);
    } else {
      ChangeParts(container->pairs, NewPair, random);
    }
  }
  std::string bytes = container->Bytes(random);
  bytes.resize(std::min(bytes.size(), max_size));
  bytes.copy(reinterpret_cast<char*>(data), bytes.size());
  return bytes.size();
}
