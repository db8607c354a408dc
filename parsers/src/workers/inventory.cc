// A gpu-inventory document: the five shapes that the host system writes, told apart by their keys
// and not by their place, so that a document of mixed shapes reads too.

#include "workers/inventory.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "cmatch/ecp_source.h"
#include "cmatch/kinds.h"
#include "files/read_limits.h"
#include "files/text_check.h"
#include "json/json_edge.h"
#include "json/json_value.h"
#include "workers/gpu_names.h"
#include "workers/inventory_compute.h"

namespace cmatch {
namespace internal {
namespace {

// The daemon's own limits on what it takes from a driver.
constexpr std::size_t kMaxName = 256;

// Reads the members of one GPU; the first key of each list that is there counts.
class DeviceReader {
 public:
  DeviceReader(const JsonDocument& document, const JsonNode& device, std::vector<Problem>* problems)
      : document_(document), device_(device), problems_(problems) {}

  GpuFacts Read(std::span<const Gpu> known) {
    GpuFacts facts;
    facts.name = ReadText({"name", "model_name", "model", "info.name", "info.model_name"});
    facts.driver = ReadDriver({"driver_version", "driver", "info.driver_version"});
    facts.uuid = ReadText({"uuid", "info.uuid"});
    ReadIndex(&facts);
    ReadMemory(&facts);
    facts.mig = facts.uuid.starts_with("MIG-") || facts.name.find("MIG ") != std::string::npos;
    const std::size_t before = problems_->size();
    const JsonNode* compute = Find({"compute_capability", "info.compute_capability", "compute",
                                    "compute_cap", "sm", "info.sm"});
    if (compute != nullptr) facts.compute = ReadComputeNode(document_, *compute, problems_);
    FindSlips(&facts);
    if (problems_->size() == before) FillFromTable(known, &facts);
    return facts;
  }

 private:
  using Keys = std::initializer_list<std::string_view>;

  const JsonNode* FindPath(std::string_view path) const {
    const std::size_t dot = path.find('.');
    const JsonNode* outer = document_.Find(device_, path.substr(0, dot));
    if (outer == nullptr || dot == std::string_view::npos) return outer;
    return document_.Find(*outer, path.substr(dot + 1));
  }

  const JsonNode* Find(Keys keys) const {
    for (const std::string_view key : keys) {
      const JsonNode* node = FindPath(key);
      if (node != nullptr && node->type != JsonType::kNull) return node;
    }
    return nullptr;
  }

  void Refuse(const JsonNode& node, std::string_view phrase) {
    problems_->push_back(document_.MakeValueProblem(node, "inventory-wrong-value", phrase));
  }

  std::string ReadText(Keys keys) {
    const JsonNode* node = Find(keys);
    if (node == nullptr) return {};
    if (node->type != JsonType::kText) {
      Refuse(*node, "must be a string, not " + std::string(Describe(node->type)));
      return {};
    }
    if (node->text.size() > kMaxName || HasControlCharacter(node->text)) {
      Refuse(*node,
             "must be at most " + std::to_string(kMaxName) + " bytes without control characters");
      return {};
    }
    return std::string(node->text);
  }

  std::string ReadDriver(Keys keys) {
    const std::size_t before = problems_->size();
    std::string driver = ReadText(keys);
    if (problems_->size() != before || driver.empty()) return {};
    if (Version::Parse(Versioning::kPep440, driver)) return driver;
    Refuse(*Find(keys), "is not a version, such as 550.54.14");
    return {};
  }

