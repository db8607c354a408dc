#ifndef CMATCH_ENGINE_FLEET_RULE_H_
#define CMATCH_ENGINE_FLEET_RULE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "fleet_leaf.h"

namespace cmatch::internal {

// The bitmaps of a verdict, in the order of its members.
enum FleetMap : std::uint8_t { kFailedMap, kWarnedMap, kSkippedMap, kWaivedMap, kFleetMaps };

// One rule for a whole fleet.
class FleetRule {
 public:
  FleetRule(const LeafSetting& setting, const Tables& tables, const CompiledRule& rule,
            std::string_view today, std::size_t rows);

  // Tells of one row or column, new or in the place of another; `own` says whether this rule set
  // has bound it. The shard of a column is to be indexed after, and every shard after the first
  // rows; later rows are added to what is there.
  void PutRow(std::size_t row, const Entity& entity, bool own);
  void PutLaterRow(std::size_t row, const Entity& entity, bool own,
                   std::span<const ShardColumns> shards);
  void RowsDone();  // those that the fleet begins with
  void PutColumn(std::size_t column, const Entity& entity);
  // For different shards from different threads.
  void IndexShard(const ShardColumns& shard);

  // The bitmaps of all rows of a shard that differ, one after the other.
  struct Table {
    bool made = false;
    std::uint32_t rows = 0;
    std::array<std::vector<std::uint64_t>, kFleetMaps> maps;  // empty where all bits are zero
    std::vector<std::uint32_t> in_table;  // of each class; empty: the class itself
  };

  // Where the bitmaps of rows [first, first + count) in a shard are. `scratch` holds those that no
  // table has.
  struct Scratch {
    Table table;                                               // made by Prepare()
    std::array<std::vector<std::uint64_t>, kFleetMaps> rows;   // row 0 is zero
    std::array<std::vector<std::uint32_t>, kFleetMaps> index;  // of each row of the block
    std::vector<std::uint32_t> in_shard;
  };
  // Before so many rows of one shard are asked for, with the same scratch: makes the table that is
  // not kept, where that is less work.
  void Prepare(const ShardColumns& shard, std::size_t rows, Scratch& scratch) const;
  void Rows(const ShardColumns& shard, std::size_t first, std::size_t count, Scratch& scratch,
            std::array<RowView, kFleetMaps>& views) const;

 private:
  struct TreeNode {
    Op op = Op::kAll;  // kAll, kAny, kNot; a leaf has another one
    std::uint32_t leaf = 0;
    std::vector<std::uint32_t> children;
  };
  struct Shard {
    Table table;                         // where few rows differ
    std::vector<std::uint64_t> waivers;  // a row of matching columns for each
  };
  using Outputs = std::array<std::uint64_t*, kFleetMaps>;

  std::uint32_t AddTree(const LeafSetting& setting, std::uint32_t node);
  // The row of a table for each class, and a class for each row.
  std::vector<std::uint32_t> Alike(std::size_t shard, std::vector<std::uint32_t>& samples) const;
  // No table where its words, `tables` times, are too many or over `most_rows`.
  void MakeTable(const ShardColumns& shard, std::size_t tables, std::size_t most_rows,
                 Table& table) const;
  void AddToTable(const ShardColumns& shard, std::uint32_t row_class);
  LeafRow Judge(const ShardColumns& shard, std::uint32_t node, std::span<const std::uint64_t> key,
                RowBuffer& buffer) const;
  LeafRow JudgeAll(const ShardColumns& shard, const TreeNode& node,
                   std::span<const std::uint64_t> key, RowBuffer& buffer) const;
  LeafRow JudgeAny(const ShardColumns& shard, const TreeNode& node,
                   std::span<const std::uint64_t> key, RowBuffer& buffer) const;
  // The bitmaps of a class; the answer has a bit for each map that was written, others are zero.
  unsigned Evaluate(const ShardColumns& shard, std::uint32_t row_class, const Outputs& out) const;
  // The failures of a class as a row of `scratch`, where they can be had without the rest.
  bool EvaluatePlain(const ShardColumns& shard, std::uint32_t row_class, std::size_t row,
                     Scratch& scratch) const;
  unsigned Outcomes(const ShardColumns& shard, const LeafRow& check, const LeafRow* when,
                    std::span<const std::uint64_t> key, const Outputs& out) const;
  unsigned SkipForeign(const ShardColumns& shard, bool foreign_row, unsigned written,
                       const Outputs& out) const;

  const RowOps& ops_;
  const Rule& rule_;
  std::vector<const Waiver*> waivers_;  // those that have not expired
  bool rows_are_workers_;
  std::size_t kept_words_;
  std::vector<std::unique_ptr<Leaf>> leaves_;
  std::vector<std::uint32_t> classes_of_leaf_;  // how many
  std::vector<TreeNode> tree_;
  bool has_when_ = false;
  bool plain_ = false;  // one test, which alone decides between passed and failed
  std::uint32_t when_ = 0, check_ = 0;

  Key key_;
  KeyTable classes_;  // own, the leaves' classes, the waivers that match
  std::vector<std::uint32_t> class_of_row_;
  std::vector<Shard> shards_;
};

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_FLEET_RULE_H_
