#ifndef CMATCH_ENGINE_DIRECT_H_
#define CMATCH_ENGINE_DIRECT_H_

// Rules that can be judged over an MCD as it is, without a record: a required member against a
// field of the worker, as the four of CMATCH-8030. direct_check.h judges them.

#include <array>
#include <cstdint>
#include <vector>

#include "cmatch/tables.h"
#include "kind_table.h"
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
  std::uint64_t bit = 0;     // of the rule, within its block
  std::uint64_t turn = 0;    // a number: see Holds()
  std::uint32_t offset = 0;  // of the field's first word in what a worker offers
  std::uint8_t list = 0;     // kinds: 0 positional, 1 attention, 2 quant
  bool each = false;         // kinds: all of them must be there
  bool strict = false;       // a number: equal ones do not hold
  bool vocab = false;        // a number: vocab_size; else context_max
};

// The tests of one block of rules; as steps they run over all of its rules, open or not.
struct DirectBlock {
  std::uint64_t rules = 0;    // those that have a test
  std::uint32_t first = 0;    // in DirectTests::list
  std::uint32_t kinds = 0;    // how many tests of kinds,
  std::uint32_t numbers = 0;  // then of numbers
};

struct DirectTests {
  std::array<DirectBlock, kRuleBlocks> blocks{};
  std::vector<DirectTest> list;
  std::array<const KindTable*, 3> kinds{};  // by list; nullptr: not declared
  bool model_id = false;                    // it is declared, as text
  bool attributes = false;                  // some are declared
  bool odd = false;                         // a member is declared with another type
};

struct Program;

// `program` has its symbols, slots and rules, and keeps them.
DirectTests DirectTestsOf(const Program& program);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_DIRECT_H_
