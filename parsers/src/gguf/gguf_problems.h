#ifndef CMATCH_GGUF_PROBLEMS_H_
#define CMATCH_GGUF_PROBLEMS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "files/byte_cursor.h"

namespace cmatch::internal {

Problem GgufProblem(std::string_view code, std::string message, std::string help = {});

// Of a file that cannot be read: the message ends with the byte `at` which is wrong.
Problem GgufRefusal(std::uint64_t at, std::string_view code, const std::string& message,
                    std::string help = {});

// Why a call of `cursor` failed while it read `what` ("the length of key 3").
Problem EndProblem(const ByteCursor& cursor, std::string_view what);

// " at byte N"
std::string AtByte(std::uint64_t offset);

// Collects warnings; of each code the first kGgufWarningsOfACode are listed and the others counted,
// so that a hostile file cannot fill a report.
class WarningList {
 public:
  void Add(std::string_view code, std::string message);
  std::vector<Problem> Take();

 private:
  std::vector<Problem> warnings_;
  std::map<std::string, std::size_t, std::less<>> counts_;
};

}  // namespace cmatch::internal

#endif  // CMATCH_GGUF_PROBLEMS_H_
