#ifndef CMATCH_RULE_STORE_H_
#define CMATCH_RULE_STORE_H_

// The rule set of a program that goes on while its rules are edited.
//
//   RuleStore store;
//   if (auto loaded = store.Load({"/etc/cmatch/rules"}); !loaded) return Fail(loaded.error());
//   ...
//   const RuleStore::Snapshot now = store.current();    // in each request
//   CapabilityMatcher matcher(now.rules);
//   ...
//   auto reloaded = store.Reload();                      // on SIGHUP: the same directories again
//   if (!reloaded) Log(reloaded.error());                // the old set still answers
//
// Every method may be called from any thread.

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/rule_set.h"

namespace cmatch {

// LoadRules(directories), and then every regression case of their `cases/` against it. None: the
// built-in set. Errors: kInvalidRules: the files, or a case that fails (rules-case-failed), every
// one.
std::expected<std::shared_ptr<const RuleSet>, Error> LoadTestedRules(
    const std::vector<std::string>& directories);

class RuleStore {
 public:
  struct Snapshot {
    std::shared_ptr<const RuleSet> rules;  // null before the first load
    std::uint64_t generation = 0;          // which load it is, from 1
  };

  // Never waits for parsing: a lock is held to copy a pointer only.
  Snapshot current() const;

  // All or nothing: parses, validates, runs the cases, calls `ready`, then swaps. Where anything
  // fails, or throws (`ready` may, std::bad_alloc may), the set in use stays. Loads take turns.
  // Errors: as LoadTestedRules().
  using Ready = std::function<void(const Snapshot&)>;
  std::expected<Snapshot, Error> Load(std::vector<std::string> directories,
                                      const Ready& ready = {});
  // The directories of the last load that succeeded.
  std::expected<Snapshot, Error> Reload(const Ready& ready = {});

 private:
  std::expected<Snapshot, Error> LoadLocked(std::vector<std::string> directories,
                                            const Ready& ready);

  std::mutex writers_;                    // held through a whole reload
  std::vector<std::string> directories_;  // guarded by writers_
  mutable std::mutex pointer_;            // guards current_
  Snapshot current_;
};

}  // namespace cmatch

#endif  // CMATCH_RULE_STORE_H_
