#ifndef CMATCH_FLEET_H_
#define CMATCH_FLEET_H_

// Every model of a fleet on every worker of it, at once.
//
//   Fleet fleet(matcher, models, workers);  // bound by `matcher`
//   fleet.ForEachBlock([&](const FleetBlock& block) { ... });  // bitmaps, block by block
//   std::vector<std::uint64_t> takers = fleet.WorkersFor(model);
//
// The answer for each pair is that of CapabilityMatcher::Check(), found for 64 workers a word: the
// workers are indexed once by what the rules read of them, and models that are alike to a rule
// share its bitmap. Fleets of any size: what is kept grows with models + workers, not with pairs.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "cmatch/check.h"

namespace cmatch {

namespace internal {
class FleetIndex;
struct FleetRows;
}  // namespace internal

// Runs `run(0)` to `run(tasks - 1)`, each once, on whatever threads it likes, and returns when all
// have returned. `run` does not throw save std::bad_alloc.
using FleetExecutor =
    std::function<void(std::size_t tasks, const std::function<void(std::size_t)>& run)>;

struct FleetOptions {
  // Also index the fleet the other way round, for ModelsFor(). Costs about as much again.
  bool models_for_worker = false;
  // Of each rule the bitmaps of all rows that differ are kept up to this many bytes, beside 64 for
  // each model and worker. Of more they are made when they are asked for; 0: always.
  std::size_t kept_bytes = std::size_t{16} << 20;
  // Empty: everything runs on the calling thread.
  FleetExecutor executor = {};
};

// The outcomes of models [first_model, +models) on workers [first_worker, +workers). A bitmap has
// bit W % 64 of word W / 64 for worker `first_worker` + W; bits from `workers` on are 0. `model`
// counts from `first_model`, `rule` is an index into RuleSet::tables().rules. Views end with the
// call that receives the block.
class FleetBlock {
 public:
  using Bits = std::span<const std::uint64_t>;

  std::size_t first_model = 0, models = 0;
  std::size_t first_worker = 0, workers = 0;

  Bits Compatible(std::size_t model) const;
  // As the members of Verdict.
  Bits Failed(std::size_t rule, std::size_t model) const;
  Bits Warned(std::size_t rule, std::size_t model) const;
  Bits Skipped(std::size_t rule, std::size_t model) const;
  Bits Waived(std::size_t rule, std::size_t model) const;

 private:
  friend class Fleet;
  const internal::FleetRows* rows_ = nullptr;
};

// Immutable but for Replace(): const methods may be called from any number of threads, as long as
// none replaces. Keeps the rule set, models and workers alive. May throw std::bad_alloc only.
class Fleet {
 public:
  // Models and workers that another rule set has bound are skipped by every rule, as by Check().
  Fleet(const CapabilityMatcher& matcher, std::vector<Model> models, std::vector<Worker> workers,
        FleetOptions options = {});
  ~Fleet();
  Fleet(Fleet&&) noexcept;
  Fleet& operator=(Fleet&&) noexcept;

  const std::vector<Model>& models() const { return models_; }
  const std::vector<Worker>& workers() const { return workers_; }
  const CapabilityMatcher& matcher() const { return matcher_; }

  using Sink = std::function<void(const FleetBlock&)>;
  // Every pair, once, in whatever order suits the cache. With an executor `sink` is called from its
  // threads, from several at the same time.
  void ForEachBlock(const Sink& sink) const;
  // The blocks of models [first, +count) only, on the calling thread.
  void ForEachBlock(std::size_t first, std::size_t count, const Sink& sink) const;

  // The workers that take a model, one bit each. O(rules x words).
  std::vector<std::uint64_t> WorkersFor(std::size_t model) const;
  // The models that a worker takes, one bit each. O(rules x words) with
  // FleetOptions::models_for_worker; without it every model is asked.
  std::vector<std::uint64_t> ModelsFor(std::size_t worker) const;

  // Puts another model or worker in the place of one. Only what depends on it is made anew. Nothing
  // else may use the fleet meanwhile; where memory runs out, only destroying it is left.
  void Replace(std::size_t index, Model model);
  void Replace(std::size_t index, Worker worker);

 private:
  void OnShard(std::size_t shard, std::size_t first, std::size_t count, internal::FleetRows& rows,
               const Sink& sink) const;

  CapabilityMatcher matcher_;
  std::vector<Model> models_;
  std::vector<Worker> workers_;
  FleetExecutor executor_;
  std::unique_ptr<internal::FleetIndex> by_model_;   // rows are models, columns workers
  std::unique_ptr<internal::FleetIndex> by_worker_;  // the other way round; may be absent
};

}  // namespace cmatch

#endif  // CMATCH_FLEET_H_
