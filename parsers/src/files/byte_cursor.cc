#include "files/byte_cursor.h"

#include <algorithm>

namespace cmatch::internal {

ByteCursor::ByteCursor(ByteSource& source, std::uint64_t limit)
    : source_(source), bound_(std::min(source.size(), limit)) {}

bool ByteCursor::Has(std::uint64_t count) {
  if (count <= remaining()) return true;
  failure_ = count > source_.size() - offset() ? Failure::kEnd : Failure::kLimit;
  return false;
}

// At least one byte in the window; the caller knows that at least one is left.
bool ByteCursor::Fill() {
  if (at_ != end_) return true;
  const std::uint64_t here = offset();
  Bytes window = source_.At(here);
  if (window.empty()) {
    failure_ = Failure::kIo;
    return false;
  }
  window = window.first(std::min<std::uint64_t>(window.size(), bound_ - here));
  base_ = here;
  begin_ = at_ = window.data();
  end_ = begin_ + window.size();
  return true;
}

Bytes ByteCursor::Take(std::uint64_t count) {
  const std::size_t size = std::min<std::uint64_t>(count, static_cast<std::uint64_t>(end_ - at_));
  const Bytes piece(at_, size);
  at_ += size;
  return piece;
}

bool ByteCursor::ReadBytes(void* out, std::size_t count) {
  auto* to = static_cast<unsigned char*>(out);
  return Visit(count, [&to](Bytes piece) {
    std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
  });
}

void ByteCursor::Seek(std::uint64_t offset) {
  const std::uint64_t ahead = offset - base_;  // more than any window has where it is before
  if (ahead <= static_cast<std::uint64_t>(end_ - begin_)) {
    at_ = begin_ + ahead;
    return;
  }
  base_ = offset;
  begin_ = at_ = end_ = nullptr;
}

bool ByteCursor::Skip(std::uint64_t count) {
  if (!Has(count)) return false;
  Seek(offset() + count);
  return true;
}

bool ByteCursor::SkipStrings(std::uint64_t count) {
  constexpr std::size_t kLength = sizeof(std::uint64_t);
  for (;;) {
    // Whole strings inside the window: nothing but lengths is touched.
    const unsigned char* at = at_;
    const unsigned char* const end = end_;
    while (count > 0 && static_cast<std::size_t>(end - at) >= kLength) {
      const auto length = LoadLittle<std::uint64_t>(at);
      if (length > static_cast<std::size_t>(end - at) - kLength) break;
      at += kLength + length;
      --count;
    }
    at_ = at;
    if (count == 0) return true;
    // One string that the window cuts, or that is longer than what is left.
    std::uint64_t length = 0;
    if (!Read(length) || !Skip(length)) return false;
    --count;
  }
}

}  // namespace cmatch::internal
