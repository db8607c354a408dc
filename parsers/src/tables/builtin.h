#ifndef CMATCH_BUILTIN_H_
#define CMATCH_BUILTIN_H_

#include "cmatch/tables.h"

namespace cmatch::internal {

// The tables compiled into the library, as a copy of one's own to add to. `engine`: of the other
// engines only names and kinds; empty: all.
Tables LoadBuiltinTables(std::string_view engine = {});

}  // namespace cmatch::internal

#endif  // CMATCH_BUILTIN_H_
