#include "hf/hf_index.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

#include "files/file_edge.h"
#include "files/read_limits.h"
#include "json/json_edge.h"

namespace cmatch::internal {
namespace {

// A link that leads nowhere is there too: reading it says what is wrong.
bool Exists(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(path, error));
}

// The values of `weight_map`, each once; a problem where they are no names.
std::expected<std::vector<std::string_view>, Problem> FilesOf(const JsonDocument& document) {
  const JsonNode& root = *document.root();
  const JsonNode* map = document.Find(root, "weight_map");
  if (map == nullptr || map->type != JsonType::kObject) {
    return std::unexpected(document.MakeProblem(
        map == nullptr ? root : *map, "safetensors-bad-index", "it has no object weight_map"));
  }
  std::vector<std::string_view> files;
  for (const JsonNode* file = document.First(*map); file != nullptr; file = document.Next(*file)) {
    if (file->type != JsonType::kText) {
      return std::unexpected(
          document.MakeValueProblem(*file, "safetensors-bad-index", "must be the name of a file"));
    }
    if (files.empty() || files.back() != file->text) files.push_back(file->text);
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace

std::expected<std::vector<std::string>, Problem> MissingOfIndex(
    const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kHfIndexFile;
  if (!Exists(path) || Exists(directory / "model.safetensors")) return {};
  const auto text = ReadWholeFile(path.string(), kMaxJsonBytes);
  if (!text) return std::unexpected(text.error());
  const JsonDocument document = JsonDocument::Parse(*text, path.string());
  if (document.root() == nullptr) return std::unexpected(document.problems()[0]);
  const auto files = FilesOf(document);
  if (!files) return std::unexpected(files.error());
  std::vector<std::string> missing;
  for (const std::string_view file : *files) {
    if (file.find('/') != std::string_view::npos || Exists(directory / file)) continue;
    missing.emplace_back(file);
  }
  return missing;
}

}  // namespace cmatch::internal
