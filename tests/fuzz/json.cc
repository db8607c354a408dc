#include "cmatch/ecp_source.h"
#include "cmatch/mcd_source.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = cmatch::fuzz::Text(data, size);
  const cmatch::RuleSet& rules = cmatch::fuzz::Rules();
  if (const auto facts = cmatch::ReadMcdJson(text, "fuzz.mcd.json", rules)) {
    static_cast<void>(cmatch::McdFrom(*facts));
  }
  static_cast<void>(cmatch::ReadCatalogEntry(text, "fuzz.json", "m", rules));
  static_cast<void>(cmatch::ReadEcp(text, "fuzz.json", rules));
  static_cast<void>(cmatch::ReadInventory(text, "fuzz.json", rules));
  return 0;
}
