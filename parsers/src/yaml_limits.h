#ifndef CMATCH_YAML_LIMITS_H_
#define CMATCH_YAML_LIMITS_H_

#include <cstddef>

namespace cmatch::internal {

// What a YAML file may be at most; docs/reference/tables.md states the same figures.
struct YamlLimits {
  std::size_t bytes = std::size_t{8} << 20;
  std::size_t nodes = 1'000'000;
  std::size_t depth = 16;           // nested collections; the root mapping is one
  std::size_t scalar_bytes = 4096;  // of one value, escapes resolved
  std::size_t problems = 100;       // reported for one file; the rest is counted out in one more
};

inline constexpr YamlLimits kYamlLimits;

}  // namespace cmatch::internal

#endif  // CMATCH_YAML_LIMITS_H_
