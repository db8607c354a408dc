#include "cmatch/rule_store.h"

#include <utility>

#include "cmatch/case_runner.h"
#include "cmatch/rules_io.h"

namespace cmatch {

std::expected<std::shared_ptr<const RuleSet>, Error> LoadTestedRules(
    const std::vector<std::string>& directories) {
  auto rules = LoadRules(directories);
  if (!rules) return rules;
  const auto cases = LoadCases(directories);
  if (!cases) return std::unexpected(cases.error());
  std::vector<Problem> problems = FailedCases(RunCases(*rules, *cases));
  if (problems.empty()) return rules;
  return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
}

RuleStore::Snapshot RuleStore::current() const {
  const std::lock_guard lock(pointer_);
  return current_;
}

std::expected<RuleStore::Snapshot, Error> RuleStore::Load(std::vector<std::string> directories,
                                                          const Ready& ready) {
  const std::lock_guard lock(writers_);
  return LoadLocked(std::move(directories), ready);
}

std::expected<RuleStore::Snapshot, Error> RuleStore::Reload(const Ready& ready) {
  const std::lock_guard lock(writers_);
  return LoadLocked(directories_, ready);
}

std::expected<RuleStore::Snapshot, Error> RuleStore::LoadLocked(
    std::vector<std::string> directories, const Ready& ready) {
  auto rules = LoadTestedRules(directories);
  if (!rules) return std::unexpected(std::move(rules.error()));
  Snapshot next{std::move(*rules), current().generation + 1};
  if (ready) ready(next);
  Snapshot old = next;
  directories_.swap(directories);
  {
    const std::lock_guard lock(pointer_);
    std::swap(current_, old);
  }
  return next;  // `old` ends here, outside the lock
}

}  // namespace cmatch
