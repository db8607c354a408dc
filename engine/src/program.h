#ifndef CMATCH_ENGINE_PROGRAM_H_
#define CMATCH_ENGINE_PROGRAM_H_

// The compiled form of a rule set. Kinds are interned by dimension; every field gets a slot in a
// flat record of 64-bit words (record.h); every clause becomes a node over slots, literals and bit
// masks, so that a check is word operations without a lookup or an allocation.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cmatch/rule_set.h"
#include "cmatch/tables.h"
#include "direct.h"
#include "kind_table.h"
#include "settled.h"

namespace cmatch::internal {

// The kinds of one dimension. Ids are dense and follow table order.
struct Symbols {
  std::string_view dimension;
  std::vector<std::string_view> names;
  KindTable ids;
  std::unordered_map<std::string_view, std::string_view> aliases;  // folded spelling -> canonical

  std::uint32_t Add(std::string_view name);
  std::uint32_t Words() const { return static_cast<std::uint32_t>((names.size() + 63) / 64); }
};

// Where a field lives in the record of its side.
struct Slot {
  const Field* field = nullptr;
  bool ecp = false;           // side
  std::uint32_t index = 0;    // among the slots of its side: its bit in the "known" words
  std::uint32_t symbols = 0;  // kinds: index into Program::symbols
  std::uint32_t offset = 0;   // first data word
  std::uint32_t words = 1;    // kinds: width of one bit set (an ecp slot has a second: degraded)
  Member member = Member::kAttribute;  // of a model
};

constexpr bool IsKinds(FieldType type) {
  return type == FieldType::kKind || type == FieldType::kKinds;
}

constexpr std::uint32_t kNoSlot = ~std::uint32_t{0};

// Sides whose fields a node reads.
constexpr std::uint8_t kModelSide = 1;
constexpr std::uint8_t kWorkerSide = 2;

inline std::uint8_t SideOf(const Slot& slot) { return slot.ecp ? kWorkerSide : kModelSide; }

enum class Op : std::uint8_t {
  kAll,
  kAny,
  kNot,
  kKinds,    // kind sets: `in`, `eq`
  kOrder,    // integer, number, bytes, compute, bool: eq lt le gt ge in multiple_of
  kText,     // eq, in
  kVersion,  // eq lt le gt ge
  kKnown,
  kFloor,   // ecp.compute in ecp.floor
  kImages,  // ecp.images runs_on ecp.compute
  kPaths,   // some_path
};

struct Node {
  Op op = Op::kAll;
  Relation relation = Relation::kEqual;
  Clause::Subject subject = Clause::Subject::kValue;
  bool wanted = true;                  // kKnown
  std::uint8_t sides = 0;              // of a test; groups: see SidesOf()
  std::uint32_t first = 0, count = 0;  // children; or for least_of, slots in Program::slot_lists
  std::uint32_t left = kNoSlot;        // index into Program::slots
  std::uint32_t right = kNoSlot;       // likewise; kNoSlot: literals
  std::uint32_t literal = 0;           // index into masks, numbers, reals, texts or versions
  std::uint32_t literals = 0;          // how many
  std::uint32_t product = 0;           // kOrder: slots in Program::slot_lists ...
  std::uint32_t factors = 0;       // ... whose product is the right side; 0: `right` or literals
  const Clause* clause = nullptr;  // for explanations
};

struct CompiledRule {
  const Rule* rule = nullptr;
  std::uint32_t when = kNoSlot;  // node
  std::uint32_t check = 0;       // node
  std::uint8_t when_sides = 0;   // sides that `when` reads
};

struct CompiledAdvisory {
  const Advisory* advisory = nullptr;
  VersionRange versions;
  std::uint32_t when = kNoSlot;  // node
};

struct Program {
  std::vector<Symbols> symbols;
  std::unordered_map<std::string_view, std::uint32_t> dimensions;
  std::vector<Slot> slots;
  std::unordered_map<std::string_view, std::uint32_t> slot_by_name;
  std::uint32_t mcd_slots = 0, ecp_slots = 0;
  std::uint32_t mcd_words = 0, ecp_words = 0;  // record sizes, the "known" words included
  std::uint32_t min_driver = kNoSlot;          // slot of the built-in ecp.min_driver

  std::vector<Node> nodes;
  std::vector<std::uint32_t> slot_lists;
  std::vector<std::uint64_t> masks;
  std::vector<std::int64_t> numbers;
  std::vector<double> reals;
  std::vector<std::string_view> texts;
  std::vector<Version> versions;

  std::vector<CompiledRule> rules;
  std::array<Policy, kRuleBlocks> policies{};
  DirectTests direct;
  std::uint32_t blocks = 0;  // of 64 rules
  bool waivers = false;      // the tables have some
  std::unordered_map<const Path*, std::uint32_t> path_nodes;
  std::vector<CompiledAdvisory> advisories;

  std::vector<ComputeCapability> compute;  // known, ascending
  // By folded name: GGUF writes "gpt-oss", its kind is gpt_oss.
  std::unordered_map<std::string, const Architecture*> gguf_architectures, hf_architectures;
  std::unordered_map<std::int64_t, const FileType*> file_types;
  std::unordered_map<std::int64_t, const TensorType*> tensor_types;
  std::unordered_map<std::string_view, const FileType*> file_types_by_name;
  std::unordered_map<std::string_view, const TensorType*> tensor_types_by_name;

  std::uint8_t SidesOf(std::uint32_t node) const;
  const Symbols* FindSymbols(std::string_view dimension) const;
  const Slot* FindSlot(std::string_view field) const;
};

// Fields that every rule set has, computed from the tables rather than read from the ECP's JSON.
constexpr std::string_view kFloorField = "ecp.floor";
constexpr std::string_view kImagesField = "ecp.images";
constexpr std::string_view kMinDriverField = "ecp.min_driver";
constexpr std::string_view kPathsField = "ecp.paths";

// Fills `program` from `tables`, which must outlive it; problems are appended. `checked`: they are
// known to have none across rows, which is not looked for.
void Compile(const Tables& tables, bool checked, Program& program, std::vector<Problem>& problems);

// The dimension whose kinds `dimension` has: its own, or that of the field
// `ecp.supports_DIMENSION`.
std::string_view KindsOfDimension(const Tables& tables, std::string_view dimension);

// Interns kinds, GPUs, architectures and types (the part of Compile that rules build on).
void CompileSymbols(const Tables& tables, Program& program, std::vector<Problem>& problems);

// Checks of engine tables across rows: overlaps, windows, builds, launch keys, capabilities.
void CheckEngines(const Tables& tables, const Program& program, std::vector<Problem>& problems);

// Canonical form of `kind` in `symbols`.
std::string Canonical(const Symbols* symbols, std::string_view kind);
// The id of `kind`, in whatever spelling; nullptr: no table knows it.
const std::uint32_t* FindKind(const Symbols& symbols, std::string_view kind);

// A problem of a rule or table file at `where`.
Problem& AddProblem(std::vector<Problem>& problems, const Tables& tables, Origin where,
                    std::string code, std::string message);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_PROGRAM_H_
