#include "json_text.h"

#include "cmatch/render.h"

namespace cmatch::c {

void AppendString(std::string& json, std::string_view text) {
  json += '"';
  for (const char c : Escape(text)) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  json += '"';
}

void AppendMember(std::string& json, std::string_view key, std::string_view text) {
  if (!json.ends_with('{')) json += ',';
  json += '"';
  json += key;
  json += "\":";
  AppendString(json, text);
}

}  // namespace cmatch::c
