#ifndef CMATCH_ENGINE_COMPILE_H_
#define CMATCH_ENGINE_COMPILE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "program.h"

namespace cmatch::internal {

// Compiles clauses into nodes of one program. Two passes over every clause: Declare() interns the
// kinds it names, so that the width of every bit set is known; Compile() lays the node out.
class ClauseCompiler {
 public:
  ClauseCompiler(const Tables& tables, Program& program, std::vector<Problem>& problems)
      : tables_(tables), program_(program), problems_(problems) {}

  void Declare(const Clause& clause);
  // Index of the node. After a problem the node is one that is never evaluated.
  std::uint32_t Compile(const Clause& clause);

 private:
  void CompileInto(std::uint32_t index, const Clause& clause, int depth);
  void CompileGroup(std::uint32_t index, const Clause& clause, int depth);
  void CompileTest(std::uint32_t index, const Clause& clause);
  std::uint8_t SidesOfTest(const Node& node) const;
  bool CompileBuiltin(Node& node, const Clause& clause);
  void CompileSubject(Node& node, const Clause& clause, const Slot& left);
  void CompileProduct(Node& node, const Clause& clause);
  bool CompileRightField(Node& node, const Clause& clause, const Slot& left);
  void CompileLiterals(Node& node, const Clause& clause, const Slot& left);
  void CompileKinds(Node& node, const Clause& clause, const Slot& left);
  const Slot* FindField(std::string_view name, const Clause& clause);
  Problem& Complain(const Clause& clause, std::string code, std::string message);
  Problem& ComplainRight(const Clause& clause, std::string code, std::string message);

  const Tables& tables_;
  Program& program_;
  std::vector<Problem>& problems_;
};

// True for a field of the tables, one that could not be taken included.
bool IsDeclared(const Tables& tables, std::string_view name);

// Checks the advisories against the engines they are of, and compiles them.
void CompileAdvisories(const Tables& tables, ClauseCompiler& compiler, Program& program,
                       std::vector<Problem>& problems);

// Text of a YAML scalar as a value of the field type; nullopt where it is none.
std::optional<std::int64_t> ParseInteger(std::string_view text);
std::optional<std::int64_t> ParseBytes(std::string_view text);  // "24GiB", "16Ki", "131072"
std::optional<double> ParseNumber(std::string_view text);
std::optional<bool> ParseBool(std::string_view text);
// Integer, bytes, bool and compute as the word that a record holds.
std::optional<std::int64_t> ParseWord(FieldType type, std::string_view text);

std::string_view NameOf(FieldType type);
std::string_view NameOf(Relation relation);

// Types that are compared as one 64-bit integer.
bool IsWord(FieldType type);

constexpr std::int64_t ComputeWord(ComputeCapability compute) {
  return (std::int64_t{compute.major} << 16) | compute.minor;
}

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_COMPILE_H_
