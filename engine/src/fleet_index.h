#ifndef CMATCH_ENGINE_FLEET_INDEX_H_
#define CMATCH_ENGINE_FLEET_INDEX_H_

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/fleet.h"
#include "fleet_rule.h"

namespace cmatch::internal {

// The bitmaps of a block: views into the index's tables, or into the storage here.
struct FleetRows {
  std::size_t words = 0;       // of a row
  std::size_t words_used = 0;  // those with columns
  std::vector<std::array<RowView, kFleetMaps>> rules;
  std::vector<std::uint64_t> compatible;
  std::vector<FleetRule::Scratch> scratch;
  std::vector<RowView> failed;

  FleetBlock::Bits Row(std::size_t rule, FleetMap map, std::size_t row) const;
};

// All rules over all pairs, rows against columns: models against workers or the other way round.
class FleetIndex {
 public:
  FleetIndex(const RuleSet& rules, std::string_view today, std::vector<Entity> rows,
             std::vector<Entity> columns, bool rows_are_workers, std::size_t kept_bytes,
             const FleetExecutor& executor);

  std::size_t rows() const { return rows_.size(); }
  std::size_t shards() const { return shards_.size(); }
  const ShardColumns& shard(std::size_t index) const { return shards_[index]; }

  // Before so many rows of one shard are filled into `out`; before any of another shard likewise.
  void Prepare(std::size_t shard, std::size_t rows, FleetRows& out) const;
  // The bitmaps of rows [first, first + count) in one shard.
  void Fill(std::size_t shard, std::size_t first, std::size_t count, FleetRows& out) const;
  // The columns of the whole fleet that are compatible with a row.
  std::vector<std::uint64_t> CompatibleWith(std::size_t row) const;

  void ReplaceRow(std::size_t row, Entity entity);
  void ReplaceColumn(std::size_t column, Entity entity);

 private:
  void Build(const FleetExecutor& executor);
  void LayOut(std::size_t shard);
  bool MustRebuild();
  bool Own(const Entity& entity) const { return entity.rules() == &rules_; }

  const RuleSet& rules_;
  std::string today_;
  std::vector<Entity> rows_, columns_;
  bool rows_are_workers_;
  std::size_t kept_words_;
  std::vector<FleetRule> compiled_;
  std::vector<ShardColumns> shards_;
  std::size_t replaced_ = 0;  // since Build()
  bool both_sides_ = false;   // had an entity of this rule set then
};

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_FLEET_INDEX_H_
