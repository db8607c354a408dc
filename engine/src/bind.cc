// Binding: a descriptor checked against the declared fields and interned into a record.

#include <algorithm>
#include <utility>

#include "cmatch/check.h"
#include "cmatch/kinds.h"
#include "named_profile.h"
#include "record.h"
#include "settle.h"

namespace cmatch {

using internal::BoundModel;
using internal::BoundPathGroup;
using internal::BoundWorker;
using internal::Program;
using internal::Slot;

namespace {

Problem Wrong(std::string_view member, std::string_view side, std::string message) {
  return {.code = std::string(side) + "-wrong-type",
          .path = "/" + std::string(member),
          .message = std::string(member) + " " + std::move(message),
          .where = {},
          .notes = {},
          .help = {}};
}

void RequireText(std::string_view name, const std::string& text, std::string_view side,
                 std::vector<Problem>& problems) {
  if (text.empty()) problems.push_back(Wrong(name, side, "must be a non-empty string"));
}

void RequirePositive(std::string_view name, std::int64_t number, std::string_view side,
                     std::vector<Problem>& problems) {
  if (number <= 0) problems.push_back(Wrong(name, side, "must be an integer > 0"));
}

std::vector<Problem> RequiredProblems(const Mcd& mcd) {
  std::vector<Problem> problems;
  RequireText("model_id", mcd.model_id, "mcd", problems);
  RequireText("positional", mcd.positional, "mcd", problems);
  RequireText("attention", mcd.attention, "mcd", problems);
  if (mcd.quant.empty())
    problems.push_back(Wrong("quant", "mcd", "must be a non-empty list of strings"));
  RequirePositive("context_max", mcd.context_max, "mcd", problems);
  RequirePositive("vocab_size", mcd.vocab_size, "mcd", problems);
  return problems;
}

std::vector<Problem> RequiredProblems(const Ecp& ecp) {
  std::vector<Problem> problems;
  RequireText("worker_id", ecp.worker_id, "ecp", problems);
  RequirePositive("max_context", ecp.max_context, "ecp", problems);
  if (ecp.vram_bytes) RequirePositive("vram_bytes", *ecp.vram_bytes, "ecp", problems);
  return problems;
}

bool Complained(const std::vector<Problem>& problems, std::string_view member) {
  return std::any_of(problems.begin(), problems.end(), [&](const Problem& p) {
    return std::string_view(p.path).substr(1) == member;
  });
}

template <typename Descriptor>
void FillRecord(const Program& program, const Descriptor& descriptor, bool ecp,
                internal::Record& record, std::vector<Problem>& problems) {
  record.words.resize(ecp ? program.ecp_words : program.mcd_words);
  for (const Slot& slot : program.slots) {
    if (slot.ecp != ecp) continue;
    const std::string_view member = slot.field->name.substr(4);
    const Value value = internal::MemberOf(descriptor, member);
    if (!IsKnown(value) || Complained(problems, member)) continue;
    std::string problem = TypeProblem(*slot.field, value);
    if (problem.empty()) {
      internal::Store(program, slot, value, record);
    } else {
      problems.push_back(Wrong(member, ecp ? "ecp" : "mcd", std::move(problem)));
    }
  }
}

}  // namespace

const Mcd& Model::mcd() const { return bound_->mcd; }
const Ecp& Worker::ecp() const { return bound_->ecp; }

std::expected<Model, Error> CapabilityMatcher::Bind(const Mcd& mcd) const {
  auto bound = std::make_shared<BoundModel>();
  bound->rules = rules_;
  bound->mcd = mcd;
  if (!internal::FillQuickly(rules_->program(), mcd, bound->record)) {
    bound->record = {};
    std::vector<Problem> problems = RequiredProblems(mcd);
    FillRecord(rules_->program(), mcd, false, bound->record, problems);
    if (!problems.empty()) {
      return std::unexpected(MakeError(ErrorKind::kInvalidMcd, std::move(problems)));
    }
  }
  internal::Settle(rules_->program(), *bound);
  Model model;
  model.bound_ = std::move(bound);
  return model;
}

std::expected<Worker, Error> CapabilityMatcher::Bind(const Ecp& ecp) const {
  auto bound = std::make_shared<BoundWorker>();
  bound->rules = rules_;
  bound->ecp = ecp;
  std::vector<Problem> problems = RequiredProblems(ecp);
  auto named = internal::Resolve(*rules_, bound->ecp, problems);
  FillRecord(rules_->program(), bound->ecp, true, bound->record, problems);
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidEcp, std::move(problems)));
  }
  bound->profile = std::move(named.profile);
  bound->warnings = std::move(named.warnings);
  internal::ApplyTables(*rules_, *bound);
  internal::Settle(rules_->program(), *bound);
  Worker worker;
  worker.bound_ = std::move(bound);
  return worker;
}

}  // namespace cmatch
