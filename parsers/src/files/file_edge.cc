#include "files/file_edge.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

#include "cmatch/file_io.h"

namespace cmatch {
namespace internal {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Problem> Failure(const std::string& path, std::string code, std::string message,
                                 std::string help = {}) {
  Problem problem;
  problem.code = std::move(code);
  problem.message = std::move(message);
  problem.where.file = path;
  problem.help = std::move(help);
  return std::unexpected(std::move(problem));
}

std::unexpected<Problem> SystemFailure(const std::string& path, std::string_view what, int error) {
  return Failure(path, error == ENOENT ? "file-not-found" : "file-unreadable",
                 std::string(what) + ": " + std::generic_category().message(error));
}

// Opening a socket, or a device without a driver, fails in this way.
bool IsNoFile(int error) { return error == ENXIO || error == ENODEV; }

std::string_view TypeName(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

std::expected<std::string, Problem> ReadWholeFile(const std::string& path, std::size_t limit) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0 && IsNoFile(errno)) {
    return Failure(path, "file-not-regular", "is a socket or a device, not a regular file");
  }
  if (file.get() < 0) return SystemFailure(path, "cannot open the file", errno);

  struct stat status = {};
  if (fstat(file.get(), &status) != 0) return SystemFailure(path, "cannot read the file", errno);
  if (!S_ISREG(status.st_mode)) {
    return Failure(
        path, "file-not-regular",
        "is " + std::string(TypeName(status.st_mode)) + ", not a regular file",
        S_ISFIFO(status.st_mode) ? "copy it to a file first, or hand it in as standard input" : "");
  }

  const auto too_large = [&] {
    return Failure(path, "file-too-large",
                   "is larger than the " + std::to_string(limit) + " bytes that are read");
  };
  if (static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0)) > limit) return too_large();

  // One byte more than stated, so that the end of the file is seen without another round.
  const auto stated = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  std::string bytes(stated + 1, '\0');
  std::size_t used = 0;
  for (;;) {
    if (used == bytes.size()) bytes.resize(std::min(used * 2, limit + 1));
    const ssize_t got = read(file.get(), bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemFailure(path, "cannot read the file", errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > limit) return too_large();
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace internal

std::expected<std::string, Error> ReadRegularFile(const std::string& path, ErrorKind kind,
                                                  std::size_t limit) {
  auto bytes = internal::ReadWholeFile(path, limit);
  if (!bytes) return std::unexpected(MakeError(kind, {std::move(bytes.error())}));
  return *std::move(bytes);
}

}  // namespace cmatch
