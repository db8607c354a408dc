#include "fleet_index.h"

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

namespace cmatch::internal {
namespace {

constexpr std::size_t kInCache = 256;  // models or workers, of some kilobytes each

}  // namespace

FleetBlock::Bits FleetRows::Row(std::size_t rule, FleetMap map, std::size_t row) const {
  static constexpr std::uint64_t kZero[kShardWords] = {};
  const RowView& view = rules[rule][map];
  return {view.base == nullptr ? kZero : view.Row(row, words), words_used};
}

FleetIndex::FleetIndex(const RuleSet& rules, std::string_view today, std::vector<Entity> rows,
                       std::vector<Entity> columns, bool rows_are_workers, std::size_t kept_bytes,
                       const FleetExecutor& executor)
    : rules_(rules),
      today_(today),
      rows_(std::move(rows)),
      columns_(std::move(columns)),
      rows_are_workers_(rows_are_workers),
      kept_words_(kept_bytes / sizeof(std::uint64_t)) {
  Build(executor);
}

void FleetIndex::Build(const FleetExecutor& executor) {
  const auto first_own = [&](const std::vector<Entity>& side) {
    const auto it = std::ranges::find_if(side, [&](const Entity& e) { return Own(e); });
    return it == side.end() ? std::nullopt : std::optional<Entity>(*it);
  };
  const LeafSetting setting{.program = &rules_.program(),
                            .ops = &BestRowOps(),
                            .shards = (columns_.size() + kShardColumns - 1) / kShardColumns,
                            .columns = columns_.size(),
                            .rows_are_workers = rows_are_workers_,
                            .kept_words = kept_words_,
                            .any_row = first_own(rows_),
                            .any_column = first_own(columns_)};
  replaced_ = 0;
  both_sides_ = setting.any_row && setting.any_column;
  compiled_.clear();
  for (const CompiledRule& rule : rules_.program().rules) {
    compiled_.emplace_back(setting, rules_.tables(), rule, today_, rows_.size());
  }
  shards_.assign(setting.shards, {});
  for (std::size_t i = 0; i < shards_.size(); ++i) LayOut(i);
  // A few at a time, while they are in the cache.
  const auto put = [&](std::size_t first_rule, std::size_t rules) {
    const std::span<FleetRule> some = std::span(compiled_).subspan(first_rule, rules);
    for (std::size_t begin = 0; begin < rows_.size(); begin += kInCache) {
      const std::size_t end = std::min(rows_.size(), begin + kInCache);
      for (FleetRule& rule : some) {
        for (std::size_t i = begin; i < end; ++i) rule.PutRow(i, rows_[i], Own(rows_[i]));
      }
    }
    for (FleetRule& rule : some) rule.RowsDone();
    for (std::size_t begin = 0; begin < columns_.size(); begin += kInCache) {
      const std::size_t end = std::min(columns_.size(), begin + kInCache);
      for (FleetRule& rule : some) {
        for (std::size_t i = begin; i < end; ++i) {
          if (Own(columns_[i])) rule.PutColumn(i, columns_[i]);
        }
      }
    }
  };
  const auto index = [&](std::size_t shard) {
    for (FleetRule& rule : compiled_) rule.IndexShard(shards_[shard]);
  };
  if (!executor) {
    put(0, compiled_.size());
    for (std::size_t i = 0; i < shards_.size(); ++i) index(i);
    return;
  }
  // By rule, then by shard: no two tasks touch the same rule, or the same shard of one.
  executor(compiled_.size(), [&](std::size_t rule) { put(rule, 1); });
  executor(shards_.size(), index);
}

void FleetIndex::LayOut(std::size_t index) {
  ShardColumns& shard = shards_[index];
  shard.index = index;
  shard.first = index * kShardColumns;
  const std::size_t count = std::min(kShardColumns, columns_.size() - shard.first);
  shard.columns = std::span<const Entity>(columns_).subspan(shard.first, count);
  shard.words = (count + 64 * kRowGrain - 1) / (64 * kRowGrain) * kRowGrain;
  shard.all.assign(shard.words, 0);
  shard.own.assign(shard.words, 0);
  for (std::size_t i = 0; i < count; ++i) {
    SetBit(shard.all.data(), i);
    if (Own(shard.columns[i])) SetBit(shard.own.data(), i);
  }
  shard.has_foreign = shard.own != shard.all;
}

void FleetIndex::Prepare(std::size_t shard, std::size_t rows, FleetRows& out) const {
  out.scratch.resize(compiled_.size());
  for (std::size_t i = 0; i < compiled_.size(); ++i) {
    compiled_[i].Prepare(shards_[shard], rows, out.scratch[i]);
  }
}

void FleetIndex::Fill(std::size_t shard_index, std::size_t first, std::size_t count,
                      FleetRows& out) const {
  const ShardColumns& shard = shards_[shard_index];
  out.words = shard.words;
  out.words_used = (shard.columns.size() + 63) / 64;
  out.rules.resize(compiled_.size());
  out.scratch.resize(compiled_.size());
  out.failed.clear();
  for (std::size_t i = 0; i < compiled_.size(); ++i) {
    compiled_[i].Rows(shard, first, count, out.scratch[i], out.rules[i]);
    if (out.rules[i][kFailedMap].base != nullptr) out.failed.push_back(out.rules[i][kFailedMap]);
  }
  out.compatible.resize(count * shard.words);
  BestRowOps().subtract_all(out.compatible.data(), shard.all.data(), out.failed.data(),
                            out.failed.size(), count, shard.words);
}

std::vector<std::uint64_t> FleetIndex::CompatibleWith(std::size_t row) const {
  std::vector<std::uint64_t> all;
  all.reserve((columns_.size() + 63) / 64);
  FleetRows rows;
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) {
    Fill(shard, row, 1, rows);
    all.insert(all.end(), rows.compatible.begin(),
               rows.compatible.begin() + static_cast<std::ptrdiff_t>(rows.words_used));
  }
  return all;
}

// Classes that nothing is of any more go with the index that has them. A test that reads one side
// only could not be judged while the other had nobody.
bool FleetIndex::MustRebuild() {
  return ++replaced_ > rows_.size() + columns_.size() || !both_sides_;
}

void FleetIndex::ReplaceRow(std::size_t row, Entity entity) {
  rows_[row] = std::move(entity);
  if (MustRebuild()) return Build({});
  for (FleetRule& rule : compiled_) rule.PutLaterRow(row, rows_[row], Own(rows_[row]), shards_);
}

void FleetIndex::ReplaceColumn(std::size_t column, Entity entity) {
  columns_[column] = std::move(entity);
  if (MustRebuild()) return Build({});
  const std::size_t shard = column / kShardColumns;
  LayOut(shard);
  for (FleetRule& rule : compiled_) {
    if (Own(columns_[column])) rule.PutColumn(column, columns_[column]);
    rule.IndexShard(shards_[shard]);
  }
}

}  // namespace cmatch::internal
