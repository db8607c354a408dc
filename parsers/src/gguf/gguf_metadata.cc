#include "gguf/gguf_metadata.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "files/read_limits.h"
#include "files/text_check.h"
#include "gguf/gguf_key_walk.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kArchitecture = "general.architecture";
constexpr std::string_view kAlignment = "general.alignment";
// An empty key, a type and a one-byte value.
constexpr std::uint64_t kLeastPairBytes = 8 + 1 + 4 + 1;

std::int64_t SignExtend(std::uint64_t raw, std::uint64_t bytes) {
  const auto shift = static_cast<int>(64 - 8 * bytes);
  return static_cast<std::int64_t>(raw << shift) >> shift;
}

bool ReadRaw(ByteCursor& cursor, GgufType type, std::uint64_t& raw) {
  unsigned char bytes[8] = {};
  if (!cursor.ReadBytes(bytes, GgufTypeBytes(type))) return false;
  raw = LoadLittle<std::uint64_t>(bytes);
  return true;
}

bool IsSigned(GgufType type) {
  return type == GgufType::kI8 || type == GgufType::kI16 || type == GgufType::kI32 ||
         type == GgufType::kI64;
}

// "models/x" is an ordinary name (org/name); these are not names.
bool LooksLikePath(std::string_view text) {
  for (const std::string_view start : {"/", "./", "../", "~/", "\\", ".\\", "file:"}) {
    if (text.starts_with(start)) return true;
  }
  const bool drive = text.size() > 2 && text[1] == ':' && (text[2] == '\\' || text[2] == '/') &&
                     ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z'));
  return drive || text.find("/../") != std::string_view::npos;
}

class MetadataReader {
 public:
  MetadataReader(ByteCursor& cursor, const GgufRequest& request, GgufHeader& header,
                 WarningList& warnings)
      : cursor_(cursor), request_(request), header_(header), warnings_(warnings) {}

  std::optional<Problem> Run() {
    const std::uint64_t start = cursor_.offset();
    if (auto problem = FindArchitecture()) return problem;
    cursor_.Seek(start);
    std::vector<std::uint64_t> hashes;
    hashes.reserve(std::min(header_.keys, cursor_.remaining() / kLeastPairBytes + 1));
    GgufKey key;
    for (std::uint64_t i = 0; i < header_.keys; ++i) {
      if (auto problem = ReadGgufKey(cursor_, i, key)) return problem;
      hashes.push_back(key.hash);
      CheckKey(key);
      if (auto problem = ReadValue(key)) return problem;
    }
    return FindDuplicate(hashes, start);
  }

 private:
  // Converters write it first; where it comes late, the keys before it are walked twice.
  std::optional<Problem> FindArchitecture() {
    GgufKey key;
    for (std::uint64_t i = 0; i < header_.keys; ++i) {
      if (auto problem = ReadGgufKey(cursor_, i, key)) return problem;
      if (key.whole() && key.name() == kArchitecture && key.type == GgufType::kString &&
          !key.array) {
        std::uint64_t length = 0;
        std::optional<std::string> text;
        if (auto problem = ReadText(key, length, text)) return problem;
        if (text.has_value() && Oddity(*text, true).empty()) header_.architecture = *text;
        return std::nullopt;
      }
      if (auto problem = SkipGgufValue(cursor_, key)) return problem;
    }
    return std::nullopt;
  }

  std::optional<Problem> FindDuplicate(std::vector<std::uint64_t>& hashes, std::uint64_t start) {
    std::sort(hashes.begin(), hashes.end());
    const auto twice = std::adjacent_find(hashes.begin(), hashes.end());
    if (twice == hashes.end()) return std::nullopt;
    cursor_.Seek(start);
    GgufKey key;
    std::optional<std::uint64_t> first;
    std::uint64_t first_offset = 0;
    for (std::uint64_t i = 0; i < header_.keys; ++i) {
      if (auto problem = ReadGgufKey(cursor_, i, key)) return problem;
      if (key.hash == *twice && first.has_value()) {
        return GgufProblem("gguf-duplicate-key", key.Label() + " is there twice: pair " +
                                                     std::to_string(*first + 1) + " (byte " +
                                                     std::to_string(first_offset) + ") and pair " +
                                                     std::to_string(i + 1) + " (byte " +
                                                     std::to_string(key.offset) + ")");
      }
      if (key.hash == *twice) {
        first = i;
        first_offset = key.offset;
      }
      if (auto problem = SkipGgufValue(cursor_, key)) return problem;
    }
    return GgufRefusal(start, "gguf-read-error", "the file changed while it was read");
  }

  void CheckKey(const GgufKey& key) {
    if (key.bytes > kGgufSpecKeyBytes) {
      warnings_.Add("gguf-odd-key", key.Label() + " has " + std::to_string(key.bytes) +
                                        " bytes; the format allows " +
                                        std::to_string(kGgufSpecKeyBytes));
    } else if (key.odd_character) {
      warnings_.Add("gguf-odd-key",
                    key.Label() + " has characters other than a-z, 0-9, '.', '_' and '-'");
    }
  }

  // The name under which the value of `key` is kept; empty: it is not.
  std::string_view Wanted(const GgufKey& key) const {
    if (!key.whole()) return {};
    const std::string_view name = key.name();
    if (name == kArchitecture || name == kAlignment || request_.general.contains(name)) return name;
    const std::string& architecture = header_.architecture;
    if (architecture.empty() || !name.starts_with(architecture)) return {};
    std::string_view rest = name.substr(architecture.size());
    if (!rest.starts_with('.')) return {};
    rest.remove_prefix(1);
    if (request_.of_architecture.contains(rest)) return name;
    for (const std::string& prefix : request_.prefixes_of_architecture) {
      if (rest.starts_with(prefix)) return name.substr(0, architecture.size() + 1 + prefix.size());
    }
    return {};
  }

