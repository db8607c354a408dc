#ifndef CMATCH_ECP_H_
#define CMATCH_ECP_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmatch/value.h"

namespace cmatch {

// Engine Capability Profile (CMATCH-8020): what a worker that is to be started would support. A
// plain value, given whole (parsers: ReadEcp) or built from the tables (build_ecp.h).
struct Ecp {
  std::string worker_id;                         // not empty
  std::vector<std::string> supports_positional;  // kinds; may be empty, keeps the caller's order
  std::vector<std::string> supports_attention;
  std::vector<std::string> supports_quant;
  std::int64_t max_context = 0;            // tokens, > 0; INT64_MAX: no limit of its own
  std::optional<std::int64_t> vram_bytes;  // > 0; nullopt where the product name leaves it open

  // Extension attributes by name: "engine", "engine_version", "build", "compute", "driver",
  // "supports_tensor_type", launch settings ("kv_cache", "tensor_parallel"), ... Those that the
  // rule set declares as `ecp.NAME` are typed; others are kept and ignored.
  std::map<std::string, Value, std::less<>> attributes;
};

}  // namespace cmatch

#endif  // CMATCH_ECP_H_
