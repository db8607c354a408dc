#include "gguf/gguf_problems.h"

#include <cstdint>
#include <system_error>
#include <utility>

#include "files/read_limits.h"

namespace cmatch::internal {

Problem GgufProblem(std::string_view code, std::string message, std::string help) {
  Problem problem;
  problem.code = code;
  problem.message = std::move(message);
  problem.help = std::move(help);
  return problem;
}

Problem GgufRefusal(std::uint64_t at, std::string_view code, const std::string& message,
                    std::string help) {
  return GgufProblem(code, message + " (byte " + std::to_string(at) + ")", std::move(help));
}

std::string AtByte(std::uint64_t offset) { return " at byte " + std::to_string(offset); }

Problem EndProblem(const ByteCursor& cursor, std::string_view what) {
  const std::string reading = " while reading " + std::string(what) + AtByte(cursor.offset());
  switch (cursor.failure()) {
    case ByteCursor::Failure::kLimit:
      return GgufProblem("gguf-header-too-large", "the header is longer than " +
                                                      std::to_string(kGgufMaxHeaderBytes >> 20) +
                                                      " MiB:" + reading);
    case ByteCursor::Failure::kIo: {
      const int error = cursor.source().error();
      if (error == 0 && cursor.source().streamed()) break;
      return GgufProblem("gguf-read-error", (error != 0 ? std::generic_category().message(error)
                                                        : std::string("the file became shorter")) +
                                                reading);
    }
    case ByteCursor::Failure::kNone:
    case ByteCursor::Failure::kEnd:
      break;
  }
  return GgufProblem(
      "gguf-truncated-header",
      "the file ends after " + std::to_string(cursor.source().size()) + " bytes," + reading,
      "the download or copy is incomplete: fetch the file again");
}

void WarningList::Add(std::string_view code, std::string message) {
  auto at = counts_.find(code);
  if (at == counts_.end()) at = counts_.emplace(code, 0).first;
  if (at->second++ >= kGgufWarningsOfACode) return;
  warnings_.push_back(GgufProblem(code, std::move(message)));
  warnings_.back().warning = true;
}

std::vector<Problem> WarningList::Take() {
  for (const auto& [code, count] : counts_) {
    if (count <= kGgufWarningsOfACode) continue;
    warnings_.push_back(
        GgufProblem(code, "the same of " + std::to_string(count - kGgufWarningsOfACode) + " more"));
    warnings_.back().warning = true;
  }
  counts_.clear();
  return std::exchange(warnings_, {});
}

}  // namespace cmatch::internal
