#ifndef CMATCH_TESTS_MUTATION_MUTANT_H_
#define CMATCH_TESTS_MUTATION_MUTANT_H_

// What the changed sources of scripts/mutate ask at each place that has a mutant. One mutant, or
// none, is there in a process: CMATCH_MUTANT is its number. With CMATCH_MUTANTS_REACHED, the name
// of a file, the numbers of those that were asked about are added to that file when the process
// ends.

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

namespace cmatch_mutants {

inline constexpr int kMost = 1 << 14;

struct Process {
  int chosen = 0;
  const char* file = nullptr;
  std::atomic<bool> reached[kMost] = {};

  Process() {
    if (const char* number = std::getenv("CMATCH_MUTANT")) chosen = std::atoi(number);
    file = std::getenv("CMATCH_MUTANTS_REACHED");
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    std::FILE* out = file == nullptr ? nullptr : std::fopen(file, "a");
    if (out == nullptr) return;
    for (int number = 0; number < kMost; ++number) {
      if (reached[number]) std::fprintf(out, "%d\n", number);
    }
    std::fclose(out);
  }
};

inline Process& ThisProcess() {
  static Process process;
  return process;
}

// Not constexpr: a variable that is made with it is made when the program starts, with its mutants.
inline bool Chosen(int number) {
  Process& process = ThisProcess();
  if (process.file != nullptr) process.reached[number].store(true, std::memory_order_relaxed);
  return process.chosen == number;
}

// In constexpr functions.
constexpr bool ChosenInConstexpr(int number) {
  if (std::is_constant_evaluated()) return false;
  return Chosen(number);
}

}  // namespace cmatch_mutants

#endif  // CMATCH_TESTS_MUTATION_MUTANT_H_
