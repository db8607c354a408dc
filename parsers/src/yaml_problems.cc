#include "yaml_problems.h"

namespace cmatch::internal {

Problem* YamlProblems::Add(YamlPlace place, std::string_view code, std::string message,
                           std::string help) {
  if (full()) {
    if (count_ == kYamlLimits.problems) {
      Problem more;
      more.code = "yaml-too-many-problems";
      more.message = "more than " + std::to_string(kYamlLimits.problems) +
                     " problems in this file; the rest is not listed";
      more.where = At(place);
      list_->push_back(std::move(more));
      ++count_;
    }
    return nullptr;
  }
  ++count_;
  Problem problem;
  problem.code = code;
  problem.message = std::move(message);
  problem.where = At(place);
  problem.help = std::move(help);
  list_->push_back(std::move(problem));
  return &list_->back();
}

}  // namespace cmatch::internal
