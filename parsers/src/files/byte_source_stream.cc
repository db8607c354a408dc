#include "files/byte_source_stream.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

namespace cmatch::internal {
namespace {

constexpr std::size_t kPipeBytes = std::size_t{64} << 10;  // what a pipe of Linux holds
constexpr std::uint64_t kEndless = std::uint64_t{1} << 62;

}  // namespace

std::uint64_t StreamSource::size() const { return ended_ ? read_.size() : kEndless; }

bool StreamSource::ReadMore() {
  const std::size_t have = read_.size();
  read_.resize(have + kPipeBytes);
  ssize_t got = -1;
  do {
    got = read(fd_, read_.data() + have, kPipeBytes);
  } while (got < 0 && errno == EINTR);
  error_ = got < 0 ? errno : 0;
  ended_ = got == 0;
  read_.resize(have + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0;
}

Bytes StreamSource::At(std::uint64_t offset) {
  while (offset >= read_.size()) {
    if (ended_ || !ReadMore()) return {};
  }
  return Bytes(read_).subspan(offset);
}

}  // namespace cmatch::internal
