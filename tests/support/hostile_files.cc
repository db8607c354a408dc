#include "support/hostile_files.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace cmatch::testing {
namespace {

constexpr uid_t kNobody = 65'534;
constexpr unsigned kPatience = 30;  // seconds

void Check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

void MakeSocket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // A name has little room in an address: the socket is made under a short one and moved.
  const std::string name = "/tmp/cmatch-" + std::to_string(getpid()) + ".sock";
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Check(fd, "socket");
  const int bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  close(fd);
  Check(bound, "bind");
  std::error_code error;
  std::filesystem::rename(name, path, error);
  if (error) Check(symlink(name.c_str(), path.c_str()), "symlink");
}

void MakeHuge(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  Check(fd, "open");
  off_t size = off_t{10} * 1'000'000'000'000;
  while (ftruncate(fd, size) != 0 && size > 1) size /= 2;
  close(fd);
}

}  // namespace

const std::vector<HostileKind>& HostileKinds() {
  static const std::vector<HostileKind> kinds = {{Hostile::kMissing, "missing"},
                                                 {Hostile::kDirectory, "a directory"},
                                                 {Hostile::kFifo, "a FIFO"},
                                                 {Hostile::kSocket, "a socket"},
                                                 {Hostile::kEndlessDevice, "/dev/zero"},
                                                 {Hostile::kFullDevice, "/dev/full"},
                                                 {Hostile::kLoop, "a link to itself"},
                                                 {Hostile::kDangling, "a link to nothing"},
                                                 {Hostile::kDenied, "not permitted"},
                                                 {Hostile::kEmpty, "empty"},
                                                 {Hostile::kHuge, "10 TB of nothing"}};
  return kinds;
}

void MakeHostile(const std::string& path, Hostile kind) {
  switch (kind) {
    case Hostile::kMissing:
      return;
    case Hostile::kDirectory:
      return Check(mkdir(path.c_str(), 0755), "mkdir");
    case Hostile::kFifo:
      return Check(mkfifo(path.c_str(), 0644), "mkfifo");
    case Hostile::kSocket:
      return MakeSocket(path);
    case Hostile::kEndlessDevice:
      return Check(symlink("/dev/zero", path.c_str()), "symlink");
    case Hostile::kFullDevice:
      return Check(symlink("/dev/full", path.c_str()), "symlink");
    case Hostile::kLoop:
      return Check(symlink(path.c_str(), path.c_str()), "symlink");
    case Hostile::kDangling:
      return Check(symlink("/nonexistent/cmatch", path.c_str()), "symlink");
    case Hostile::kDenied:
      std::ofstream(path) << "{}\n";
      return Check(chmod(path.c_str(), 0), "chmod");
    case Hostile::kEmpty:
      std::ofstream{path};
      return;
    case Hostile::kHuge:
      return MakeHuge(path);
  }
}

Unprivileged::Unprivileged() {
  if (getuid() == 0) Check(seteuid(kNobody), "seteuid");
}

Unprivileged::~Unprivileged() {
  if (getuid() == 0) static_cast<void>(seteuid(0));
}

Watchdog::Watchdog() { alarm(kPatience); }
Watchdog::~Watchdog() { alarm(0); }

}  // namespace cmatch::testing
