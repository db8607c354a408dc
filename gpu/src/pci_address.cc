#include "pci_address.h"

#include <charconv>

namespace cmatch::internal {
namespace {

// Takes one number off the front of `text`, and `end` behind it ('\0': nothing may follow).
bool Take(std::string_view& text, char end, std::uint32_t& value) {
  const char* last = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), last, value, 16);
  if (failure != std::errc{}) return false;
  if (end == '\0') return stop == last;
  if (stop == last || *stop != end) return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return true;
}

}  // namespace

std::optional<PciAddress> ParsePciAddress(std::string_view text) {
  PciAddress address;
  if (Take(text, ':', address.domain) && Take(text, ':', address.bus) &&
      Take(text, '.', address.device) && Take(text, '\0', address.function)) {
    return address;
  }
  return std::nullopt;
}

}  // namespace cmatch::internal
