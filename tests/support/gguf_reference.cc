#include "support/gguf_reference.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>

#include "support/gguf_writer.h"

namespace cmatch::testing {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kMostSigned = kMost / 2;
constexpr std::uint32_t kText = 8, kArray = 9, kBool = 7, kU32 = 4;
constexpr std::array<std::uint64_t, 13> kWidths = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

// Ends the reading; caught in ReadReference alone.
struct Refused {
  std::string code;
  std::optional<std::uint64_t> at;
};

[[noreturn]] void Refuse(std::string code, std::optional<std::uint64_t> at = std::nullopt) {
  throw Refused{std::move(code), at};
}

// a * b, or nothing where that is over `most`.
std::optional<std::uint64_t> Times(std::uint64_t a, std::uint64_t b, std::uint64_t most) {
  if (b != 0 && a > most / b) return std::nullopt;
  return a * b;
}

// The next multiple of `alignment`, or nothing where that is over 2^64-1.
std::optional<std::uint64_t> NextMultiple(std::uint64_t value, std::uint64_t alignment) {
  const std::uint64_t over = value % alignment;
  if (over == 0) return value;
  if (value > kMost - (alignment - over)) return std::nullopt;
  return value + (alignment - over);
}

class Reader {
 public:
  Reader(std::string_view bytes, ReferenceFile& file) : bytes_(bytes), file_(file) {}

  void Run() {
    ReadStart();
    const std::uint64_t tensors = ReadCount("gguf-too-many-tensors");
    const std::uint64_t pairs = ReadCount("gguf-too-many-keys");
    for (std::uint64_t i = 0; i < pairs; ++i) ReadPair();
    RefuseTwice();
    ReadAlignment();
    for (std::uint64_t i = 0; i < tensors; ++i) ReadTensor();
    file_.header_bytes = at_;
    RefuseTensorTwice();
    PlaceData();
  }

 private:
  std::uint64_t Left() const { return bytes_.size() - at_; }

  std::uint64_t Number(std::uint64_t width) {
    if (Left() < width) Refuse("gguf-truncated-header");
    std::uint64_t number = 0;
    for (std::uint64_t i = 0; i < width; ++i) {
      number |= std::uint64_t{static_cast<unsigned char>(bytes_[at_ + i])} << (8 * i);
    }
    at_ += width;
    return number;
  }

  std::string Text(std::uint64_t length) {
    if (Left() < length) Refuse("gguf-truncated-header");
    at_ += length;
    return std::string(bytes_.substr(at_ - length, length));
  }

  void Warn(const char* code) { ++file_.warned[code]; }

  void ReadStart() {
    if (bytes_.empty()) Refuse("gguf-empty");
    const std::string_view magic = "GGUF";
    if (bytes_.size() < 4 && magic.substr(0, bytes_.size()) == bytes_) {
      Refuse("gguf-truncated-header");
    }
    if (bytes_.substr(0, 4) != magic) Refuse("gguf-bad-magic", 0);
    at_ = 4;
    file_.version = static_cast<std::uint32_t>(Number(4));
    if (file_.version == 2 || file_.version == 3) return;
    const bool turned = file_.version != 0 && file_.version % 65'536 == 0;
    Refuse(turned ? "gguf-big-endian" : "gguf-version", 4);
  }

