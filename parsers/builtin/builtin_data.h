#ifndef CMATCH_BUILTIN_DATA_H_
#define CMATCH_BUILTIN_DATA_H_

#include <cstddef>
#include <cstdint>

namespace cmatch::internal {

// The packed tables (archive.h), in the byte order of the machine they were built for.
extern const std::uint64_t kBuiltinWords[];
extern const std::size_t kBuiltinSize;  // bytes
extern const char kBuiltinDigest[];

}  // namespace cmatch::internal

#endif  // CMATCH_BUILTIN_DATA_H_
