#ifndef CMATCH_ENGINE_FLEET_LEAF_H_
#define CMATCH_ENGINE_FLEET_LEAF_H_

// One test of a clause for a whole fleet: for a row (a model) a bitmap over the columns (workers),
// or the other way round. Columns are cut into shards of up to kShardColumns, so that what is kept
// of one stays in the cache and grows with their number only.

#include <array>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "fleet_keys.h"
#include "word_rows.h"

namespace cmatch::internal {

constexpr std::size_t kShardWords = 32;
constexpr std::size_t kShardColumns = kShardWords * 64;

// Kleene's values of one row, a bit a column: `truth` and `unknown` have no bit in common, `weak`
// (true, at a level below native) is part of `truth`. nullptr: no bit is set.
struct LeafRow {
  const std::uint64_t* truth = nullptr;
  const std::uint64_t* unknown = nullptr;
  const std::uint64_t* weak = nullptr;
};

// Where a row is made that no table has.
struct RowBuffer {
  std::uint64_t truth[kShardWords];
  std::uint64_t unknown[kShardWords];
  std::uint64_t weak[kShardWords];
};

struct RowList {
  std::array<const std::uint64_t*, 16> rows;
  std::size_t count = 0;
};

// The columns [first, first + columns.size()) of the fleet.
struct ShardColumns {
  std::size_t index = 0;  // of the shard
  std::size_t first = 0;
  std::span<const Entity> columns;
  std::size_t words = 0;           // of a row, a multiple of kRowGrain
  std::vector<std::uint64_t> all;  // a bit for each column
  std::vector<std::uint64_t> own;  // a bit for each that this rule set has bound
  bool has_foreign = false;        // some are not its own

  bool Own(std::size_t column) const { return own[column / 64] >> (column % 64) & 1; }
};

inline void SetBit(std::uint64_t* row, std::size_t bit) {
  row[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

class Leaf {
 public:
  Leaf() = default;
  Leaf(const Leaf&) = delete;
  Leaf& operator=(const Leaf&) = delete;
  virtual ~Leaf() = default;

  // Rows with the same class have the same bitmaps; classes count from 0.
  virtual std::uint32_t RowClass(const Entity& row) = 0;
  // Tells of one column, new or in the place of another; its shard is to be indexed after.
  virtual void PutColumn(std::size_t /*column*/, const Entity& /*entity*/) {}
  // Makes what is kept of a shard. For different shards from different threads.
  virtual void IndexShard(const ShardColumns& shard) = 0;

  // Said once after the rows that the fleet begins with.
  virtual void RowsDone() {}

  // For each class a number; those with the same number have the same bitmaps in this shard.
  virtual void ClassesInShard(std::size_t /*shard*/, std::vector<std::uint32_t>& out) const {
    std::iota(out.begin(), out.end(), 0);
  }
  virtual LeafRow Row(const ShardColumns& shard, std::uint32_t row_class,
                      RowBuffer& buffer) const = 0;
  // Rows whose union is `truth`, where that is known without making it and nothing is unknown or
  // weak; false: ask Row().
  virtual bool TruthRows(const ShardColumns& /*shard*/, std::uint32_t /*row_class*/,
                         RowList& /*list*/) const {
    return false;
  }
};

struct LeafSetting {
  const Program* program = nullptr;
  const RowOps* ops = nullptr;
  std::size_t shards = 0;
  std::size_t columns = 0;
  bool rows_are_workers = false;
  std::size_t kept_words = 0;  // of a rule's bitmaps, all shards together
  // One of each side that the rule set has bound: the other half of a test that reads one side.
  std::optional<Entity> any_row, any_column;
};

// Kinds of one side against kinds of the other, by a bitmap for each kind; nullptr where `node` is
// none such.
std::unique_ptr<Leaf> MakeKindsLeaf(const LeafSetting& setting, std::uint32_t node);
// An integer of one side against one of the other, by sorted thresholds; likewise.
std::unique_ptr<Leaf> MakeOrderLeaf(const LeafSetting& setting, std::uint32_t node);
// Any test, judged once for each class of rows and class of columns.
std::unique_ptr<Leaf> MakeClassLeaf(const LeafSetting& setting, std::uint32_t node);

inline std::unique_ptr<Leaf> MakeLeaf(const LeafSetting& setting, std::uint32_t node) {
  if (auto kinds = MakeKindsLeaf(setting, node)) return kinds;
  if (auto order = MakeOrderLeaf(setting, node)) return order;
  return MakeClassLeaf(setting, node);
}

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_FLEET_LEAF_H_
