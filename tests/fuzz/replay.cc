// A fuzz target in a build without libFuzzer: its seeds and every input of its corpus, then changes
// of them that are the same in every run, by the target's own mutator where it has one.
//   usage: TARGET ROUNDS CORPUS_FILE

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "fuzz/corpus.h"
#include "fuzz/fuzz.h"
#include "fuzz/mutator.h"

namespace {

constexpr std::size_t kLongestPiece = 64;
constexpr std::size_t kLongestInput = 1 << 16;

void Try(const std::string& bytes) {
  // A copy without a spare byte at its end, so that a sanitizer sees reads beyond it.
  const std::vector<char> exact(bytes.begin(), bytes.end());
  cmatch::fuzz::Run({exact.data(), exact.size()});
}

std::string Changed(std::string bytes, std::mt19937& random) {
  if (bytes.empty()) return bytes;
  const std::size_t at = random() % bytes.size();
  const std::size_t length = 1 + random() % kLongestPiece;
  switch (random() % 4) {
    case 0:
      bytes.resize(at);
      break;
    case 1:
      bytes[at] = static_cast<char>(random() % 256);
      break;
    case 2:
      bytes.insert(at, bytes.substr(at, length));
      break;
    default:
      bytes.erase(at, length);
      break;
  }
  return bytes;
}

// Where a target has a mutator of its own, every second change is by it.
std::string ChangedByTarget(const std::string& bytes, std::mt19937& random) {
  if (LLVMFuzzerCustomMutator == nullptr || random() % 2 == 0) return Changed(bytes, random);
  std::string room = bytes;
  room.resize(bytes.size() + 4096);
  room.resize(LLVMFuzzerCustomMutator(reinterpret_cast<std::uint8_t*>(room.data()), bytes.size(),
                                      room.size(), static_cast<unsigned>(random())));
  return room;
}

}  // namespace

// What libFuzzer offers to mutators: a change of any bytes.
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::string changed = Changed({reinterpret_cast<const char*>(data), size}, random);
  if (changed.size() > max_size) changed.resize(max_size);
  changed.copy(reinterpret_cast<char*>(data), changed.size());
  return changed.size();
}

int main(int argc, char** argv) {
  const long rounds = argc == 3 ? std::strtol(argv[1], nullptr, 10) : 0;
  if (rounds <= 0) {
    std::fputs("usage: ROUNDS CORPUS_FILE\n", stderr);
    return 2;
  }
  std::vector<std::string> inputs = cmatch::fuzz::Seeds();
  const std::vector<std::string> corpus = cmatch::fuzz::ReadCorpus(argv[2]);
  if (corpus.empty()) {
    std::fprintf(stderr, "no corpus in %s\n", argv[2]);
    return 2;
  }
  inputs.insert(inputs.end(), corpus.begin(), corpus.end());
  inputs.emplace_back();
  for (const std::string& input : inputs) Try(input);
  std::mt19937 random(1);
  for (long round = 0; round < rounds; ++round) {
    std::string changed = inputs[random() % inputs.size()];
    for (int changes = 0; changes < 3 && (changes == 0 || random() % 2 == 0); ++changes) {
      changed = ChangedByTarget(changed, random);
    }
    if (changed.size() <= kLongestInput) Try(changed);
  }
  std::printf("%zu inputs and %ld changes\n", inputs.size(), rounds);
  return 0;
}
