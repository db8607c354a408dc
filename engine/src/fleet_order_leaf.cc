#include <algorithm>
#include <bit>

#include "compile.h"
#include "fleet_leaf.h"

namespace cmatch::internal {
namespace {

using Subject = Clause::Subject;

bool IsLess(Relation relation) {
  return relation == Relation::kLess || relation == Relation::kLessEqual;
}
bool IsGreater(Relation relation) {
  return relation == Relation::kGreater || relation == Relation::kGreaterEqual;
}

// a R b is b Flipped(R) a.
Relation Flipped(Relation relation) {
  switch (relation) {
    case Relation::kLess:
      return Relation::kGreater;
    case Relation::kLessEqual:
      return Relation::kGreaterEqual;
    case Relation::kGreater:
      return Relation::kLess;
    case Relation::kGreaterEqual:
      return Relation::kLessEqual;
    case Relation::kEqual:
    case Relation::kIn:
    case Relation::kMultipleOf:
    case Relation::kKnown:
    case Relation::kRunsOn:
      break;
  }
  return Relation::kEqual;
}

// What one side brings to the comparison. A list comes down to its smallest or largest number;
// where it is empty, to an answer.
struct Term {
  enum class State : std::uint64_t { kNumber, kUnknown, kTrue, kFalse };
  State state = State::kUnknown;
  std::int64_t number = 0;
};

// The bitmaps of a shard stand in order of its thresholds t[0] < t[1] < ...: of the columns with
// rank r (t[r] is theirs) bitmap i has those with r >= i, r < i or r == i, as the relation needs.
class OrderLeaf final : public Leaf {
 public:
  OrderLeaf(const LeafSetting& setting, const Node& node, std::vector<std::uint32_t> left)
      : program_(*setting.program),
        node_(node),
        left_(std::move(left)),
        rows_are_left_(program_.slots[left_[0]].ecp == setting.rows_are_workers),
        relation_(rows_are_left_ ? node.relation : Flipped(node.relation)),
        shards_(setting.shards) {}

  std::uint32_t RowClass(const Entity& row) override {
    const Term term = TermOf(row, rows_are_left_);
    const std::uint64_t key[] = {static_cast<std::uint64_t>(term.state),
                                 std::bit_cast<std::uint64_t>(term.number)};
    const std::uint32_t number = classes_.Number(key);
    if (number == terms_.size()) terms_.push_back(term);
    return number;
  }

  void IndexShard(const ShardColumns& shard) override {
    Shard& own = shards_[shard.index];
    std::vector<Term> terms(shard.columns.size());
    own.thresholds.clear();
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (!shard.Own(i)) continue;
      terms[i] = TermOf(shard.columns[i], !rows_are_left_);
      if (terms[i].state == Term::State::kNumber) own.thresholds.push_back(terms[i].number);
    }
    std::sort(own.thresholds.begin(), own.thresholds.end());
    own.thresholds.erase(std::unique(own.thresholds.begin(), own.thresholds.end()),
                         own.thresholds.end());
    FillRows(shard, terms, own);
  }

  void RowsDone() override {
    ascending_.resize(terms_.size());
    std::iota(ascending_.begin(), ascending_.end(), 0);
    std::ranges::sort(ascending_, {}, [&](std::uint32_t c) { return terms_[c].number; });
  }

  void ClassesInShard(std::size_t shard, std::vector<std::uint32_t>& out) const override {
    const Shard& own = shards_[shard];
    std::size_t at = 0;  // both are in order, so that one walk finds each rank
    for (const std::uint32_t number : ascending_) {
      const Term& term = terms_[number];
      while (at < own.thresholds.size() && (UpperBound() ? own.thresholds[at] <= term.number
                                                         : own.thresholds[at] < term.number)) {
        ++at;
      }
      out[number] = RankAt(own, term, at);
    }
    for (std::size_t number = ascending_.size(); number < out.size(); ++number) {
      out[number] = Rank(own, terms_[number]);
    }
  }

  LeafRow Row(const ShardColumns& shard, std::uint32_t row_class,
              RowBuffer& /*buffer*/) const override {
    const Shard& own = shards_[shard.index];
    const std::uint64_t* unknown = own.all_known ? nullptr : own.unknown.data();
    switch (terms_[row_class].state) {
      case Term::State::kUnknown:
        return {nullptr, shard.own.data(), nullptr};
      case Term::State::kTrue:
        return {own.known.data(), unknown, nullptr};
      case Term::State::kFalse:
        return {nullptr, unknown, nullptr};
      case Term::State::kNumber:
        break;
    }
    const std::size_t rank = Rank(own, terms_[row_class]);
    return {own.rows.data() + rank * shard.words, unknown, nullptr};
  }

 private:
  struct Shard {
    std::vector<std::int64_t> thresholds;  // of its columns, ascending
    std::vector<std::uint64_t> rows;       // one more than thresholds
    std::vector<std::uint64_t> known, unknown;
    bool all_known = true;
  };

  bool UpperBound() const {
    return relation_ == Relation::kLess || relation_ == Relation::kGreaterEqual;
  }

  // The bitmap of a term; past them all a number for what is no number.
  static std::uint32_t RankOf(const Shard& own, Term::State state) {
    return static_cast<std::uint32_t>(own.thresholds.size() + 1) +
           static_cast<std::uint32_t>(state);
  }

  std::uint32_t RankAt(const Shard& own, const Term& term, std::size_t at) const {
    if (term.state != Term::State::kNumber) return RankOf(own, term.state);
    if (Equality() && (at == own.thresholds.size() || own.thresholds[at] != term.number)) {
      at = own.thresholds.size();  // the bitmap of no threshold
    }
    return static_cast<std::uint32_t>(at);
  }