  std::optional<Problem> ReadValue(const GgufKey& key) {
    const std::string_view name = Wanted(key);
    GgufValue value;
    value.offset = cursor_.offset();
    value.type = key.type;
    value.array = key.array;
    value.count = key.count;
    const bool keep = name.size() == key.name().size();
    std::optional<Problem> problem;
    if (key.array) {
      problem = keep && IsKeptArray(key) ? ReadArray(key, value) : SkipGgufValue(cursor_, key);
    } else if (key.type == GgufType::kString) {
      const bool general = key.name().starts_with("general.");
      problem = keep || general ? ReadString(key, general, value) : SkipGgufValue(cursor_, key);
    } else {
      problem = ReadScalar(key, value);
    }
    if (problem.has_value()) return problem;
    if (!name.empty()) {
      if (!keep) value.kept = std::monostate();
      header_.values.try_emplace(std::string(name), std::move(value));
    }
    return std::nullopt;
  }

  bool IsKeptArray(const GgufKey& key) const {
    return (IsGgufInteger(key.type) || key.type == GgufType::kBool) &&
           key.count <= kGgufKeptArrayElements &&
           kept_elements_ + key.count <= kGgufKeptElementsInAll;
  }

  std::optional<Problem> ReadArray(const GgufKey& key, GgufValue& value) {
    std::vector<std::int64_t> elements;
    elements.reserve(key.count);
    kept_elements_ += key.count;
    bool fits = true;
    for (std::uint64_t i = 0; i < key.count; ++i) {
      std::uint64_t raw = 0;
      if (!ReadRaw(cursor_, key.type, raw)) return EndProblem(cursor_, key.Label());
      if (key.type == GgufType::kBool) raw = Truth(key, raw) ? 1 : 0;
      const std::int64_t element = IsSigned(key.type) ? SignExtend(raw, GgufTypeBytes(key.type))
                                                      : static_cast<std::int64_t>(raw);
      fits = fits && (IsSigned(key.type) || element >= 0);
      elements.push_back(element);
    }
    if (fits) value.kept = std::move(elements);
    return std::nullopt;
  }

  std::optional<Problem> ReadScalar(const GgufKey& key, GgufValue& value) {
    std::uint64_t raw = 0;
    if (!ReadRaw(cursor_, key.type, raw)) {
      return EndProblem(cursor_, "the value of " + key.Label());
    }
    if (key.type == GgufType::kBool) {
      value.kept = Truth(key, raw);
    } else if (key.type == GgufType::kF32) {
      value.kept = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(raw)));
    } else if (key.type == GgufType::kF64) {
      value.kept = std::bit_cast<double>(raw);
    } else if (IsSigned(key.type)) {
      value.kept = SignExtend(raw, GgufTypeBytes(key.type));
    } else if (raw > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      value.kept = raw;
    } else {
      value.kept = static_cast<std::int64_t>(raw);
    }
    return std::nullopt;
  }

  bool Truth(const GgufKey& key, std::uint64_t raw) {
    if (raw > 1) {
      warnings_.Add("gguf-odd-bool", key.Label() + " is a bool with the byte " +
                                         std::to_string(raw) + "; taken as true");
    }
    return raw != 0;
  }

  // `text` where it is short enough to be kept.
  std::optional<Problem> ReadText(const GgufKey& key, std::uint64_t& length,
                                  std::optional<std::string>& text) {
    if (auto problem = ReadGgufStringLength(cursor_, key, length)) return problem;
    bool read = false;
    if (length > kGgufKeptStringBytes) {
      read = cursor_.Skip(length);
    } else {
      text.emplace(length, '\0');
      read = cursor_.ReadBytes(text->data(), length);
    }
    if (!read) return EndProblem(cursor_, "the value of " + key.Label());
    return std::nullopt;
  }

  std::optional<Problem> ReadString(const GgufKey& key, bool general, GgufValue& value) {
    std::optional<std::string> text;
    if (auto problem = ReadText(key, value.count, text)) return problem;
    const std::string_view odd = text.has_value() ? Oddity(*text, general) : "is too long";
    if (odd.empty()) {
      value.kept = *std::move(text);
    } else if (general) {
      warnings_.Add("gguf-odd-text", key.Label() + " " + std::string(odd) + " (" +
                                         std::to_string(value.count) + " bytes): not used");
    }
    return std::nullopt;
  }

  static std::string_view Oddity(std::string_view text, bool general) {
    if (!IsUtf8(text)) return "is not UTF-8";
    if (HasControlCharacter(text)) return "holds control characters";
    if (general && LooksLikePath(text)) return "looks like a path";
    return {};
  }

  ByteCursor& cursor_;
  const GgufRequest& request_;
  GgufHeader& header_;
  WarningList& warnings_;
  std::uint64_t kept_elements_ = 0;
};

}  // namespace

std::optional<Problem> ReadGgufMetadata(ByteCursor& cursor, const GgufRequest& request,
                                        GgufHeader& header, WarningList& warnings) {
  return MetadataReader(cursor, request, header, warnings).Run();
}

}  // namespace cmatch::internal
