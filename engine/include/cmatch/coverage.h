#ifndef CMATCH_COVERAGE_H_
#define CMATCH_COVERAGE_H_

#include <string>
#include <unordered_set>
#include <vector>

#include "cmatch/check.h"

namespace cmatch {

// Which rules and table rows a set of checks has rested on. Not thread-safe.
class Coverage {
 public:
  explicit Coverage(std::shared_ptr<const RuleSet> rules) : rules_(std::move(rules)) {}

  // Counts what the verdict for this pair rests on: for each kind the model needs the row that has
  // it on the worker's release and capability, the floor, the build, the driver floor, the kernel
  // path taken.
  void Add(const Model& model, const Worker& worker, const Verdict& verdict);

  struct Gap {
    Location where;
    std::string what;  // "vllm quant fp8", "CMATCH-8134: no failing case"
  };
  // Rows no check has rested on, and error rules that none has failed or none has passed; table
  // order.
  std::vector<Gap> Gaps() const;
  // All that Gaps() looks at.
  std::size_t rows() const;

 private:
  void AddKinds(const Worker& worker, std::string_view dimension, const Value& kinds);

  std::shared_ptr<const RuleSet> rules_;
  std::unordered_set<const void*> rows_;
  std::unordered_set<const Rule*> failed_, passed_;
};

}  // namespace cmatch

#endif  // CMATCH_COVERAGE_H_
