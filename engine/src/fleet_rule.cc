#include "fleet_rule.h"

#include <algorithm>

#include "judge.h"

namespace cmatch::internal {
namespace {

// Words of a map that are kept for each model and worker beside FleetOptions::kept_bytes, so that
// what is kept grows with models + workers.
constexpr std::size_t kTableWordsOfOne = 8;

constexpr std::uint64_t kForeign = 0;

std::uint64_t At(const std::uint64_t* row, std::size_t word) {
  return row == nullptr ? 0 : row[word];
}

unsigned Bit(FleetMap map) { return 1U << map; }

}  // namespace

FleetRule::FleetRule(const LeafSetting& setting, const Tables& tables, const CompiledRule& rule,
                     std::string_view today, std::size_t rows)
    : ops_(*setting.ops),
      rule_(*rule.rule),
      rows_are_workers_(setting.rows_are_workers),
      kept_words_(setting.kept_words),
      class_of_row_(rows),
      shards_(setting.shards) {
  if (rule_.severity == Severity::kOff) return;
  for (const Waiver& waiver : tables.waivers) {
    if (waiver.rule == rule_.id && !Expired(waiver.expires, today)) waivers_.push_back(&waiver);
  }
  if (rule.when != kNoSlot) {
    has_when_ = true;
    when_ = AddTree(setting, rule.when);
  }
  check_ = AddTree(setting, rule.check);
  plain_ = tree_.size() == 1 && waivers_.empty() && rule_.severity == Severity::kError;
}

std::uint32_t FleetRule::AddTree(const LeafSetting& setting, std::uint32_t node) {
  const Node& clause = setting.program->nodes[node];
  TreeNode added{.op = clause.op, .leaf = 0, .children = {}};
  if (clause.op == Op::kAll || clause.op == Op::kAny) {
    for (std::uint32_t i = 0; i < clause.count; ++i) {
      added.children.push_back(AddTree(setting, clause.first + i));
    }
  } else if (clause.op == Op::kNot) {
    added.children.push_back(AddTree(setting, clause.first));
  } else {
    added.leaf = static_cast<std::uint32_t>(leaves_.size());
    leaves_.push_back(MakeLeaf(setting, node));
    classes_of_leaf_.push_back(0);
  }
  tree_.push_back(std::move(added));
  return static_cast<std::uint32_t>(tree_.size() - 1);
}

void FleetRule::PutRow(std::size_t row, const Entity& entity, bool own) {
  key_.clear();
  if (!own) {
    key_.push_back(kForeign);
  } else {
    key_.push_back(1);
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      const std::uint32_t number = leaves_[i]->RowClass(entity);
      classes_of_leaf_[i] = std::max(classes_of_leaf_[i], number + 1);
      key_.push_back(number);
    }
    for (const Waiver* waiver : waivers_) {
      key_.push_back(MatchesGlob(rows_are_workers_ ? waiver->worker : waiver->model, entity.id()));
    }
  }
  const std::uint32_t number = classes_.Number(key_);
  class_of_row_[row] = number;
}

void FleetRule::PutLaterRow(std::size_t row, const Entity& entity, bool own,
                            std::span<const ShardColumns> shards) {
  const std::uint32_t before = classes_.size();
  PutRow(row, entity, own);
  if (classes_.size() == before) return;
  for (const ShardColumns& shard : shards) AddToTable(shard, before);
}

void FleetRule::RowsDone() {
  for (const auto& leaf : leaves_) leaf->RowsDone();
}

void FleetRule::PutColumn(std::size_t column, const Entity& entity) {
  for (const auto& leaf : leaves_) leaf->PutColumn(column, entity);
}

void FleetRule::IndexShard(const ShardColumns& shard) {
  Shard& own = shards_[shard.index];
  for (const auto& leaf : leaves_) leaf->IndexShard(shard);
  own.waivers.assign(waivers_.size() * shard.words, 0);
  for (std::size_t w = 0; w < waivers_.size(); ++w) {
    const std::string_view pattern = rows_are_workers_ ? waivers_[w]->model : waivers_[w]->worker;
    for (std::size_t i = 0; i < shard.columns.size(); ++i) {
      if (shard.Own(i) && MatchesGlob(pattern, shard.columns[i].id())) {
        SetBit(own.waivers.data() + w * shard.words, i);
      }
    }
  }
  MakeTable(shard, shards_.size(), ~std::size_t{0}, own.table);
}

