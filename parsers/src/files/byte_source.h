#ifndef CMATCH_BYTE_SOURCE_H_
#define CMATCH_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cmatch/error.h"

namespace cmatch::internal {

using Bytes = std::span<const unsigned char>;

// Random access to bytes of untrusted origin. Files are read with pread and never mapped: a file
// that is cut short while it is open must be an error, not a signal.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Fixed when the source was opened, unless it is streamed.
  virtual std::uint64_t size() const = 0;

  // The bytes that begin at `offset` (< size()): at least one, as many as are at hand. They are
  // valid until the next call. Empty: they could not be read, see error().
  virtual Bytes At(std::uint64_t offset) = 0;

  // After At() gave nothing: an errno, or 0 where the file has become shorter than size().
  virtual int error() const { return 0; }

  // Read forward only: size() is known once the end was seen (byte_source_stream.h).
  virtual bool streamed() const { return false; }
};

// Bytes that the caller holds; `text` must outlive the source.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view text)
      : bytes_(reinterpret_cast<const unsigned char*>(text.data()), text.size()) {}

  std::uint64_t size() const override { return bytes_.size(); }
  Bytes At(std::uint64_t offset) override { return bytes_.subspan(offset); }

 private:
  Bytes bytes_;
};

// A regular file, read in blocks of kGgufBlockBytes into one buffer.
class FileSource : public ByteSource {
 public:
  // Never blocks: a FIFO, a device or a directory is refused. Problems: file-not-found,
  // file-not-regular, file-unreadable.
  static std::expected<std::unique_ptr<FileSource>, Problem> Open(const std::string& path);
  // The same of a descriptor, which stays the caller's, where nothing was read from it yet (as of a
  // redirected standard input); `name` is for messages.
  static std::expected<std::unique_ptr<FileSource>, Problem> Open(int fd, const std::string& name);

  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  std::uint64_t size() const override { return size_; }
  Bytes At(std::uint64_t offset) override;
  int error() const override { return error_; }

 private:
  FileSource(int fd, std::uint64_t size);
  // Takes `fd` over, and closes it where the result is a problem.
  static std::expected<std::unique_ptr<FileSource>, Problem> Of(int fd, const std::string& path);

  int fd_;
  int error_ = 0;
  std::uint64_t size_;
  std::unique_ptr<unsigned char[]> block_;
};

}  // namespace cmatch::internal

#endif  // CMATCH_BYTE_SOURCE_H_
