// The entry points that libFuzzer calls, and two commands of a fuzz program before it starts:
//   TARGET --unpack FILE DIRECTORY   writes the seeds, and the inputs of a corpus file, one a file
//   TARGET --pack DIRECTORY FILE     writes a corpus file

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fuzz/corpus.h"
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc != 4) return 0;
  const std::string_view command = (*argv)[1];
  const std::string from = (*argv)[2];
  const std::string to = (*argv)[3];
  if (command == "--pack") std::exit(cmatch::fuzz::PackCorpus(from, to) ? 0 : 1);
  if (command != "--unpack") return 0;
  const bool written = cmatch::fuzz::UnpackCorpus(cmatch::fuzz::Seeds(), to, "seed-") &&
                       cmatch::fuzz::UnpackCorpus(cmatch::fuzz::ReadCorpus(from), to, "corpus-");
  std::exit(written ? 0 : 1);
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmatch::fuzz::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
