#include "yaml_problems.h"

#include <algorithm>

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

std::string Quoted(std::string_view text) {
  constexpr std::size_t kMost = 60;
  constexpr std::string_view kHex = "0123456789abcdef";
  std::size_t end = std::min(text.size(), kMost);
  // Never cut inside a UTF-8 sequence.
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  std::string out = "\"";
  for (const char c : text.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  if (end < text.size()) out += "...";
  out += '"';
  return out;
}

}  // namespace cmatch::internal
