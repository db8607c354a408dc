#include "gguf/gguf_key_walk.h"

#include <algorithm>

#include "files/text_check.h"
#include "gguf/gguf_problems.h"

namespace cmatch::internal {
namespace {

bool IsKeyCharacter(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

std::string Ordinal(std::uint64_t index) { return "key " + std::to_string(index + 1); }

std::optional<Problem> ReadName(ByteCursor& cursor, GgufKey& key) {
  key.offset = cursor.offset();
  if (!cursor.Read(key.bytes)) return EndProblem(cursor, "the length of " + Ordinal(key.index));
  if (key.bytes == 0) {
    return GgufRefusal(key.offset, "gguf-bad-key", Ordinal(key.index) + " is empty");
  }
  NameHash hash;
  bool nul = false;
  key.kept = 0;
  key.odd_character = false;
  const bool read = cursor.Visit(key.bytes, [&](Bytes piece) {
    for (const unsigned char c : piece) {
      hash.Add(c);
      nul = nul || c == 0;
      key.odd_character = key.odd_character || !IsKeyCharacter(c);
    }
    const std::size_t more = std::min(piece.size(), key.start.size() - key.kept);
    std::copy_n(piece.begin(), more, key.start.begin() + static_cast<std::ptrdiff_t>(key.kept));
    key.kept += more;
  });
  if (!read) return EndProblem(cursor, Ordinal(key.index));
  if (nul) {
    return GgufRefusal(key.offset, "gguf-bad-key", key.Label() + " holds a NUL byte");
  }
  key.hash = hash.value();
  return std::nullopt;
}

std::optional<Problem> ReadType(ByteCursor& cursor, const GgufKey& key, GgufType& type) {
  std::uint32_t number = 0;
  if (!cursor.Read(number)) return EndProblem(cursor, "the type of " + key.Label());
  if (number >= kGgufTypes) {
    return GgufRefusal(cursor.offset() - sizeof(number), "gguf-bad-type",
                       key.Label() + " has the value type " + std::to_string(number) +
                           ", which the format does not have");
  }
  type = static_cast<GgufType>(number);
  return std::nullopt;
}

// Least bytes of `count` elements; both factors are bounded.
std::uint64_t LeastBytes(GgufType type, std::uint64_t count) {
  return count * (type == GgufType::kString ? sizeof(std::uint64_t) : GgufTypeBytes(type));
}

std::optional<Problem> ReadArrayHead(ByteCursor& cursor, GgufKey& key) {
  if (auto problem = ReadType(cursor, key, key.type)) return problem;
  if (key.type == GgufType::kArray) {
    return GgufRefusal(cursor.offset() - sizeof(std::uint32_t), "gguf-nested-array",
                       key.Label() + " is an array of arrays, which no reader accepts");
  }
  if (!cursor.Read(key.count)) return EndProblem(cursor, "the length of " + key.Label());
  if (key.count > kGgufMaxArrayElements) {
    return GgufRefusal(cursor.offset() - sizeof(key.count), "gguf-array-too-long",
                       key.Label() + " claims " + std::to_string(key.count) +
                           " elements; ggml reads at most " +
                           std::to_string(kGgufMaxArrayElements));
  }
  const std::uint64_t left = cursor.source().size() - cursor.offset();
  const std::uint64_t least = LeastBytes(key.type, key.count);
  if (least > left) {
    return GgufRefusal(cursor.offset() - sizeof(key.count), "gguf-truncated-header",
                       key.Label() + " claims " + std::to_string(key.count) +
                           " elements, at least " + std::to_string(least) + " bytes, but only " +
                           std::to_string(left) + " are left in the file",
                       "the download or copy is incomplete, or the file is damaged");
  }
  return std::nullopt;
}

}  // namespace

std::string GgufKey::Label() const {
  if (kept == 0) return Ordinal(index);
  return "key " + Quoted(name()) + (whole() ? "" : " (cut)");
}

std::optional<Problem> ReadGgufKey(ByteCursor& cursor, std::uint64_t index, GgufKey& key) {
  key.index = index;
  if (auto problem = ReadName(cursor, key)) return problem;
  if (auto problem = ReadType(cursor, key, key.type)) return problem;
  key.array = key.type == GgufType::kArray;
  key.count = 1;
  if (!key.array) return std::nullopt;
  return ReadArrayHead(cursor, key);
}

std::optional<Problem> ReadGgufStringLength(ByteCursor& cursor, const GgufKey& key,
                                            std::uint64_t& length) {
  if (!cursor.Read(length)) return EndProblem(cursor, "the length of " + key.Label());
  if (length > kGgufMaxStringBytes) {
    return GgufRefusal(cursor.offset() - sizeof(length), "gguf-string-too-long",
                       key.Label() + " claims a text of " + std::to_string(length) +
                           " bytes; ggml reads at most " + std::to_string(kGgufMaxStringBytes));
  }
  const std::uint64_t left = cursor.source().size() - cursor.offset();
  if (length > left) {
    return GgufRefusal(cursor.offset() - sizeof(length), "gguf-truncated-header",
                       key.Label() + " claims a text of " + std::to_string(length) +
                           " bytes, but only " + std::to_string(left) + " are left in the file",
                       "the download or copy is incomplete, or the file is damaged");
  }
  return std::nullopt;
}

std::optional<Problem> SkipGgufValue(ByteCursor& cursor, const GgufKey& key) {
  bool skipped = false;
  if (key.type != GgufType::kString) {
    skipped = cursor.Skip(key.count * GgufTypeBytes(key.type));
  } else if (key.array) {
    skipped = cursor.SkipStrings(key.count);
  } else {
    std::uint64_t length = 0;
    if (auto problem = ReadGgufStringLength(cursor, key, length)) return problem;
    skipped = cursor.Skip(length);
  }
  if (!skipped) return EndProblem(cursor, "the value of " + key.Label());
  return std::nullopt;
}

}  // namespace cmatch::internal
