#include "word_rows.h"

#include <array>

#include "cmatch/check.h"

// In strict C++ clang has no _Bool, which this header wants.
#if defined(__x86_64__) && !defined(__clang__) && __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif

namespace cmatch::internal {
namespace {

// The compiler's vectors: two SSE2 registers, one AVX2 register, or words, as the target has them.
typedef std::uint64_t Lane  // NOLINT(modernize-use-using): the attributes need it
    __attribute__((vector_size(kRowGrain * 8), aligned(8), may_alias));

constexpr std::size_t kAhead = 4;  // rows asked for before they are used
constexpr std::size_t kCacheLineWords = 8;

#define CMATCH_INLINE [[gnu::always_inline]] inline

CMATCH_INLINE const Lane* Lanes(const std::uint64_t* row) {
  return reinterpret_cast<const Lane*>(row);
}
CMATCH_INLINE Lane* Lanes(std::uint64_t* row) { return reinterpret_cast<Lane*>(row); }

CMATCH_INLINE void UniteBody(std::uint64_t* out, const std::uint64_t* const* rows,
                             std::size_t count, std::size_t words) {
  for (std::size_t i = 0; i < words / kRowGrain; ++i) {
    Lane lane = Lanes(rows[0])[i];
    for (std::size_t r = 1; r < count; ++r) lane |= Lanes(rows[r])[i];
    Lanes(out)[i] = lane;
  }
}

CMATCH_INLINE void SubtractRowsBody(std::uint64_t* out, const std::uint64_t* of,
                                    const std::uint64_t* const* rows, std::size_t count,
                                    std::size_t words) {
  for (std::size_t i = 0; i < words / kRowGrain; ++i) {
    Lane gone = {};
    for (std::size_t r = 0; r < count; ++r) gone |= Lanes(rows[r])[i];
    Lanes(out)[i] = Lanes(of)[i] & ~gone;
  }
}

CMATCH_INLINE void SubtractBody(std::uint64_t* out, const std::uint64_t* of, const std::uint64_t* a,
                                const std::uint64_t* b, std::size_t words) {
  for (std::size_t i = 0; i < words / kRowGrain; ++i) {
    Lanes(out)[i] = Lanes(of)[i] & ~(Lanes(a)[i] | Lanes(b)[i]);
  }
}

CMATCH_INLINE void SubtractAllBody(std::uint64_t* out, const std::uint64_t* of,
                                   const RowView* views, std::size_t count, std::size_t rows,
                                   std::size_t words) {
  std::array<const std::uint64_t*, kMaxRules> row;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t v = 0; v < count; ++v) row[v] = views[v].Row(r, words);
    if (r + kAhead < rows) {
      for (std::size_t v = 0; v < count; ++v) {
        const std::uint64_t* next = views[v].Row(r + kAhead, words);
        for (std::size_t w = 0; w < words; w += kCacheLineWords) __builtin_prefetch(next + w);
      }
    }
    Lane* to = Lanes(out + r * words);
    for (std::size_t i = 0; i < words / kRowGrain; ++i) {
      Lane gone = {};
      for (std::size_t v = 0; v < count; ++v) gone |= Lanes(row[v])[i];
      to[i] = Lanes(of)[i] & ~gone;
    }
  }
}

// NOLINTBEGIN(bugprone-macro-parentheses): a target attribute cannot stand in parentheses
// Each operation for one target.
#define CMATCH_ROW_OPS(NAME, TARGET)                                                               \
  TARGET void NAME##Unite(std::uint64_t* out, const std::uint64_t* const* rows, std::size_t count, \
                          std::size_t words) {                                                     \
    UniteBody(out, rows, count, words);                                                            \
  }                                                                                                \
  TARGET void NAME##Subtract(std::uint64_t* out, const std::uint64_t* of, const std::uint64_t* a,  \
                             const std::uint64_t* b, std::size_t words) {                          \
    SubtractBody(out, of, a, b, words);                                                            \
  }                                                                                                \
  TARGET void NAME##SubtractRows(std::uint64_t* out, const std::uint64_t* of,                      \
                                 const std::uint64_t* const* rows, std::size_t count,              \
                                 std::size_t words) {                                              \
    SubtractRowsBody(out, of, rows, count, words);                                                 \
  }                                                                                                \
  TARGET void NAME##SubtractAll(std::uint64_t* out, const std::uint64_t* of, const RowView* views, \
                                std::size_t count, std::size_t rows, std::size_t words) {          \
    SubtractAllBody(out, of, views, count, rows, words);                                           \
  }                                                                                                \
  constexpr RowOps k##NAME = {NAME##Unite, NAME##Subtract, NAME##SubtractRows, NAME##SubtractAll};
// NOLINTEND(bugprone-macro-parentheses)

CMATCH_ROW_OPS(Portable, )
#if defined(__x86_64__)
CMATCH_ROW_OPS(Avx2, __attribute__((target("avx2"))))
#endif

}  // namespace

const RowOps& PortableRowOps() { return kPortable; }

const RowOps& BestRowOps() {
#if defined(CPU_FEATURE_ACTIVE)
  // What the loader found: the compiler's own check costs every process a run of cpuid at start,
  // each of which leaves a virtual machine.
  if (CPU_FEATURE_ACTIVE(AVX2)) return kAvx2;
#elif defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return kAvx2;
#endif
  return kPortable;
}

}  // namespace cmatch::internal
