// The C headers from C++17; the probe, which answers on a machine without a GPU too.

#include <cstdio>

#include "cmatch.h"
#include "cmatch_gpu.h"

static_assert(noexcept(cmatch_abi_version()) && noexcept(cmatch_gpus_free(nullptr)));

int main() {
  if (cmatch_abi_version() != CMATCH_ABI_VERSION) return 1;
  if (cmatch_gpus_abi_version() != CMATCH_ABI_VERSION) return 1;
  if (cmatch_gpus_probe(0x10, nullptr) != CMATCH_E_ARGUMENT) return 1;
  cmatch_gpus* gpus = nullptr;
  const cmatch_status status = cmatch_gpus_probe(0, &gpus);
  const cmatch_str json = cmatch_gpus_json(gpus);
  std::printf("%s %.*s\n", cmatch_status_name(status), static_cast<int>(json.len), json.ptr);
  const bool answered = gpus != nullptr && json.len > 0 && json.ptr[0] == '{';
  const bool why = status == CMATCH_OK || cmatch_gpus_message(gpus).len > 0;
  cmatch_gpus_free(gpus);
  return answered && why && (status == CMATCH_OK || status == CMATCH_E_GPU) ? 0 : 1;
}
