#ifndef CMATCH_DIRECTORY_EDGE_H_
#define CMATCH_DIRECTORY_EDGE_H_

#include <string>
#include <system_error>
#include <vector>

namespace cmatch::internal {

struct DirectoryEntry {
  std::string name;
  bool directory = false;  // itself, or what a link leads to
};

// What lies in a directory, `.` and `..` left out, sorted by name; `error` says why it cannot be
// listed, std::errc::value_too_large that it holds more than kMaxDirectoryEntries. By readdir():
// std::filesystem::directory_iterator of libstdc++ 12 ends the process where memory runs out.
std::vector<DirectoryEntry> ListDirectory(const std::string& path, std::error_code& error);

}  // namespace cmatch::internal

#endif  // CMATCH_DIRECTORY_EDGE_H_
