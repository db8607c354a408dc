#ifndef CMATCH_YAML_PROBLEMS_H_
#define CMATCH_YAML_PROBLEMS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmatch/error.h"
#include "files/read_limits.h"
#include "files/text_check.h"

namespace cmatch::internal {

// A place in the file being read, 1-based.
struct YamlPlace {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// The problems of one file, in the order found, appended to a list that several files share. After
// kYamlLimits.problems of them one last says that there are more.
class YamlProblems {
 public:
  YamlProblems(std::string_view file, std::vector<Problem>* list) : file_(file), list_(list) {}

  // The added problem, to give it notes; nullptr where there were too many already.
  Problem* Add(YamlPlace place, std::string_view code, std::string message, std::string help = {});

  // Where there are as many as are listed, says so, once.
  void Close();

  // A row that has a problem: what is read of it is not what was meant.
  void MarkBroken(YamlPlace row, std::string_view what) {
    broken_.push_back({At(row), std::string(what)});
  }
  struct BrokenRow {
    Location where;
    std::string what;  // "rule", "field", "entry"
  };
  const std::vector<BrokenRow>& broken() const { return broken_; }

  Location At(YamlPlace place) const { return {file_, place.line, place.column}; }
  std::size_t count() const { return count_; }
  bool full() const { return count_ >= kYamlLimits.problems; }

 private:
  std::string file_;
  std::vector<Problem>* list_;
  std::vector<BrokenRow> broken_;
  std::size_t count_ = 0;
};

}  // namespace cmatch::internal

#endif  // CMATCH_YAML_PROBLEMS_H_
