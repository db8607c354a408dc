#ifndef CMATCH_ENGINE_RECORD_H_
#define CMATCH_ENGINE_RECORD_H_

// One side of a check with its values laid out by the program's slots.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/ecp.h"
#include "cmatch/mcd.h"
#include "cmatch/report.h"
#include "profile.h"
#include "program.h"
#include "settled.h"

namespace cmatch::internal {

// A kind that no table knows: legal, compared as text.
struct ExtraKind {
  std::uint32_t slot;  // index among the slots of the side
  std::string name;    // canonical
};

struct Record {
  // First one bit a slot, "known"; then the slots' data. Kinds: bit set(s); integers, bytes, bool,
  // compute: one word; number: the bits of a double; text, version, integers: an index below.
  std::vector<std::uint64_t> words;
  std::vector<ExtraKind> extras;
  std::vector<std::string> texts;
  std::vector<Version> versions;
  std::vector<std::vector<std::int64_t>> lists;

  bool Known(const Slot& slot) const { return words[slot.index / 64] >> (slot.index % 64) & 1; }
  const std::uint64_t* Data(const Slot& slot) const { return words.data() + slot.offset; }
};

struct BoundModel {
  std::shared_ptr<const RuleSet> rules;
  Mcd mcd;
  Record record;
  std::array<Settled, kRuleBlocks> settled{};
  Steps steps;
};

struct Judgement {
  Truth truth = Truth::kUnknown;
  Level level = Level::kNative;  // of a true one
};

struct BoundPath {
  const Path* path = nullptr;
  std::uint32_t node = 0;
};

struct BoundPathGroup {
  const PathGroup* group = nullptr;
  std::vector<BoundPath> paths;  // those of this release and capability, or the one that is forced
};

struct BoundWorker {
  std::shared_ptr<const RuleSet> rules;
  Ecp ecp;
  Record record;
  EngineProfile profile;    // engine == nullptr: the ECP names none, or not fully
  Judgement floor, images;  // kUnknown where the tables do not apply
  std::vector<BoundPathGroup> paths;
  bool paths_known = false;
  Offers offers;
  bool direct = false;  // every rule that it leaves open has a direct test
  std::array<Settled, kRuleBlocks> settled{};
  std::vector<Finding> warnings;  // engines without tables, lists that differ from them
};

// Adds what the tables say of the worker's profile.
void ApplyTables(const RuleSet& rules, BoundWorker& worker);

// Nullopt where some GPU of the tables has the capability.
std::optional<Problem> CapabilityProblem(const RuleSet& rules, ComputeCapability compute);

// The release's build of that name; the problem lists those that there are.
std::expected<const Build*, Problem> FindBuild(const EngineProfile& profile, std::string_view name);

// Writes one value into a record. `value` has passed TypeProblem().
void Store(const Program& program, const Slot& slot, const Value& value, Record& record);
// Adds one kind, in whatever spelling, to a slot of kinds.
void StoreKind(const Program& program, const Slot& slot, std::string_view kind, Record& record);

// The required members are there and in range; what is in their texts is not looked at.
inline bool HasRequired(const Mcd& mcd) {
  return !mcd.model_id.empty() && !mcd.positional.empty() && !mcd.attention.empty() &&
         !mcd.quant.empty() && mcd.context_max > 0 && mcd.vocab_size > 0;
}

// Not empty, no control characters: what TypeProblem() wants of a text and of a kind.
inline bool IsWord(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

// The record of a model, without the detours that explaining a problem takes. False where there may
// be one: `record` is then of no use, and Bind() says what it is.
bool FillQuickly(const Program& program, const Mcd& mcd, Record& record);

// The value of a member by its name, required or attribute; std::monostate where it is not stated.
Value MemberOf(const Mcd& mcd, std::string_view name);
Value MemberOf(const Ecp& ecp, std::string_view name);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_RECORD_H_
