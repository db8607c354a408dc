#include "launch_json.h"

#include "table.h"

namespace cmatch::cli {
namespace {

std::string List(const std::vector<std::string>& texts) {
  std::string json;
  for (const std::string& text : texts) json += (json.empty() ? "[" : ",") + JsonString(text);
  return json.empty() ? "[]" : json + "]";
}

}  // namespace

std::string LaunchJson(const std::optional<EngineCommand>& command) {
  if (!command) return "{\"schema\":\"cmatch.launch/1\",\"known\":false}";
  std::string env;
  for (const auto& [name, value] : command->env) {
    env += (env.empty() ? "" : ",") + JsonString(name) + ":" + JsonString(value);
  }
  return "{\"schema\":\"cmatch.launch/1\",\"known\":true,\"command\":" +
         JsonString(ToString(*command)) + ",\"env\":{" + env +
         "},\"words\":" + List(command->words) + ",\"unsaid\":" + List(command->unsaid) + "}";
}

}  // namespace cmatch::cli
