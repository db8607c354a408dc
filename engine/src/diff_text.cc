#include "diff_text.h"

#include <algorithm>

namespace cmatch::internal {
namespace {

void Append(std::string& list, std::string_view item) {
  if (!list.empty()) list += ", ";
  list += item;
}

std::string_view NameOf(Clause::Subject subject) {
  switch (subject) {
    case Clause::Subject::kValue:
      return "value";
    case Clause::Subject::kLeastOf:
      return "least_of";
    case Clause::Subject::kAnyOf:
      return "any_of";
    case Clause::Subject::kEachOf:
      return "each_of";
  }
  return "value";
}

std::string TestText(const Clause& clause) {
  std::string text = "{" + std::string(NameOf(clause.subject)) + ": ";
  text += clause.fields.size() == 1 ? std::string(clause.fields[0])
                                    : "[" + ListText(clause.fields) + "]";
  for (const auto& [relation, name] : kRelations) {
    if (relation == clause.relation) text += ", " + std::string(name) + ": ";
  }
  const bool list = clause.right_is_list || clause.right.size() != 1;
  return text + (list ? "[" + ListText(clause.right) + "]" : std::string(clause.right[0])) + "}";
}

}  // namespace

std::string ClausesText(const std::vector<Clause>& clauses) {
  std::string text;
  for (const Clause& clause : clauses) Append(text, ToString(clause));
  return text;
}

std::string ListText(const std::vector<Text>& items) {
  std::string text;
  for (const Text item : items) Append(text, item);
  return text;
}

std::string ArchitectureText(const Architecture& row) {
  if (!row.unsupported.empty()) return "unsupported: " + std::string(row.unsupported);
  std::string text;
  for (const ConditionalKind& kind : row.positional) {
    Append(text, kind.is);
    if (kind.when) text += " when " + ToString(*kind.when);
  }
  if (!row.attention.empty()) Append(text, "attention " + std::string(row.attention));
  const std::pair<bool, std::string_view> flags[] = {
      {row.recurrent, "recurrent"},
      {row.hybrid, "hybrid"},
      {row.diffusion, "diffusion"},
      {row.mla, "mla"},
      {row.rope_dimension_is_head_dim, "rope dimension is head_dim"}};
  for (const auto& [set, name] : flags) {
    if (set) Append(text, name);
  }
  if (!row.sliding_window.empty()) Append(text, "window " + std::string(row.sliding_window));
  return text;
}

std::string MemoryText(const std::vector<std::int64_t>& sizes) {
  std::string text;
  for (const std::int64_t size : sizes) Append(text, std::to_string(size >> 20) + "MiB");
  return text;
}

std::string ComputesText(const std::vector<ComputeCapability>& all,
                         const std::vector<ComputeCapability>& some) {
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto has = [&](std::size_t at) {
      return at < all.size() && std::binary_search(some.begin(), some.end(), all[at]);
    };
    if (!has(i)) continue;
    std::size_t last = i;
    while (has(last + 1)) ++last;
    Append(text, ToString(ComputeRange{all[i], all[last]}));
    i = last;
  }
  return text;
}

}  // namespace cmatch::internal

namespace cmatch {

std::string ToString(const Clause& clause) {
  switch (clause.form) {
    case Clause::Form::kAll:
      return "{all: [" + internal::ClausesText(clause.children) + "]}";
    case Clause::Form::kAny:
      return "{any: [" + internal::ClausesText(clause.children) + "]}";
    case Clause::Form::kNot:
      return "{not: " + internal::ClausesText(clause.children) + "}";
    case Clause::Form::kSomePath:
      return "{some_path: " + internal::ListText(clause.fields) + "}";
    case Clause::Form::kTest:
      return internal::TestText(clause);
  }
  return {};
}

}  // namespace cmatch
