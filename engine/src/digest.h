#ifndef CMATCH_ENGINE_DIGEST_H_
#define CMATCH_ENGINE_DIGEST_H_

#include <string>

#include "cmatch/tables.h"

namespace cmatch::internal {

// "xxh128:" and 32 hex digits over the canonical text of the tables: everything that can change a
// verdict or a message, and no position, so that equal sets agree wherever they were read from.
std::string Digest(const Tables& tables);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_DIGEST_H_
