#ifndef CMATCH_GPU_SRC_PCI_ADDRESS_H_
#define CMATCH_GPU_SRC_PCI_ADDRESS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cmatch::internal {

// Where a device sits. NVML writes the domain with eight digits ("00000000:3B:00.0"), the CUDA
// runtime with four ("0000:3b:00.0"): compared as numbers.
struct PciAddress {
  std::uint32_t domain = 0;
  std::uint32_t bus = 0;
  std::uint32_t device = 0;
  std::uint32_t function = 0;

  friend auto operator<=>(const PciAddress&, const PciAddress&) = default;
};

// "DOMAIN:BUS:DEVICE.FUNCTION" in hexadecimal; anything else is nullopt.
std::optional<PciAddress> ParsePciAddress(std::string_view text);

}  // namespace cmatch::internal

#endif  // CMATCH_GPU_SRC_PCI_ADDRESS_H_
