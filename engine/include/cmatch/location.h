#ifndef CMATCH_LOCATION_H_
#define CMATCH_LOCATION_H_

#include <cstdint>
#include <string>

namespace cmatch {

// A place in a text file that a person can open. Lines and columns are 1-based, columns count
// bytes; 0 means "no position" (a whole file, or a value that was handed in by a caller).
struct Location {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend bool operator==(const Location&, const Location&) = default;
};

// "file:line:column", "file:line", "file", or "" where nothing is known.
std::string ToString(const Location& location);

}  // namespace cmatch

#endif  // CMATCH_LOCATION_H_
