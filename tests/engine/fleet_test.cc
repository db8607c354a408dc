// Fleets: the same answer as pair by pair, for every pair.

#include "cmatch/fleet.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "support/fleet.h"
#include "support/rules.h"

namespace cmatch {
namespace {

using testing::FleetDisagreement;
using testing::I;
using testing::MakeRules;
using testing::RandomFleet;
using testing::SeedEcp;
using testing::SeedMcd;
using testing::ToyFiles;

constexpr const char* kWaivers = R"(kind: cmatch.overlay/v1
layer: site
reason: "OPS-1"
owner: ops
waive:
  - {rule: R-0, model: "org/*", worker: "gpu-*", reason: "r", expires: "2099-01-01"}
  - {rule: R-0, model: "*", worker: "*-0", reason: "r", expires: "2026-01-01"}
  - {rule: R-1, model: "lab/a", worker: "*", reason: "r", expires: "2099-01-01"}
)";

const FleetOptions kNothingKept{.models_for_worker = true, .kept_bytes = 0};

std::vector<Model> Models(const CapabilityMatcher& matcher, RandomFleet& random, int count) {
  std::vector<Model> models;
  for (int i = 0; i < count; ++i) models.push_back(*matcher.Bind(random.NextMcd()));
  return models;
}

std::vector<Worker> Workers(const CapabilityMatcher& matcher, RandomFleet& random, int count) {
  std::vector<Worker> workers;
  for (int i = 0; i < count; ++i) {
    workers.push_back(*matcher.Bind(random.NextEcp(matcher.rules())));
  }
  return workers;
}

CapabilityMatcher RandomMatcher(RandomFleet& random, int rules) {
  std::vector<RuleFile> files = ToyFiles(random.Rules(rules) + std::string(testing::kTableRules));
  files.push_back({"site.yaml", kWaivers});
  return CapabilityMatcher(MakeRules(files), {.today = "2026-06-01"});
}

TEST_CASE("fleet: every pair as Check() has it, over random rules, models and workers") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    RandomFleet random(seed);
    const CapabilityMatcher matcher = RandomMatcher(random, 20);
    const std::vector<Model> models = Models(matcher, random, random.Below(60) + 1);
    const std::vector<Worker> workers = Workers(matcher, random, random.Below(150) + 1);
    CHECK(FleetDisagreement(Fleet(matcher, models, workers)) == "");
    CHECK(FleetDisagreement(Fleet(matcher, models, workers, {.models_for_worker = true})) == "");
    CHECK(FleetDisagreement(Fleet(matcher, models, workers, kNothingKept)) == "");
  }
}

TEST_CASE("fleet: more workers than a shard, more models than a block, rows of every sort") {
  RandomFleet random(8030);
  const CapabilityMatcher matcher = RandomMatcher(random, 12);
  const std::vector<Model> few_models = Models(matcher, random, 9);
  const std::vector<Worker> many_workers = Workers(matcher, random, 2 * 2048 + 1);
  CHECK(FleetDisagreement(Fleet(matcher, few_models, many_workers, {.models_for_worker = true})) ==
        "");
  const std::vector<Model> many_models = Models(matcher, random, 1500);
  const std::vector<Worker> few_workers = Workers(matcher, random, 40);
  CHECK(FleetDisagreement(Fleet(matcher, many_models, few_workers, {.models_for_worker = true})) ==
        "");
}

TEST_CASE("fleet: at the boundaries of words and shards") {
  RandomFleet random(7);
  const CapabilityMatcher matcher = RandomMatcher(random, 6);
  const std::vector<Model> models = Models(matcher, random, 3);
  const std::vector<Worker> workers = Workers(matcher, random, 2049);
  for (const std::size_t count : {1U, 63U, 64U, 65U, 255U, 256U, 257U, 2047U, 2048U, 2049U}) {
    CAPTURE(count);
    const std::vector<Worker> some(workers.begin(),
                                   workers.begin() + static_cast<std::ptrdiff_t>(count));
    CHECK(FleetDisagreement(Fleet(matcher, models, some, {.models_for_worker = true})) == "");
    CHECK(FleetDisagreement(Fleet(matcher, models, some, kNothingKept)) == "");
  }
}

TEST_CASE("fleet: without models, without workers, without rules") {
  RandomFleet random(1);
  const CapabilityMatcher matcher = RandomMatcher(random, 6);
  const std::vector<Model> models = Models(matcher, random, 3);
  const std::vector<Worker> workers = Workers(matcher, random, 3);
  int blocks = 0;
  Fleet nobody(matcher, models, {});
  nobody.ForEachBlock([&](const FleetBlock&) { ++blocks; });
  CHECK(nobody.WorkersFor(0).empty());
  Fleet nothing(matcher, {}, workers, {.models_for_worker = true});
  nothing.ForEachBlock([&](const FleetBlock&) { ++blocks; });
  CHECK(nothing.ModelsFor(2).empty());
  CHECK(blocks == 0);

  const CapabilityMatcher lenient(MakeRules(ToyFiles("  []\n")));
  const Fleet all(lenient, {*lenient.Bind(SeedMcd())}, {*lenient.Bind(SeedEcp())});
  CHECK(all.WorkersFor(0) == std::vector<std::uint64_t>{1});
}

