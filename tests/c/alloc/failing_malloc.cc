#include "failing_malloc.h"

#include <malloc.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

// glibc's own, under the names it keeps for replacements.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

constinit std::int64_t left = -1;  // allocations until the one that fails; -1: not armed
constinit bool for_good = false;
constinit bool failed = false;
constinit std::int64_t live = 0;
constinit std::int64_t live_bytes = 0;
constinit std::int64_t peak_bytes = 0;

bool Fails() {
  if (left < 0) return false;
  if (left > 0) {
    --left;
    return false;
  }
  if (!for_good && failed) return false;
  failed = true;
  errno = ENOMEM;
  return true;
}

std::int64_t Size(void* block) { return static_cast<std::int64_t>(malloc_usable_size(block)); }

void* Count(void* block) {
  if (block == nullptr) return block;
  ++live;
  live_bytes += Size(block);
  peak_bytes = std::max(peak_bytes, live_bytes);
  return block;
}

void Discount(void* block) {
  if (block == nullptr) return;
  --live;
  live_bytes -= Size(block);
}

}  // namespace

// The libraries must find these, so they are exported from the program.
#pragma GCC visibility push(default)
extern "C" {

void* malloc(std::size_t size) { return Fails() ? nullptr : Count(__libc_malloc(size)); }

void* calloc(std::size_t count, std::size_t size) {
  return Fails() ? nullptr : Count(__libc_calloc(count, size));
}

void* realloc(void* block, std::size_t size) {
  if (Fails()) return nullptr;
  const std::int64_t before = block == nullptr ? 0 : Size(block);
  void* moved = __libc_realloc(block, size);
  if (moved == nullptr || block == nullptr) return Count(moved);
  --live;
  live_bytes -= before;
  return Count(moved);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return Fails() ? nullptr : Count(__libc_memalign(alignment, size));
}

void* memalign(std::size_t alignment, std::size_t size) {
  return Fails() ? nullptr : Count(__libc_memalign(alignment, size));
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  void* block = memalign(alignment, size);
  if (block == nullptr) return ENOMEM;
  *out = block;
  return 0;
}

void free(void* block) {
  Discount(block);
  __libc_free(block);
}

}  // extern "C"
#pragma GCC visibility pop

namespace cmatch::testing {

void FailingMalloc::Arm(std::int64_t first, bool all_after) {
  for_good = all_after;
  failed = false;
  left = first;
}

bool FailingMalloc::Disarm() {
  left = -1;
  return failed;
}

std::int64_t FailingMalloc::Live() { return live; }
std::int64_t FailingMalloc::LiveBytes() { return live_bytes; }
std::int64_t FailingMalloc::PeakBytes() { return peak_bytes; }
void FailingMalloc::ResetPeak() { peak_bytes = live_bytes; }

}  // namespace cmatch::testing
