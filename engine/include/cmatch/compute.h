#ifndef CMATCH_COMPUTE_H_
#define CMATCH_COMPUTE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cmatch {

// A CUDA compute capability: a pair of integers, never a decimal number ("8.10" is not "8.1").
struct ComputeCapability {
  std::uint16_t major = 0;
  std::uint16_t minor = 0;

  friend auto operator<=>(const ComputeCapability&, const ComputeCapability&) = default;
};

// Exactly "MAJOR.MINOR" in decimal digits without leading zeros; anything else ("89", "sm_89",
// "8.9a") is nullopt.
std::optional<ComputeCapability> ParseCompute(std::string_view text);
std::string ToString(ComputeCapability compute);

// Inclusive at both ends.
struct ComputeRange {
  ComputeCapability low;
  ComputeCapability high;

  bool Contains(ComputeCapability compute) const { return low <= compute && compute <= high; }
  friend bool operator==(const ComputeRange&, const ComputeRange&) = default;
};

// "8.9" (one capability) or "8.0..9.0"; nullopt where malformed or low > high.
std::optional<ComputeRange> ParseComputeRange(std::string_view text);
std::string ToString(const ComputeRange& range);

// One entry of a fat binary: `8.9` a cubin, `9.0a` / `10.0f` with a suffix, `12.0+ptx` a cubin and
// its PTX, `7.5ptx` PTX alone.
struct Image {
  ComputeCapability compute;
  char suffix =
      0;  // 0, 'a' (exactly this capability) or 'f' (this family: same major, minor or later)
  bool cubin = false;
  bool ptx = false;

  friend bool operator==(const Image&, const Image&) = default;
};

std::optional<Image> ParseImage(std::string_view text);
std::string ToString(const Image& image);

// How an image meets a device. Source: CUDA C++ Programming Guide, "Binary Compatibility", "PTX
// Compatibility", and family-specific targets (CUDA 12.9): a cubin runs on the same major with a
// minor not above the device's; Tegra parts (5.3 6.2 7.2 8.7 11.0) and discrete parts do not share
// cubins; 'a' runs on exactly its capability; 'f' on its family; PTX without suffix is compiled at
// first load on any device not below it.
enum class ImageFit { kNone, kPtx, kCubin };
ImageFit Fit(const Image& image, ComputeCapability device);

}  // namespace cmatch

#endif  // CMATCH_COMPUTE_H_
