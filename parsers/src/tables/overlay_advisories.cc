// Targets below `advisories/ENGINE/ID/`.

#include "tables/overlay.h"
#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

std::string_view NameOf(Severity severity) {
  return severity == Severity::kOff ? "off" : "warning";
}

}  // namespace

void ApplyToAdvisory(const OverlayChange& change) {
  const auto part = [&](std::size_t i) {
    return i < change.path.size() ? change.path[i] : std::string_view();
  };
  std::vector<Advisory*> rows;  // one id may be stated for several ranges
  std::vector<std::string_view> ids;
  for (Advisory& row : change.tables.advisories) {
    if (row.engine != part(1)) continue;
    ids.push_back(row.id);
    if (row.id == part(2)) rows.push_back(&row);
  }
  if (rows.empty()) {
    return change.UnknownName("advisory of " + std::string(part(1)), part(2), ids);
  }
  if (change.path.size() != 4 || part(3) != "severity") {
    return change.UnknownName("member of an advisory", part(3), {"severity"});
  }
  const YamlNode* value = change.TakeValue();
  if (value == nullptr) return;
  const std::string_view below = NameOf(rows[0]->severity);
  const Origin origin = rows[0]->severity_origin;
  if (!change.Expected(below, origin)) return;
  const auto found = change.in.ReadWord(*value, "value", {"warning", "off"});
  if (!found) return;
  for (Advisory* row : rows) {
    row->severity = *found == 0 ? Severity::kWarning : Severity::kOff;
    row->severity_origin = change.in.At(*value);
  }
  change.Record(below, origin);
}

}  // namespace cmatch::internal
