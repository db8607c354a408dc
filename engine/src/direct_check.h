#ifndef CMATCH_ENGINE_DIRECT_CHECK_H_
#define CMATCH_ENGINE_DIRECT_CHECK_H_

// The tests of direct.h over one MCD: its kinds as numbers, and what the tests come to. Inline,
// since a call is dear beside three look-ups and a few words.

#include <array>
#include <bit>
#include <cstdint>
#include <string>

#include "program.h"
#include "record.h"

namespace cmatch::internal {

class DirectCheck {
 public:
  DirectCheck(const Program& program, const Mcd& mcd, const BoundWorker& worker)
      : direct_(program.direct), mcd_(mcd), worker_(worker) {}

  // False: what the worker leaves open has to be judged over a record.
  bool Ready();
  // The marks of the rules of one block that the worker leaves open. None is unknown: the model
  // states all that they read, and where the worker does not it has settled them.
  Marks Judge(std::size_t block) const;

 private:
  static constexpr std::size_t kMostKinds = 16;  // of quant

  bool Number(std::size_t list, const std::string& kind, std::uint32_t& number) const;
  bool Has(const DirectTest& test, const std::uint64_t* words) const;
  bool Holds(const DirectTest& test) const;

  const DirectTests& direct_;
  const Mcd& mcd_;
  const BoundWorker& worker_;
  std::array<std::uint32_t, 2 + kMostKinds> kinds_;  // one, one, and those of quant
};

// Kinds that no table knows, in another spelling or with characters that no kind may have are for
// the record too.
[[gnu::always_inline]] inline bool DirectCheck::Number(std::size_t list, const std::string& kind,
                                                       std::uint32_t& number) const {
  const KindTable* kinds = direct_.kinds[list];
  if (kinds == nullptr) return true;
  const std::uint32_t* found = kinds->Find(kind);
  if (found == nullptr) return false;
  number = *found;
  return true;
}

[[gnu::always_inline]] inline bool DirectCheck::Ready() {
  if (!worker_.direct || (direct_.attributes && !mcd_.attributes.empty()) ||
      mcd_.quant.size() > kMostKinds || !HasRequired(mcd_) ||
      (direct_.model_id && !IsWord(mcd_.model_id))) {
    return false;
  }
  if (!Number(0, mcd_.positional, kinds_[0]) || !Number(1, mcd_.attention, kinds_[1])) {
    return false;
  }
  std::uint32_t* number = &kinds_[2];
  for (const std::string& kind : mcd_.quant) {
    if (!Number(2, kind, *number++)) return false;
  }
  return true;
}

// Enough of the kinds are in the bit set at `words`.
[[gnu::always_inline]] inline bool DirectCheck::Has(const DirectTest& test,
                                                    const std::uint64_t* words) const {
  const std::size_t count = test.list == 2 ? mcd_.quant.size() : 1;
  std::size_t found = 0;
  for (const std::uint32_t* kind = &kinds_[test.list]; kind != &kinds_[test.list] + count; ++kind) {
    found += words[test.offset + *kind / 64] >> (*kind % 64) & 1;
  }
  return found >= (test.each ? count : 1);
}

[[gnu::always_inline]] inline bool DirectCheck::Holds(const DirectTest& test) const {
  const auto number = std::bit_cast<std::uint64_t>(test.vocab ? mcd_.vocab_size : mcd_.context_max);
  const std::uint64_t limit = worker_.offers.words[test.offset];
  const std::uint64_t turned = number ^ test.turn;
  return test.strict ? turned < limit : turned <= limit;
}

[[gnu::always_inline]] inline Marks DirectCheck::Judge(std::size_t block) const {
  const DirectBlock& tests = direct_.blocks[block];
  const std::uint64_t open = worker_.settled[block].open;
  const DirectTest* test = direct_.list.data() + tests.first;
  std::uint64_t failed = 0;
  std::uint64_t degraded = 0;
  for (std::uint32_t left = tests.kinds; left != 0; --left, ++test) {
    if (Has(*test, worker_.offers.words.data())) [[likely]]
      continue;
    (Has(*test, worker_.record.words.data()) ? degraded : failed) |= test->bit;
  }
  for (std::uint32_t left = tests.numbers; left != 0; --left, ++test) {
    if (!Holds(*test)) failed |= test->bit;
  }
  return {.failed = failed & open, .degraded = degraded & open};
}

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_DIRECT_CHECK_H_
