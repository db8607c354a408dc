#include "gguf/gguf_header.h"

#include <algorithm>
#include <array>
#include <utility>

#include "files/byte_cursor.h"
#include "files/read_limits.h"
#include "files/text_check.h"
#include "gguf/gguf_metadata.h"
#include "gguf/gguf_problems.h"
#include "gguf/gguf_tensors.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kMagic = "GGUF";
constexpr std::uint32_t kOldestVersion = 2;
constexpr std::uint32_t kNewestVersion = 3;

// What people hand in by mistake, by its first bytes.
struct Lookalike {
  std::string_view start;
  std::string_view what;
  std::string_view help;
};

constexpr std::string_view kConvertAgain = "convert the original model with a current llama.cpp";

constexpr Lookalike kLookalikes[] = {
    {"version https://git-lfs", "a Git LFS pointer, not the file itself", "run `git lfs pull`"},
    {"lmgg", "a GGML file, older than GGUF", kConvertAgain},
    {"fmgg", "a GGMF file, older than GGUF", kConvertAgain},
    {"tjgg", "a GGJT file, older than GGUF", kConvertAgain},
    {"PK\x03\x04", "a zip archive (PyTorch checkpoints are)", kConvertAgain},
    {"<!", "an HTML page, not a model", "the download answered with a web page: check the address"},
    {"<html", "an HTML page, not a model",
     "the download answered with a web page: check the address"},
};

std::optional<Problem> CheckMagic(ByteCursor& cursor) {
  std::array<char, 24> start = {};
  const std::size_t length = std::min<std::uint64_t>(start.size(), cursor.remaining());
  if (length == 0) return GgufProblem("gguf-empty", "the file is empty: 0 bytes");
  if (!cursor.ReadBytes(start.data(), length)) return EndProblem(cursor, "the magic");
  const std::string_view text(start.data(), length);
  cursor.Seek(kMagic.size());
  if (text.starts_with(kMagic)) return std::nullopt;
  for (const Lookalike& other : kLookalikes) {
    if (!text.starts_with(other.start)) continue;
    return GgufRefusal(0, "gguf-bad-magic", "this is " + std::string(other.what),
                       std::string(other.help));
  }
  if (kMagic.starts_with(text)) {
    return GgufProblem("gguf-truncated-header",
                       "the file ends after " + std::to_string(length) +
                           " bytes, while reading the magic at byte 0",
                       "the download or copy is incomplete: fetch the file again");
  }
  return GgufRefusal(0, "gguf-bad-magic",
                     "this is not a GGUF file: it begins with " +
                         Quoted(text.substr(0, kMagic.size())) + " where \"GGUF\" is expected");
}

std::optional<Problem> CheckVersion(ByteCursor& cursor, std::uint32_t& version) {
  const std::uint64_t at = cursor.offset();
  if (!cursor.Read(version)) return EndProblem(cursor, "the version");
  if (version >= kOldestVersion && version <= kNewestVersion) return std::nullopt;
  // ggml's test: the file was written on a machine of the other byte order.
  if (version != 0 && (version & 0xFFFFU) == 0) {
    return GgufRefusal(at, "gguf-big-endian",
                       "the file is big-endian; engines for CUDA GPUs read little-endian files",
                       "convert it with gguf-py's gguf_convert_endian.py");
  }
  if (version == 1) {
    return GgufRefusal(at, "gguf-version", "GGUF version 1 is no longer read by ggml",
                       std::string(kConvertAgain));
  }
  return GgufRefusal(
      at, "gguf-version",
      "GGUF version " + std::to_string(version) + " is not known; versions 2 and 3 are read");
}

std::optional<Problem> ReadCount(ByteCursor& cursor, std::string_view what, std::uint64_t most,
                                 std::string_view code, std::uint64_t& count) {
  const std::uint64_t at = cursor.offset();
  if (!cursor.Read(count)) return EndProblem(cursor, "the number of " + std::string(what));
  if (count <= most) return std::nullopt;
  const bool negative = (count >> 63) != 0;
  return GgufRefusal(at, code,
                     negative
                         ? "the number of " + std::string(what) + " is negative"
                         : "the file claims " + std::to_string(count) + " " + std::string(what) +
                               "; at most " + std::to_string(most) + " are read");
}

std::optional<Problem> FindAlignment(const GgufHeader& header, std::uint64_t& alignment,
                                     WarningList& warnings) {
  alignment = kGgufDefaultAlignment;
  const GgufValue* value = header.Find("general.alignment");
  if (value == nullptr) return std::nullopt;
  const std::int64_t* number = std::get_if<std::int64_t>(&value->kept);
  if (value->array || value->type != GgufType::kU32 || number == nullptr) {
    return GgufRefusal(
        value->offset, "gguf-bad-alignment",
        "general.alignment must be a u32, not " + std::string(value->array ? "an array" : "a ") +
            std::string(value->array ? std::string_view() : GgufTypeName(value->type)));
  }
  alignment = static_cast<std::uint64_t>(*number);
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
    return GgufRefusal(
        value->offset, "gguf-bad-alignment",
        "general.alignment is " + std::to_string(alignment) + ", not a power of two");
  }
  if (alignment % 8 != 0) {
    warnings.Add("gguf-odd-alignment", "general.alignment is " + std::to_string(alignment) +
                                           "; the format demands a multiple of 8");
  }
  return std::nullopt;
}

std::optional<Problem> ReadAll(ByteCursor& cursor, const GgufRequest& request, GgufHeader& header,
                               WarningList& warnings) {
  if (auto problem = CheckMagic(cursor)) return problem;
  if (auto problem = CheckVersion(cursor, header.version)) return problem;
  std::uint64_t tensors = 0;
  if (auto problem =
          ReadCount(cursor, "tensors", kGgufMaxTensors, "gguf-too-many-tensors", tensors)) {
    return problem;
  }
  if (auto problem = ReadCount(cursor, "keys", kGgufMaxKeys, "gguf-too-many-keys", header.keys)) {
    return problem;
  }
  if (auto problem = ReadGgufMetadata(cursor, request, header, warnings)) return problem;
  std::uint64_t alignment = 0;
  if (auto problem = FindAlignment(header, alignment, warnings)) return problem;
  return ReadGgufTensors(cursor, tensors, alignment, request.tensor_types, header, warnings);
}

}  // namespace

const GgufValue* GgufHeader::Find(std::string_view key) const {
  const auto at = values.find(key);
  return at == values.end() ? nullptr : &at->second;
}

std::expected<GgufHeader, Problem> ReadGgufHeader(ByteSource& source, const GgufRequest& request) {
  GgufHeader header;
  header.file_bytes = source.size();
  header.streamed = source.streamed();
  ByteCursor cursor(source, kGgufMaxHeaderBytes);
  WarningList warnings;
  if (auto problem = ReadAll(cursor, request, header, warnings)) {
    return std::unexpected(*std::move(problem));
  }
  header.warnings = warnings.Take();
  return header;
}

}  // namespace cmatch::internal