  std::uint64_t ReadCount(const char* code) {
    const std::uint64_t at = at_;
    const std::uint64_t count = Number(8);
    if (count > 65'536) Refuse(code, at);
    return count;
  }

  std::uint32_t ReadType() {
    const std::uint64_t at = at_;
    const auto type = static_cast<std::uint32_t>(Number(4));
    if (type > 12) Refuse("gguf-bad-type", at);
    return type;
  }

  void ReadPair() {
    ReferencePair pair;
    pair.at = at_;
    const std::uint64_t length = Number(8);
    if (length == 0) Refuse("gguf-bad-key", pair.at);
    pair.key = Text(length);
    if (pair.key.find('\0') != std::string::npos) Refuse("gguf-bad-key", pair.at);
    const bool plain = std::all_of(pair.key.begin(), pair.key.end(), [](char c) {
      return std::string_view("abcdefghijklmnopqrstuvwxyz0123456789._-").find(c) !=
             std::string_view::npos;
    });
    if (!plain || length > 65'535) Warn("gguf-odd-key");
    pair.type = ReadType();
    pair.array = pair.type == kArray;
    if (pair.array) ReadArrayHead(pair);
    pair.value_at = at_;
    ReadValues(pair);
    file_.pairs.push_back(std::move(pair));
  }

  void ReadArrayHead(ReferencePair& pair) {
    const std::uint64_t type_at = at_;
    pair.type = ReadType();
    if (pair.type == kArray) Refuse("gguf-nested-array", type_at);
    const std::uint64_t count_at = at_;
    pair.count = Number(8);
    if (pair.count > (1U << 30)) Refuse("gguf-array-too-long", count_at);
    const std::uint64_t least = pair.type == kText ? 8 : kWidths[pair.type];
    if (pair.count * least > Left()) Refuse("gguf-truncated-header", count_at);
  }

  void ReadValues(ReferencePair& pair) {
    for (std::uint64_t i = 0; i < pair.count; ++i) {
      if (pair.type != kText) {
        pair.numbers.push_back(Number(kWidths[pair.type]));
        continue;
      }
      const std::uint64_t length_at = at_;
      const std::uint64_t length = Number(8);
      if (!pair.array && length > (1U << 30)) Refuse("gguf-string-too-long", length_at);
      if (!pair.array && length > Left()) Refuse("gguf-truncated-header", length_at);
      pair.texts.push_back(Text(length));
    }
    if (pair.array) return;
    if (pair.type == kText) pair.count = pair.texts[0].size();
    if (pair.type == kBool && pair.numbers[0] > 1) Warn("gguf-odd-bool");
    if (pair.type == kText && pair.key.starts_with("general.") &&
        (pair.count > 1'024 || !CleanText(pair.texts[0], true))) {
      Warn("gguf-odd-text");
    }
  }

  void RefuseTwice() {
    std::set<std::string> seen;
    for (const ReferencePair& pair : file_.pairs) {
      if (!seen.insert(pair.key).second) Refuse("gguf-duplicate-key");
    }
  }

  void ReadAlignment() {
    const ReferencePair* pair = file_.Find("general.alignment");
    if (pair == nullptr) return;
    if (pair->array || pair->type != kU32) Refuse("gguf-bad-alignment", pair->value_at);
    alignment_ = pair->numbers[0];
    int ones = 0;
    for (std::uint64_t rest = alignment_; rest != 0; rest /= 2) ones += rest % 2 == 1 ? 1 : 0;
    if (ones != 1) Refuse("gguf-bad-alignment", pair->value_at);
    if (alignment_ % 8 != 0) Warn("gguf-odd-alignment");
  }

  void ReadTensor() {
    ReferenceTensor tensor;
    tensor.at = at_;
    const std::uint64_t length = Number(8);
    if (length > 63) Refuse("gguf-bad-tensor-name", tensor.at);
    tensor.name = Text(length);
    const std::uint64_t dimensions_at = at_;
    const std::uint64_t dimensions = Number(4);
    if (dimensions > 4) Refuse("gguf-bad-dimensions", dimensions_at);
    for (std::uint64_t i = 0; i < dimensions; ++i) {
      const std::uint64_t at = at_;
      tensor.shape.push_back(Number(8));
      if (tensor.shape.back() > kMostSigned) Refuse("gguf-bad-dimensions", at);
    }
    const std::uint64_t type_at = at_;
    tensor.type = static_cast<std::uint32_t>(Number(4));
    const std::uint64_t offset_at = at_;
    const std::uint64_t offset = Number(8);
    Measure(tensor, type_at);
    if (offset != next_) Refuse("gguf-bad-offset", offset_at);
    const auto padded = NextMultiple(tensor.bytes, alignment_);
    if (!padded || next_ > kMost - *padded) Refuse("gguf-tensor-overflow", tensor.at);
    last_end_ = std::max(last_end_, next_ + tensor.bytes);
    next_ += *padded;
    WarnOf(tensor);
    file_.tensors.push_back(std::move(tensor));
  }

  void Measure(ReferenceTensor& tensor, std::uint64_t type_at) {
    if (tensor.type >= TestBlocks().size()) Refuse("gguf-unknown-tensor-type", type_at);
    const TestBlock block = TestBlocks()[tensor.type];
    if (block.elements == 0) Refuse("gguf-removed-tensor-type", type_at);
    const std::uint64_t row = tensor.shape.empty() ? 1 : tensor.shape[0];
    if (row % block.elements != 0) Refuse("gguf-bad-row", tensor.at);
    std::optional<std::uint64_t> elements = 1;
    if (std::find(tensor.shape.begin(), tensor.shape.end(), 0U) != tensor.shape.end()) elements = 0;
    for (const std::uint64_t n : tensor.shape) {
      if (*elements == 0) break;
      // 2^63-1 itself is one too many for ggml.
      elements = Times(*elements, n, kMostSigned - 1);
      if (!elements) Refuse("gguf-tensor-overflow", tensor.at);
    }
    const auto bytes = Times(*elements / block.elements, block.bytes, kMost);
    if (!bytes) Refuse("gguf-tensor-overflow", tensor.at);
    tensor.bytes = *bytes;
  }

  void WarnOf(const ReferenceTensor& tensor) {
    const bool empty = std::count(tensor.shape.begin(), tensor.shape.end(), 0U) > 0;
    if (empty || tensor.shape.empty()) Warn("gguf-odd-tensor");
    if (tensor.name.empty()) Warn("gguf-odd-tensor");
    if (tensor.name.find('\0') != std::string::npos) Warn("gguf-odd-tensor");
  }

  void RefuseTensorTwice() {
    std::set<std::string> seen;
    for (const ReferenceTensor& tensor : file_.tensors) {
      if (!seen.insert(tensor.name.c_str()).second) Refuse("gguf-duplicate-tensor");
    }
  }

  void PlaceData() {
    file_.data_end = at_;
    if (file_.tensors.empty()) return;
    const auto begin = NextMultiple(at_, alignment_);
    if (!begin || *begin > kMost - next_) Refuse("gguf-tensor-overflow", at_);
    if (*begin > bytes_.size()) Refuse("gguf-no-data");
    file_.data_end = *begin + last_end_;
  }

  std::string_view bytes_;
  ReferenceFile& file_;
  std::uint64_t at_ = 0;
  std::uint64_t alignment_ = 32;
  std::uint64_t next_ = 0;      // where the next tensor must begin, in the data
  std::uint64_t last_end_ = 0;  // where the tensor that reaches furthest ends
};

// The code point that `text` begins with and its bytes; nothing where it is no UTF-8.
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;
};
std::optional<CodePoint> First(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  CodePoint point;
  if (lead < 0x80) return CodePoint{lead, 1};
  if (lead >= 0xC0 && lead < 0xE0) point = {lead & 0x1FU, 2};
  if (lead >= 0xE0 && lead < 0xF0) point = {lead & 0x0FU, 3};
  if (lead >= 0xF0 && lead < 0xF8) point = {lead & 0x07U, 4};
  if (point.bytes == 0 || text.size() < point.bytes) return std::nullopt;
  for (std::size_t i = 1; i < point.bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if (next < 0x80 || next >= 0xC0) return std::nullopt;
    point.value = point.value * 64 + (next - 0x80U);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x1'0000};
  if (point.value < kLeast[point.bytes] || point.value > 0x10'FFFF) return std::nullopt;
  if (point.value >= 0xD800 && point.value < 0xE000) return std::nullopt;
  return point;
}

}  // namespace

const ReferencePair* ReferenceFile::Find(std::string_view key) const {
  for (const ReferencePair& pair : pairs) {
    if (pair.key == key) return &pair;
  }
  return nullptr;
}

std::string ReferenceFile::Architecture() const {
  const ReferencePair* pair = Find("general.architecture");
  if (pair == nullptr || pair->array || pair->type != kText || pair->count > 1'024) return {};
  return CleanText(pair->texts[0], true) ? pair->texts[0] : std::string();
}

bool CleanText(std::string_view text, bool general) {
  for (std::string_view rest = text; !rest.empty();) {
    const auto point = First(rest);
    if (!point) return false;
    if (point->value < 0x20 || (point->value >= 0x7F && point->value < 0xA0)) return false;
    rest.remove_prefix(point->bytes);
  }
  if (!general) return true;
  const auto starts = [&](std::string_view start) { return text.substr(0, start.size()) == start; };
  const bool letter =
      !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
  const bool drive =
      letter && text.size() > 2 && text[1] == ':' && (text[2] == '/' || text[2] == '\\');
  return !(drive || starts("/") || starts("./") || starts("../") || starts("~/") || starts("\\") ||
           starts(".\\") || starts("file:") || text.find("/../") != std::string_view::npos);
}

ReferenceFile ReadReference(std::string_view bytes) {
  ReferenceFile file;
  try {
    Reader(bytes, file).Run();
  } catch (const Refused& refused) {
    file.refused = refused.code;
    file.placed = refused.at.has_value();
    file.wrong_at = refused.at.value_or(0);
  }
  return file;
}

}  // namespace cmatch::testing
