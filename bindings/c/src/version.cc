// Versions, names of status codes, sizes.

#include <array>
#include <utility>

#include "cmatch.h"
#include "guard.h"

namespace {

constexpr auto kSizes = std::to_array<std::pair<std::string_view, std::size_t>>({
    {"cmatch_str", sizeof(cmatch_str)},
    {"cmatch_pair", sizeof(cmatch_pair)},
    {"cmatch_problem", sizeof(cmatch_problem)},
    {"cmatch_options", sizeof(cmatch_options)},
    {"cmatch_model_options", sizeof(cmatch_model_options)},
    {"cmatch_mcd", sizeof(cmatch_mcd)},
    {"cmatch_ecp", sizeof(cmatch_ecp)},
    {"cmatch_worker_choice", sizeof(cmatch_worker_choice)},
    {"cmatch_verdict", sizeof(cmatch_verdict)},
    {"cmatch_fleet_options", sizeof(cmatch_fleet_options)},
    {"cmatch_fleet_counts", sizeof(cmatch_fleet_counts)},
    {"cmatch_finding", sizeof(cmatch_finding)},
});

}  // namespace

extern "C" {

uint32_t cmatch_abi_version(void) noexcept { return CMATCH_ABI_VERSION; }

const char* cmatch_version(void) noexcept { return CMATCH_VERSION; }

const char* cmatch_status_name(cmatch_status status) noexcept {
  switch (status) {
    case CMATCH_OK:
      return "CMATCH_OK";
    case CMATCH_INCOMPATIBLE:
      return "CMATCH_INCOMPATIBLE";
    case CMATCH_INVALID_MCD:
      return "CMATCH_INVALID_MCD";
    case CMATCH_INVALID_ECP:
      return "CMATCH_INVALID_ECP";
    case CMATCH_E_NOMEM:
      return "CMATCH_E_NOMEM";
    case CMATCH_E_ARGUMENT:
      return "CMATCH_E_ARGUMENT";
    case CMATCH_E_RULES:
      return "CMATCH_E_RULES";
    case CMATCH_E_HANDLE:
      return "CMATCH_E_HANDLE";
    case CMATCH_E_MISMATCH:
      return "CMATCH_E_MISMATCH";
    case CMATCH_E_VERSION:
      return "CMATCH_E_VERSION";
    case CMATCH_E_INTERNAL:
      return "CMATCH_E_INTERNAL";
    case CMATCH_E_GPU:
      return "CMATCH_E_GPU";
    default:
      return "CMATCH_UNKNOWN";
  }
}

const char* cmatch_status_http_code(cmatch_status status) noexcept {
  switch (status) {
    case CMATCH_OK:
      return "OK";
    case CMATCH_INCOMPATIBLE:
      return "MODEL_INCOMPATIBLE";
    case CMATCH_INVALID_MCD:
      return "MODEL_DESCRIPTOR_INVALID";
    case CMATCH_INVALID_ECP:
      return "ENGINE_PROFILE_INVALID";
    case CMATCH_E_RULES:
      return "RULES_UNAVAILABLE";
    default:
      return "INTERNAL";
  }
}

size_t cmatch_sizeof(cmatch_str name) noexcept {
  if (name.ptr == nullptr) return 0;
  for (const auto& [known, size] : kSizes) {
    if (known == std::string_view(name.ptr, name.len)) return size;
  }
  return 0;
}

}  // extern "C"
