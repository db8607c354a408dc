#include "cmatch/matrix.h"

#include <algorithm>

#include "profile.h"

namespace cmatch {

using internal::EngineProfile;
using internal::Support;

namespace {

SupportCell CellOf(const RuleSet& rules, const OpenRow& row) {
  return {.level = Level::kUnsupported,
          .because = row.because,
          .source = row.source,
          .where = rules.tables().Locate(row.origin),
          .open = true};
}

SupportCell CellOf(const RuleSet& rules, const Support& support) {
  if (support.entry != nullptr) {
    return {support.entry->level, support.entry->because, support.entry->source,
            rules.tables().Locate(support.entry->origin), false};
  }
  if (support.row != nullptr) {
    return {Level::kUnsupported,
            {},
            support.dimension->source,
            rules.tables().Locate(support.row->origin),
            false};
  }
  return {};
}

// The kinds that have rows of their own; for `quant` also those that follow from tensor types.
std::vector<std::string_view> RowsOf(const RuleSet& rules, const Engine& engine,
                                     const Dimension& dimension) {
  std::vector<std::string_view> kinds;
  for (const KindSupport& row : dimension.kinds) kinds.push_back(row.kind);
  if (dimension.name != "quant" || internal::FindDimension(engine, "tensor_type") == nullptr) {
    return kinds;
  }
  for (const FileType& type : rules.tables().file_types) {
    if (!type.removed && std::find(kinds.begin(), kinds.end(), type.name) == kinds.end()) {
      kinds.push_back(type.name);
    }
  }
  return kinds;
}

}  // namespace

std::expected<SupportMatrix, Error> BuildMatrix(const RuleSet& rules, std::string_view engine,
                                                std::string_view version) {
  auto profile = internal::FindRelease(rules, engine, version);
  if (!profile) {
    return std::unexpected(
        MakeError(ErrorKind::kInvalidEcp, std::vector{std::move(profile.error())}));
  }
  SupportMatrix matrix;
  matrix.engine = profile->engine->name;
  matrix.version = profile->version_text;
  matrix.compute.assign(rules.KnownCompute().begin(), rules.KnownCompute().end());
  for (const ComputeCapability compute : matrix.compute) {
    profile->compute = compute;
    Support floor;
    floor.entry = internal::FindEntry(profile->engine->floor, *profile);
    matrix.floor.push_back(CellOf(rules, floor));
  }
  for (const Dimension& dimension : profile->engine->supports) {
    const OpenRow* open = internal::OpenAt(dimension, *profile);
    if (open != nullptr) matrix.open.emplace_back(dimension.name, CellOf(rules, *open));
    for (const std::string_view kind : RowsOf(rules, *profile->engine, dimension)) {
      SupportMatrix::Row row{dimension.name, kind, {}};
      for (const ComputeCapability compute : matrix.compute) {
        profile->compute = compute;
        const Support support =
            internal::SupportOf(rules.program(), *profile, dimension.name, kind);
        const bool known =
            open == nullptr || (support.row != nullptr && StatedFor(*support.row, *profile));
        row.cells.push_back(known ? CellOf(rules, support) : CellOf(rules, *open));
      }
      matrix.rows.push_back(std::move(row));
    }
  }
  return matrix;
}

std::vector<std::string_view> EngineNames(const RuleSet& rules) {
  std::vector<std::string_view> names;
  for (const Engine& engine : rules.tables().engines) {
    if (std::find(names.begin(), names.end(), engine.name) == names.end())
      names.push_back(engine.name);
  }
  return names;
}

std::string_view ToString(const SupportCell& cell) {
  return cell.open ? "unknown" : ToString(cell.level);
}

std::string_view ToString(Level level) {
  switch (level) {
    case Level::kNative:
      return "native";
    case Level::kDegraded:
      return "degraded";
    case Level::kUnsupported:
      return "unsupported";
  }
  return "unsupported";
}

}  // namespace cmatch
