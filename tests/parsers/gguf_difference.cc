#include "gguf_difference.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>

#include "gguf/gguf_header.h"
#include "support/gguf_reference.h"
#include "support/gguf_writer.h"

namespace cmatch::internal {
namespace {

using testing::ReadReference;
using testing::ReferenceFile;
using testing::ReferencePair;
using testing::ValueType;

const std::set<std::string, std::less<>> kGeneral = {"general.name", "general.author", "list",
                                                     "flag"};
const std::set<std::string, std::less<>> kOfArchitecture = {"n", "list", "text"};

GgufRequest Request() {
  GgufRequest request;
  request.general = kGeneral;
  request.of_architecture = kOfArchitecture;
  for (const testing::TestBlock block : testing::TestBlocks()) {
    request.tensor_types.push_back({block.elements, block.bytes});
  }
  return request;
}

bool IsWanted(const ReferencePair& pair, const std::string& architecture) {
  if (pair.key == "general.architecture" || pair.key == "general.alignment") return true;
  if (kGeneral.contains(pair.key)) return true;
  const std::string start = architecture + ".";
  return !architecture.empty() && pair.key.starts_with(start) &&
         kOfArchitecture.contains(pair.key.substr(start.size()));
}

// A number as it is to be kept: as text, so that its type shows.
std::string Shown(ValueType type, std::uint64_t bits) {
  const auto of_signed = [](std::int64_t number) { return "i" + std::to_string(number); };
  switch (type) {
    case ValueType::kBool:
      return bits != 0 ? "true" : "false";
    case ValueType::kF32:
      return "d" + std::to_string(std::bit_cast<std::uint64_t>(static_cast<double>(
                       std::bit_cast<float>(static_cast<std::uint32_t>(bits)))));
    case ValueType::kF64:
      return "d" + std::to_string(bits);
    case ValueType::kI8:
      return of_signed(static_cast<std::int8_t>(bits));
    case ValueType::kI16:
      return of_signed(static_cast<std::int16_t>(bits));
    case ValueType::kI32:
      return of_signed(static_cast<std::int32_t>(bits));
    case ValueType::kI64:
      return of_signed(static_cast<std::int64_t>(bits));
    case ValueType::kU8:
    case ValueType::kU16:
    case ValueType::kU32:
    case ValueType::kU64:
      return (bits >> 63 != 0 ? "u" : "i") + std::to_string(bits);
    case ValueType::kString:
    case ValueType::kArray:
      break;
  }
  return "-";
}

// What is to be kept of a pair.
std::string Expected(const ReferencePair& pair) {
  const auto type = static_cast<ValueType>(pair.type);
  if (type == ValueType::kString) {
    const bool general = pair.key.starts_with("general.");
    const bool kept =
        !pair.array && pair.count <= 1'024 && testing::CleanText(pair.texts[0], general);
    return kept ? "s" + pair.texts[0] : "-";
  }
  if (!pair.array) return Shown(type, pair.numbers[0]);
  if (type == ValueType::kF32 || type == ValueType::kF64 || pair.count > 4'096) return "-";
  std::string out = "[";
  for (const std::uint64_t bits : pair.numbers) {
    const std::string one =
        type == ValueType::kBool ? (bits != 0 ? "i1" : "i0") : Shown(type, bits);
    if (one.starts_with('u')) return "-";  // over 2^63-1: the list cannot be kept
    out += one + " ";
  }
  return out;
}

std::string Actual(const GgufValue& value) {
  if (const bool* truth = std::get_if<bool>(&value.kept)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value.kept)) {
    return "i" + std::to_string(*number);
  }
  if (const auto* number = std::get_if<std::uint64_t>(&value.kept)) {
    return "u" + std::to_string(*number);
  }
  if (const double* number = std::get_if<double>(&value.kept)) {
    return "d" + std::to_string(std::bit_cast<std::uint64_t>(*number));
  }
  if (const std::string* text = std::get_if<std::string>(&value.kept)) return "s" + *text;
  if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value.kept)) {
    std::string out = "[";
    for (const std::int64_t number : *list) out += "i" + std::to_string(number) + " ";
    return out;
  }
  return "-";
}

