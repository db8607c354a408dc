// McdFacts to Mcd: what is missing, and what is wrong.

#include <algorithm>
#include <utility>

#include "cmatch/kinds.h"
#include "cmatch/mcd_source.h"
#include "files/text_check.h"
#include "models/mcd_members.h"

namespace cmatch {
namespace {

using internal::kMcdRequired;
using internal::RequiredMember;
using internal::RequiredProblem;

const McdFacts::Member* FindMember(const McdFacts& facts, std::string_view name) {
  const auto at = facts.members.find(name);
  return at == facts.members.end() || !IsKnown(at->second.value) ? nullptr : &at->second;
}

std::string PointerTo(std::string_view member) { return "/" + std::string(member); }

bool IsBlocked(const McdFacts& facts, std::string_view member) {
  for (const Problem& problem : facts.blocking) {
    if (problem.path == PointerTo(member)) return true;
  }
  return false;
}

// A member that nothing declares and that is nearly `member`.
std::string_view Slip(const McdFacts& facts, std::string_view member) {
  std::vector<std::string_view> others;
  for (const auto& [name, value] : facts.members) {
    if (internal::FindRequired(kMcdRequired, name) == nullptr) others.push_back(name);
  }
  return Nearest(member, others);
}

Problem Missing(const McdFacts& facts, std::string_view member) {
  Problem problem{.code = "mcd-missing",
                  .path = PointerTo(member),
                  .message = std::string(member) + " is missing: no source of the model states it",
                  .where = {.file = facts.name},
                  .notes = {},
                  .help = facts.name.ends_with(".json")
                              ? "add it to this file"
                              : "state it in a sidecar, <model file>.mcd.json"};
  if (const std::string_view slip = Slip(facts, member); !slip.empty()) {
    problem.help = "did you mean it by " + internal::Quoted(slip) + "?";
    problem.where = facts.members.find(slip)->second.where;
  }
  return problem;
}

Problem Wrong(const McdFacts& facts, std::string_view name, const McdFacts::Member& member,
              const std::string& what) {
  Problem problem{.code = "mcd-wrong-value",
                  .path = PointerTo(name),
                  .message = std::string(name) + " " + what + " (" + member.origin + ")",
                  .where = member.where,
                  .notes = {},
                  .help = {}};
  if (problem.where.file.empty()) problem.where.file = facts.name;
  return problem;
}

// The member's value, which has passed RequiredProblem().
template <typename T>
const T& Get(const McdFacts& facts, std::string_view name) {
  return std::get<T>(facts.members.find(name)->second.value);
}

// A vocabulary, an adapter, a later shard: what it lacks as a model is beside the point.
bool IsNoModel(const McdFacts& facts) {
  return std::ranges::any_of(
      facts.blocking, [](const Problem& problem) { return problem.code == "gguf-not-a-model"; });
}

std::vector<Problem> ProblemsOf(const McdFacts& facts) {
  std::vector<Problem> problems;
  for (const Problem& problem : facts.blocking) {
    // One cause may keep several members from being known.
    const auto same = [&](const Problem& said) {
      return said.code == problem.code && said.message == problem.message;
    };
    if (std::ranges::none_of(problems, same)) problems.push_back(problem);
  }
  if (IsNoModel(facts)) return problems;
  for (const RequiredMember& required : kMcdRequired) {
    const McdFacts::Member* member = FindMember(facts, required.name);
    if (member == nullptr) {
      if (!IsBlocked(facts, required.name)) problems.push_back(Missing(facts, required.name));
      continue;
    }
    const std::string what = RequiredProblem(required, member->value);
    if (!what.empty()) problems.push_back(Wrong(facts, required.name, *member, what));
  }
  return problems;
}

}  // namespace

std::string internal::RequiredProblem(const RequiredMember& member, const Value& value) {
  std::string problem = TypeProblem(member.field, value);
  if (!problem.empty()) return problem;
  if (const auto* number = std::get_if<std::int64_t>(&value); number != nullptr && *number == 0) {
    return "must be an integer > 0";
  }
  const auto* texts = std::get_if<std::vector<std::string>>(&value);
  if (texts != nullptr && texts->empty() && !member.may_be_empty) return "must not be empty";
  return {};
}

std::vector<std::string> MissingMembers(const McdFacts& facts) {
  std::vector<std::string> missing;
  for (const RequiredMember& required : kMcdRequired) {
    const McdFacts::Member* member = FindMember(facts, required.name);
    if (member == nullptr || !RequiredProblem(required, member->value).empty()) {
      missing.emplace_back(required.name);
    }
  }
  return missing;
}

std::expected<Mcd, Error> McdFrom(const McdFacts& facts) {
  std::vector<Problem> problems = ProblemsOf(facts);
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidMcd, std::move(problems)));
  }
  Mcd mcd{.model_id = Get<std::string>(facts, "model_id"),
          .positional = Get<std::string>(facts, "positional"),
          .attention = Get<std::string>(facts, "attention"),
          .quant = Get<std::vector<std::string>>(facts, "quant"),
          .context_max = Get<std::int64_t>(facts, "context_max"),
          .vocab_size = Get<std::int64_t>(facts, "vocab_size"),
          .attributes = {}};
  for (const auto& [name, member] : facts.members) {
    if (internal::FindRequired(kMcdRequired, name) == nullptr && IsKnown(member.value)) {
      mcd.attributes.emplace(name, member.value);
    }
  }
  return mcd;
}

}  // namespace cmatch