std::vector<std::uint32_t> FleetRule::Alike(std::size_t shard,
                                            std::vector<std::uint32_t>& samples) const {
  std::vector<std::vector<std::uint32_t>> in_shard(leaves_.size());
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    in_shard[i].resize(classes_of_leaf_[i]);
    leaves_[i]->ClassesInShard(shard, in_shard[i]);
  }
  std::vector<std::uint32_t> row_of_class(classes_.size());
  if (leaves_.size() == 1 && waivers_.empty()) {
    std::vector<std::uint32_t> row_of(classes_of_leaf_[0] + kShardColumns + 8, kNoSlot);
    for (std::uint32_t number = 0; number < classes_.size(); ++number) {
      const auto key = classes_.KeyOf(number);
      std::uint32_t& row = row_of[key[0] == kForeign ? 0 : in_shard[0][key[1]] + 1];
      if (row == kNoSlot) {
        row = static_cast<std::uint32_t>(samples.size());
        samples.push_back(number);
      }
      row_of_class[number] = row;
    }
    return row_of_class;
  }
  KeyTable distinct;
  Key key;
  for (std::uint32_t number = 0; number < classes_.size(); ++number) {
    const auto of_class = classes_.KeyOf(number);
    key.assign(of_class.begin(), of_class.end());
    for (std::size_t i = 0; i < leaves_.size() && key[0] != kForeign; ++i) {
      key[i + 1] = in_shard[i][key[i + 1]];
    }
    row_of_class[number] = distinct.Number(key);
    if (row_of_class[number] == samples.size()) samples.push_back(number);
  }
  return row_of_class;
}

void FleetRule::MakeTable(const ShardColumns& shard, std::size_t tables, std::size_t most_rows,
                          Table& table) const {
  table.made = false;
  for (auto& map : table.maps) map.clear();
  table.in_table.clear();
  if (kept_words_ == 0) return;
  std::vector<std::uint32_t> sample;
  std::vector<std::uint32_t> in_table = Alike(shard.index, sample);
  const std::size_t rows = sample.size();
  const std::size_t most =
      kept_words_ + kTableWordsOfOne * (class_of_row_.size() + shards_.size() * kShardColumns);
  if (rows > most_rows || rows * shard.words * tables > most) return;
  table.made = true;
  table.rows = static_cast<std::uint32_t>(rows);
  std::array<std::uint64_t, kFleetMaps * kShardWords> buffer;
  Outputs out{};
  for (std::size_t m = 0; m < kFleetMaps; ++m) out[m] = buffer.data() + m * shard.words;
  for (std::size_t row = 0; row < rows; ++row) {
    const unsigned written = Evaluate(shard, sample[row], out);
    for (std::size_t m = 0; m < kFleetMaps; ++m) {
      if ((written >> m & 1) == 0) continue;
      if (table.maps[m].empty()) table.maps[m].resize(rows * shard.words);
      std::copy_n(out[m], shard.words, table.maps[m].data() + row * shard.words);
    }
  }
  if (rows < classes_.size()) table.in_table = std::move(in_table);
}

void FleetRule::Prepare(const ShardColumns& shard, std::size_t rows, Scratch& scratch) const {
  scratch.table.made = false;
  if (shards_[shard.index].table.made || rows < classes_.size()) return;
  MakeTable(shard, 1, rows / 2, scratch.table);
}

// The new class gets a row of its own, also where another one has the same bitmaps.
void FleetRule::AddToTable(const ShardColumns& shard, std::uint32_t row_class) {
  Table& table = shards_[shard.index].table;
  if (!table.made) return;
  if (!table.in_table.empty()) table.in_table.push_back(table.rows);
  ++table.rows;
  const std::size_t size = table.rows * shard.words;
  std::array<std::uint64_t, kFleetMaps * kShardWords> row;
  Outputs out{};
  for (std::size_t m = 0; m < kFleetMaps; ++m) out[m] = row.data() + m * shard.words;
  const unsigned written = Evaluate(shard, row_class, out);
  for (std::size_t m = 0; m < kFleetMaps; ++m) {
    const bool set = (written >> m & 1) != 0;
    if (!set && table.maps[m].empty()) continue;
    table.maps[m].resize(size);
    if (set)
      std::copy_n(out[m], shard.words,
                  table.maps[m].end() - static_cast<std::ptrdiff_t>(shard.words));
  }
}

