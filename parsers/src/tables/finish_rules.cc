// Tables to a rule set, and what is wrong across files although some of them have problems already.

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "tables/table_files.h"

namespace cmatch::internal {
namespace {

// A problem of the finished tables can be the consequence of one that was reported, as where an
// entry stands for a field that was misspelt. Of these it is not said again.
class Consequences {
 public:
  explicit Consequences(const Damage& damage) : damage_(damage) {}

  bool Has(const Problem& problem) const {
    if (damage_.lost) return !Independent(problem.code) || InBroken(problem);
    if (problem.code == "rules-unknown-field") return false;  // names are kept where rows are wrong
    return NeedsOthers(problem.code) || InBroken(problem);
  }

 private:
  // What follows from the rows themselves, whatever other files say.
  static bool Independent(std::string_view code) {
    constexpr std::array<std::string_view, 3> kCodes = {"rules-overlap", "rules-missing-key",
                                                        "rules-bad-clause"};
    return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
  }

  bool Damaged(FileKind kind) const {
    return std::find(damage_.kinds.begin(), damage_.kinds.end(), kind) != damage_.kinds.end();
  }

  // It judges by rows that are wrong themselves.
  bool NeedsOthers(std::string_view code) const {
    if (code == "rules-unknown-dimension" || code == "rules-unknown-kind") {
      return Damaged(FileKind::kKinds) || Damaged(FileKind::kArchitectures) || FieldsDamaged();
    }
    if (code == "rules-wrong-type") return FieldsDamaged();
    if (code == "rules-unknown-compute") return Damaged(FileKind::kGpus);
    if (code == "rules-missing-key") return Damaged(FileKind::kEngine);
    if (code == "rules-bad-advisory") {
      return Damaged(FileKind::kEngine) || Damaged(FileKind::kAdvisories);
    }
    return false;
  }

  bool FieldsDamaged() const {
    return std::any_of(damage_.rows.begin(), damage_.rows.end(),
                       [](const YamlProblems::BrokenRow& row) { return row.what == "field"; });
  }

  bool IsBroken(const Location& where) const {
    return std::any_of(damage_.rows.begin(), damage_.rows.end(),
                       [&](const YamlProblems::BrokenRow& row) { return row.where == where; });
  }

  bool InBroken(const Problem& problem) const {
    return IsBroken(problem.where) ||
           std::any_of(problem.notes.begin(), problem.notes.end(),
                       [&](const Note& note) { return IsBroken(note.where); });
  }

  const Damage& damage_;
};

// Files in the order in which something was found in them, each from its first line on.
void SortByPlace(std::vector<Problem>& problems) {
  std::unordered_map<std::string, std::size_t> files;
  for (const Problem& problem : problems) files.try_emplace(problem.where.file, files.size());
  const auto place = [&](const Problem& problem) {
    return std::tuple(files.at(problem.where.file), problem.where.line, problem.where.column);
  };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const Problem& a, const Problem& b) { return place(a) < place(b); });
}

}  // namespace

std::shared_ptr<const RuleSet> FinishRules(Tables tables, const Damage& damage,
                                           std::vector<Problem>& problems) {
  auto rules = RuleSet::Create(std::move(tables));
  if (rules && problems.empty()) return *std::move(rules);
  if (!rules) {
    const Consequences consequences(damage);
    for (Problem& problem : rules.error().problems) {
      if (!consequences.Has(problem)) problems.push_back(std::move(problem));
    }
  }
  SortByPlace(problems);
  return nullptr;
}

}  // namespace cmatch::internal
