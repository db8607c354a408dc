#include <string>

#include "cmatch/cases_io.h"
#include "cmatch/config_io.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = cmatch::fuzz::Text(data, size);
  cmatch::RuleFile file;
  file.name = "fuzz.yaml";
  file.text = std::string(text);
  if (auto tables = cmatch::ReadTables({file})) {
    static_cast<void>(cmatch::RuleSet::Create(std::move(*tables)));
  }
  static_cast<void>(cmatch::ReadCases({file}));
  static_cast<void>(cmatch::ReadConfig(text, "fuzz.yaml"));
  return 0;
}