std::string WarnedDifference(const ReferenceFile& reference, const std::vector<Problem>& warnings) {
  std::map<std::string, std::size_t> listed;
  for (const Problem& warning : warnings) ++listed[warning.code];
  std::map<std::string, std::size_t> expected;
  for (const auto& [code, count] : reference.warned) {
    // Beyond four the others are counted in one more.
    expected[code] = std::min<std::size_t>(count, 5);
  }
  // Truth of a flag in a list is looked at only where the list is kept.
  listed.erase("gguf-odd-bool");
  expected.erase("gguf-odd-bool");
  return listed == expected ? "" : "warnings";
}

std::string TensorDifference(const ReferenceFile& reference, const GgufTensors& tensors) {
  std::map<std::uint32_t, GgufTypeUse> types;
  std::optional<std::uint64_t> rows;
  for (const testing::ReferenceTensor& tensor : reference.tensors) {
    GgufTypeUse& use = types[tensor.type];
    ++use.tensors;
    use.bytes += tensor.bytes;
    if (tensor.shape.size() > 1) use.matrix_bytes += tensor.bytes;
    const bool embedding = std::string_view(tensor.name.c_str()) == "token_embd.weight";
    if (embedding && tensor.shape.size() > 1) rows = tensor.shape[1];
  }
  if (tensors.count != reference.tensors.size()) return "tensors";
  if (tensors.token_embd_rows != rows) return "rows of token_embd";
  if (tensors.types.size() != types.size()) return "types of tensors";
  for (const auto& [type, use] : types) {
    const auto at = tensors.types.find(type);
    if (at == tensors.types.end() || at->second.tensors != use.tensors ||
        at->second.bytes != use.bytes || at->second.matrix_bytes != use.matrix_bytes) {
      return "tensors of type " + std::to_string(type);
    }
  }
  return "";
}

std::string ValueDifference(const ReferenceFile& reference, const GgufHeader& header) {
  const std::string architecture = reference.Architecture();
  if (header.architecture != architecture) return "architecture";
  std::size_t wanted = 0;
  for (const ReferencePair& pair : reference.pairs) {
    if (!IsWanted(pair, architecture)) continue;
    ++wanted;
    const GgufValue* value = header.Find(pair.key);
    if (value == nullptr) return "missing: " + pair.key;
    if (value->array != pair.array || value->count != pair.count ||
        value->offset != pair.value_at || static_cast<std::uint32_t>(value->type) != pair.type) {
      return "head of " + pair.key;
    }
    if (Actual(*value) != Expected(pair)) {
      return pair.key + " is " + Actual(*value) + ", not " + Expected(pair);
    }
  }
  return header.values.size() == wanted ? "" : "values beyond those asked for";
}

// The last "byte N" of a message, as every refusal that has a place ends.
std::string PlaceIn(const std::string& message) {
  const std::size_t at = message.rfind("(byte ");
  return at == std::string::npos ? "" : message.substr(at);
}

}  // namespace

std::string GgufDifference(std::string_view bytes, bool& refused) {
  const ReferenceFile reference = ReadReference(bytes);
  MemorySource source(bytes);
  const auto header = ReadGgufHeader(source, Request());
  refused = !header.has_value();
  if (!header.has_value()) {
    if (header.error().code != reference.refused) {
      return "refused: " + header.error().message + ", not " + reference.refused;
    }
    // A file that ends names the place where it was read; the reference knows no such sentence.
    if (!reference.placed || reference.refused == "gguf-truncated-header") return "";
    const std::string place = "(byte " + std::to_string(reference.wrong_at) + ")";
    return PlaceIn(header.error().message) == place ? ""
                                                    : header.error().message + ", not " + place;
  }
  if (!reference.refused.empty()) return "read, but " + reference.refused;
  if (header->version != reference.version) return "version";
  if (header->keys != reference.pairs.size()) return "keys";
  if (header->header_bytes != reference.header_bytes) return "end of the header";
  if (header->data_end != reference.data_end) return "end of the data";
  if (header->file_bytes != bytes.size()) return "size of the file";
  for (const std::string& difference :
       {ValueDifference(reference, *header), TensorDifference(reference, header->tensors),
        WarnedDifference(reference, header->warnings)}) {
    if (!difference.empty()) return difference;
  }
  return "";
}

}  // namespace cmatch::internal
