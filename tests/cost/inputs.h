#ifndef CMATCH_TESTS_COST_INPUTS_H_
#define CMATCH_TESTS_COST_INPUTS_H_

// Inputs made to be expensive, of any size.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cmatch::testing {

struct CostlyInput {
  const char* name;
  enum { kGguf, kMcd, kYaml, kSafetensors } format;
  std::string (*make)(std::size_t size);  // `size` of what it is about
};

const std::vector<CostlyInput>& CostlyInputs();

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_COST_INPUTS_H_
