#include "hf/hf_weights.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "files/directory_edge.h"
#include "files/read_limits.h"
#include "hf/hf_index.h"
#include "hf/safetensors.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kSuffix = ".safetensors";

// The place of a file in its series: "model-00002-of-00163.safetensors".
struct Shard {
  std::string before;
  std::size_t number = 0, count = 0, digits = 0;
};

std::optional<std::size_t> Number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Shard> ParseShard(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  const std::size_t of = name.rfind("-of-");
  if (of == std::string_view::npos) return std::nullopt;
  const std::size_t dash = name.rfind('-', of - 1);
  if (of == 0 || dash == std::string_view::npos) return std::nullopt;
  const std::string_view digits = name.substr(dash + 1, of - dash - 1);
  const auto number = Number(digits);
  const auto count = Number(name.substr(of + 4));
  if (!number || !count || *count > kMaxWeightFiles) return std::nullopt;
  return Shard{std::string(name.substr(0, dash)), *number, *count, digits.size()};
}

std::string ShardName(const Shard& shard, std::size_t number) {
  const auto padded = [&](std::size_t value) {
    std::string text = std::to_string(value);
    if (text.size() < shard.digits) text.insert(0, shard.digits - text.size(), '0');
    return text;
  };
  return shard.before + "-" + padded(number) + "-of-" + padded(shard.count) + std::string(kSuffix);
}

// The kind of a safetensors dtype; empty where it is none that weights alone are kept in.
std::string_view KindOfDtype(std::string_view dtype) {
  if (dtype == "BF16") return "bf16";
  if (dtype == "F16") return "fp16";
  if (dtype == "F32") return "f32";
  return {};
}

struct Totals {
  std::uint64_t file_bytes = 0;
  std::map<std::string, std::uint64_t, std::less<>> bytes_of;
  bool has_sinks = false;
  bool whole = true;
};

void Add(const std::filesystem::path& file, HfWriter* writer, Totals* totals) {
  auto header = ReadSafetensors(file.string());
  if (!header) {
    totals->whole = false;
    return writer->Block("", header.error().code,
                         file.filename().string() + ": " + header.error().message,
                         "download the file again", {.file = file.string()});
  }
  totals->file_bytes += header->file_bytes;
  totals->has_sinks = totals->has_sinks || header->has_sinks;
  for (const auto& [dtype, bytes] : header->bytes_of) AddSaturated(bytes, &totals->bytes_of[dtype]);
  if (header->end <= header->file_bytes) return;
  writer->Block("", "safetensors-truncated",
                file.filename().string() + " ends early: " +
                    std::to_string(header->end - header->file_bytes) + " bytes are missing",
                "download the file again", {.file = file.string()});
}

// By the numbers in the names, then by the index.
std::vector<std::string> Missing(const std::filesystem::path& directory,
                                 const std::vector<std::filesystem::path>& files,
                                 HfWriter* writer) {
  std::vector<std::string> missing = MissingShards(files);
  const auto of_index = MissingOfIndex(directory);
  if (!of_index) {
    writer->Warn(of_index.error().code,
                 std::string(kHfIndexFile) + ": " + of_index.error().message +
                     ": that no shard is missing was told from their names alone",
                 "download the file again");
    return missing;
  }
  for (const std::string& name : *of_index) {
    const bool told = std::find(missing.begin(), missing.end(), name) != missing.end();
    if (!told && missing.size() < kMaxMissingWeights) missing.push_back(name);
  }
  return missing;
}

void WriteDtype(const Totals& totals, const RuleSet& rules, HfWriter* writer) {
  if (writer->Known("dtype") || totals.bytes_of.empty()) return;
  const auto most =
      std::max_element(totals.bytes_of.begin(), totals.bytes_of.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  const std::string_view kind = KindOfDtype(most->first);
  if (kind.empty()) return;
  writer->Set("dtype", rules.Canonical("quant", kind),
              "safetensors: most bytes are " + most->first);
}

}  // namespace

std::vector<std::filesystem::path> FindWeights(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> all, model;
  std::error_code error;
  for (const DirectoryEntry& entry : ListDirectory(directory.string(), error)) {
    if (!entry.name.ends_with(kSuffix) || all.size() >= kMaxWeightFiles) continue;
    all.push_back(directory / entry.name);
    if (entry.name.starts_with("model")) model.push_back(all.back());
  }
  std::vector<std::filesystem::path>& files = model.empty() ? all : model;
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> MissingShards(const std::vector<std::filesystem::path>& files) {
  std::set<std::string> present;
  std::map<std::string, Shard> series;
  for (const std::filesystem::path& file : files) {
    const std::string name = file.filename().string();
    present.insert(name);
    if (const auto shard = ParseShard(name)) {
      series.emplace(shard->before + "/" + std::to_string(shard->count), *shard);
    }
  }
  std::vector<std::string> missing;
  for (const auto& [key, shard] : series) {
    for (std::size_t i = 1; i <= shard.count && missing.size() < kMaxMissingWeights; ++i) {
      std::string name = ShardName(shard, i);
      if (!present.contains(name)) missing.push_back(std::move(name));
    }
  }
  return missing;
}

void WriteWeights(const std::filesystem::path& directory, const RuleSet& rules, HfWriter* writer) {
  const std::vector<std::filesystem::path> files = FindWeights(directory);
  if (files.empty()) {
    return writer->Warn("hf-no-weights", "no safetensors files in " + directory.string() +
                                             ": the weights were not looked at");
  }
  Totals totals;
  for (const std::string& name : Missing(directory, files, writer)) {
    totals.whole = false;
    writer->Block("", "safetensors-missing-shard", name + " is not there",
                  "download the missing file");
  }
  for (const std::filesystem::path& file : files) Add(file, writer, &totals);
  if (totals.whole) {
    writer->Set("file_bytes", static_cast<std::int64_t>(totals.file_bytes),
                std::to_string(files.size()) + " safetensors files");
    writer->Set("attention_sink", totals.has_sinks, "safetensors: tensor names");
  }
  writer->Set("split_count", static_cast<std::int64_t>(files.size()), "safetensors files");
  WriteDtype(totals, rules, writer);
}

}  // namespace cmatch::internal
