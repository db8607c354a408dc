#ifndef CMATCH_ONE_EDIT_H_
#define CMATCH_ONE_EDIT_H_

#include <string_view>

namespace cmatch::internal {

// True where one character was added, left out, exchanged or swapped with its neighbour.
bool OneEdit(std::string_view a, std::string_view b);

}  // namespace cmatch::internal

#endif  // CMATCH_ONE_EDIT_H_
