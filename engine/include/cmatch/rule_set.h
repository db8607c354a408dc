#ifndef CMATCH_RULE_SET_H_
#define CMATCH_RULE_SET_H_

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/tables.h"
#include "cmatch/value.h"

namespace cmatch {

namespace internal {
struct Program;  // compiled form; engine/src/program.h
}

// Rules and tables, checked and compiled. Made once, then immutable: every method is const and may
// be called from any number of threads. Two rule sets may live side by side.
//
//   auto rules = LoadBuiltinRules();                       // or LoadRules({"/etc/cmatch/rules"})
//   CapabilityMatcher matcher(rules);
class RuleSet {
 public:
  // Checks what spans files (a rule's fields and types, kinds, overlapping rows, windows, images)
  // and compiles. Errors: kInvalidRules with every problem found. `digest` names the text the
  // tables came from ("xxh128:..."); empty: computed.
  static std::expected<std::shared_ptr<const RuleSet>, Error> Create(Tables tables,
                                                                     std::string digest = {});

  // The tables() and digest() of a set that Create() made, or some of its rows: compiled without a
  // search for problems. nullptr where one shows all the same.
  static std::shared_ptr<const RuleSet> CreateChecked(Tables tables, std::string digest);

  ~RuleSet();
  RuleSet(const RuleSet&) = delete;
  RuleSet& operator=(const RuleSet&) = delete;

  const Tables& tables() const { return tables_; }
  std::string_view version() const { return tables_.version; }
  // "xxh128:<32 hex digits>" of the resolved set's canonical text; equal sets have equal digests,
  // wherever they were read from.
  const std::string& digest() const { return digest_; }

  // Canonical form of a kind: folded, then through the alias table of its dimension.
  std::string Canonical(std::string_view dimension, std::string_view kind) const;
  // Known kinds of a dimension in table order: kinds.yaml, then engines and rules. For `quant` the
  // tensor types and file types count too. Empty for an unknown dimension.
  std::span<const std::string_view> KindsOf(std::string_view dimension) const;

  const Field* FindField(std::string_view name) const;  // "mcd.head_dim"
  const Rule* FindRule(std::string_view id) const;
  const Architecture* FindArchitecture(std::string_view name, bool hf) const;
  const FileType* FindFileType(std::int64_t id) const;
  const TensorType* FindTensorType(std::int64_t id) const;
  // Compute capabilities that some GPU of the tables has, ascending.
  std::span<const ComputeCapability> KnownCompute() const;

  const internal::Program& program() const { return *program_; }

 private:
  RuleSet(Tables tables, std::string digest);

  static std::shared_ptr<const RuleSet> Make(Tables tables, std::string digest, bool checked,
                                             std::vector<Problem>& problems);

  Tables tables_;
  std::string digest_;
  std::unique_ptr<const internal::Program> program_;
};

// Kleene's three values.
enum class Truth : std::uint8_t { kFalse, kUnknown, kTrue };

// A condition of a table (`when` of an architecture) over the values that `lookup` gives for its
// field names ("gguf.block_count"); `lookup` returns std::monostate for what the file does not
// state.
Truth Evaluate(const Clause& clause, const std::function<Value(std::string_view)>& lookup);

// What is wrong with `value` for a field of this type, as a phrase ("must be an integer > 0"), or
// "". An unknown value is never wrong here. Kinds and text: not empty, no control characters.
std::string TypeProblem(const Field& field, const Value& value);

}  // namespace cmatch

#endif  // CMATCH_RULE_SET_H_
