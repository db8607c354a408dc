#ifndef CMATCH_ENGINE_WORD_ROWS_H_
#define CMATCH_ENGINE_WORD_ROWS_H_

// Operations on rows of bits, 64 a word. A row has a multiple of kRowGrain words. Made twice, for
// AVX2 and for any machine; which of the two runs is chosen at run time.

#include <cstddef>
#include <cstdint>

namespace cmatch::internal {

constexpr std::size_t kRowGrain = 4;  // words of 256 bits

// Some rows of a table: row i begins at base + index[i] * words, or at base + i * words.
struct RowView {
  const std::uint64_t* base = nullptr;   // nullptr: every row is zero
  const std::uint32_t* index = nullptr;  // nullptr: rows stand in order

  const std::uint64_t* Row(std::size_t row, std::size_t words) const {
    return base + (index == nullptr ? row : index[row]) * words;
  }
};

struct RowOps {
  // out = the union of `count` rows (at least one).
  void (*unite)(std::uint64_t* out, const std::uint64_t* const* rows, std::size_t count,
                std::size_t words);
  // out = `of` without `a` and `b`.
  void (*subtract)(std::uint64_t* out, const std::uint64_t* of, const std::uint64_t* a,
                   const std::uint64_t* b, std::size_t words);
  // out = `of` without the union of `count` rows (any number).
  void (*subtract_rows)(std::uint64_t* out, const std::uint64_t* of,
                        const std::uint64_t* const* rows, std::size_t count, std::size_t words);
  // Row i of out = `of` without row i of each view, for i < rows. No view is of zero rows.
  void (*subtract_all)(std::uint64_t* out, const std::uint64_t* of, const RowView* views,
                       std::size_t count, std::size_t rows, std::size_t words);
};

const RowOps& PortableRowOps();
// The fastest of this machine.
const RowOps& BestRowOps();

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_WORD_ROWS_H_
