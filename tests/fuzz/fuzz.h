#ifndef CMATCH_TESTS_FUZZ_FUZZ_H_
#define CMATCH_TESTS_FUZZ_FUZZ_H_

// What each target defines: one reader over any bytes. It must return, whatever they are. libFuzzer
// calls it (preset "fuzz"); replay.cc calls it in every other build.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cmatch/rules_io.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace cmatch::fuzz {

inline std::string_view Text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline const RuleSet& Rules() {
  static const std::shared_ptr<const RuleSet> rules = LoadBuiltinRules();
  return *rules;
}

}  // namespace cmatch::fuzz

#endif  // CMATCH_TESTS_FUZZ_FUZZ_H_
