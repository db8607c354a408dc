#include "cmatch/compute.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace cmatch {
namespace {

// Decimal digits without sign or leading zero, at most 3 of them.
std::optional<std::uint16_t> ParsePart(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint16_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

// Parts that share no cubins with discrete GPUs of the same major. CUDA C++ Programming Guide,
// "Binary Compatibility": not supported between desktop and Tegra.
bool IsTegra(ComputeCapability compute) {
  static constexpr std::array<ComputeCapability, 5> kTegra = {
      {{5, 3}, {6, 2}, {7, 2}, {8, 7}, {11, 0}}};
  return std::find(kTegra.begin(), kTegra.end(), compute) != kTegra.end();
}

bool CubinRuns(const Image& image, ComputeCapability device) {
  if (image.suffix == 'a') return image.compute == device;
  if (image.compute.major != device.major || image.compute.minor > device.minor) return false;
  return IsTegra(image.compute) == IsTegra(device);
}

bool ConsumeSuffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

}  // namespace

std::optional<ComputeCapability> ParseCompute(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return std::nullopt;
  const auto major = ParsePart(text.substr(0, point));
  const auto minor = ParsePart(text.substr(point + 1));
  if (!major || !minor || *major == 0) return std::nullopt;
  return ComputeCapability{*major, *minor};
}

std::string ToString(ComputeCapability compute) {
  return std::to_string(compute.major) + '.' + std::to_string(compute.minor);
}

std::optional<ComputeRange> ParseComputeRange(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto low = ParseCompute(text.substr(0, dots));
  const auto high = dots == std::string_view::npos ? low : ParseCompute(text.substr(dots + 2));
  if (!low || !high || *high < *low) return std::nullopt;
  return ComputeRange{*low, *high};
}

std::string ToString(const ComputeRange& range) {
  if (range.low == range.high) return ToString(range.low);
  return ToString(range.low) + ".." + ToString(range.high);
}

std::optional<Image> ParseImage(std::string_view text) {
  Image image{.compute = {}, .suffix = 0, .cubin = true, .ptx = false};
  if (ConsumeSuffix(text, "+ptx")) {
    image.ptx = true;
  } else if (ConsumeSuffix(text, "ptx")) {
    image.ptx = true;
    image.cubin = false;
  }
  if (text.ends_with('a') || text.ends_with('f')) {
    image.suffix = text.back();
    text.remove_suffix(1);
  }
  const auto compute = ParseCompute(text);
  if (!compute) return std::nullopt;
  image.compute = *compute;
  return image;
}

std::string ToString(const Image& image) {
  std::string text = ToString(image.compute);
  if (image.suffix != 0) text += image.suffix;
  if (image.ptx) text += image.cubin ? "+ptx" : "ptx";
  return text;
}

ImageFit Fit(const Image& image, ComputeCapability device) {
  if (image.cubin && CubinRuns(image, device)) return ImageFit::kCubin;
  if (!image.ptx) return ImageFit::kNone;
  // PTX of an 'a' or 'f' target is bound like its cubin and not carried forward.
  if (image.suffix != 0) return CubinRuns(image, device) ? ImageFit::kPtx : ImageFit::kNone;
  return image.compute <= device ? ImageFit::kPtx : ImageFit::kNone;
}

}  // namespace cmatch
