#include "workers/gpu_spec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "cmatch/ecp_source.h"
#include "cmatch/kinds.h"
#include "files/text_check.h"
#include "workers/gpu_names.h"

namespace cmatch {
namespace internal {
namespace {

constexpr std::array<std::string_view, 5> kSettings = {"cc", "vram", "count", "driver", "name"};

using Problems = std::vector<Problem>;

void Add(Problems* problems, std::string code, std::string message, std::string help = {}) {
  Problem problem;
  problem.code = std::move(code);
  problem.message = std::move(message);
  problem.help = std::move(help);
  problems->push_back(std::move(problem));
}

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> Parts(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t comma = text.find(',');
    parts.push_back(Trim(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::optional<std::int64_t> ParsePositive(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

// The settings by key, each once.
using Settings = std::map<std::string_view, std::string_view>;

void ReadSetting(std::string_view part, Settings* settings, Problems* problems) {
  const std::size_t equals = part.find('=');
  if (equals == std::string_view::npos) {
    Add(problems, "gpu-bad-setting", Quoted(part) + " is not a setting of the form KEY=VALUE",
        "a product name comes first; settings are cc, vram, count, driver, name");
    return;
  }
  const std::string_view key = Trim(part.substr(0, equals));
  const std::vector<std::string_view> keys(kSettings.begin(), kSettings.end());
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
    const std::string_view near = Nearest(key, keys);
    Add(problems, "gpu-bad-setting", "unknown setting " + Quoted(key),
        near.empty() ? "settings are cc, vram, count, driver, name"
                     : "did you mean " + std::string(near) + "?");
  } else if (!settings->emplace(key, Trim(part.substr(equals + 1))).second) {
    Add(problems, "gpu-bad-setting", "the setting " + std::string(key) + " is there twice");
  }
}

// "89", "sm_89", "8.9a" are what people write for 8.9.
std::string ComputeHelp(std::string_view text) {
  for (const std::string_view prefix : {"sm_", "compute_", "sm"}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  if (text.ends_with('a') || text.ends_with('f')) text.remove_suffix(1);
  std::string near(text);
  if (near.find('.') == std::string::npos && near.size() >= 2) near.insert(near.size() - 1, ".");
  if (!ParseCompute(near)) return "write it as MAJOR.MINOR, cc=8.9";
  return "did you mean cc=" + near + "?";
}

std::optional<ComputeCapability> ReadCompute(const Settings& settings, Problems* problems) {
  const auto at = settings.find("cc");
  if (at == settings.end()) return std::nullopt;
  const auto compute = ParseCompute(at->second);
  if (!compute) {
    Add(problems, "gpu-bad-compute", Quoted(at->second) + " is not a compute capability",
        ComputeHelp(at->second));
  }
  return compute;
}

void ReadMemory(std::string_view text, GpuFacts* facts, Problems* problems) {
  const auto bytes = ParseMemory(text);
  if (!bytes) {
    Add(problems, "gpu-bad-size", "vram=" + Quoted(text) + " is not an amount of memory",
        "write an integer with a binary unit, or bytes: vram=24GiB, vram=24564MiB, "
        "vram=24000000000");
    return;
  }
  facts->memory_bytes = bytes;
  facts->memory_choices.clear();
}

// "24564MiB or 12288MiB"
std::string Sizes(const std::vector<std::int64_t>& sizes) {
  std::string text;
  for (const std::int64_t size : sizes) {
    text += (text.empty() ? "" : " or ") + std::to_string(size >> 20) + "MiB";
  }
  return text;
}

// Boards are sold by round sizes and drivers keep some memory back: within an eighth it is one
// size.
void NoteOddMemory(const std::vector<std::int64_t>& stated, GpuFacts* facts) {
  if (stated.empty() || !facts->memory_bytes) return;
  const std::int64_t given = *facts->memory_bytes;
  const bool near = std::any_of(stated.begin(), stated.end(), [&](std::int64_t size) {
    return given <= size + size / 8 && given >= size - size / 8;
  });
  if (near) return;
  facts->warnings.push_back("the tables know " + facts->name + " with " + Sizes(stated) +
                            ", not with " + std::to_string(given >> 20) + "MiB: taken as given");
}

void ReadCount(std::string_view text, GpuFacts* facts, Problems* problems) {
  const auto count = ParsePositive(text);
  if (!count) {
    Add(problems, "gpu-bad-setting", "count=" + Quoted(text) + " is not an integer > 0");
    return;
  }
  facts->count = *count;
}

void ReadDriver(std::string_view text, GpuFacts* facts, Problems* problems) {
  if (!Version::Parse(Versioning::kPep440, text)) {
    Add(problems, "gpu-bad-setting", "driver=" + Quoted(text) + " is not a version",
        "write it as the driver does: driver=550.54.14");
    return;
  }
  facts->driver = text;
}

void ReadName(std::string_view text, GpuFacts* facts, Problems* problems) {
  if (text.empty() || HasControlCharacter(text) || !IsUtf8(text)) {
    Add(problems, "gpu-bad-setting", "name=" + Quoted(text) + " is not a name");
    return;
  }
  facts->name = text;
}

void Apply(const Settings& settings, GpuFacts* facts, Problems* problems) {
  for (const auto& [key, value] : settings) {
    if (key == "vram") ReadMemory(value, facts, problems);
    if (key == "count") ReadCount(value, facts, problems);
    if (key == "driver") ReadDriver(value, facts, problems);
    if (key == "name") ReadName(value, facts, problems);
  }
}

// The product, or a bare GpuFacts where the text is settings alone.
GpuFacts ReadProduct(std::string_view name, std::optional<ComputeCapability> compute,
                     std::span<const Gpu> known, Problems* problems) {
  auto facts = ResolveGpu(known, name, compute);
  if (facts) return std::move(*facts);
  // The name may be known, with another capability than the one that was given.
  if (compute && facts.error().code == "gpu-unknown-name") {
    if (const auto rows = FindGpus(known, name); !rows.empty()) {
      facts.error().message = Quoted(name) + " has compute capability " +
                              ToString(rows[0]->compute) + ", not " + ToString(*compute);
      facts.error().help = "leave out cc=, or the name";
    }
  }
  problems->push_back(std::move(facts.error()));
  return {};
}

}  // namespace

std::optional<std::int64_t> ParseMemory(std::string_view text) {
  struct Unit {
    std::string_view letter;
    int shift;
  };
  static constexpr std::array<Unit, 4> kUnits = {{{"Ki", 10}, {"Mi", 20}, {"Gi", 30}, {"Ti", 40}}};
  int shift = 0;
  std::string_view number = text;
  if (number.ends_with('B')) number.remove_suffix(1);
  for (const Unit& unit : kUnits) {
    if (!number.ends_with(unit.letter)) continue;
    number.remove_suffix(unit.letter.size());
    shift = unit.shift;
  }
  if (shift == 0) number = text;
  const auto value = ParsePositive(number);
  if (!value || *value > std::numeric_limits<std::int64_t>::max() >> shift) return std::nullopt;
  return *value << shift;
}

std::expected<GpuFacts, std::vector<Problem>> ParseGpuSpec(std::string_view text,
                                                           std::span<const Gpu> known) {
  Problems problems;
  Settings settings;
  std::vector<std::string_view> parts = Parts(text);
  std::string_view product;
  if (parts[0].find('=') == std::string_view::npos) {
    product = parts[0];
    parts.erase(parts.begin());
  }
  for (const std::string_view part : parts) ReadSetting(part, &settings, &problems);
  const auto compute = ReadCompute(settings, &problems);

  GpuFacts facts;
  if (!product.empty()) {
    facts = ReadProduct(product, compute, known, &problems);
  } else if (settings.find("cc") == settings.end()) {
    Add(&problems, "gpu-no-compute", "neither a product name nor a compute capability is given",
        "write \"RTX 4090\" or cc=8.9,vram=24GiB");
  }
  if (compute) facts.compute = compute;
  std::vector<std::int64_t> stated = facts.memory_choices;
  if (facts.memory_bytes) stated.push_back(*facts.memory_bytes);
  Apply(settings, &facts, &problems);
  NoteOddMemory(stated, &facts);
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return facts;
}

}  // namespace internal

std::expected<GpuFacts, Error> ParseGpu(std::string_view text, const RuleSet& rules) {
  auto facts = internal::ParseGpuSpec(text, rules.tables().gpus);
  if (facts) return std::move(*facts);
  return std::unexpected(MakeError(ErrorKind::kInvalidEcp, std::move(facts.error())));
}

}  // namespace cmatch