  // Other members are the inventory's own, but for those that nearly are one that is read.
  void FindSlips(GpuFacts* facts) const {
    constexpr std::size_t kShort = 4;
    const std::vector<std::string_view> names = {
        "compute_capability", "driver_version", "model_name", "total_vram_bytes", "total_vram_gb",
        "vram_total_bytes",   "vram_total_gb",  "vram_bytes", "vram_gb",          "device_id",
        "compute_cap"};
    for (const JsonNode* at = document_.First(device_); at != nullptr; at = document_.Next(*at)) {
      const std::string_view near = at->key.size() > kShort ? Nearest(at->key, names) : "";
      if (near.empty() || std::ranges::find(names, at->key) != names.end()) continue;
      facts->warnings.push_back(Subject() + ": " + Quoted(at->key) + " is not read; did you mean " +
                                Quoted(near) + "?");
    }
  }

  // An id that is a text ("GPU-0") is no index; a UUID among them is kept.
  void ReadIndex(GpuFacts* facts) {
    const JsonNode* node = Find({"index", "device_id", "id", "info.id"});
    if (node == nullptr) return;
    if (node->type == JsonType::kText) {
      const bool uuid = node->text.starts_with("GPU-") || node->text.starts_with("MIG-");
      const bool good = node->text.size() <= kMaxName && !HasControlCharacter(node->text);
      if (uuid && good && facts->uuid.empty()) facts->uuid = node->text;
      return;
    }
    const bool fits =
        node->type == JsonType::kInteger && node->integer >= 0 && node->integer <= 65535;
    if (!fits) {
      Refuse(*node, "must be an index, an integer >= 0");
      return;
    }
    facts->index = static_cast<int>(node->integer);
  }

  void ReadMemory(GpuFacts* facts) {
    const JsonNode* bytes =
        Find({"vram_total_bytes", "total_vram_bytes", "vram.total_bytes", "vram_bytes"});
    if (bytes != nullptr) {
      std::string problem = IntegerProblem(*bytes);
      if (problem.empty() && bytes->integer <= 0) problem = "must be an integer > 0";
      if (!problem.empty()) return Refuse(*bytes, problem);
      facts->memory_bytes = bytes->integer;
      return;
    }
    const JsonNode* rounded = Find({"total_vram_gb", "vram_total_gb", "vram_gb"});
    if (rounded != nullptr) ReadRounded(*rounded, facts);
  }

  void ReadRounded(const JsonNode& node, GpuFacts* facts) {
    constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
    constexpr double kMost = 1024.0 * 1024.0;  // 1 PiB
    const bool number = node.type == JsonType::kInteger || node.type == JsonType::kReal;
    const double size = number ? ToDouble(node) : 0;
    if (!(size > 0) || size > kMost) return Refuse(node, "must be a number of gigabytes > 0");
    facts->memory_bytes = static_cast<std::int64_t>(std::llround(size * kGiB));
    facts->warnings.push_back(document_.Pointer(node) + " is rounded: taken as " +
                              std::string(node.text) + " GiB");
  }

  // For warnings: which of the document's GPUs.
  std::string Subject() const {
    const std::string pointer = document_.Pointer(device_);
    return pointer.empty() ? "the GPU" : "GPU " + pointer;
  }

  static std::string ComputeText(std::optional<ComputeCapability> compute) {
    return ToString(compute.value_or(ComputeCapability{}));
  }

  // What the document leaves out and the product's name tells.
  void FillFromTable(std::span<const Gpu> known, GpuFacts* facts) {
    if (facts->name.empty()) {
      if (!facts->compute) NoCompute();
      return;
    }
    auto product = ResolveGpu(known, facts->name, facts->compute);
    if (!facts->compute && !product) {
      Problem problem = std::move(product.error());
      problem.path = document_.Pointer(device_);
      problem.where = document_.Where(device_);
      problem.message = "no compute capability is stated, and " + problem.message;
      problems_->push_back(std::move(problem));
      return;
    }
    if (!product) {
      WarnOfOtherCapability(known, facts);
      return;
    }
    if (!facts->compute) {
      facts->compute = product->compute;
      facts->warnings.push_back(Subject() + " states no compute capability: taken as " +
                                ComputeText(product->compute) + " by its name");
    }
    // A slice that is told by its UUID alone has less memory than the product it is a part of.
    const bool part = facts->mig && !product->mig;
    facts->mig = facts->mig || product->mig;
    if (facts->memory_bytes || part) return;
    facts->memory_bytes = product->memory_bytes;
    facts->memory_choices = product->memory_choices;
    if (facts->memory_bytes) {
      facts->warnings.push_back(Subject() +
                                " states no memory size: taken from the table of products");
    }
  }

