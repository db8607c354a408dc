#ifndef CMATCH_TESTS_SUPPORT_FLEET_H_
#define CMATCH_TESTS_SUPPORT_FLEET_H_

// Fleets against their own definition: Check() of every pair.

#include <random>
#include <string>
#include <vector>

#include "cmatch/fleet.h"

namespace cmatch::testing {

// "" where every bitmap of every block has what Check() says of each pair, where the blocks have
// every pair once, and where WorkersFor() and ModelsFor() agree with them; else the first
// difference.
std::string FleetDisagreement(const Fleet& fleet);

// Random rules, models and workers over the files of ToyFiles() (support/rules.h): every relation,
// type and subject, from either side, nested; kinds and spellings that no table knows; members that
// are not stated; workers with and without the toy engine's tables.
class RandomFleet {
 public:
  explicit RandomFleet(unsigned seed) : random_(seed) {}

  // A `check:` or `when:`; at most `depth` groups deep.
  std::string Clause(int depth);
  // Items of `rules:`.
  std::string Rules(int count);
  Mcd NextMcd();
  Ecp NextEcp(const RuleSet& rules);

  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  bool Coin() { return Below(2) == 0; }

 private:
  using Names = std::vector<std::string>;
  std::string Pick(const Names& names);
  std::vector<std::string> Some(const Names& names);
  // Few, so that they meet, and the end of the range.
  std::int64_t Number(int limit);
  std::string Side() { return Coin() ? "mcd." : "ecp."; }
  std::string Test();
  std::string KindTest();
  std::string NumberTest();
  std::string OtherTest();
  template <typename Attributes>
  void Fill(Attributes& attributes);

  std::mt19937 random_;
};

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_SUPPORT_FLEET_H_
