#ifndef CMATCH_TESTS_FUZZ_FUZZ_H_
#define CMATCH_TESTS_FUZZ_FUZZ_H_

// Fuzz targets: each file of targets/ defines Run() and Seeds(). libFuzzer drives them in the
// preset "fuzz" (scripts/fuzz); replay.cc runs seeds, corpus and changes of both in every other
// build.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/rules_io.h"

namespace cmatch::fuzz {

// Defined by each target. Returns, whatever the bytes are, and ends the process where a promise is
// broken (Expect).
void Run(std::string_view input);
// Good inputs to begin with, made here rather than kept.
std::vector<std::string> Seeds();

// Says `promise` and the input at hand, and aborts, where it does not hold.
void Expect(bool holds, std::string_view promise, std::string_view about = {});
// A text that goes to a terminal: UTF-8, no control character but line feeds, nothing that turns
// the direction of text. With `color`, sequences that set colors are left out first.
void ExpectPrintable(std::string_view text, bool color = false);
// One JSON document on one line.
void ExpectJson(std::string_view text);
// What every problem owes its reader, and both renderings of it.
void ExpectProblems(const std::vector<Problem>& problems);
void ExpectError(const Error& error);

// The built-in rules, read once.
inline const std::shared_ptr<const RuleSet>& SharedRules() {
  static const std::shared_ptr<const RuleSet> rules = LoadBuiltinRules();
  return rules;
}
inline const RuleSet& Rules() { return *SharedRules(); }

}  // namespace cmatch::fuzz

#endif  // CMATCH_TESTS_FUZZ_FUZZ_H_
