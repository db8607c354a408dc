#include <algorithm>
#include <bit>
#include <string>
#include <unordered_map>

#include "fleet_leaf.h"

namespace cmatch::internal {
namespace {

// The kinds of one entity's slot, by number: those of the tables first, then others by name.
struct Kinds {
  bool known = false;
  std::vector<std::uint32_t> all;
  std::vector<std::uint32_t> weak;  // of these the degraded ones
};

// Rows of bits for some numbers; a number without a bit has no row.
class NumberedRows {
 public:
  void Reset(std::size_t words) {
    words_ = words;
    at_.clear();
    rows_.clear();
  }
  void Set(std::uint32_t number, std::size_t bit) {
    if (number >= at_.size()) at_.resize(number + 1);
    if (at_[number] == 0) {
      rows_.resize(rows_.size() + words_);
      at_[number] = static_cast<std::uint32_t>(rows_.size() / words_);
    }
    SetBit(rows_.data() + (at_[number] - 1) * words_, bit);
  }
  const std::uint64_t* Row(std::uint32_t number) const {
    if (number >= at_.size() || at_[number] == 0) return nullptr;
    return rows_.data() + (at_[number] - 1) * words_;
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(at_.size()); }
  bool empty() const { return rows_.empty(); }

 private:
  std::size_t words_ = 0;
  std::vector<std::uint32_t> at_;  // row + 1
  std::vector<std::uint64_t> rows_;
};

// `has` says which columns have a kind, `weak` which have it degraded. A model asks in rows or in
// columns: where rows need and columns offer, the rows' kinds choose bitmaps; where columns need,
// those that a row lacks do.
class KindsLeaf final : public Leaf {
 public:
  KindsLeaf(const LeafSetting& setting, const Node& node)
      : program_(*setting.program),
        ops_(*setting.ops),
        any_(node.subject != Clause::Subject::kEachOf),
        left_(program_.slots[node.left]),
        right_(program_.slots[node.right]),
        rows_need_(left_.ecp == setting.rows_are_workers),
        table_kinds_(static_cast<std::uint32_t>(program_.symbols[left_.symbols].names.size())),
        shards_(setting.shards) {}

  std::uint32_t RowClass(const Entity& row) override {
    const Slot& slot = rows_need_ ? left_ : right_;
    NameExtras(slot, row);
    Kinds kinds;
    ReadKinds(slot, row, kinds);
    key_.assign(1, kinds.known ? 1 : 0);
    key_.insert(key_.end(), kinds.all.begin(), kinds.all.end());
    key_.push_back(~std::uint64_t{0});
    key_.insert(key_.end(), kinds.weak.begin(), kinds.weak.end());
    const std::uint32_t number = classes_.Number(key_);
    if (number == rows_.size()) rows_.push_back(std::move(kinds));
    return number;
  }

  void PutColumn(std::size_t /*column*/, const Entity& entity) override {
    NameExtras(rows_need_ ? right_ : left_, entity);
  }

  void IndexShard(const ShardColumns& shard) override {
    Shard& own = shards_[shard.index];
    own.has.Reset(shard.words);
    own.weak.Reset(shard.words);
    own.known.assign(shard.words, 0);
    Kinds kinds;
    for (std::size_t i = 0; i < shard.columns.size(); ++i) {
      if (!shard.Own(i)) continue;
      ReadKinds(rows_need_ ? right_ : left_, shard.columns[i], kinds);
      if (!kinds.known) continue;
      SetBit(own.known.data(), i);
      for (const std::uint32_t kind : kinds.all) own.has.Set(kind, i);
      for (const std::uint32_t kind : kinds.weak) own.weak.Set(kind, i);
    }
    own.unknown.assign(shard.words, 0);
    for (std::size_t w = 0; w < shard.words; ++w) own.unknown[w] = shard.own[w] & ~own.known[w];
    own.all_known = std::ranges::all_of(own.unknown, [](std::uint64_t w) { return w == 0; });
  }

