// cmatch_fleet.

#include "cmatch/fleet.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>
#include <vector>

#include "guard.h"
#include "objects.h"

using cmatch::Fleet;
using cmatch::FleetBlock;
using cmatch::c::Guard;
using cmatch::c::IsValid;
using cmatch::c::Outcome;

namespace {

constexpr std::size_t WordsFor(std::size_t bits) { return bits / 64 + (bits % 64 != 0 ? 1 : 0); }

// The values of handles that are all of the rule set `rules`.
template <typename Handle, typename Value>
Outcome Gather(const cmatch_rules& rules, const Handle* const* handles, std::size_t count,
               Value Handle::* value, std::string_view name, std::vector<Value>& out) {
  if (handles == nullptr && count != 0) return cmatch::c::BadObject(nullptr, name);
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string which = std::string(name) + "[" + std::to_string(i) + "]";
    if (!IsValid(handles[i])) return cmatch::c::BadObject(handles[i], which);
    if (handles[i]->rules != rules.rules) {
      return cmatch::c::Misuse(CMATCH_E_MISMATCH, which + " was made with another rule set");
    }
    out.push_back(handles[i]->*value);
  }
  return CMATCH_OK;
}

// What the questions about a range of models begin with.
cmatch_status CheckRange(const cmatch_fleet* fleet, std::size_t first, std::size_t count) noexcept {
  if (fleet == nullptr) return CMATCH_E_ARGUMENT;
  if (!IsValid(fleet)) return CMATCH_E_HANDLE;
  const std::size_t models = fleet->fleet.models().size();
  return first <= models && count <= models - first ? CMATCH_OK : CMATCH_E_ARGUMENT;
}

void Add(std::uint64_t& count, FleetBlock::Bits bits) {
  for (const std::uint64_t word : bits) count += static_cast<unsigned>(std::popcount(word));
}

void AddBlock(const FleetBlock& block, std::size_t rules, cmatch_fleet_counts& counts) {
  counts.pairs += block.models * block.workers;
  for (std::size_t m = 0; m < block.models; ++m) {
    Add(counts.compatible, block.Compatible(m));
    for (std::size_t r = 0; r < rules; ++r) {
      Add(counts.failed[r], block.Failed(r, m));
      Add(counts.warned[r], block.Warned(r, m));
      Add(counts.skipped[r], block.Skipped(r, m));
      Add(counts.waived[r], block.Waived(r, m));
    }
  }
}

}  // namespace

extern "C" {

cmatch_status cmatch_fleet_new(const cmatch_rules* rules, const cmatch_model* const* models,
                               size_t model_count, const cmatch_worker* const* workers,
                               size_t worker_count, const cmatch_fleet_options* options,
                               cmatch_fleet** out, cmatch_error** error) noexcept {
  return Guard(error, [&]() -> Outcome {
    if (out == nullptr) return cmatch::c::BadObject(nullptr, "out");
    *out = nullptr;
    if (!IsValid(rules)) return cmatch::c::BadObject(rules, "rules");
    const auto read = cmatch::c::ReadOptional(options, "options");
    if (!read) return std::unexpected(read.error());
    std::vector<cmatch::Model> rows;
    std::vector<cmatch::Worker> columns;
    if (Outcome gathered =
            Gather(*rules, models, model_count, &cmatch_model::model, "models", rows);
        !gathered) {
      return gathered;
    }
    if (Outcome gathered =
            Gather(*rules, workers, worker_count, &cmatch_worker::worker, "workers", columns);
        !gathered) {
      return gathered;
    }
    *out = std::make_unique<cmatch_fleet>(
               Fleet(rules->matcher, std::move(rows), std::move(columns),
                     {.models_for_worker = read->models_for_worker != 0, .executor = {}}))
               .release();
    return CMATCH_OK;
  });
}

size_t cmatch_fleet_model_count(const cmatch_fleet* fleet) noexcept {
  return IsValid(fleet) ? fleet->fleet.models().size() : 0;
}

size_t cmatch_fleet_worker_count(const cmatch_fleet* fleet) noexcept {
  return IsValid(fleet) ? fleet->fleet.workers().size() : 0;
}

cmatch_status cmatch_fleet_workers_for(const cmatch_fleet* fleet, size_t first, size_t count,
                                       uint64_t* bitmap, size_t words) noexcept {
  if (const cmatch_status bad = CheckRange(fleet, first, count); bad != CMATCH_OK) return bad;
  const std::size_t row = WordsFor(fleet->fleet.workers().size());
  if (bitmap == nullptr && row != 0 && count != 0) return CMATCH_E_ARGUMENT;
  if (row != 0 && count > words / row) return CMATCH_E_ARGUMENT;
  return Guard(nullptr, [&]() -> Outcome {
    fleet->fleet.ForEachBlock(first, count, [&](const FleetBlock& block) {
      for (std::size_t m = 0; m < block.models; ++m) {
        const FleetBlock::Bits bits = block.Compatible(m);
        std::uint64_t* const to = bitmap + (block.first_model - first + m) * row;
        std::copy_n(bits.data(), WordsFor(block.workers), to + block.first_worker / 64);
      }
    });
    return CMATCH_OK;
  });
}

cmatch_status cmatch_fleet_models_for(const cmatch_fleet* fleet, size_t worker, uint64_t* bitmap,
                                      size_t words) noexcept {
  if (const cmatch_status bad = CheckRange(fleet, 0, 0); bad != CMATCH_OK) return bad;
  if (worker >= fleet->fleet.workers().size()) return CMATCH_E_ARGUMENT;
  const std::size_t row = WordsFor(fleet->fleet.models().size());
  if (row > words || (bitmap == nullptr && row != 0)) return CMATCH_E_ARGUMENT;
  return Guard(nullptr, [&]() -> Outcome {
    const std::vector<std::uint64_t> bits = fleet->fleet.ModelsFor(worker);
    std::copy_n(bits.data(), row, bitmap);
    return CMATCH_OK;
  });
}

cmatch_status cmatch_fleet_count(const cmatch_fleet* fleet, size_t first, size_t count,
                                 cmatch_fleet_counts* out) noexcept {
  if (const cmatch_status bad = CheckRange(fleet, first, count); bad != CMATCH_OK) return bad;
  if (out == nullptr) return CMATCH_E_ARGUMENT;
  return Guard(nullptr, [&]() -> Outcome {
    const std::size_t rules = fleet->fleet.matcher().rules().tables().rules.size();
    cmatch_fleet_counts counts{};
    fleet->fleet.ForEachBlock(first, count,
                              [&](const FleetBlock& block) { AddBlock(block, rules, counts); });
    return cmatch::c::WriteStruct(out, counts);
  });
}

void cmatch_fleet_free(cmatch_fleet* fleet) noexcept {
  if (IsValid(fleet)) delete fleet;
}

}  // extern "C"
