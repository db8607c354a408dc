#include "fleet_keys.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>

namespace cmatch::internal {
namespace {

std::uint64_t Hash(std::span<const std::uint64_t> key) {
  std::uint64_t hash = 0x9E3779B97F4A7C15U ^ key.size();
  for (const std::uint64_t word : key) {
    hash = (std::rotl(hash, 29) ^ word) * 0xD6E8FEB86659FD93U;
    hash ^= hash >> 32;
  }
  return hash;
}

using VersionWords = std::array<std::uint64_t, sizeof(Version) / sizeof(std::uint64_t)>;

void AddSlot(std::uint32_t slot, Reads& reads) {
  if (slot == kNoSlot) return;
  if (std::find(reads.slots.begin(), reads.slots.end(), slot) == reads.slots.end()) {
    reads.slots.push_back(slot);
  }
}

void AddNode(const Program& program, std::uint32_t index, Reads& reads) {
  const Node& node = program.nodes[index];
  switch (node.op) {
    case Op::kAll:
    case Op::kAny:
      for (std::uint32_t i = 0; i < node.count; ++i) AddNode(program, node.first + i, reads);
      return;
    case Op::kNot:
      AddNode(program, node.first, reads);
      return;
    case Op::kFloor:
      reads.floor = true;
      return;
    case Op::kImages:
      reads.images = true;
      return;
    case Op::kPaths:
      reads.paths = true;
      for (const auto& [path, accepts] : program.path_nodes) AddNode(program, accepts, reads);
      return;
    case Op::kKinds:
    case Op::kOrder:
    case Op::kText:
    case Op::kVersion:
    case Op::kKnown:
      break;
  }
  AddSlot(node.left, reads);
  AddSlot(node.right, reads);
  if (node.subject == Clause::Subject::kLeastOf) {
    for (std::uint32_t i = 0; i < node.count; ++i) {
      AddSlot(program.slot_lists[node.first + i], reads);
    }
  }
  for (std::uint32_t i = 0; i < node.factors; ++i) {
    AddSlot(program.slot_lists[node.product + i], reads);
  }
}

void AppendExtras(const Slot& slot, const Record& record, Key& key) {
  std::vector<std::string_view> names;
  for (const ExtraKind& extra : record.extras) {
    if (extra.slot == slot.index) names.push_back(extra.name);
  }
  std::sort(names.begin(), names.end());
  key.push_back(names.size());
  for (const std::string_view name : names) AppendText(name, key);
}

void AppendSlot(const Slot& slot, const Record& record, Key& key) {
  if (!record.Known(slot)) {
    key.push_back(0);
    return;
  }
  key.push_back(1);
  const std::uint64_t* data = record.Data(slot);
  switch (slot.field->type) {
    case FieldType::kKind:
    case FieldType::kKinds:
      key.insert(key.end(), data, data + (slot.ecp ? 2 : 1) * slot.words);
      AppendExtras(slot, record, key);
      return;
    case FieldType::kText:
      AppendText(record.texts[*data], key);
      return;
    case FieldType::kVersion:
      for (const std::uint64_t word : std::bit_cast<VersionWords>(record.versions[*data])) {
        key.push_back(word);
      }
      return;
    case FieldType::kIntegers: {
      const std::vector<std::int64_t>& list = record.lists[*data];
      key.push_back(list.size());
      for (const std::int64_t each : list) key.push_back(std::bit_cast<std::uint64_t>(each));
      return;
    }
    case FieldType::kInteger:
    case FieldType::kNumber:
    case FieldType::kBytes:
    case FieldType::kBool:
    case FieldType::kCompute:
      key.push_back(*data);
  }
}

void AppendJudgement(const Judgement& judgement, Key& key) {
  key.push_back(static_cast<std::uint64_t>(judgement.truth) << 8 |
                static_cast<std::uint64_t>(judgement.level));
}

void AppendPaths(const BoundWorker& worker, Key& key) {
  key.push_back(worker.paths_known ? 1 : 0);
  for (const BoundPathGroup& group : worker.paths) {
    key.push_back(group.paths.size());
    for (const BoundPath& path : group.paths) {
      key.push_back(path.node);
      key.push_back(static_cast<std::uint64_t>(path.path->level));
    }
  }
}

}  // namespace

std::span<const std::uint64_t> KeyTable::KeyOf(std::uint32_t number) const {
  const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
  return {words_.data() + begin, ends_[number] - begin};
}

std::uint32_t KeyTable::Number(std::span<const std::uint64_t> key) {
  if (2 * (ends_.size() + 1) > buckets_.size()) Grow();
  const std::uint64_t hash = Hash(key);
  const std::size_t mask = buckets_.size() - 1;
  std::size_t at = hash & mask;
  for (; buckets_[at] != 0; at = (at + 1) & mask) {
    const std::uint32_t number = buckets_[at] - 1;
    if (hashes_[number] == hash && std::ranges::equal(KeyOf(number), key)) return number;
  }
  const std::uint32_t number = size();
  words_.insert(words_.end(), key.begin(), key.end());
  hashes_.push_back(hash);
  ends_.push_back(words_.size());
  buckets_[at] = number + 1;
  return number;
}

void KeyTable::Grow() {
  const std::size_t size = std::max<std::size_t>(16, 2 * buckets_.size());
  std::vector<std::uint32_t> buckets(size);
  for (std::uint32_t number = 0; number < ends_.size(); ++number) {
    std::size_t at = hashes_[number] & (size - 1);
    while (buckets[at] != 0) at = (at + 1) & (size - 1);
    buckets[at] = number + 1;
  }
  buckets_ = std::move(buckets);
}

void AppendText(std::string_view text, Key& key) {
  key.push_back(text.size());
  for (std::size_t i = 0; i < text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, std::min<std::size_t>(8, text.size() - i));
    key.push_back(word);
  }
}

Judgement EvaluatePair(const Program& program, std::uint32_t node, const Entity& a,
                       const Entity& b) {
  const Entity& model = a.IsWorker() ? b : a;
  const Entity& worker = a.IsWorker() ? a : b;
  return Evaluator(program, model.model(), worker.worker()).Evaluate(node);
}

bool Reads::Of(const Program& program, bool worker_side) const {
  if (worker_side && (floor || images || paths)) return true;
  return std::any_of(slots.begin(), slots.end(),
                     [&](std::uint32_t slot) { return program.slots[slot].ecp == worker_side; });
}

Reads ReadsOf(const Program& program, std::uint32_t node) {
  Reads reads;
  AddNode(program, node, reads);
  std::sort(reads.slots.begin(), reads.slots.end());
  return reads;
}

void AppendReads(const Program& program, const Reads& reads, const Entity& entity, Key& key) {
  for (const std::uint32_t index : reads.slots) {
    const Slot& slot = program.slots[index];
    if (slot.ecp == entity.IsWorker()) AppendSlot(slot, entity.record(), key);
  }
  if (!entity.IsWorker()) return;
  if (reads.floor) AppendJudgement(entity.worker().floor, key);
  if (reads.images) AppendJudgement(entity.worker().images, key);
  if (reads.paths) AppendPaths(entity.worker(), key);
}

}  // namespace cmatch::internal
