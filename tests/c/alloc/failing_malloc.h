#ifndef CMATCH_TESTS_FAILING_MALLOC_H_
#define CMATCH_TESTS_FAILING_MALLOC_H_

#include <cstdint>

namespace cmatch::testing {

// The program's malloc, calloc, realloc and their kin, in place of the C library's: counts, and
// fails on demand. For one thread.
struct FailingMalloc {
  // From now on the allocation number `first` (0: the next) fails; `for_good`: all after it too.
  static void Arm(std::int64_t first, bool for_good);
  // Ends that; true where one has failed.
  static bool Disarm();
  // Blocks that are allocated and not freed.
  static std::int64_t Live();
  // Bytes of them, as the allocator rounds; the most there have been since ResetPeak().
  static std::int64_t LiveBytes();
  static std::int64_t PeakBytes();
  static void ResetPeak();
};

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_FAILING_MALLOC_H_
