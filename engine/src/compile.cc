#include "compile.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "cmatch/check.h"
#include "cmatch/kinds.h"
#include "settle.h"

namespace cmatch::internal {
namespace {

// Read from the tables, not from the ECP; `ecp.min_driver` is the only one with a value of its own.
constexpr Field kMinDriver{
    .name = kMinDriverField, .type = FieldType::kVersion, .of = {}, .origin = {}};

constexpr std::array<std::string_view, 4> kBuiltins = {kFloorField, kImagesField, kMinDriverField,
                                                       kPathsField};

// The members that FillQuickly() (record.h) reads without making a Value of them.
Member MemberOf(const Field& field) {
  struct Row {
    std::string_view name;
    FieldType type;
    Member member;
  };
  static constexpr Row kRows[] = {
      {"mcd.model_id", FieldType::kText, Member::kModelId},
      {"mcd.positional", FieldType::kKind, Member::kPositional},
      {"mcd.attention", FieldType::kKind, Member::kAttention},
      {"mcd.quant", FieldType::kKinds, Member::kQuant},
      {"mcd.context_max", FieldType::kInteger, Member::kContextMax},
      {"mcd.vocab_size", FieldType::kInteger, Member::kVocabSize},
  };
  for (const Row& row : kRows) {
    if (row.name == field.name) return row.type == field.type ? row.member : Member::kOdd;
  }
  return Member::kAttribute;
}

void AddSlot(const Tables& tables, Program& program, const Field& field,
             std::vector<Problem>& problems) {
  const bool ecp = field.name.starts_with("ecp.");
  if (!ecp && !field.name.starts_with("mcd.")) {
    AddProblem(problems, tables, field.origin, "rules-unknown-field",
               "a field begins with mcd. or ecp., not \"" + std::string(field.name) + "\"");
    return;
  }
  Slot slot{.field = &field, .ecp = ecp, .member = MemberOf(field)};
  if (IsKinds(field.type)) {
    const auto dimension = program.dimensions.find(field.of);
    if (dimension == program.dimensions.end()) {
      std::vector<std::string_view> names;
      for (const Symbols& symbols : program.symbols) names.push_back(symbols.dimension);
      Problem& problem = AddProblem(
          problems, tables, field.origin, "rules-unknown-dimension",
          "no dimension \"" + std::string(field.of) + "\" for " + std::string(field.name));
      const std::string_view near = Nearest(field.of, names);
      problem.help = near.empty() ? "name its kinds in kinds.yaml"
                                  : "did you mean \"" + std::string(near) + "\"?";
      return;
    }
    slot.symbols = dimension->second;
  }
  slot.index = ecp ? program.ecp_slots++ : program.mcd_slots++;
  program.slot_by_name.emplace(field.name, static_cast<std::uint32_t>(program.slots.size()));
  program.slots.push_back(slot);
}

void AddSlots(const Tables& tables, Program& program, std::vector<Problem>& problems) {
  for (const Field& field : tables.fields) {
    if (std::find(kBuiltins.begin(), kBuiltins.end(), field.name) != kBuiltins.end()) {
      AddProblem(problems, tables, field.origin, "rules-duplicate",
                 std::string(field.name) + " is built in and cannot be declared");
      continue;
    }
    AddSlot(tables, program, field, problems);
  }
  program.min_driver = static_cast<std::uint32_t>(program.slots.size());
  AddSlot(tables, program, kMinDriver, problems);
}

// Gives every slot its words, once all kinds are interned.
void LayOut(Program& program) {
  program.mcd_words = (program.mcd_slots + 63) / 64;
  program.ecp_words = (program.ecp_slots + 63) / 64;
  for (Slot& slot : program.slots) {
    std::uint32_t& words = slot.ecp ? program.ecp_words : program.mcd_words;
    slot.offset = words;
    if (IsKinds(slot.field->type)) {
      slot.words = std::max(1U, program.symbols[slot.symbols].Words());
      words += slot.ecp ? 2 * slot.words : slot.words;
    } else {
      words += 1;
    }
  }
}

template <typename Visit>
void ForEachClause(const Tables& tables, Visit visit) {
  for (const Rule& rule : tables.rules) {
    if (rule.when) visit(*rule.when);
    visit(rule.check);
  }
  for (const Engine& engine : tables.engines) {
    for (const PathGroup& group : engine.paths) {
      for (const Path& path : group.paths) {
        for (const Clause& clause : path.accepts) visit(clause);
      }
    }
  }
  for (const Advisory& advisory : tables.advisories) {
    if (advisory.when) visit(*advisory.when);
  }
}

std::size_t CountOf(const Clause& clause) {
  std::size_t count = 1;
  for (const Clause& child : clause.children) count += CountOf(child);
  return count;
}

// A path accepts where all of its clauses hold.
std::uint32_t CompilePath(const Path& path, ClauseCompiler& compiler, Program& program) {
  std::vector<std::uint32_t> roots;
  for (const Clause& clause : path.accepts) roots.push_back(compiler.Compile(clause));
  Node all;
  all.op = Op::kAll;
  all.first = static_cast<std::uint32_t>(program.nodes.size());
  all.count = static_cast<std::uint32_t>(roots.size());
  for (const std::uint32_t root : roots) {
    const Node copy = program.nodes[root];
    program.nodes.push_back(copy);
  }
  program.nodes.push_back(all);
  return static_cast<std::uint32_t>(program.nodes.size() - 1);
}

// The words in braces of a message or hint: fields, or what the report adds.
void CheckTemplate(const Tables& tables, const Program& program, const Rule& rule,
                   std::string_view text, std::vector<Problem>& problems) {
  constexpr std::array<std::string_view, 4> kWords = {"required", "supported", "limit", "because"};
  for (std::size_t open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    const std::string_view word = text.substr(open + 1, close - open - 1);
    const bool known = program.FindSlot(word) != nullptr || IsDeclared(tables, word) ||
                       std::find(kWords.begin(), kWords.end(), word) != kWords.end();
    if (known && close != std::string_view::npos) continue;
    std::vector<std::string_view> names(kWords.begin(), kWords.end());
    for (const Slot& slot : program.slots) names.push_back(slot.field->name);
    Problem& problem = AddProblem(problems, tables, rule.origin, "rules-unknown-field",
                                  "the message or hint of " + std::string(rule.id) + " names {" +
                                      std::string(word) + "}, which is no field");
    const std::string_view near = Nearest(word, names);
    if (!near.empty()) problem.help = "did you mean {" + std::string(near) + "}?";
  }
}

void CheckRules(const Tables& tables, const Program& program, std::vector<Problem>& problems) {
  if (tables.rules.size() > kMaxRules) {
    AddProblem(problems, tables, tables.rules[kMaxRules].origin, "rules-too-many",
               "more than " + std::to_string(kMaxRules) + " rules");
  }
  const std::unordered_set<std::string_view> retired(tables.retired.begin(), tables.retired.end());
  for (const Rule& rule : tables.rules) {
    CheckTemplate(tables, program, rule, rule.message, problems);
    CheckTemplate(tables, program, rule, rule.hint, problems);
    if (!retired.contains(rule.id)) continue;
    AddProblem(problems, tables, rule.origin, "rules-retired-id",
               "rule id " + std::string(rule.id) + " is retired and cannot be used again");
  }
}

}  // namespace

void Compile(const Tables& tables, bool checked, Program& program, std::vector<Problem>& problems) {
  CompileSymbols(tables, program, problems);
  AddSlots(tables, program, problems);
  if (!checked) {
    CheckRules(tables, program, problems);
    CheckEngines(tables, program, problems);
  }
  ClauseCompiler compiler(tables, program, problems);
  std::size_t clauses = 0;
  ForEachClause(tables, [&](const Clause& clause) {
    compiler.Declare(clause);
    clauses += CountOf(clause);
  });
  program.nodes.reserve(2 * clauses);  // a path's clauses stand there twice
  LayOut(program);
  for (const Rule& rule : tables.rules) {
    CompiledRule compiled{.rule = &rule};
    if (rule.when) {
      compiled.when = compiler.Compile(*rule.when);
      compiled.when_sides = program.SidesOf(compiled.when);
    }
    compiled.check = compiler.Compile(rule.check);
    program.rules.push_back(compiled);
  }
  program.policies = PoliciesOf(program.rules);
  program.direct = DirectTestsOf(program);
  program.blocks = static_cast<std::uint32_t>((program.rules.size() + 63) / 64);
  program.waivers = !tables.waivers.empty();
  for (const Engine& engine : tables.engines) {
    for (const PathGroup& group : engine.paths) {
      for (const Path& path : group.paths) {
        program.path_nodes.emplace(&path, CompilePath(path, compiler, program));
      }
    }
  }
  CompileAdvisories(tables, compiler, program, problems);
}

}  // namespace cmatch::internal
