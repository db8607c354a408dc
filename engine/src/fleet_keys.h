#ifndef CMATCH_ENGINE_FLEET_KEYS_H_
#define CMATCH_ENGINE_FLEET_KEYS_H_

// Models and workers by what a clause reads of them: those with equal keys are one class.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cmatch/check.h"
#include "evaluate.h"

namespace cmatch::internal {

using Key = std::vector<std::uint64_t>;

// Dense numbers for keys, in order of first use.
class KeyTable {
 public:
  // The number of `key`; the next free one where it is new.
  std::uint32_t Number(std::span<const std::uint64_t> key);
  std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }
  std::span<const std::uint64_t> KeyOf(std::uint32_t number) const;

 private:
  void Grow();

  std::vector<std::uint64_t> words_;  // all keys, one after the other
  std::vector<std::size_t> ends_;     // of each key in words_
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> buckets_;  // open addressing: number + 1; 0: free
};

void AppendText(std::string_view text, Key& key);

// A model or a worker.
class Entity {
 public:
  explicit Entity(Model model) : model_(std::move(model)), worker_side_(false) {}
  explicit Entity(Worker worker) : worker_(std::move(worker)), worker_side_(true) {}

  bool IsWorker() const { return worker_side_; }
  const BoundModel& model() const { return model_.bound(); }
  const BoundWorker& worker() const { return worker_.bound(); }
  const Record& record() const { return worker_side_ ? worker().record : model().record; }
  const RuleSet* rules() const { return worker_side_ ? worker().rules.get() : model().rules.get(); }
  // What the globs of waivers are matched with.
  std::string_view id() const {
    return worker_side_ ? worker().ecp.worker_id : model().mcd.model_id;
  }

 private:
  Model model_;
  Worker worker_;
  bool worker_side_;
};

// One of each, in whichever order.
Judgement EvaluatePair(const Program& program, std::uint32_t node, const Entity& a,
                       const Entity& b);

// What a clause reads: slots of either side, and what the tables say of the worker.
struct Reads {
  std::vector<std::uint32_t> slots;  // indices into Program::slots, each once
  bool floor = false, images = false, paths = false;

  bool Of(const Program& program, bool worker_side) const;
};
Reads ReadsOf(const Program& program, std::uint32_t node);

// Equal keys: no clause with these reads tells the two apart.
void AppendReads(const Program& program, const Reads& reads, const Entity& entity, Key& key);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_FLEET_KEYS_H_
