#include <algorithm>
#include <bit>

#include "record.h"

namespace cmatch::internal {
namespace {

class QuickFiller {
 public:
  QuickFiller(const Program& program, const Mcd& mcd, Record& record)
      : program_(program), mcd_(mcd), record_(record) {}

  bool Fill() {
    if (!HasRequired(mcd_)) return false;
    record_.words.resize(program_.mcd_words);
    return std::all_of(program_.slots.begin(), program_.slots.end(),
                       [&](const Slot& slot) { return slot.ecp || FillSlot(slot); });
  }

 private:
  bool FillSlot(const Slot& slot) {
    switch (slot.member) {
      case Member::kAttribute:
        return FillAttribute(slot);
      case Member::kModelId:
        record_.words[slot.offset] = record_.texts.size();
        record_.texts.push_back(mcd_.model_id);
        SetKnown(slot);
        return IsWord(mcd_.model_id);
      case Member::kPositional:
        SetKnown(slot);
        return FillKind(slot, mcd_.positional);
      case Member::kAttention:
        SetKnown(slot);
        return FillKind(slot, mcd_.attention);
      case Member::kQuant:
        SetKnown(slot);
        return std::all_of(mcd_.quant.begin(), mcd_.quant.end(),
                           [&](const std::string& kind) { return FillKind(slot, kind); });
      case Member::kContextMax:
        return FillNumber(slot, mcd_.context_max);
      case Member::kVocabSize:
        return FillNumber(slot, mcd_.vocab_size);
      case Member::kOdd:
        return false;
    }
    return false;
  }

  bool FillAttribute(const Slot& slot) {
    if (mcd_.attributes.empty()) return true;
    const auto it = mcd_.attributes.find(slot.field->name.substr(4));
    if (it == mcd_.attributes.end() || !IsKnown(it->second)) return true;
    if (!TypeProblem(*slot.field, it->second).empty()) return false;
    Store(program_, slot, it->second, record_);
    return true;
  }

  bool FillKind(const Slot& slot, const std::string& kind) {
    if (!IsWord(kind)) return false;
    StoreKind(program_, slot, kind, record_);
    return true;
  }

  bool FillNumber(const Slot& slot, std::int64_t number) {
    SetKnown(slot);
    record_.words[slot.offset] = std::bit_cast<std::uint64_t>(number);
    return true;
  }

  void SetKnown(const Slot& slot) {
    record_.words[slot.index / 64] |= std::uint64_t{1} << (slot.index % 64);
  }

  const Program& program_;
  const Mcd& mcd_;
  Record& record_;
};

}  // namespace

bool FillQuickly(const Program& program, const Mcd& mcd, Record& record) {
  return QuickFiller(program, mcd, record).Fill();
}

}  // namespace cmatch::internal
