#include "xml.h"

#include "cmatch/render.h"

namespace cmatch::cli {

std::string EscapeXml(std::string_view text) {
  std::string out;
  for (const char c : Escape(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace cmatch::cli
