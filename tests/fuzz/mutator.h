#ifndef CMATCH_TESTS_FUZZ_MUTATOR_H_
#define CMATCH_TESTS_FUZZ_MUTATOR_H_

// What libFuzzer and the mutators of this folder ask of each other.

#include <cstddef>
#include <cstdint>

extern "C" {
// Of libFuzzer, or of replay.cc: changes the bytes anyhow and returns their new number.
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

// Changes an input in terms of its format. The same for the same bytes and `seed`. Only some
// targets have one.
[[gnu::weak]] std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                                  std::size_t max_size, unsigned seed);
}

#endif  // CMATCH_TESTS_FUZZ_MUTATOR_H_
