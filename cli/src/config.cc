#include "config.h"

#include <sys/stat.h>

#include <cstdlib>
#include <string_view>

#include "cmatch/config_io.h"

namespace cmatch::cli {
namespace {

constexpr const char* kConfigFile = "/etc/cmatch/cmatch.yaml";

void TakeEnvironment(const char* name, std::string& value) {
  if (!value.empty()) return;
  if (const char* text = std::getenv(name)) value = text;
}

}  // namespace

std::expected<void, Error> ApplyDefaults(Globals& globals) {
  TakeEnvironment("CMATCH_ENGINE", globals.default_engine);
  TakeEnvironment("CMATCH_GPU", globals.default_gpu);
  globals.rules_given = globals.rules;
  if (globals.rules.empty()) {
    std::string paths;
    TakeEnvironment("CMATCH_RULES", paths);
    std::string_view rest = paths;
    while (!rest.empty()) {
      const std::string_view path = rest.substr(0, rest.find(':'));
      if (!path.empty()) globals.rules.emplace_back(path);
      rest.remove_prefix(std::min(path.size() + 1, rest.size()));
    }
  }
  struct stat status{};
  if (stat(kConfigFile, &status) != 0) return {};
  const auto text = ReadInput(kConfigFile, ErrorKind::kInvalidRules);
  if (!text) return std::unexpected(text.error());
  const auto config = ReadConfig(*text, kConfigFile);
  if (!config) return std::unexpected(config.error());
  if (globals.default_engine.empty()) globals.default_engine = config->engine;
  if (globals.default_gpu.empty()) globals.default_gpu = config->gpu;
  if (globals.rules.empty()) globals.rules = config->rules;
  return {};
}

}  // namespace cmatch::cli