TEST_CASE("fleet: what another rule set has bound is skipped, as by Check()") {
  RandomFleet random(3);
  const CapabilityMatcher matcher = RandomMatcher(random, 8);
  const CapabilityMatcher other = RandomMatcher(random, 8);
  std::vector<Model> models = Models(matcher, random, 6);
  std::vector<Worker> workers = Workers(matcher, random, 70);
  models[2] = Models(other, random, 1)[0];
  workers[69] = Workers(other, random, 1)[0];
  CHECK(FleetDisagreement(Fleet(matcher, models, workers, {.models_for_worker = true})) == "");
  CHECK(FleetDisagreement(Fleet(other, models, workers, {.models_for_worker = true})) == "");
  CHECK(FleetDisagreement(Fleet(matcher, models, workers, kNothingKept)) == "");
  Fleet foreign(matcher, Models(other, random, 2), Workers(other, random, 2),
                {.models_for_worker = true});
  CHECK(FleetDisagreement(foreign) == "");
  foreign.Replace(0, models[0]);
  foreign.Replace(1, workers[0]);
  foreign.Replace(1, models[1]);
  CHECK(FleetDisagreement(foreign) == "");
}

TEST_CASE("fleet: one model or worker is replaced, many times over") {
  RandomFleet random(11);
  const CapabilityMatcher matcher = RandomMatcher(random, 15);
  Fleet fleet(matcher, Models(matcher, random, 30), Workers(matcher, random, 70),
              {.models_for_worker = true});
  for (int round = 0; round < 8; ++round) {
    CAPTURE(round);
    for (int i = 0; i < 25; ++i) {
      if (random.Coin()) {
        fleet.Replace(static_cast<std::size_t>(random.Below(30)), Models(matcher, random, 1)[0]);
      } else {
        fleet.Replace(static_cast<std::size_t>(random.Below(70)), Workers(matcher, random, 1)[0]);
      }
    }
    CHECK(FleetDisagreement(fleet) == "");
  }
  const Fleet moved = std::move(fleet);
  CHECK(FleetDisagreement(moved) == "");

  Fleet unkept(matcher, Models(matcher, random, 5), Workers(matcher, random, 9), kNothingKept);
  unkept.Replace(4, Models(matcher, random, 1)[0]);
  unkept.Replace(0, Workers(matcher, random, 1)[0]);
  CHECK(FleetDisagreement(unkept) == "");
}

// `count` workers of which few differ.
std::vector<Worker> ManyWorkers(const CapabilityMatcher& matcher, RandomFleet& random,
                                std::size_t count) {
  std::vector<Worker> workers = Workers(matcher, random, 70);
  while (workers.size() < count) workers.push_back(workers[workers.size() - 70]);
  workers.resize(count, workers[0]);
  return workers;
}

TEST_CASE("fleet: the caller's threads do the work, each task once") {
  struct Row {
    int models;
    std::size_t workers;
  };
  // Tasks are models of few shards of workers, or whole shards of many: 16 of 2,048 workers.
  for (const Row& row : {Row{700, 2100}, Row{5, 15 * 2048}, Row{5, 15 * 2048 + 1}}) {
    CAPTURE(row.workers);
    RandomFleet random(5);
    const CapabilityMatcher matcher = RandomMatcher(random, 10);
    const std::vector<Model> models = Models(matcher, random, row.models);
    const std::vector<Worker> workers = ManyWorkers(matcher, random, row.workers);
    std::atomic<int> tasks{0};
    const FleetExecutor executor = [&](std::size_t count,
                                       const std::function<void(std::size_t)>& run) {
      std::atomic<std::size_t> next{0};
      std::vector<std::thread> threads;
      for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
          for (std::size_t i = next++; i < count; i = next++) {
            run(i);
            ++tasks;
          }
        });
      }
      for (std::thread& thread : threads) thread.join();
    };
    const Fleet threaded(matcher, models, workers,
                         {.models_for_worker = true, .executor = executor});
    const Fleet alone(matcher, models, workers);
    CHECK(tasks > 0);
    std::atomic<std::size_t> pairs{0};
    std::atomic<int> different{0};
    threaded.ForEachBlock([&](const FleetBlock& block) {
      pairs += block.models * block.workers;
      alone.ForEachBlock(block.first_model, block.models, [&](const FleetBlock& same) {
        if (same.first_worker != block.first_worker) return;
        for (std::size_t i = 0; i < block.models; ++i) {
          if (!std::ranges::equal(block.Compatible(i), same.Compatible(i))) ++different;
          for (std::size_t rule = 0; rule < matcher.rules().tables().rules.size(); ++rule) {
            if (!std::ranges::equal(block.Failed(rule, i), same.Failed(rule, i))) ++different;
            if (!std::ranges::equal(block.Skipped(rule, i), same.Skipped(rule, i))) ++different;
          }
        }
      });
    });
    CHECK(pairs == models.size() * workers.size());
    CHECK(different == 0);
  }
}

}  // namespace
}  // namespace cmatch
