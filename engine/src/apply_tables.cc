// What the tables add to a bound worker whose ECP names its engine, release and capability: levels,
// floor, images, driver floor, kernel paths. The ECP's own lists stay as they are.

#include <algorithm>
#include <utility>

#include "cmatch/kinds.h"
#include "named_profile.h"
#include "record.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kSupports = "ecp.supports_";

std::string TextOf(const Ecp& ecp, std::string_view name) {
  const Value value = MemberOf(ecp, name);
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

std::string Join(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

// Degraded bits of one `supports_*` list, and a warning where it is not what the tables say.
void ApplyDimension(const RuleSet& rules, const Slot& slot, BoundWorker& worker) {
  const std::string_view dimension = slot.field->name.substr(kSupports.size());
  // What is stated of tensor types is stated of `quant` too.
  const Engine& engine = *worker.profile.engine;
  const bool stated = FindDimension(engine, dimension) != nullptr ||
                      (dimension == "quant" && FindDimension(engine, "tensor_type") != nullptr);
  if (!stated || !worker.record.Known(slot)) return;
  std::uint64_t* bits = worker.record.words.data() + slot.offset;
  std::vector<std::string_view> more;
  std::vector<std::string_view> fewer;
  const Symbols& symbols = rules.program().symbols[slot.symbols];
  const auto& names = symbols.names;
  const std::vector<Level> levels =
      SupportLevels(rules.program(), worker.profile, dimension, symbols);
  for (std::uint32_t id = 0; id < names.size(); ++id) {
    const std::uint64_t bit = std::uint64_t{1} << (id % 64);
    const bool listed = (bits[id / 64] & bit) != 0;
    const bool runs = levels[id] != Level::kUnsupported;
    if (listed && levels[id] == Level::kDegraded) bits[slot.words + id / 64] |= bit;
    if (listed && !runs) more.push_back(names[id]);
    if (!listed && runs) fewer.push_back(names[id]);
  }
  for (const ExtraKind& extra : worker.record.extras) {
    if (extra.slot == slot.index) more.push_back(extra.name);
  }
  if (more.empty() && fewer.empty()) return;
  std::string message = "supports_" + std::string(dimension) + " differs from the tables of " +
                        std::string(worker.profile.engine->name) + " " +
                        worker.profile.version_text + ", and decides:";
  if (!more.empty()) message += " it lists " + Join(more) + ", which the tables do not";
  if (!fewer.empty()) {
    message +=
        (more.empty() ? " it lacks " : "; it lacks ") + Join(fewer) + ", which the tables have";
  }
  worker.warnings.push_back(ProfileWarning("SourceConflict", std::move(message)));
}

void ApplyFloor(BoundWorker& worker) {
  if (worker.profile.engine->floor.empty()) return;
  const Entry* entry = FindEntry(worker.profile.engine->floor, worker.profile);
  if (entry == nullptr || entry->level == Level::kUnsupported) {
    worker.floor = {Truth::kFalse, Level::kUnsupported};
  } else {
    worker.floor = {Truth::kTrue, entry->level};
  }
}

void ApplyBuild(const RuleSet& rules, BoundWorker& worker) {
  const Build* build = worker.profile.build;
  if (build == nullptr) return;
  if (!build->images.empty()) {
    const ImageFit fit = BestFit(*build, worker.profile.compute);
    worker.images = {fit == ImageFit::kNone ? Truth::kFalse : Truth::kTrue,
                     fit == ImageFit::kCubin ? Level::kNative : Level::kDegraded};
  }
  if (const DriverFloor* floor = MinDriver(worker.profile)) {
    const Program& program = rules.program();
    Store(program, program.slots[program.min_driver], std::string(floor->driver), worker.record);
  }
}

void ApplyPaths(const RuleSet& rules, BoundWorker& worker) {
  worker.paths_known = true;
  const std::string forced = FoldKind(TextOf(worker.ecp, "attention_backend"));
  for (const PathGroup& group : worker.profile.engine->paths) {
    BoundPathGroup bound{.group = &group, .paths = {}};
    bool stated = false;  // for this release, on whatever capability
    for (const Path& path : group.paths) {
      if (!Applies(path, worker.profile)) continue;
      stated = true;
      if (!CoversCompute(path.compute, worker.profile.compute)) continue;
      if (group.name == "attention" && !forced.empty() && forced != "auto" &&
          forced != FoldKind(path.id)) {
        continue;
      }
      bound.paths.push_back({&path, rules.program().path_nodes.at(&path)});
    }
    if (stated) worker.paths.push_back(std::move(bound));
  }
}

bool KnownCapability(const RuleSet& rules, ComputeCapability compute) {
  const auto known = rules.KnownCompute();
  return std::find(known.begin(), known.end(), compute) != known.end();
}

Problem EcpProblem(std::string code, std::string path, std::string message, std::string help) {
  return {.code = std::move(code),
          .path = std::move(path),
          .message = std::move(message),
          .where = {},
          .notes = {},
          .help = std::move(help)};
}

}  // namespace

std::optional<Problem> CapabilityProblem(const RuleSet& rules, ComputeCapability compute) {
  if (KnownCapability(rules, compute)) return std::nullopt;
  std::string known;
  for (const ComputeCapability each : rules.KnownCompute()) {
    known += (known.empty() ? "" : ", ") + ToString(each);
  }
  std::string help = "known: " + known;
  // CUDA 12.8 and 12.9 call Thor sm_101; CUDA 13 renamed it sm_110.
  if (compute == ComputeCapability{10, 1}) help = "Thor is 11.0 since CUDA 13; " + help;
  return EcpProblem("ecp-unknown-compute", "/compute",
                    "no GPU has compute capability " + ToString(compute), std::move(help));
}

std::expected<const Build*, Problem> FindBuild(const EngineProfile& profile,
                                               std::string_view name) {
  std::vector<std::string_view> names;
  for (const Build* build : BuildsOf(profile)) {
    if (build->name == name) return build;
    names.push_back(build->name);
  }
  const std::string_view near = Nearest(name, names);
  std::string help = near.empty() ? "" : "did you mean \"" + std::string(near) + "\"? ";
  help += names.empty() ? "the tables have no builds of this release" : "builds: " + Join(names);
  return std::unexpected(EcpProblem("ecp-unknown-build", "/build",
                                    std::string(profile.engine->name) + " " + profile.version_text +
                                        " has no build \"" + std::string(name) + "\"",
                                    std::move(help)));
}

void ApplyTables(const RuleSet& rules, BoundWorker& worker) {
  if (worker.profile.engine == nullptr) return;
  for (const Slot& slot : rules.program().slots) {
    if (slot.field->name.starts_with(kSupports)) ApplyDimension(rules, slot, worker);
  }
  ApplyFloor(worker);
  ApplyBuild(rules, worker);
  ApplyPaths(rules, worker);
}

}  // namespace cmatch::internal