  LeafRow Row(const ShardColumns& shard, std::uint32_t row_class,
              RowBuffer& buffer) const override {
    const Shard& own = shards_[shard.index];
    const Kinds& row = rows_[row_class];
    if (!row.known) return {nullptr, shard.own.data(), nullptr};
    LeafRow result = any_         ? AnyOf(own, row, shard.words, buffer)
                     : rows_need_ ? EachOfRow(own, row, shard.words, buffer)
                                  : EachOfColumn(own, row, shard.words, buffer);
    if (!own.all_known) result.unknown = own.unknown.data();
    return result;
  }

  bool TruthRows(const ShardColumns& shard, std::uint32_t row_class, RowList& list) const override {
    const Shard& own = shards_[shard.index];
    const Kinds& row = rows_[row_class];
    if (!any_ || !own.all_known || !own.weak.empty() || !row.known || !row.weak.empty() ||
        row.all.size() > list.rows.size()) {
      return false;
    }
    list.count = 0;
    for (const std::uint32_t kind : row.all) {
      if (const std::uint64_t* has = own.has.Row(kind)) list.rows[list.count++] = has;
    }
    return true;
  }

 private:
  struct Shard {
    NumberedRows has, weak;
    std::vector<std::uint64_t> known, unknown;
    bool all_known = true;
  };
  // Rows to be united, a few at a time.
  class Uniter {
   public:
    Uniter(const RowOps& ops, std::uint64_t* out, std::size_t words)
        : ops_(ops), out_(out), words_(words) {}
    void Add(const std::uint64_t* row) {
      if (row == nullptr) return;
      if (count_ == rows_.size()) Done();
      rows_[count_++] = row;
    }
    // nullptr: no row was added.
    const std::uint64_t* Done() {
      if (count_ <= 1) return count_ == 0 ? nullptr : rows_[0];
      ops_.unite(out_, rows_.data(), count_, words_);
      rows_[0] = out_;
      count_ = 1;
      return out_;
    }

   private:
    const RowOps& ops_;
    std::uint64_t* out_;
    std::size_t words_;
    std::array<const std::uint64_t*, 16> rows_ = {};
    std::size_t count_ = 0;
  };

  void ReadKinds(const Slot& slot, const Entity& entity, Kinds& kinds) const {
    const Record& record = entity.record();
    kinds.known = record.Known(slot);
    kinds.all.clear();
    kinds.weak.clear();
    if (!kinds.known) return;
    const std::uint64_t* data = record.Data(slot);
    const bool levels = slot.ecp && &slot == &right_;
    for (std::uint32_t word = 0; word < slot.words; ++word) {
      for (std::uint64_t left = data[word]; left != 0; left &= left - 1) {
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(left));
        kinds.all.push_back(word * 64 + bit);
        if (levels && (data[slot.words + word] >> bit & 1) != 0) {
          kinds.weak.push_back(word * 64 + bit);
        }
      }
    }
    const auto of_tables = static_cast<std::ptrdiff_t>(kinds.all.size());
    for (const ExtraKind& extra : record.extras) {
      if (extra.slot == slot.index) kinds.all.push_back(extras_.at(extra.name));
    }
    const auto extras = kinds.all.begin() + of_tables;
    std::sort(extras, kinds.all.end());
    kinds.all.erase(std::unique(extras, kinds.all.end()), kinds.all.end());
  }

  // Numbers the kinds that no table knows.
  void NameExtras(const Slot& slot, const Entity& entity) {
    for (const ExtraKind& extra : entity.record().extras) {
      if (extra.slot != slot.index) continue;
      extras_.try_emplace(extra.name, table_kinds_ + static_cast<std::uint32_t>(extras_.size()));
    }
  }

