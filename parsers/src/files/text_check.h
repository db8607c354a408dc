#ifndef CMATCH_TEXT_CHECK_H_
#define CMATCH_TEXT_CHECK_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace cmatch::internal {

// Length of the well-formed UTF-8 sequence that `text` begins with (no overlong forms, no
// surrogates, nothing over U+10FFFF: Unicode 15, table 3-7); 0 where there is none.
std::size_t Utf8SequenceLength(std::string_view text);

bool IsUtf8(std::string_view text);

// ASCII control characters, DEL, and the C1 controls U+0080..U+009F.
bool HasControlCharacter(std::string_view text);

// For messages: in double quotes, control characters and bytes that are not UTF-8 as \xNN, and cut
// with "..." after about 80 bytes. Text from a file is hostile.
std::string Quoted(std::string_view text);

}  // namespace cmatch::internal

#endif  // CMATCH_TEXT_CHECK_H_