  void WarnOfOtherCapability(std::span<const Gpu> known, GpuFacts* facts) const {
    const std::vector<const Gpu*> rows = FindGpus(known, facts->name);
    if (rows.empty()) return;
    facts->warnings.push_back(Subject() + " states compute capability " +
                              ComputeText(facts->compute) + ", the table of products " +
                              ToString(rows[0]->compute) + " for " + Quoted(facts->name));
  }

  void NoCompute() {
    problems_->push_back(document_.MakeProblem(
        device_, "inventory-no-compute",
        "neither a compute capability nor a product name is stated",
        "add \"compute_capability\": \"8.9\", or \"name\" as the driver prints it"));
  }

  const JsonDocument& document_;
  const JsonNode& device_;
  std::vector<Problem>* problems_;
};

// The list of GPUs: the document itself, its `devices` or its `gpus`. nullptr: the document is one
// GPU, or no inventory.
const JsonNode* FindList(const JsonDocument& document) {
  const JsonNode& root = *document.root();
  if (root.type == JsonType::kList) return &root;
  for (const std::string_view key : {"devices", "gpus"}) {
    const JsonNode* list = document.Find(root, key);
    if (list != nullptr && list->type != JsonType::kNull) return list;
  }
  return nullptr;
}

std::vector<GpuFacts> ReadDevices(const JsonDocument& document, std::span<const Gpu> known,
                                  std::vector<Problem>* problems) {
  std::vector<GpuFacts> gpus;
  const auto read = [&](const JsonNode& device) {
    if (device.type != JsonType::kObject) {
      problems->push_back(document.MakeProblem(
          device, "inventory-wrong-value",
          "a GPU must be an object, not " + std::string(Describe(device.type))));
      return;
    }
    gpus.push_back(DeviceReader(document, device, problems).Read(known));
  };
  const JsonNode* list = FindList(document);
  if (list == nullptr) {
    read(*document.root());
    return gpus;
  }
  if (list->type != JsonType::kList) {
    problems->push_back(document.MakeValueProblem(
        *list, "inventory-wrong-value",
        "must be a list of GPUs, not " + std::string(Describe(list->type))));
    return gpus;
  }
  if (list->size > kMaxInventoryGpus) {
    problems->push_back(document.MakeProblem(*list, "inventory-too-many-gpus",
                                             "the document lists " + std::to_string(list->size) +
                                                 " GPUs; at most " +
                                                 std::to_string(kMaxInventoryGpus) + " are read"));
    return gpus;
  }
  for (const JsonNode* at = document.First(*list); at != nullptr; at = document.Next(*at)) {
    read(*at);
  }
  return gpus;
}

}  // namespace

std::expected<std::vector<GpuFacts>, std::vector<Problem>> ReadInventoryDocument(
    std::string_view text, std::string_view name, std::span<const Gpu> known) {
  const JsonDocument document = JsonDocument::Parse(text, name);
  std::vector<Problem> problems = document.problems();
  std::vector<GpuFacts> gpus;
  if (document.root() != nullptr) gpus = ReadDevices(document, known, &problems);
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return gpus;
}

}  // namespace internal

std::expected<std::vector<GpuFacts>, Error> ReadInventory(std::string_view text,
                                                          std::string_view name,
                                                          const RuleSet& rules) {
  auto gpus = internal::ReadInventoryDocument(text, name, rules.tables().gpus);
  if (gpus) return std::move(*gpus);
  return std::unexpected(MakeError(ErrorKind::kInvalidEcp, std::move(gpus.error())));
}

}  // namespace cmatch
