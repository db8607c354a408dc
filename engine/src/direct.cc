#include "direct.h"

#include <algorithm>

#include "program.h"

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

// Over words as in Offers: where more is wanted of the worker its number, else that complemented.
DirectTest NumberTest(const Program& program, const Node& node) {
  const bool most = node.relation == Relation::kGreater || node.relation == Relation::kGreaterEqual;
  return {.turn = most ? ~Turned(0) : Turned(0),
          .offset = program.slots[node.right].offset + (most ? program.ecp_words : 0),
          .strict = node.relation == Relation::kLess || node.relation == Relation::kGreater,
          .vocab = program.slots[node.left].member == Member::kVocabSize};
}

DirectTest KindsTest(const Program& program, const Node& node) {
  return {.offset = program.slots[node.right].offset,
          .list = ListOf(program.slots[node.left].member),
          .each = node.subject == Subject::kEachOf};
}

void AddBlock(const Program& program, std::size_t block, DirectTests& direct) {
  std::vector<DirectTest> kinds, numbers;
  DirectBlock& out = direct.blocks[block];
  const std::size_t end = std::min(program.rules.size(), block * 64 + 64);
  for (std::size_t i = block * 64; i < end; ++i) {
    if (!IsDirect(program, program.rules[i])) continue;
    const Node& node = program.nodes[program.rules[i].check];
    const bool of_kinds = node.op == Op::kKinds;
    DirectTest test = of_kinds ? KindsTest(program, node) : NumberTest(program, node);
    test.bit = std::uint64_t{1} << (i % 64);
    out.rules |= test.bit;
    (of_kinds ? kinds : numbers).push_back(test);
  }
  out.first = static_cast<std::uint32_t>(direct.list.size());
  out.kinds = static_cast<std::uint32_t>(kinds.size());
  out.numbers = static_cast<std::uint32_t>(numbers.size());
  direct.list.insert(direct.list.end(), kinds.begin(), kinds.end());
  direct.list.insert(direct.list.end(), numbers.begin(), numbers.end());
}

}  // namespace

DirectTests DirectTestsOf(const Program& program) {
  DirectTests direct;
  for (const Slot& slot : program.slots) {
    if (slot.ecp || IsNumber(slot.member)) continue;
    if (IsKind(slot.member)) {
      direct.kinds[ListOf(slot.member)] = &program.symbols[slot.symbols].ids;
    }
    if (slot.member == Member::kModelId) direct.model_id = true;
    if (slot.member == Member::kAttribute) direct.attributes = true;
    if (slot.member == Member::kOdd) direct.odd = true;
  }
  for (std::size_t block = 0; block < kRuleBlocks; ++block) AddBlock(program, block, direct);
  return direct;
}

}  // namespace cmatch::internal
