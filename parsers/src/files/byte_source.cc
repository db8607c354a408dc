#include "files/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "files/read_limits.h"

namespace cmatch::internal {
namespace {

Problem FileProblem(std::string code, const std::string& path, std::string what) {
  Problem problem;
  problem.code = std::move(code);
  problem.message = std::move(what);
  problem.where.file = path;
  return problem;
}

std::string ErrnoText(int error) { return std::generic_category().message(error); }

}  // namespace

std::expected<std::unique_ptr<FileSource>, Problem> FileSource::Open(const std::string& path) {
  // O_NONBLOCK so that opening a FIFO without a writer returns.
  int fd = -1;
  do {
    fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) {
    const int error = errno;
    if (error == ENXIO || error == ENODEV) {  // a socket, or a device without a driver
      return std::unexpected(FileProblem("file-not-regular", path, "this is not a regular file"));
    }
    return std::unexpected(FileProblem(error == ENOENT ? "file-not-found" : "file-unreadable", path,
                                       "cannot open the file: " + ErrnoText(error)));
  }
  return Of(fd, path);
}

std::expected<std::unique_ptr<FileSource>, Problem> FileSource::Open(int fd,
                                                                     const std::string& name) {
  if (lseek(fd, 0, SEEK_CUR) != 0) {
    return std::unexpected(
        FileProblem("file-not-regular", name, "this cannot be read from its start"));
  }
  const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (own < 0) {
    return std::unexpected(
        FileProblem("file-unreadable", name, "cannot read the file: " + ErrnoText(errno)));
  }
  return Of(own, name);
}

std::expected<std::unique_ptr<FileSource>, Problem> FileSource::Of(int fd,
                                                                   const std::string& path) {
  struct stat status = {};
  if (fstat(fd, &status) != 0) {
    const int error = errno;
    close(fd);
    return std::unexpected(
        FileProblem("file-unreadable", path, "cannot read the file: " + ErrnoText(error)));
  }
  if (!S_ISREG(status.st_mode)) {
    close(fd);
    const bool directory = S_ISDIR(status.st_mode);
    return std::unexpected(
        FileProblem("file-not-regular", path,
                    directory ? "this is a directory, not a file" : "this is not a regular file"));
  }
  return std::unique_ptr<FileSource>(
      new FileSource(fd, static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0))));
}

FileSource::FileSource(int fd, std::uint64_t size)
    : fd_(fd),
      size_(size),
      block_(std::make_unique_for_overwrite<unsigned char[]>(
          std::min<std::uint64_t>(size, kGgufBlockBytes))) {}

FileSource::~FileSource() { close(fd_); }

Bytes FileSource::At(std::uint64_t offset) {
  const std::size_t wanted = std::min<std::uint64_t>(size_ - offset, kGgufBlockBytes);
  ssize_t got = -1;
  do {
    got = pread(fd_, block_.get(), wanted, static_cast<off_t>(offset));
  } while (got < 0 && errno == EINTR);
  error_ = got < 0 ? errno : 0;
  if (got <= 0) return {};
  return {block_.get(), static_cast<std::size_t>(got)};
}

}  // namespace cmatch::internal
