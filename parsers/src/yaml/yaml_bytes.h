#ifndef CMATCH_YAML_BYTES_H_
#define CMATCH_YAML_BYTES_H_

#include <string_view>

#include "yaml/yaml_problems.h"

namespace cmatch::internal {

// Refuses what yaml-cpp lets pass or reads differently from version to version: bytes that are not
// UTF-8, control characters, a carriage return alone, a tab in indentation. Adds a problem for each
// line that has one; true where there is none. `text` has no byte order mark.
bool CheckYamlBytes(std::string_view text, YamlProblems& problems);

}  // namespace cmatch::internal

#endif  // CMATCH_YAML_BYTES_H_