void FleetRule::Rows(const ShardColumns& shard, std::size_t first, std::size_t count,
                     Scratch& scratch, std::array<RowView, kFleetMaps>& views) const {
  const Table& kept = shards_[shard.index].table;
  const Table& table = kept.made ? kept : scratch.table;
  const std::uint32_t* classes = class_of_row_.data() + first;
  if (table.made) {
    if (!table.in_table.empty()) {
      scratch.in_shard.resize(count);
      for (std::size_t i = 0; i < count; ++i) scratch.in_shard[i] = table.in_table[classes[i]];
      classes = scratch.in_shard.data();
    }
    for (std::size_t m = 0; m < kFleetMaps; ++m) {
      views[m] = table.maps[m].empty() ? RowView{} : RowView{table.maps[m].data(), classes};
    }
    return;
  }
  for (std::size_t m = 0; m < kFleetMaps; ++m) {
    scratch.rows[m].resize((count + 1) * shard.words);
    std::fill_n(scratch.rows[m].data(), shard.words, 0);
    scratch.index[m].assign(count, 0);
  }
  unsigned any = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (plain_ && !shard.has_foreign && EvaluatePlain(shard, classes[i], i + 1, scratch)) {
      scratch.index[kFailedMap][i] = static_cast<std::uint32_t>(i + 1);
      any |= Bit(kFailedMap);
      continue;
    }
    Outputs out{};
    for (std::size_t m = 0; m < kFleetMaps; ++m) {
      out[m] = scratch.rows[m].data() + (i + 1) * shard.words;
    }
    const unsigned written = Evaluate(shard, classes[i], out);
    any |= written;
    for (std::size_t m = 0; m < kFleetMaps; ++m) {
      scratch.index[m][i] = (written >> m & 1) != 0 ? static_cast<std::uint32_t>(i + 1) : 0;
    }
  }
  for (std::size_t m = 0; m < kFleetMaps; ++m) {
    views[m] =
        (any >> m & 1) != 0 ? RowView{scratch.rows[m].data(), scratch.index[m].data()} : RowView{};
  }
}

bool FleetRule::EvaluatePlain(const ShardColumns& shard, std::uint32_t row_class, std::size_t row,
                              Scratch& scratch) const {
  const std::span<const std::uint64_t> key = classes_.KeyOf(row_class);
  RowList list;
  if (key[0] == kForeign ||
      !leaves_[0]->TruthRows(shard, static_cast<std::uint32_t>(key[1]), list)) {
    return false;
  }
  ops_.subtract_rows(scratch.rows[kFailedMap].data() + row * shard.words, shard.own.data(),
                     list.rows.data(), list.count, shard.words);
  return true;
}

LeafRow FleetRule::Judge(const ShardColumns& shard, std::uint32_t node,
                         std::span<const std::uint64_t> key, RowBuffer& buffer) const {
  const TreeNode& tree = tree_[node];
  if (tree.op == Op::kAll) return JudgeAll(shard, tree, key, buffer);
  if (tree.op == Op::kAny) return JudgeAny(shard, tree, key, buffer);
  if (tree.op != Op::kNot) {
    return leaves_[tree.leaf]->Row(shard, static_cast<std::uint32_t>(key[tree.leaf + 1]), buffer);
  }
  RowBuffer inner;
  const LeafRow of = Judge(shard, tree.children[0], key, inner);
  for (std::size_t w = 0; w < shard.words; ++w) {
    buffer.unknown[w] = At(of.unknown, w);
    buffer.truth[w] = shard.own[w] & ~(At(of.truth, w) | buffer.unknown[w]);
  }
  return {buffer.truth, buffer.unknown, nullptr};
}

// As Evaluator: false if one is, else unknown if one is; a true one has the worst level.
LeafRow FleetRule::JudgeAll(const ShardColumns& shard, const TreeNode& node,
                            std::span<const std::uint64_t> key, RowBuffer& buffer) const {
  std::copy_n(shard.own.data(), shard.words, buffer.truth);
  std::copy_n(shard.own.data(), shard.words, buffer.unknown);  // not false, for the moment
  std::fill_n(buffer.weak, shard.words, 0);
  RowBuffer inner;
  for (const std::uint32_t child : node.children) {
    const LeafRow of = Judge(shard, child, key, inner);
    for (std::size_t w = 0; w < shard.words; ++w) {
      buffer.truth[w] &= At(of.truth, w);
      buffer.unknown[w] &= At(of.truth, w) | At(of.unknown, w);
      buffer.weak[w] |= At(of.weak, w);
    }
  }
  for (std::size_t w = 0; w < shard.words; ++w) {
    buffer.unknown[w] &= ~buffer.truth[w];
    buffer.weak[w] &= buffer.truth[w];
  }
  return {buffer.truth, buffer.unknown, buffer.weak};
}

