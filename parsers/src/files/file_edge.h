#ifndef CMATCH_FILE_EDGE_H_
#define CMATCH_FILE_EDGE_H_

#include <cstddef>
#include <expected>
#include <string>

#include "cmatch/error.h"

namespace cmatch::internal {

// The bytes of a regular file. `limit` is checked against what is read, not against what the file
// system says, so a file that grows is refused too. A FIFO or a device is refused at once and never
// waited for. Errors: file-not-found, file-unreadable (no permission, I/O; with the system's text),
// file-not-regular (a directory, FIFO, device, socket), file-too-large.
std::expected<std::string, Problem> ReadWholeFile(const std::string& path, std::size_t limit);

}  // namespace cmatch::internal

#endif  // CMATCH_FILE_EDGE_H_
