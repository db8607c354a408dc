#include "files/directory_edge.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>

#include "files/read_limits.h"

namespace cmatch::internal {
namespace {

struct Close {
  void operator()(DIR* directory) const { closedir(directory); }
};

bool IsDirectory(DIR* directory, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN && entry.d_type != DT_LNK) return entry.d_type == DT_DIR;
  const int folder = dirfd(directory);
  struct stat status{};
  return folder >= 0 && fstatat(folder, entry.d_name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

std::vector<DirectoryEntry> ListDirectory(const std::string& path, std::error_code& error) {
  error.clear();
  std::vector<DirectoryEntry> entries;
  const std::unique_ptr<DIR, Close> directory(opendir(path.c_str()));
  if (directory == nullptr) {
    if (errno == ENOMEM) throw std::bad_alloc();
    error.assign(errno, std::generic_category());
    return entries;
  }
  errno = 0;
  // Each call has a stream of its own. NOLINTNEXTLINE(concurrency-mt-unsafe)
  while (const dirent* entry = readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") {
      if (entries.size() == kMaxDirectoryEntries) {
        error = std::make_error_code(std::errc::value_too_large);
        return {};
      }
      entries.push_back({name, IsDirectory(directory.get(), *entry)});
    }
    errno = 0;
  }
  if (errno != 0) error.assign(errno, std::generic_category());
  std::sort(entries.begin(), entries.end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace cmatch::internal
