// The fuzz targets in a build without libFuzzer: every file given, then changes of it that are the
// same in every run: cut, a byte changed, a piece doubled, a piece taken out.
//   usage: TARGET ROUNDS FILE...

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "fuzz/fuzz.h"

namespace {

constexpr std::size_t kLongestPiece = 64;

void Try(const std::string& bytes) {
  // A copy without a spare byte at its end, so that a sanitizer sees reads beyond it.
  std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
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

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 2 ? std::atoi(argv[1]) : 0;
  if (rounds <= 0) {
    std::fputs("usage: ROUNDS FILE...\n", stderr);
    return 2;
  }
  Try("");
  for (int i = 2; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    if (!file || bytes.empty()) {
      std::fprintf(stderr, "cannot read %s\n", argv[i]);
      return 2;
    }
    Try(bytes);
    std::mt19937 random(1);
    for (int round = 0; round < rounds; ++round) {
      std::string changed = Changed(bytes, random);
      if (random() % 2 == 0) changed = Changed(std::move(changed), random);
      Try(changed);
    }
  }
  return 0;
}
