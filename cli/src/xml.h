#ifndef CMATCH_CLI_XML_H_
#define CMATCH_CLI_XML_H_

#include <string>
#include <string_view>

namespace cmatch::cli {

// `text` for an XML attribute or element; control characters as in Escape() (render.h).
std::string EscapeXml(std::string_view text);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_XML_H_
