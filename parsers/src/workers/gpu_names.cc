#include "workers/gpu_names.h"

#include <algorithm>
#include <utility>

#include "cmatch/kinds.h"
#include "files/text_check.h"

namespace cmatch::internal {
namespace {

constexpr std::size_t kMaxNear = 3;
constexpr std::size_t kMaxListed = 8;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsBrand(std::string_view word) {
  return word == "nvidia" || word == "geforce" || word == "tesla";
}

// Words in the order of the name.
std::vector<std::string> Split(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty() && !IsBrand(word)) words.push_back(word);
    word.clear();
  };
  for (const char c : name) {
    if (c == ' ' || c == '-' || c == '(' || c == ')') {
      end_word();
    } else {
      word += Lower(c);
    }
  }
  end_word();
  return words;
}

std::string Join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

// "mig", or a profile such as "1g.18gb" (NVIDIA MIG User Guide, "Device Naming").
bool IsSliceWord(std::string_view word) {
  if (word == "mig") return true;
  const std::size_t digits = word.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && word.substr(digits).starts_with("g.");
}

bool SpeaksOfSlice(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), IsSliceWord);
}

std::string Listed(const std::vector<const Gpu*>& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size() && i < kMaxListed; ++i) {
    text +=
        (i == 0 ? "" : ", ") + std::string(rows[i]->name) + " (" + ToString(rows[i]->compute) + ")";
  }
  if (rows.size() > kMaxListed) text += ", ...";
  return text;
}

// Names at most two typing errors away, the nearest first.
std::string NearNames(std::span<const Gpu> known, std::string_view name) {
  const std::string wanted = Join(Split(name));
  std::vector<std::string> joined;
  for (const Gpu& gpu : known) joined.push_back(Join(Split(gpu.name)));
  std::vector<std::string_view> candidates(joined.begin(), joined.end());
  std::string near;
  for (std::size_t i = 0; i < kMaxNear; ++i) {
    const std::string_view nearest = Nearest(wanted, candidates);
    if (nearest.empty()) break;
    const auto at = static_cast<std::size_t>(
        std::find(candidates.begin(), candidates.end(), nearest) - candidates.begin());
    near += (near.empty() ? "" : ", ") + std::string(known[at].name);
    candidates[at] = {};
  }
  return near;
}

Problem UnknownName(std::span<const Gpu> known, std::string_view name) {
  const std::string near = NearNames(known, name);
  Problem problem;
  problem.code = "gpu-unknown-name";
  problem.message = "no GPU product is known as " + Quoted(name);
  problem.help = near.empty() ? "`cmatch gpus --known` lists the products; \"cc=8.9,vram=24GiB\" "
                                "describes any other, rules/gpus.yaml takes new ones"
                              : "did you mean " + near + "?";
  return problem;
}

std::vector<std::int64_t> MemorySizes(const std::vector<const Gpu*>& rows) {
  std::vector<std::int64_t> sizes;
  for (const Gpu* row : rows) sizes.insert(sizes.end(), row->memory.begin(), row->memory.end());
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

}  // namespace

std::vector<std::string> GpuWords(std::string_view name) {
  std::vector<std::string> words = Split(name);
  std::sort(words.begin(), words.end());
  return words;
}

std::vector<const Gpu*> FindGpus(std::span<const Gpu> known, std::string_view name,
                                 std::optional<ComputeCapability> compute) {
  const std::vector<std::string> wanted = GpuWords(name);
  if (wanted.empty()) return {};
  const bool slice = SpeaksOfSlice(wanted);
  std::vector<const Gpu*> equal, containing;
  for (const Gpu& gpu : known) {
    if (compute && gpu.compute != *compute) continue;
    if (!gpu.mig_of.empty() && !slice) continue;
    const std::vector<std::string> words = GpuWords(gpu.name);
    if (words == wanted) equal.push_back(&gpu);
    if (std::includes(words.begin(), words.end(), wanted.begin(), wanted.end())) {
      containing.push_back(&gpu);
    }
  }
  return equal.empty() ? containing : equal;
}

std::expected<GpuFacts, Problem> ResolveGpu(std::span<const Gpu> known, std::string_view name,
                                            std::optional<ComputeCapability> compute) {
  const std::vector<const Gpu*> rows = FindGpus(known, name, compute);
  if (rows.empty()) return std::unexpected(UnknownName(known, name));
  const auto differs = [&](const Gpu* row) { return row->compute != rows[0]->compute; };
  if (std::any_of(rows.begin(), rows.end(), differs)) {
    Problem problem;
    problem.code = "gpu-ambiguous-name";
    problem.message =
        Quoted(name) + " names products of different compute capabilities: " + Listed(rows);
    problem.help = "write more of the name, or add the capability: NAME,cc=8.9";
    return std::unexpected(std::move(problem));
  }
  GpuFacts facts;
  facts.name = rows.size() == 1 ? rows[0]->name : name;
  facts.compute = rows[0]->compute;
  facts.mig = !rows[0]->mig_of.empty();
  const std::vector<std::int64_t> sizes = MemorySizes(rows);
  if (sizes.size() == 1) facts.memory_bytes = sizes[0];
  if (sizes.size() > 1) facts.memory_choices = sizes;
  return facts;
}

}  // namespace cmatch::internal
