#ifndef CMATCH_ENGINE_DIRECT_H_
#define CMATCH_ENGINE_DIRECT_H_

// Rules that can be judged over an MCD as it is, without a record: a required member against a
// field of the worker, as the four of CMATCH-8030.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cmatch/mcd.h"
#include "cmatch/tables.h"
#include "settled.h"

namespace cmatch::internal {

// Members of CMATCH-8010 that a model always has; the others are attributes.
enum class Member : std::uint8_t {
  kAttribute,
  kModelId,
  kPositional,
  kAttention,
  kQuant,
  kContextMax,
  kVocabSize,
  kOdd,  // one of these six, declared with another type
};

struct DirectTest {
  Member member = Member::kOdd;              // a number, or:
  std::uint8_t list = 0;                     // of kinds: 0 positional, 1 attention, 2 quant
  Relation relation = Relation::kLessEqual;  // of a number
  bool each = false;                         // of kinds: all of them must be there
  std::uint32_t offset = 0;                  // of the field's first word in a worker's record
};

struct DirectTests {
  std::array<std::uint64_t, kRuleBlocks> rules{};  // those that have a test
  std::vector<DirectTest> tests;                   // by rule; the others' are of no use
  // By list of kinds: index into Program::symbols; kNotDeclared.
  std::array<std::uint32_t, 3> symbols{kNotDeclared, kNotDeclared, kNotDeclared};
  bool attributes = false;  // some are declared
  bool others = false;      // members are declared that may be wrong in other ways

  static constexpr std::uint32_t kNotDeclared = ~std::uint32_t{0};
};

struct Program;
struct BoundWorker;

DirectTests DirectTestsOf(const Program& program);

// The kinds of one MCD as numbers, and what its tests come to.
class DirectCheck {
 public:
  DirectCheck(const Program& program, const Mcd& mcd, const BoundWorker& worker)
      : program_(program), mcd_(mcd), worker_(worker) {}

  // False: what the worker leaves open has to be judged over a record.
  bool Ready();
  // The marks of some rules of one block.
  Marks Judge(std::size_t block, std::uint64_t rules) const;

 private:
  static constexpr std::size_t kMostKinds = 16;  // of quant

  bool Number(std::size_t list, const std::string& kind, std::uint32_t& number) const;
  std::span<const std::uint32_t> KindsOf(const DirectTest& test) const;
  bool HasNative(const DirectTest& test) const;
  void AddKinds(const DirectTest& test, std::uint64_t bit, Marks& marks) const;
  bool Holds(const DirectTest& test) const;

  const Program& program_;
  const Mcd& mcd_;
  const BoundWorker& worker_;
  std::array<std::uint32_t, 2 + kMostKinds> kinds_;  // one, one, and those of quant
};

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_DIRECT_H_
