#include "cmatch/fleet.h"

#include <algorithm>
#include <utility>

#include "fleet_index.h"

namespace cmatch {

using internal::Entity;
using internal::FleetIndex;
using internal::FleetMap;
using internal::FleetRows;

namespace {

constexpr std::size_t kBlockModels = 256;
// The most that one task of an executor takes, where there are too few shards to be one each.
constexpr std::size_t kTaskModels = 16 * kBlockModels;
constexpr std::size_t kManyShards = 16;

template <typename Side>
std::vector<Entity> Entities(const std::vector<Side>& side) {
  std::vector<Entity> entities;
  entities.reserve(side.size());
  for (const Side& each : side) entities.emplace_back(each);
  return entities;
}

}  // namespace

FleetBlock::Bits FleetBlock::Compatible(std::size_t model) const {
  return {rows_->compatible.data() + model * rows_->words, rows_->words_used};
}
FleetBlock::Bits FleetBlock::Failed(std::size_t rule, std::size_t model) const {
  return rows_->Row(rule, FleetMap::kFailedMap, model);
}
FleetBlock::Bits FleetBlock::Warned(std::size_t rule, std::size_t model) const {
  return rows_->Row(rule, FleetMap::kWarnedMap, model);
}
FleetBlock::Bits FleetBlock::Skipped(std::size_t rule, std::size_t model) const {
  return rows_->Row(rule, FleetMap::kSkippedMap, model);
}
FleetBlock::Bits FleetBlock::Waived(std::size_t rule, std::size_t model) const {
  return rows_->Row(rule, FleetMap::kWaivedMap, model);
}

Fleet::Fleet(const CapabilityMatcher& matcher, std::vector<Model> models,
             std::vector<Worker> workers, FleetOptions options)
    : matcher_(matcher),
      models_(std::move(models)),
      workers_(std::move(workers)),
      executor_(std::move(options.executor)) {
  by_model_ =
      std::make_unique<FleetIndex>(matcher_.rules(), matcher_.today(), Entities(models_),
                                   Entities(workers_), false, options.kept_bytes, executor_);
  if (options.models_for_worker) {
    by_worker_ =
        std::make_unique<FleetIndex>(matcher_.rules(), matcher_.today(), Entities(workers_),
                                     Entities(models_), true, options.kept_bytes, executor_);
  }
}

Fleet::~Fleet() = default;
Fleet::Fleet(Fleet&&) noexcept = default;
Fleet& Fleet::operator=(Fleet&&) noexcept = default;

void Fleet::OnShard(std::size_t shard, std::size_t first, std::size_t count, FleetRows& rows,
                    const Sink& sink) const {
  FleetBlock block;
  block.rows_ = &rows;
  block.first_worker = by_model_->shard(shard).first;
  block.workers = by_model_->shard(shard).columns.size();
  by_model_->Prepare(shard, count, rows);
  const std::size_t end = first + count;
  for (std::size_t at = first; at < end; at += kBlockModels) {
    block.first_model = at;
    block.models = std::min(kBlockModels, end - at);
    by_model_->Fill(shard, at, block.models, rows);
    sink(block);
  }
}

void Fleet::ForEachBlock(std::size_t first, std::size_t count, const Sink& sink) const {
  FleetRows rows;
  for (std::size_t shard = 0; shard < by_model_->shards(); ++shard) {
    OnShard(shard, first, count, rows, sink);
  }
}

void Fleet::ForEachBlock(const Sink& sink) const {
  if (!executor_) return ForEachBlock(0, models_.size(), sink);
  if (by_model_->shards() >= kManyShards) {
    executor_(by_model_->shards(), [&](std::size_t shard) {
      FleetRows rows;
      OnShard(shard, 0, models_.size(), rows, sink);
    });
    return;
  }
  // Of few models each task takes fewer, so that there is one for each of several threads.
  const std::size_t share = std::clamp(models_.size() / 16, kBlockModels, kTaskModels);
  executor_((models_.size() + share - 1) / share, [&](std::size_t task) {
    const std::size_t first = task * share;
    ForEachBlock(first, std::min(share, models_.size() - first), sink);
  });
}

std::vector<std::uint64_t> Fleet::WorkersFor(std::size_t model) const {
  return by_model_->CompatibleWith(model);
}

std::vector<std::uint64_t> Fleet::ModelsFor(std::size_t worker) const {
  if (by_worker_ != nullptr) return by_worker_->CompatibleWith(worker);
  std::vector<std::uint64_t> models((models_.size() + 63) / 64);
  for (std::size_t i = 0; i < models_.size(); ++i) {
    if (matcher_.Check(models_[i], workers_[worker]).compatible()) {
      internal::SetBit(models.data(), i);
    }
  }
  return models;
}

void Fleet::Replace(std::size_t index, Model model) {
  models_[index] = model;
  by_model_->ReplaceRow(index, Entity(model));
  if (by_worker_ != nullptr) by_worker_->ReplaceColumn(index, Entity(std::move(model)));
}

void Fleet::Replace(std::size_t index, Worker worker) {
  workers_[index] = worker;
  by_model_->ReplaceColumn(index, Entity(worker));
  if (by_worker_ != nullptr) by_worker_->ReplaceRow(index, Entity(std::move(worker)));
}

}  // namespace cmatch
