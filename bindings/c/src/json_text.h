#ifndef CMATCH_C_JSON_TEXT_H_
#define CMATCH_C_JSON_TEXT_H_

#include <string>
#include <string_view>

namespace cmatch::c {

// Adds `text` as a JSON string. Control characters and bytes that are not UTF-8 come out as the
// text
// \xNN, so that a hostile name can neither end a line nor break the document.
void AppendString(std::string& json, std::string_view text);

// Adds `"key":"text"`, with a comma before it unless the object has just begun.
void AppendMember(std::string& json, std::string_view key, std::string_view text);

}  // namespace cmatch::c

#endif  // CMATCH_C_JSON_TEXT_H_
