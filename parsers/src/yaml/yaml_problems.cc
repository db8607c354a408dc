#include "yaml/yaml_problems.h"

namespace cmatch::internal {

Problem* YamlProblems::Add(YamlPlace place, std::string_view code, std::string message,
                           std::string help) {
  if (full()) {
    Close();
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

void YamlProblems::Close() {
  if (count_ != kYamlLimits.problems) return;
  ++count_;
  Problem rest;
  rest.code = "yaml-too-many-problems";
  rest.message = std::to_string(kYamlLimits.problems) +
                 " problems in this file: what else may be wrong is not listed";
  rest.where.file = file_;
  list_->push_back(std::move(rest));
}

}  // namespace cmatch::internal
