#include "file_watch.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace cmatch::cli {
namespace {

namespace fs = std::filesystem;

// A write counts when the file is closed: half of a file is not read while it is written.
constexpr std::uint32_t kEvents = IN_CREATE | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE |
                                  IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF |
                                  IN_ONLYDIR;
constexpr int kMostFolders = 8;  // in each other, as LoadRules() goes

bool IsYaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

std::string Time(const timespec& time) {
  return std::to_string(time.tv_sec) + '.' + std::to_string(time.tv_nsec);
}

// A file that was written, replaced or made readable has another one.
std::string Fingerprint(const struct stat& status) {
  return std::to_string(status.st_dev) + ' ' + std::to_string(status.st_ino) + ' ' +
         std::to_string(status.st_size) + ' ' + Time(status.st_mtim) + ' ' + Time(status.st_ctim);
}

}  // namespace

FileWatch::FileWatch(std::vector<std::string> directories)
    : directories_(std::move(directories)), fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

FileWatch::~FileWatch() {
  if (fd_ >= 0) close(fd_);
}

bool FileWatch::Drain() {
  bool matters = false;
  alignas(inotify_event) std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t got = read(fd_, buffer.data(), buffer.size());
    if (got <= 0) return matters;
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = event.len > 0 ? buffer.data() + at + sizeof event : "";
      at += sizeof event + event.len;
      const auto found = watched_.find(event.wd);
      const bool lost = (event.mask & IN_Q_OVERFLOW) != 0;
      // An event without a name is about the directory itself.
      matters = matters || lost ||
                (found != watched_.end() &&
                 (found->second.all || *name == '\0' || found->second.names.contains(name)));
    }
  }
}

bool FileWatch::Rescan() {
  blind_ = fd_ < 0 ? "no inotify: " + std::string(std::strerror(errno)) : "";
  for (const std::string& directory : directories_) {
    WatchWayTo(directory);
    ScanDirectory(directory, 0);
  }
  for (const auto& [descriptor, interest] : watched_) {
    if (!next_.contains(descriptor)) inotify_rm_watch(fd_, descriptor);
  }
  watched_ = std::exchange(next_, {});
  const bool changed = files_ != next_files_;
  files_ = std::exchange(next_files_, {});
  return changed;
}

// The directories above, each for the name that leads on: one of them may be deleted and made
// again, or be a link that is exchanged.
void FileWatch::WatchWayTo(const std::string& directory) {
  std::error_code error;
  fs::path path = fs::absolute(directory, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  while (path.has_relative_path()) {
    if (Interest* interest = Watch(path.parent_path().string())) {
      interest->names.insert(path.filename().string());
    }
    path = path.parent_path();
  }
}

FileWatch::Interest* FileWatch::Watch(const std::string& directory) {
  if (fd_ < 0) return nullptr;
  const int descriptor = inotify_add_watch(fd_, directory.c_str(), kEvents);
  if (descriptor >= 0) return &next_[descriptor];
  if (blind_.empty()) blind_ = directory + ": " + std::strerror(errno);
  return nullptr;
}

// Watches first and lists then, so that nothing is lost in between.
void FileWatch::ScanDirectory(const std::string& directory, int depth) {
  if (Interest* interest = Watch(directory)) interest->all = true;
  std::error_code error;
  fs::directory_iterator entry(directory, error);
  if (error) next_files_[directory] = error.message();
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.filename().native().starts_with('.')) continue;
    std::error_code ignored;
    if (entry->is_directory(ignored)) {
      if (depth < kMostFolders) ScanDirectory(path.string(), depth + 1);
    } else if (IsYaml(path)) {
      ScanFile(path.string());
    }
  }
}

void FileWatch::ScanFile(const std::string& path) {
  std::error_code error;
  if (fs::is_symlink(path, error)) {
    const fs::path target = fs::weakly_canonical(path, error);
    Interest* interest = error ? nullptr : Watch(target.parent_path().string());
    if (interest != nullptr) interest->names.insert(target.filename().string());
  }
  struct stat status{};
  const bool there = stat(path.c_str(), &status) == 0;
  next_files_[path] = there ? Fingerprint(status) : std::strerror(errno);
  if (!there && blind_.empty()) blind_ = path + ": " + next_files_[path];
}

}  // namespace cmatch::cli
