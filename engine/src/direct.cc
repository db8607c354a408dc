#include "direct.h"

#include <bit>

#include "record.h"

namespace cmatch::internal {
namespace {

using Subject = Clause::Subject;

bool IsNumber(Member member) {
  return member == Member::kContextMax || member == Member::kVocabSize;
}
bool IsKind(Member member) {
  return member == Member::kPositional || member == Member::kAttention || member == Member::kQuant;
}
std::uint8_t ListOf(Member member) {
  return member == Member::kPositional ? 0 : member == Member::kAttention ? 1 : 2;
}
bool IsOrder(Relation relation) {
  return relation == Relation::kLess || relation == Relation::kLessEqual ||
         relation == Relation::kGreater || relation == Relation::kGreaterEqual;
}

// A rule that the worker leaves open applies where its `when` reads nothing of the model.
bool IsDirect(const Program& program, const CompiledRule& rule) {
  if ((rule.when_sides & kModelSide) != 0) return false;
  const Node& node = program.nodes[rule.check];
  if ((node.op != Op::kKinds && node.op != Op::kOrder) || node.subject == Subject::kLeastOf ||
      node.left == kNoSlot || node.right == kNoSlot || node.factors != 0) {
    return false;
  }
  const Slot& left = program.slots[node.left];
  if (left.ecp || !program.slots[node.right].ecp) return false;
  return node.op == Op::kKinds ? IsKind(left.member)
                               : IsNumber(left.member) && IsOrder(node.relation);
}

}  // namespace

DirectTests DirectTestsOf(const Program& program) {
  DirectTests direct;
  for (const Slot& slot : program.slots) {
    if (slot.ecp || IsNumber(slot.member)) continue;
    if (IsKind(slot.member)) direct.symbols[ListOf(slot.member)] = slot.symbols;
    if (slot.member == Member::kAttribute) direct.attributes = true;
    if (slot.member == Member::kModelId || slot.member == Member::kOdd) direct.others = true;
  }
  direct.tests.resize(program.rules.size());
  for (std::size_t i = 0; i < program.rules.size() && i < kMaxRules; ++i) {
    if (!IsDirect(program, program.rules[i])) continue;
    const Node& node = program.nodes[program.rules[i].check];
    direct.rules[i / 64] |= std::uint64_t{1} << (i % 64);
    const Member member = program.slots[node.left].member;
    direct.tests[i] = {.member = member,
                       .list = ListOf(member),
                       .relation = node.relation,
                       .each = node.subject == Subject::kEachOf,
                       .offset = program.slots[node.right].offset};
  }
  return direct;
}

// Kinds that no table knows, in another spelling or with characters that no kind may have are for
// the record too.
bool DirectCheck::Number(std::size_t list, const std::string& kind, std::uint32_t& number) const {
  const std::uint32_t symbols = program_.direct.symbols[list];
  if (symbols == DirectTests::kNotDeclared) return true;
  const std::uint32_t* found = program_.symbols[symbols].ids.Find(kind);
  if (found == nullptr) return false;
  number = *found;
  return true;
}

bool DirectCheck::Ready() {
  const DirectTests& direct = program_.direct;
  if (direct.others || (direct.attributes && !mcd_.attributes.empty()) ||
      mcd_.quant.size() > kMostKinds || !HasRequired(mcd_)) {
    return false;
  }
  for (std::size_t block = 0; block < program_.blocks; ++block) {
    if ((worker_.settled[block].open & ~direct.rules[block]) != 0) return false;
  }
  if (!Number(0, mcd_.positional, kinds_[0]) || !Number(1, mcd_.attention, kinds_[1])) {
    return false;
  }
  for (std::size_t i = 0; i < mcd_.quant.size(); ++i) {
    if (!Number(2, mcd_.quant[i], kinds_[2 + i])) return false;
  }
  return true;
}

bool DirectCheck::Holds(const DirectTest& test) const {
  const std::int64_t number =
      test.member == Member::kContextMax ? mcd_.context_max : mcd_.vocab_size;
  const auto limit = std::bit_cast<std::int64_t>(worker_.record.words[test.offset]);
  if (test.relation == Relation::kLess) return number < limit;
  if (test.relation == Relation::kLessEqual) return number <= limit;
  if (test.relation == Relation::kGreater) return number > limit;
  return number >= limit;
}

inline std::span<const std::uint32_t> DirectCheck::KindsOf(const DirectTest& test) const {
  return std::span(kinds_).subspan(test.list, test.list == 2 ? mcd_.quant.size() : 1);
}

// One of the kinds is there and does not run degraded.
inline bool DirectCheck::HasNative(const DirectTest& test) const {
  const std::uint64_t* words = worker_.offers.words.data() + test.offset;
  for (const std::uint32_t kind : KindsOf(test)) {
    if ((words[kind / 64] >> (kind % 64) & 1) != 0) return true;
  }
  return false;
}

// All that a test of kinds can come to.
void DirectCheck::AddKinds(const DirectTest& test, std::uint64_t bit, Marks& marks) const {
  bool some_run = false;
  bool some_native = false;
  bool each_runs = true;
  bool each_native = true;
  for (const std::uint32_t kind : KindsOf(test)) {
    const std::size_t word = test.offset + kind / 64;
    const std::uint64_t mask = std::uint64_t{1} << (kind % 64);
    const bool native = (worker_.offers.words[word] & mask) != 0;
    const bool runs = (worker_.record.words[word] & mask) != 0;
    some_run = some_run || runs;
    some_native = some_native || native;
    each_runs = each_runs && runs;
    each_native = each_native && native;
  }
  if (!(test.each ? each_runs : some_run)) {
    marks.failed |= bit;
  } else if (!(test.each ? each_native : some_native)) {
    marks.degraded |= bit;
  }
}

Marks DirectCheck::Judge(std::size_t block, std::uint64_t rules) const {
  Marks marks{.unknown = rules & worker_.settled[block].blank};
  for (rules &= ~marks.unknown; rules != 0; rules &= rules - 1) {
    const std::uint64_t bit = rules & -rules;
    const DirectTest& test =
        program_.direct.tests[block * 64 + static_cast<std::size_t>(std::countr_zero(rules))];
    if (IsNumber(test.member)) {
      if (!Holds(test)) marks.failed |= bit;
    } else if (test.each || !HasNative(test)) {
      AddKinds(test, bit, marks);
    }
  }
  return marks;
}

}  // namespace cmatch::internal
