#ifndef CMATCH_BYTE_CURSOR_H_
#define CMATCH_BYTE_CURSOR_H_

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "files/byte_source.h"

namespace cmatch::internal {

// Little-endian, whatever this machine is.
template <std::unsigned_integral T>
T LoadLittle(const unsigned char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) value = std::byteswap(value);
  return value;
}

// Reads forward through a ByteSource; all that a parser sees of raw bytes goes through here. Every
// length is compared with what is left before anything is done with it. A call that fails returns
// false and leaves a reason in failure(); the position is then of no use.
//
//   ByteCursor cursor(source, limit);
//   std::uint32_t version = 0;
//   if (!cursor.Read(version)) return EndProblem(cursor, "the version");
class ByteCursor {
 public:
  enum class Failure : std::uint8_t {
    kNone,
    kEnd,    // the source ends before
    kLimit,  // `limit` is before
    kIo,     // the source could not be read; ByteSource::error()
  };

  // No byte at or after `limit` is read. `source` must outlive the cursor.
  ByteCursor(ByteSource& source, std::uint64_t limit);

  std::uint64_t offset() const { return base_ + static_cast<std::uint64_t>(at_ - begin_); }
  // Bytes up to the end of the source or the limit.
  std::uint64_t remaining() const { return bound_ - offset(); }
  Failure failure() const { return failure_; }
  const ByteSource& source() const { return source_; }

  template <std::unsigned_integral T>
  bool Read(T& out) {
    if (static_cast<std::size_t>(end_ - at_) >= sizeof(T)) {
      out = LoadLittle<T>(at_);
      at_ += sizeof(T);
      return true;
    }
    unsigned char bytes[sizeof(T)];
    if (!ReadBytes(bytes, sizeof(T))) return false;
    out = LoadLittle<T>(bytes);
    return true;
  }

  bool ReadBytes(void* out, std::size_t count);

  // Hands the next `count` bytes to `visit(Bytes)` in one or more pieces, in order.
  template <typename Visitor>
  bool Visit(std::uint64_t count, Visitor&& visit) {
    if (!Has(count)) return false;
    while (count > 0) {
      if (!Fill()) return false;
      const Bytes piece = Take(count);
      visit(piece);
      count -= piece.size();
    }
    return true;
  }

  // Moves on without reading.
  bool Skip(std::uint64_t count);
  // Skips `count` strings, each a u64 length and that many bytes.
  bool SkipStrings(std::uint64_t count);
  // Goes back (or on) to an absolute offset that was valid before.
  void Seek(std::uint64_t offset);

 private:
  bool Has(std::uint64_t count);
  bool Fill();
  Bytes Take(std::uint64_t count);

  ByteSource& source_;
  std::uint64_t bound_;
  // The window: bytes [begin_, end_) are those at offset base_ of the source, at_ is the position.
  std::uint64_t base_ = 0;
  const unsigned char* begin_ = nullptr;
  const unsigned char* at_ = nullptr;
  const unsigned char* end_ = nullptr;
  Failure failure_ = Failure::kNone;
};

}  // namespace cmatch::internal

#endif  // CMATCH_BYTE_CURSOR_H_