  // True where a kind is on both sides; weak where each such one is degraded.
  LeafRow AnyOf(const Shard& own, const Kinds& row, std::size_t words, RowBuffer& buffer) const {
    Uniter all(ops_, buffer.truth, words);
    for (const std::uint32_t kind : row.all) all.Add(own.has.Row(kind));
    const std::uint64_t* truth = all.Done();
    if (truth == nullptr || (row.weak.empty() && own.weak.empty()))
      return {truth, nullptr, nullptr};
    std::fill_n(buffer.unknown, words, 0);  // native ones, for the moment
    for (const std::uint32_t kind : row.all) {
      const std::uint64_t* has = own.has.Row(kind);
      if (has == nullptr || std::ranges::binary_search(row.weak, kind)) continue;
      const std::uint64_t* weak = own.weak.Row(kind);
      for (std::size_t w = 0; w < words; ++w) {
        buffer.unknown[w] |= weak == nullptr ? has[w] : has[w] & ~weak[w];
      }
    }
    for (std::size_t w = 0; w < words; ++w) buffer.weak[w] = truth[w] & ~buffer.unknown[w];
    return {truth, nullptr, buffer.weak};
  }

  // True where a column has each kind that the row needs.
  LeafRow EachOfRow(const Shard& own, const Kinds& row, std::size_t words,
                    RowBuffer& buffer) const {
    std::copy_n(own.known.data(), words, buffer.truth);
    for (const std::uint32_t kind : row.all) {
      const std::uint64_t* has = own.has.Row(kind);
      if (has == nullptr) return {};
      for (std::size_t w = 0; w < words; ++w) buffer.truth[w] &= has[w];
    }
    if (own.weak.empty()) return {buffer.truth, nullptr, nullptr};
    Uniter poor(ops_, buffer.weak, words);
    for (const std::uint32_t kind : row.all) poor.Add(own.weak.Row(kind));
    return Weakened(poor.Done(), words, buffer);
  }

  // True where a column needs no kind that the row lacks.
  LeafRow EachOfColumn(const Shard& own, const Kinds& row, std::size_t words,
                       RowBuffer& buffer) const {
    Uniter lacking(ops_, buffer.weak, words);
    for (std::uint32_t kind = 0; kind < own.has.size(); ++kind) {
      if (!std::ranges::binary_search(row.all, kind)) lacking.Add(own.has.Row(kind));
    }
    const std::uint64_t* lacks = lacking.Done();
    for (std::size_t w = 0; w < words; ++w) {
      buffer.truth[w] = own.known[w] & ~(lacks == nullptr ? 0 : lacks[w]);
    }
    Uniter poor(ops_, buffer.weak, words);
    for (const std::uint32_t kind : row.weak) poor.Add(own.has.Row(kind));
    return Weakened(poor.Done(), words, buffer);
  }

  static LeafRow Weakened(const std::uint64_t* poor, std::size_t words, RowBuffer& buffer) {
    if (poor == nullptr) return {buffer.truth, nullptr, nullptr};
    for (std::size_t w = 0; w < words; ++w) buffer.weak[w] = buffer.truth[w] & poor[w];
    return {buffer.truth, nullptr, buffer.weak};
  }

  const Program& program_;
  const RowOps& ops_;
  bool any_;
  const Slot& left_;
  const Slot& right_;
  bool rows_need_;  // the left side of the test is that of the rows
  std::uint32_t table_kinds_;
  std::unordered_map<std::string, std::uint32_t> extras_;
  Key key_;
  KeyTable classes_;
  std::vector<Kinds> rows_;  // of each row class
  std::vector<Shard> shards_;
};

}  // namespace

std::unique_ptr<Leaf> MakeKindsLeaf(const LeafSetting& setting, std::uint32_t node) {
  const Program& program = *setting.program;
  const Node& test = program.nodes[node];
  if (test.op != Op::kKinds || test.right == kNoSlot) return nullptr;
  if (program.slots[test.left].ecp == program.slots[test.right].ecp) return nullptr;
  return std::make_unique<KindsLeaf>(setting, test);
}

}  // namespace cmatch::internal
