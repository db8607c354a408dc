#include <algorithm>
#include <bit>

#include "record.h"

namespace cmatch::internal {
namespace {

// What the characters of a name allow.
struct Spelling {
  bool good = true;    // not empty, no control characters
  bool folded = true;  // no upper case, no '-'
};

Spelling SpellingOf(std::string_view text) {
  Spelling spelling{.good = !text.empty(), .folded = true};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    spelling.good = spelling.good && byte >= 0x20 && byte != 0x7f;
    spelling.folded = spelling.folded && !(byte >= 'A' && byte <= 'Z') && byte != '-';
  }
  return spelling;
}

class QuickFiller {
 public:
  QuickFiller(const Program& program, const Mcd& mcd, Record& record)
      : program_(program), mcd_(mcd), record_(record) {}

  bool Fill() {
    if (mcd_.model_id.empty() || mcd_.positional.empty() || mcd_.attention.empty() ||
        mcd_.quant.empty() || mcd_.context_max <= 0 || mcd_.vocab_size <= 0) {
      return false;
    }
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
        return SpellingOf(mcd_.model_id).good;
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

  // A name that is a kind as it stands is its own canonical form: no alias may have that name.
  bool FillKind(const Slot& slot, const std::string& kind) {
    const Spelling spelling = SpellingOf(kind);
    if (!spelling.good) return false;
    const Symbols& symbols = program_.symbols[slot.symbols];
    if (const auto it = symbols.ids.find(kind); spelling.folded && it != symbols.ids.end()) {
      record_.words[slot.offset + it->second / 64] |= std::uint64_t{1} << (it->second % 64);
    } else {
      Store(program_, slot, kind, record_);
    }
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