// True if one is, with the best level of those; else unknown if one is.
LeafRow FleetRule::JudgeAny(const ShardColumns& shard, const TreeNode& node,
                            std::span<const std::uint64_t> key, RowBuffer& buffer) const {
  std::fill_n(buffer.truth, shard.words, 0);
  std::fill_n(buffer.unknown, shard.words, 0);
  std::fill_n(buffer.weak, shard.words, 0);  // native ones, for the moment
  RowBuffer inner;
  for (const std::uint32_t child : node.children) {
    const LeafRow of = Judge(shard, child, key, inner);
    for (std::size_t w = 0; w < shard.words; ++w) {
      buffer.truth[w] |= At(of.truth, w);
      buffer.unknown[w] |= At(of.unknown, w);
      buffer.weak[w] |= At(of.truth, w) & ~At(of.weak, w);
    }
  }
  for (std::size_t w = 0; w < shard.words; ++w) {
    buffer.unknown[w] &= ~buffer.truth[w];
    buffer.weak[w] = buffer.truth[w] & ~buffer.weak[w];
  }
  return {buffer.truth, buffer.unknown, buffer.weak};
}

unsigned FleetRule::Evaluate(const ShardColumns& shard, std::uint32_t row_class,
                             const Outputs& out) const {
  const std::span<const std::uint64_t> key = classes_.KeyOf(row_class);
  const bool foreign_row = key[0] == kForeign;
  unsigned written = 0;
  if (!foreign_row && rule_.severity != Severity::kOff) {
    RowBuffer check_buffer;
    const LeafRow check = Judge(shard, check_, key, check_buffer);
    if (has_when_) {
      RowBuffer when_buffer;
      const LeafRow when = Judge(shard, when_, key, when_buffer);
      written = Outcomes(shard, check, &when, key, out);
    } else {
      written = Outcomes(shard, check, nullptr, key, out);
    }
  }
  return SkipForeign(shard, foreign_row, written, out);
}

// As Judge() in judge.cc, for a row of pairs.
unsigned FleetRule::Outcomes(const ShardColumns& shard, const LeafRow& check, const LeafRow* when,
                             std::span<const std::uint64_t> key, const Outputs& out) const {
  static constexpr std::uint64_t kNone[kShardWords] = {};
  const bool warning = rule_.severity == Severity::kWarning;
  const FleetMap false_map = warning ? kWarnedMap : kFailedMap;
  const FleetMap unknown_map = rule_.unknown == OnUnknown::kSkip              ? kSkippedMap
                               : rule_.unknown == OnUnknown::kWarn || warning ? kWarnedMap
                                                                              : kFailedMap;
  unsigned written = Bit(false_map);
  if (when == nullptr) {
    ops_.subtract(out[false_map], shard.own.data(), check.truth == nullptr ? kNone : check.truth,
                  check.unknown == nullptr ? kNone : check.unknown, shard.words);
  } else {
    for (std::size_t w = 0; w < shard.words; ++w) {
      out[false_map][w] = At(when->truth, w) & ~(At(check.truth, w) | At(check.unknown, w));
    }
  }
  const auto add = [&](FleetMap map, auto word_of) {
    const bool more = (written & Bit(map)) != 0;
    for (std::size_t w = 0; w < shard.words; ++w) {
      out[map][w] = word_of(w) | (more ? out[map][w] : 0);
    }
    written |= Bit(map);
  };
  const auto applies = [&](std::size_t w) {
    return when == nullptr ? ~std::uint64_t{0} : At(when->truth, w);
  };
  if (check.unknown != nullptr || (when != nullptr && when->unknown != nullptr)) {
    add(unknown_map, [&](std::size_t w) {
      return (applies(w) & At(check.unknown, w)) | (when == nullptr ? 0 : At(when->unknown, w));
    });
  }
  if (check.weak != nullptr) {
    add(kWarnedMap, [&](std::size_t w) { return applies(w) & check.weak[w]; });
  }
  if (waivers_.empty() || (written & Bit(kFailedMap)) == 0) return written;
  const std::uint64_t* matching = shards_[shard.index].waivers.data();
  const auto matches = key.last(waivers_.size());
  add(kWaivedMap, [&](std::size_t w) {
    std::uint64_t waived = 0;
    for (std::size_t i = 0; i < matches.size(); ++i) {
      if (matches[i] != 0) waived |= matching[i * shard.words + w];
    }
    return waived & out[kFailedMap][w];
  });
  for (std::size_t w = 0; w < shard.words; ++w) out[kFailedMap][w] &= ~out[kWaivedMap][w];
  return written;
}

// What another rule set has bound is skipped.
unsigned FleetRule::SkipForeign(const ShardColumns& shard, bool foreign_row, unsigned written,
                                const Outputs& out) const {
  if (!foreign_row && !shard.has_foreign) return written;
  for (std::size_t w = 0; w < shard.words; ++w) {
    const std::uint64_t foreign = foreign_row ? shard.all[w] : shard.all[w] & ~shard.own[w];
    const bool more = (written & Bit(kSkippedMap)) != 0;
    out[kSkippedMap][w] = foreign | (more ? out[kSkippedMap][w] : 0);
  }
  return written | Bit(kSkippedMap);
}

}  // namespace cmatch::internal
