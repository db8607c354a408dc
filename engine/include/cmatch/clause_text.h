#ifndef CMATCH_CLAUSE_TEXT_H_
#define CMATCH_CLAUSE_TEXT_H_

#include <string>

#include "cmatch/tables.h"

namespace cmatch {

// As YAML would have it: "{value: mcd.head_dim, in: [64, 128]}". Equal texts mean the same.
std::string ToString(const Clause& clause);

}  // namespace cmatch

#endif  // CMATCH_CLAUSE_TEXT_H_
