#include "fleet_pairwise.h"

#if defined(__AVX2__)  // bench/CMakeLists.txt
#include <immintrin.h>
#endif

namespace cmatch::bench {

#if defined(__AVX2__)

bool FlatFleet::Supported() { return __builtin_cpu_supports("avx2"); }

// Eight workers at a time: a compare and a movemask for each rule.
void FlatFleet::Judge(std::size_t model, std::uint64_t* rows) const {
  const std::size_t words = worker_context.size() / 64;
  const auto all = [](std::uint32_t value) { return _mm256_set1_epi32(static_cast<int>(value)); };
  const __m256i positional = all(model_positional[model]);
  const __m256i attention = all(model_attention[model]);
  const __m256i quant = all(model_quant[model]);
  const __m256i context = _mm256_set1_epi32(model_context[model]);
  const __m256i zero = _mm256_setzero_si256();
  const auto load = [](const auto& column, std::size_t at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(column.data() + at));
  };
  const auto bits = [](__m256i lanes) {
    return static_cast<std::uint64_t>(_mm256_movemask_ps(_mm256_castsi256_ps(lanes)));
  };
  for (std::size_t word = 0; word < words; ++word) {
    std::uint64_t failed[4] = {};
    for (std::size_t part = 0; part < 8; ++part) {
      const std::size_t at = word * 64 + part * 8;
      const auto lacks = [&](__m256i needed, __m256i offered) {
        return bits(_mm256_cmpeq_epi32(_mm256_and_si256(needed, offered), zero)) << (8 * part);
      };
      failed[0] |= lacks(positional, load(worker_positional, at));
      failed[1] |= lacks(attention, load(worker_attention, at));
      failed[2] |= lacks(quant, load(worker_quant, at));
      failed[3] |= bits(_mm256_cmpgt_epi32(context, load(worker_context, at))) << (8 * part);
    }
    for (std::size_t rule = 0; rule < 4; ++rule) rows[rule * words + word] = failed[rule];
    rows[4 * words + word] = ~(failed[0] | failed[1] | failed[2] | failed[3]);
  }
}

#else

bool FlatFleet::Supported() { return false; }
void FlatFleet::Judge(std::size_t, std::uint64_t*) const {}

#endif

}  // namespace cmatch::bench
