#ifndef CMATCH_FLEET_SUMMARY_H_
#define CMATCH_FLEET_SUMMARY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "cmatch/fleet.h"

namespace cmatch {

// Pairs of one rule, by its index in RuleSet::tables().rules.
struct FleetRuleCounts {
  std::size_t failed = 0;
  std::size_t alone = 0;  // failed, and no other rule did
  std::size_t warned = 0;
  std::size_t skipped = 0;
  std::size_t waived = 0;
};

// What would give models that no worker takes a worker: they fail just this rule, for this reason,
// on at least one.
struct FleetUnlock {
  std::size_t rule = 0;
  // What a worker would have to offer: the kinds or number that these models need; of a limit the
  // largest.
  std::string needed;
  std::vector<std::size_t> models;  // ascending
  std::size_t worker = 0;           // one that lacks nothing else for models[0]
  Finding finding;                  // of that pair
};

struct FleetSummary {
  std::size_t compatible = 0;  // pairs
  std::vector<FleetRuleCounts> rules;
  std::vector<std::size_t> models_without_worker;  // ascending
  std::vector<std::size_t> workers_without_model;
  std::vector<FleetUnlock> unlocks;  // the most models first
};

// Counts every pair, on the calling thread.
FleetSummary Summarise(const Fleet& fleet);

}  // namespace cmatch

#endif  // CMATCH_FLEET_SUMMARY_H_
