#include "pci_address.h"

#include <doctest/doctest.h>

#include <string_view>

namespace cmatch::internal {
namespace {

TEST_CASE("one device's PCI address as NVML and as the CUDA runtime write it is the same") {
  CHECK(ParsePciAddress("00000000:3B:00.0") == ParsePciAddress("0000:3b:00.0"));
  CHECK(ParsePciAddress("0001:3B:1f.7") == PciAddress{1, 0x3b, 0x1f, 7});
  CHECK(ParsePciAddress("FFFFFFFF:00:00.0") == PciAddress{0xffffffff, 0, 0, 0});
}

TEST_CASE("what is not a PCI address is none") {
  for (const std::string_view text :
       {"", "3B:00.0", "0000:3B:00", "0000:3B:00.", "0000:3B:00.0 ", "0000:3B:00:0", "0000-3B-00.0",
        "100000000:3B:00.0", ":::."}) {
    CAPTURE(text);
    CHECK_FALSE(ParsePciAddress(text).has_value());
  }
}

}  // namespace
}  // namespace cmatch::internal
