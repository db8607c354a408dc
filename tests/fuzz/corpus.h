#ifndef CMATCH_TESTS_FUZZ_CORPUS_H_
#define CMATCH_TESTS_FUZZ_CORPUS_H_

// The corpus of a target in one text file, one input a line, so that a change of it can be read:
// printable ASCII as it is; `\\`, `\n`, `\t`, `\0` (a NUL byte, whatever follows) and `\xHH`.

#include <string>
#include <string_view>
#include <vector>

namespace cmatch::fuzz {

std::string EscapeInput(std::string_view input);
// What is not of the form is taken as it stands.
std::string UnescapeInput(std::string_view line);

// The inputs of a corpus file; none where it cannot be read.
std::vector<std::string> ReadCorpus(const std::string& path);

// All regular files of a directory to one corpus file, sorted, and back: a file each, named by its
// number. False where a file cannot be written.
bool PackCorpus(const std::string& directory, const std::string& path);
bool UnpackCorpus(const std::vector<std::string>& inputs, const std::string& directory,
                  const std::string& prefix);

}  // namespace cmatch::fuzz

#endif  // CMATCH_TESTS_FUZZ_CORPUS_H_
