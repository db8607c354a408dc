#include <doctest/doctest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "support/files.h"

namespace cmatch {
namespace {

// The files whose codes docs/errors-json.md explains.
bool IsJsonSide(const std::filesystem::path& path) {
  static const std::regex name(
      "(json|mcd|ecp|hf|gpu|inventory|catalog|safetensors|model|merge).*[.]cc");
  return std::regex_match(path.filename().string(), name);
}

TEST_CASE("docs: every problem code of the JSON side has a heading, and no heading is left over") {
  const std::regex code(
      R"re("((?:json|mcd|ecp|hf|gpu|inventory|catalog|safetensors|model|source)-[a-z0-9-]+)")re");
  std::set<std::string> codes;
  for (const auto& entry : std::filesystem::directory_iterator(CMATCH_SOURCE_DIR "/parsers/src")) {
    if (!IsJsonSide(entry.path())) continue;
    const std::string text = testing::ReadFile(entry.path());
    for (auto at = std::sregex_iterator(text.begin(), text.end(), code);
         at != std::sregex_iterator(); ++at) {
      codes.insert((*at)[1]);
    }
  }
  const std::string docs = testing::ReadFile(CMATCH_SOURCE_DIR "/docs/errors-json.md");
  const std::regex heading("\n### ([a-z0-9-]+)\n");
  std::set<std::string> headings;
  for (auto at = std::sregex_iterator(docs.begin(), docs.end(), heading);
       at != std::sregex_iterator(); ++at) {
    CHECK(headings.insert((*at)[1]).second);
  }
  for (const std::string& each : codes) {
    CAPTURE(each);
    CHECK(headings.contains(each));
  }
  for (const std::string& each : headings) {
    CAPTURE(each);
    CHECK(codes.contains(each));
  }
}

}  // namespace
}  // namespace cmatch
