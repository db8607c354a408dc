#ifndef CMATCH_GPU_C_H_
#define CMATCH_GPU_C_H_

/* The GPUs of this machine, as an inventory for cmatch_worker_choice.inventory. A library of its
   own, libcmatch_gpu: it loads NVML, and the CUDA runtime where it was built with one. A process
   that may use neither must not link it; libcmatch never asks a driver. The rules of cmatch.h hold
   here too.

     cmatch_gpus* gpus = NULL;
     if (cmatch_gpus_probe(0, &gpus) == CMATCH_OK) choice.inventory = cmatch_gpus_json(gpus);
     else puts(...cmatch_gpus_message(gpus)...);
     ...
     cmatch_gpus_free(gpus); */

#include "cmatch.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a probe found, or why it found nothing. Never changes once made. */
typedef struct cmatch_gpus cmatch_gpus;

#define CMATCH_GPU_NO_CUDA 1u /* ask NVML only */

/* The CMATCH_ABI_VERSION this library was built with. */
CMATCH_API uint32_t cmatch_gpus_abi_version(void) CMATCH_NOEXCEPT;

/* Asks NVML, and the CUDA runtime for compute capabilities that NVML does not tell: device queries
   only, no context, no GPU memory. May take some 100 ms and block. CMATCH_OK (a machine without a
   GPU has an empty list), CMATCH_E_GPU (no driver, or one that does not answer: the message has its
   words), CMATCH_E_NOMEM, CMATCH_E_ARGUMENT. `*out` is to be freed after CMATCH_E_GPU too. */
CMATCH_API cmatch_status cmatch_gpus_probe(uint32_t flags, cmatch_gpus** out) CMATCH_NOEXCEPT;

CMATCH_API size_t cmatch_gpus_count(const cmatch_gpus* gpus) CMATCH_NOEXCEPT;
/* {"available":true,"count":1,"devices":[{"index":0,"name":"...","uuid":"...",
   "vram_total_bytes":...,"compute_capability":[8,9],"driver_version":"..."}]}; members that the
   driver does not tell are left out. */
CMATCH_API cmatch_str cmatch_gpus_json(const cmatch_gpus* gpus) CMATCH_NOEXCEPT;
/* "gpu-no-driver", "gpu-driver-failed"; empty after CMATCH_OK. */
CMATCH_API cmatch_str cmatch_gpus_code(const cmatch_gpus* gpus) CMATCH_NOEXCEPT;
CMATCH_API cmatch_str cmatch_gpus_message(const cmatch_gpus* gpus) CMATCH_NOEXCEPT;
CMATCH_API void cmatch_gpus_free(cmatch_gpus* gpus) CMATCH_NOEXCEPT;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CMATCH_GPU_C_H_ */
