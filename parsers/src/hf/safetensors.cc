#include "hf/safetensors.h"

#include <algorithm>
#include <limits>
#include <system_error>
#include <utility>

#include "files/byte_source.h"
#include "json/json_edge.h"

namespace cmatch::internal {
namespace {

constexpr std::uint64_t kLengthBytes = 8;

std::unexpected<Problem> Failure(const std::string& path, std::string code, std::string message) {
  Problem problem;
  problem.code = std::move(code);
  problem.message = std::move(message);
  problem.where.file = path;
  return std::unexpected(std::move(problem));
}

// `count` bytes at `offset`, which the file's size allows for.
std::expected<std::string, Problem> ReadAt(FileSource* file, const std::string& path,
                                           std::uint64_t offset, std::uint64_t count) {
  std::string bytes;
  bytes.reserve(count);
  while (bytes.size() < count) {
    const Bytes block = file->At(offset + bytes.size());
    if (block.empty()) {
      const int error = file->error();
      return Failure(path, "file-unreadable",
                     error == 0 ? std::string("the file became shorter")
                                : std::generic_category().message(error));
    }
    const std::size_t take = std::min<std::size_t>(block.size(), count - bytes.size());
    bytes.append(reinterpret_cast<const char*>(block.data()), take);
  }
  return bytes;
}

std::uint64_t LittleEndian(const std::string& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

// One tensor's entry; false where it is not of the format.
bool ReadTensor(const JsonDocument& document, const JsonNode& tensor, SafetensorsHeader* header) {
  const JsonNode* dtype = document.Find(tensor, "dtype");
  const JsonNode* offsets = document.Find(tensor, "data_offsets");
  if (dtype == nullptr || dtype->type != JsonType::kText || offsets == nullptr ||
      offsets->type != JsonType::kList || offsets->size != 2) {
    return false;
  }
  const JsonNode* begin = document.First(*offsets);
  const JsonNode* end = document.Next(*begin);
  const bool ordered = begin->type == JsonType::kInteger && end->type == JsonType::kInteger &&
                       begin->integer >= 0 && end->integer >= begin->integer;
  if (!ordered) return false;
  AddSaturated(static_cast<std::uint64_t>(end->integer - begin->integer),
               &header->bytes_of[std::string(dtype->text)]);
  header->end = std::max(header->end, static_cast<std::uint64_t>(end->integer));
  header->has_sinks = header->has_sinks || tensor.key.ends_with("sinks");
  return true;
}

}  // namespace

void AddSaturated(std::uint64_t more, std::uint64_t* sum) {
  if (__builtin_add_overflow(*sum, more, sum)) *sum = std::numeric_limits<std::uint64_t>::max();
}

std::expected<SafetensorsHeader, Problem> ReadSafetensors(const std::string& path) {
  auto file = FileSource::Open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  const std::uint64_t size = (*file)->size();
  if (size < kLengthBytes) {
    return Failure(path, "safetensors-truncated", "the file is too short to be safetensors");
  }
  auto length_bytes = ReadAt(file->get(), path, 0, kLengthBytes);
  if (!length_bytes) return std::unexpected(std::move(length_bytes.error()));
  const std::uint64_t length = LittleEndian(*length_bytes);
  if (length > kMaxJsonBytes) {
    return Failure(path, "safetensors-too-large",
                   "the header is longer than " + std::to_string(kMaxJsonBytes) + " bytes");
  }
  if (length > size - kLengthBytes) {
    return Failure(path, "safetensors-truncated", "the file ends within its header");
  }
  auto text = ReadAt(file->get(), path, kLengthBytes, length);
  if (!text) return std::unexpected(std::move(text.error()));

  const JsonDocument document = JsonDocument::Parse(*text, path);
  if (!document.problems().empty()) {
    return Failure(path, "safetensors-bad-header", "the header: " + document.problems()[0].message);
  }
  SafetensorsHeader header;
  header.file_bytes = size;
  const JsonNode& root = *document.root();
  if (root.type != JsonType::kObject) {
    return Failure(path, "safetensors-bad-header", "the header is not an object");
  }
  for (const JsonNode* at = document.First(root); at != nullptr; at = document.Next(*at)) {
    if (at->key == "__metadata__") continue;
    if (!ReadTensor(document, *at, &header)) {
      return Failure(path, "safetensors-bad-header",
                     "the header's entry " + document.Pointer(*at) + " is not a tensor");
    }
  }
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::uint64_t before = kLengthBytes + length;
  header.end = header.end > kMost - before ? kMost : header.end + before;
  return header;
}

}  // namespace cmatch::internal