  std::uint32_t Rank(const Shard& own, const Term& term) const {
    const auto begin = own.thresholds.begin();
    const auto end = own.thresholds.end();
    const auto at = UpperBound() ? std::upper_bound(begin, end, term.number)
                                 : std::lower_bound(begin, end, term.number);
    return RankAt(own, term, static_cast<std::size_t>(at - begin));
  }

  bool Equality() const { return !IsLess(relation_) && !IsGreater(relation_); }

  Term TermOf(const Entity& entity, bool left) const {
    const Record& record = entity.record();
    if (!left) {
      const Slot& slot = program_.slots[node_.right];
      if (!record.Known(slot)) return {};
      return {Term::State::kNumber, std::bit_cast<std::int64_t>(*record.Data(slot))};
    }
    Term term;
    for (const std::uint32_t index : left_) {
      const Slot& slot = program_.slots[index];
      if (!record.Known(slot)) continue;
      if (slot.field->type == FieldType::kIntegers) return TermOf(record.lists[*record.Data(slot)]);
      const auto number = std::bit_cast<std::int64_t>(*record.Data(slot));
      const bool first = term.state == Term::State::kUnknown;
      term = {Term::State::kNumber, first ? number : std::min(term.number, number)};
    }
    return term;
  }

  // One of a list is below a limit where the smallest is, each where the largest is.
  Term TermOf(const std::vector<std::int64_t>& list) const {
    const bool any = node_.subject == Subject::kAnyOf;
    if (list.empty()) return {any ? Term::State::kFalse : Term::State::kTrue, 0};
    const bool smallest = any == IsLess(node_.relation);
    return {Term::State::kNumber, smallest ? *std::min_element(list.begin(), list.end())
                                           : *std::max_element(list.begin(), list.end())};
  }

  void FillRows(const ShardColumns& shard, const std::vector<Term>& terms, Shard& own) const {
    const std::size_t ranks = own.thresholds.size() + 1;
    own.rows.assign(ranks * shard.words, 0);
    own.known.assign(shard.words, 0);
    own.unknown.assign(shard.words, 0);
    std::vector<std::uint64_t> always(shard.words);
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (!shard.Own(i)) continue;
      SetBit((terms[i].state == Term::State::kUnknown ? own.unknown : own.known).data(), i);
      if (terms[i].state == Term::State::kTrue) SetBit(always.data(), i);
      if (terms[i].state != Term::State::kNumber) continue;
      const auto at =
          std::lower_bound(own.thresholds.begin(), own.thresholds.end(), terms[i].number);
      const auto rank = static_cast<std::size_t>(at - own.thresholds.begin());
      SetBit(own.rows.data() + (rank + (IsGreater(relation_) ? 1 : 0)) * shard.words, i);
    }
    own.all_known = std::ranges::all_of(own.unknown, [](std::uint64_t w) { return w == 0; });
    Accumulate(shard.words, ranks, own.rows);
    for (std::size_t i = 0; i < own.rows.size(); ++i) own.rows[i] |= always[i % shard.words];
  }

  // From the columns of each rank to those of it and all above, or all below.
  void Accumulate(std::size_t words, std::size_t ranks, std::vector<std::uint64_t>& rows) const {
    if (Equality()) return;
    for (std::size_t step = 1; step < ranks; ++step) {
      const std::size_t to = IsLess(relation_) ? ranks - 1 - step : step;
      const std::size_t from = IsLess(relation_) ? to + 1 : to - 1;
      for (std::size_t w = 0; w < words; ++w) rows[to * words + w] |= rows[from * words + w];
    }
  }

  const Program& program_;
  Node node_;
  std::vector<std::uint32_t> left_;  // slots
  bool rows_are_left_;
  Relation relation_;  // row, relation_, column
  KeyTable classes_;
  std::vector<Term> terms_;               // of each row class
  std::vector<std::uint32_t> ascending_;  // classes by number, those of RowsDone()
  std::vector<Shard> shards_;
};

// The slots of the left side where all are of one side of the pair and can be ordered as integers.
std::vector<std::uint32_t> LeftSlots(const Program& program, const Node& node) {
  std::vector<std::uint32_t> left;
  if (node.subject == Subject::kLeastOf) {
    for (std::uint32_t i = 0; i < node.count; ++i) {
      left.push_back(program.slot_lists[node.first + i]);
    }
  } else {
    left.push_back(node.left);
  }
  const bool ecp = program.slots[left[0]].ecp;
  for (const std::uint32_t index : left) {
    const Slot& slot = program.slots[index];
    const bool ordered = IsLess(node.relation) || IsGreater(node.relation);
    if (slot.ecp != ecp || !IsWord(slot.field->type)) return {};
    if (slot.field->type == FieldType::kIntegers && !ordered) return {};
  }
  return left;
}

}  // namespace

std::unique_ptr<Leaf> MakeOrderLeaf(const LeafSetting& setting, std::uint32_t node) {
  const Program& program = *setting.program;
  const Node& test = program.nodes[node];
  if (test.op != Op::kOrder || test.right == kNoSlot || test.factors != 0 ||
      test.relation == Relation::kMultipleOf) {
    return nullptr;
  }
  std::vector<std::uint32_t> left = LeftSlots(program, test);
  const Slot& right = program.slots[test.right];
  if (left.empty() || right.ecp == program.slots[left[0]].ecp || !IsWord(right.field->type)) {
    return nullptr;
  }
  return std::make_unique<OrderLeaf>(setting, test, std::move(left));
}

}  // namespace cmatch::internal
