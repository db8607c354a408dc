#ifndef CMATCH_CONFIG_IO_H_
#define CMATCH_CONFIG_IO_H_

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"

namespace cmatch {

// kind: cmatch.config/v1, what the command takes where neither a flag nor the environment says it.
struct Config {
  std::string engine;              // NAME or NAME@VERSION; empty: not stated
  std::string gpu;                 // as for --gpu; empty: not stated
  std::vector<std::string> rules;  // directories, as for --rules
};

// `name` is used in messages. Errors: kInvalidRules with every problem and its position.
std::expected<Config, Error> ReadConfig(std::string_view text, std::string_view name);

}  // namespace cmatch

#endif  // CMATCH_CONFIG_IO_H_
