// Operations on rows: what this machine runs, and what any machine runs, bit by bit.

#include "word_rows.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

namespace cmatch::internal {
namespace {

using Row = std::vector<std::uint64_t>;

std::vector<Row> RandomRows(std::size_t count, std::size_t words) {
  std::mt19937_64 random(count * 100 + words);
  std::vector<Row> rows(count, Row(words));
  for (Row& row : rows) {
    for (std::uint64_t& word : row) word = random() | random();
  }
  return rows;
}

TEST_CASE("rows: union and difference, portable and chosen for the machine") {
  for (const RowOps* ops : {&PortableRowOps(), &BestRowOps()}) {
    for (const std::size_t words : {4U, 8U, 12U, 32U}) {
      for (const std::size_t count : {1U, 2U, 3U, 16U}) {
        const std::vector<Row> rows = RandomRows(count, words);
        std::vector<const std::uint64_t*> pointers;
        for (const Row& row : rows) pointers.push_back(row.data());
        Row all(words, 0);
        Row common(words, ~std::uint64_t{0});
        for (const Row& row : rows) {
          for (std::size_t w = 0; w < words; ++w) all[w] |= row[w];
          for (std::size_t w = 0; w < words; ++w) common[w] &= row[w];
        }
        Row out(words);
        ops->unite(out.data(), pointers.data(), count, words);
        CHECK(out == all);
        const Row of = RandomRows(1, words)[0];
        ops->subtract_rows(out.data(), of.data(), pointers.data(), count, words);
        for (std::size_t w = 0; w < words; ++w) CHECK(out[w] == (of[w] & ~all[w]));
        ops->subtract_rows(out.data(), of.data(), pointers.data(), 0, words);
        CHECK(out == of);
        ops->subtract(out.data(), of.data(), common.data(), rows[0].data(), words);
        for (std::size_t w = 0; w < words; ++w) CHECK(out[w] == (of[w] & ~rows[0][w]));
      }
    }
  }
}

TEST_CASE("rows: a row of each view is taken from one, by index and in order") {
  constexpr std::size_t kWords = 8;
  const std::vector<Row> table = RandomRows(5, kWords);
  Row flat;
  for (const Row& row : table) flat.insert(flat.end(), row.begin(), row.end());
  const std::vector<std::uint32_t> index = {4, 0, 4};
  const RowView views[] = {{flat.data(), index.data()}, {flat.data(), nullptr}};
  const Row of(kWords, ~std::uint64_t{0});
  for (const RowOps* ops : {&PortableRowOps(), &BestRowOps()}) {
    Row out(3 * kWords);
    ops->subtract_all(out.data(), of.data(), views, 2, 3, kWords);
    for (std::size_t row = 0; row < 3; ++row) {
      for (std::size_t w = 0; w < kWords; ++w) {
        CHECK(out[row * kWords + w] == ~(table[index[row]][w] | table[row][w]));
      }
    }
    ops->subtract_all(out.data(), of.data(), nullptr, 0, 3, kWords);
    CHECK(out == Row(3 * kWords, ~std::uint64_t{0}));
  }
}

}  // namespace
}  // namespace cmatch::internal
