#include "cmatch/mcd_source.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto facts =
      cmatch::ReadGgufBytes(cmatch::fuzz::Text(data, size), "fuzz.gguf", cmatch::fuzz::Rules());
  if (facts) static_cast<void>(cmatch::McdFrom(*facts));
  return 0;
}
