#ifndef CMATCH_RENDER_UTF8_H_
#define CMATCH_RENDER_UTF8_H_

#include <cstddef>
#include <string_view>

namespace cmatch::internal {

// Length of the UTF-8 sequence at the front of `text` (not empty), 0 where it is not one. Unicode
// 15, table 3-7.
std::size_t Utf8Length(std::string_view text);

}  // namespace cmatch::internal

#endif  // CMATCH_RENDER_UTF8_H_
