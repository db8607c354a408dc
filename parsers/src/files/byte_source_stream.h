#ifndef CMATCH_BYTE_SOURCE_STREAM_H_
#define CMATCH_BYTE_SOURCE_STREAM_H_

#include <cstdint>
#include <vector>

#include "files/byte_source.h"

namespace cmatch::internal {

// A pipe, or another file that can only be read forward and does not say where it ends. What was
// read stays at hand, as a reader may go back; nothing is read that was not asked for, so that of a
// model of many GB only the header is taken.
class StreamSource : public ByteSource {
 public:
  // `fd` stays open and is the caller's.
  explicit StreamSource(int fd) : fd_(fd) {}

  // Until the end is seen: more than anything has.
  std::uint64_t size() const override;
  Bytes At(std::uint64_t offset) override;
  int error() const override { return error_; }
  bool streamed() const override { return true; }

 private:
  bool ReadMore();

  int fd_;
  int error_ = 0;
  bool ended_ = false;
  std::vector<unsigned char> read_;
};

}  // namespace cmatch::internal

#endif  // CMATCH_BYTE_SOURCE_STREAM_H_
