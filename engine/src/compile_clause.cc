#include <algorithm>

#include "cmatch/kinds.h"
#include "compile.h"

namespace cmatch::internal {
namespace {

constexpr int kMaxDepth = 3;  // of `all`, `any`, `not`

using Subject = Clause::Subject;

bool IsList(FieldType type) { return type == FieldType::kKinds || type == FieldType::kIntegers; }

bool IsOrder(Relation relation) {
  return relation == Relation::kLess || relation == Relation::kLessEqual ||
         relation == Relation::kGreater || relation == Relation::kGreaterEqual;
}

// The operators of each type of field.
bool Allowed(FieldType type, Relation relation) {
  if (relation == Relation::kKnown) return true;
  if (relation == Relation::kRunsOn) return false;
  const bool order = IsOrder(relation);
  switch (type) {
    case FieldType::kKind:
    case FieldType::kKinds:
    case FieldType::kText:
      return relation == Relation::kIn || relation == Relation::kEqual;
    case FieldType::kInteger:
    case FieldType::kIntegers:
    case FieldType::kBytes:
      return true;
    case FieldType::kNumber:
    case FieldType::kCompute:
    case FieldType::kVersion:
      return order || relation == Relation::kEqual ||
             (relation == Relation::kIn && type == FieldType::kCompute);
    case FieldType::kBool:
      return relation == Relation::kEqual;
  }
  return false;
}

// Both sides of a field-to-field clause must mean the same sort of thing.
bool Comparable(FieldType left, FieldType right) {
  if (IsKinds(left) || IsKinds(right)) return IsKinds(left) && IsKinds(right);
  const auto is_count = [](FieldType t) {
    return t == FieldType::kInteger || t == FieldType::kIntegers || t == FieldType::kBytes;
  };
  if (is_count(left) && is_count(right)) return true;
  return left == right;
}

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

bool IsDeclared(const Tables& tables, std::string_view name) {
  return std::any_of(tables.fields.begin(), tables.fields.end(),
                     [&](const Field& field) { return field.name == name; });
}

Problem& ClauseCompiler::Complain(const Clause& clause, std::string code, std::string message) {
  return AddProblem(problems_, tables_, clause.origin, std::move(code), std::move(message));
}

Problem& ClauseCompiler::ComplainRight(const Clause& clause, std::string code,
                                       std::string message) {
  const Origin where = clause.right_origin.line != 0 ? clause.right_origin : clause.origin;
  return AddProblem(problems_, tables_, where, std::move(code), std::move(message));
}

const Slot* ClauseCompiler::FindField(std::string_view name, const Clause& clause) {
  if (const Slot* slot = program_.FindSlot(name)) return slot;
  if (IsDeclared(tables_, name)) return nullptr;  // what is wrong with it has been said
  std::vector<std::string_view> names;
  for (const Slot& slot : program_.slots) names.push_back(slot.field->name);
  names.insert(names.end(), {kFloorField, kImagesField, kPathsField});
  Problem& problem = Complain(clause, "rules-unknown-field", "no field " + Quoted(name));
  const std::string_view near = Nearest(name, names);
  problem.help = near.empty() ? "declare it under `fields:` with its type"
                              : "did you mean " + Quoted(near) + "?";
  return nullptr;
}

void ClauseCompiler::Declare(const Clause& clause) {
  for (const Clause& child : clause.children) Declare(child);
  if (clause.form != Clause::Form::kTest || clause.right_is_field || clause.fields.empty()) return;
  if (clause.relation != Relation::kIn && clause.relation != Relation::kEqual) return;
  const Slot* slot = program_.FindSlot(clause.fields[0]);
  if (slot == nullptr || !IsKinds(slot->field->type)) return;
  Symbols& symbols = program_.symbols[slot->symbols];
  for (const std::string_view literal : clause.right) {
    // A literal in canonical spelling can be viewed; another one that no table knows matches
    // nothing but itself, which its folded spelling says as well.
    if (IsFolded(literal) && !symbols.aliases.contains(literal)) symbols.Add(literal);
  }
}

std::uint32_t ClauseCompiler::Compile(const Clause& clause) {
  const auto index = static_cast<std::uint32_t>(program_.nodes.size());
  program_.nodes.emplace_back();
  CompileInto(index, clause, 0);
  return index;
}

void ClauseCompiler::CompileInto(std::uint32_t index, const Clause& clause, int depth) {
  program_.nodes[index].clause = &clause;
  switch (clause.form) {
    case Clause::Form::kAll:
    case Clause::Form::kAny:
    case Clause::Form::kNot:
      CompileGroup(index, clause, depth + 1);
      return;
    case Clause::Form::kSomePath:
      program_.nodes[index].op = Op::kPaths;
      program_.nodes[index].sides = kModelSide | kWorkerSide;
      if (clause.fields.empty() || clause.fields[0] != kPathsField) {
        Complain(clause, "rules-bad-clause", "some_path takes ecp.paths");
      }
      return;
    case Clause::Form::kTest:
      CompileTest(index, clause);
      return;
  }
}

void ClauseCompiler::CompileGroup(std::uint32_t index, const Clause& clause, int depth) {
  if (depth > kMaxDepth) {
    Complain(clause, "rules-too-deep",
             "clauses nest more than " + std::to_string(kMaxDepth) + " deep");
    return;
  }
  if (clause.form == Clause::Form::kNot && clause.children.size() != 1) {
    Complain(clause, "rules-bad-clause", "`not` takes one clause");
    return;
  }
  const auto first = static_cast<std::uint32_t>(program_.nodes.size());
  program_.nodes.resize(program_.nodes.size() + clause.children.size());
  Node& node = program_.nodes[index];
  node.op = clause.form == Clause::Form::kAll   ? Op::kAll
            : clause.form == Clause::Form::kAny ? Op::kAny
                                                : Op::kNot;
  node.first = first;
  node.count = static_cast<std::uint32_t>(clause.children.size());
  for (std::size_t i = 0; i < clause.children.size(); ++i) {
    CompileInto(first + static_cast<std::uint32_t>(i), clause.children[i], depth);
  }
}

// `ecp.compute in ecp.floor` and `ecp.images runs_on ecp.compute`: judged once a worker.
bool ClauseCompiler::CompileBuiltin(Node& node, const Clause& clause) {
  if (clause.right_is_field && clause.right[0] == kFloorField) {
    node.op = Op::kFloor;
    if (clause.fields[0] != "ecp.compute" || clause.relation != Relation::kIn) {
      Complain(clause, "rules-bad-clause",
               "the floor is read as {value: ecp.compute, in: ecp.floor}");
    }
    return true;
  }
  if (clause.fields[0] == kImagesField || clause.relation == Relation::kRunsOn) {
    node.op = Op::kImages;
    if (clause.fields[0] != kImagesField || clause.relation != Relation::kRunsOn ||
        !clause.right_is_field || clause.right[0] != "ecp.compute") {
      Complain(clause, "rules-bad-clause",
               "images are read as {value: ecp.images, runs_on: ecp.compute}");
    }
    return true;
  }
  return false;
}

void ClauseCompiler::CompileTest(std::uint32_t index, const Clause& clause) {
  if (clause.fields.empty() || clause.right.empty()) {
    Complain(clause, "rules-bad-clause", "a test needs a field, and what to compare it with");
    return;
  }
  Node node;
  node.clause = &clause;
  node.relation = clause.relation;
  node.subject = clause.subject;
  if (CompileBuiltin(node, clause)) {
    node.sides = kWorkerSide;
    program_.nodes[index] = node;
    return;
  }
  const Slot* left = FindField(clause.fields[0], clause);
  if (left == nullptr) return;
  node.left = static_cast<std::uint32_t>(left - program_.slots.data());
  const FieldType type = left->field->type;
  if (!Allowed(type, clause.relation)) {
    Complain(clause, "rules-wrong-type",
             "`" + std::string(NameOf(clause.relation)) + "` does not apply to " +
                 std::string(clause.fields[0]) + ", which is of type " + std::string(NameOf(type)));
    return;
  }
  CompileSubject(node, clause, *left);
  if (clause.relation == Relation::kKnown) {
    node.op = Op::kKnown;
    node.wanted = clause.right[0] == "true";
    if (!node.wanted && clause.right[0] != "false") {
      ComplainRight(clause, "rules-wrong-type", "`known` takes true or false");
    }
  } else if (IsKinds(type)) {
    CompileKinds(node, clause, *left);
  } else {
    node.op = IsWord(type) || type == FieldType::kNumber ? Op::kOrder
              : type == FieldType::kText                 ? Op::kText
                                                         : Op::kVersion;
    if (!CompileRightField(node, clause, *left)) CompileLiterals(node, clause, *left);
  }
  node.sides = SidesOfTest(node);
  program_.nodes[index] = node;
}

std::uint8_t ClauseCompiler::SidesOfTest(const Node& node) const {
  std::uint8_t sides = SideOf(program_.slots[node.left]);
  if (node.right != kNoSlot) sides |= SideOf(program_.slots[node.right]);
  const auto add = [&](std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t i = first; i < first + count && i < program_.slot_lists.size(); ++i) {
      sides |= SideOf(program_.slots[program_.slot_lists[i]]);
    }
  };
  if (node.subject == Subject::kLeastOf) add(node.first, node.count);
  add(node.product, node.factors);
  return sides;
}

void ClauseCompiler::CompileSubject(Node& node, const Clause& clause, const Slot& left) {
  const FieldType type = left.field->type;
  if (clause.subject == Subject::kLeastOf) {
    node.first = static_cast<std::uint32_t>(program_.slot_lists.size());
    node.count = static_cast<std::uint32_t>(clause.fields.size());
    for (const std::string_view name : clause.fields) {
      const Slot* slot = FindField(name, clause);
      if (slot == nullptr) continue;
      if (slot->field->type != FieldType::kInteger && slot->field->type != FieldType::kBytes) {
        Complain(clause, "rules-wrong-type",
                 "least_of takes integers, " + std::string(name) + " is of type " +
                     std::string(NameOf(slot->field->type)));
      }
      program_.slot_lists.push_back(static_cast<std::uint32_t>(slot - program_.slots.data()));
    }
    return;
  }
  const bool quantified = clause.subject != Subject::kValue;
  if (clause.relation == Relation::kKnown) return;
  if (!quantified && IsList(type)) {
    Complain(clause, "rules-wrong-type",
             std::string(clause.fields[0]) + " is a list: use any_of or each_of");
  }
  if (quantified && !IsList(type) && type != FieldType::kInteger && type != FieldType::kKind) {
    Complain(clause, "rules-wrong-type",
             "any_of and each_of take a list, " + std::string(clause.fields[0]) + " is of type " +
                 std::string(NameOf(type)));
  }
}

// `multiple_of: [A, B]` is a multiple of their product, `ge: [A, B]` at least that.
void ClauseCompiler::CompileProduct(Node& node, const Clause& clause) {
  node.product = static_cast<std::uint32_t>(program_.slot_lists.size());
  node.factors = static_cast<std::uint32_t>(clause.right.size());
  for (const std::string_view name : clause.right) {
    const Slot* slot = FindField(name, clause);
    if (slot == nullptr) return;
    if (slot->field->type != FieldType::kInteger) {
      ComplainRight(clause, "rules-wrong-type", std::string(name) + " is not an integer");
    }
    program_.slot_lists.push_back(static_cast<std::uint32_t>(slot - program_.slots.data()));
  }
}

bool ClauseCompiler::CompileRightField(Node& node, const Clause& clause, const Slot& left) {
  if (!clause.right_is_field) return false;
  if (clause.right_is_list) {
    const FieldType type = left.field->type;
    const bool whole =
        type == FieldType::kInteger || type == FieldType::kIntegers || type == FieldType::kBytes;
    if (whole &&
        (clause.relation == Relation::kMultipleOf || clause.relation == Relation::kGreaterEqual)) {
      CompileProduct(node, clause);
    } else {
      ComplainRight(clause, "rules-wrong-type",
                    "a list of fields goes with `multiple_of` and `ge` of integers only");
    }
    return true;
  }
  const Slot* right = FindField(clause.right[0], clause);
  if (right == nullptr) return true;
  node.right = static_cast<std::uint32_t>(right - program_.slots.data());
  const bool kinds = IsKinds(left.field->type);
  if (!Comparable(left.field->type, right->field->type)) {
    ComplainRight(clause, "rules-wrong-type",
                  std::string(clause.fields[0]) + " (" + std::string(NameOf(left.field->type)) +
                      ") cannot be compared with " + std::string(clause.right[0]) + " (" +
                      std::string(NameOf(right->field->type)) + ")");
  } else if (kinds && left.symbols != right->symbols) {
    ComplainRight(clause, "rules-wrong-type",
                  std::string(clause.fields[0]) + " and " + std::string(clause.right[0]) +
                      " are kinds of different dimensions");
  } else if (!kinds && IsList(right->field->type)) {
    ComplainRight(clause, "rules-wrong-type", "the right side cannot be a list of numbers");
  }
  return true;
}

void ClauseCompiler::CompileLiterals(Node& node, const Clause& clause, const Slot& left) {
  const FieldType type = left.field->type;
  node.literals = static_cast<std::uint32_t>(clause.right.size());
  if ((clause.relation == Relation::kIn) != clause.right_is_list) {
    ComplainRight(clause, "rules-wrong-type",
                  clause.relation == Relation::kIn
                      ? "`in` takes a list or a field"
                      : "`" + std::string(NameOf(clause.relation)) + "` takes one value");
    return;
  }
  const auto bad = [&](std::string_view literal) {
    ComplainRight(clause, "rules-wrong-type",
                  Quoted(literal) + " is not a value of type " + std::string(NameOf(type)));
  };
  node.literal = static_cast<std::uint32_t>(IsWord(type)                 ? program_.numbers.size()
                                            : type == FieldType::kNumber ? program_.reals.size()
                                            : type == FieldType::kText   ? program_.texts.size()
                                                                       : program_.versions.size());
  for (const std::string_view literal : clause.right) {
    if (IsWord(type)) {
      const auto word = ParseWord(type, literal);
      if (!word) bad(literal);
      program_.numbers.push_back(word.value_or(0));
    } else if (type == FieldType::kNumber) {
      const auto number = ParseNumber(literal);
      if (!number) bad(literal);
      program_.reals.push_back(number.value_or(0));
    } else if (type == FieldType::kText) {
      program_.texts.push_back(literal);
    } else {
      const auto version = Version::Parse(Versioning::kPep440, literal);
      if (!version) bad(literal);
      program_.versions.push_back(version.value_or(Version{}));
    }
  }
}

void ClauseCompiler::CompileKinds(Node& node, const Clause& clause, const Slot& left) {
  node.op = Op::kKinds;
  if (CompileRightField(node, clause, left)) {
    if (node.right == kNoSlot) return;
    const bool list = program_.slots[node.right].field->type == FieldType::kKinds;
    if ((clause.relation == Relation::kIn) != list) {
      ComplainRight(clause, "rules-wrong-type",
                    list ? "use `in` with a list of kinds" : "use `eq` with a single kind");
    }
    return;
  }
  if ((clause.relation == Relation::kIn) != clause.right_is_list) {
    ComplainRight(
        clause, "rules-wrong-type",
        clause.relation == Relation::kIn ? "`in` takes a list or a field" : "`eq` takes one value");
    return;
  }
  const Symbols& symbols = program_.symbols[left.symbols];
  node.literal = static_cast<std::uint32_t>(program_.masks.size());
  node.literals = static_cast<std::uint32_t>(clause.right.size());
  program_.masks.resize(program_.masks.size() + left.words);
  for (const std::string_view literal : clause.right) {
    const std::uint32_t* id = FindKind(symbols, literal);
    if (id == nullptr) {
      ComplainRight(clause, "rules-unknown-kind",
                    Quoted(literal) + " is not written in canonical form (lower case, `_`)");
      continue;
    }
    program_.masks[node.literal + *id / 64] |= std::uint64_t{1} << (*id % 64);
  }
}

}  // namespace cmatch::internal
