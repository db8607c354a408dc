#ifndef CMATCH_FILE_IO_H_
#define CMATCH_FILE_IO_H_

#include <cstddef>
#include <expected>
#include <string>

#include "cmatch/error.h"

namespace cmatch {

// The bytes of a regular file, for the readers that take text (ReadEcp, ReadInventory, ReadConfig).
// Never waits: a FIFO, socket, device or directory is refused. `limit` is checked against what is
// read, so a file that grows meanwhile is refused too.
// Errors, of the kind `kind`: file-not-found, file-not-regular, file-too-large, file-unreadable.
std::expected<std::string, Error> ReadRegularFile(const std::string& path, ErrorKind kind,
                                                  std::size_t limit);

}  // namespace cmatch

#endif  // CMATCH_FILE_IO_H_
