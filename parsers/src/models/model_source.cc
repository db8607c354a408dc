#include "models/model_source.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "cmatch/mcd_source.h"
#include "files/byte_source_stream.h"
#include "files/file_edge.h"
#include "files/read_limits.h"
#include "hf/hf_config.h"
#include "json/json_edge.h"
#include "models/catalog.h"
#include "models/mcd_json.h"
#include "models/merge.h"

namespace cmatch {
namespace internal {
namespace {

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

// A link that leads nowhere is there too: reading it says what is wrong.
bool IsNamed(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(path, error));
}

std::string WithoutSlashes(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// Reads one model into sources in order of rank; problems of all of them are collected.
class ModelReader {
 public:
  ModelReader(const RuleSet& rules, const ModelOptions& options)
      : rules_(rules), options_(options) {}

  std::expected<McdFacts, Error> Read(const std::string& model) {
    if (options_.catalog.empty()) {
      ReadPath(model);
    } else {
      ReadFromCatalog(model);
    }
    if (!problems_.empty()) {
      return std::unexpected(MakeError(ErrorKind::kInvalidMcd, std::move(problems_)));
    }
    McdFacts facts = Merge(std::move(sources_), rules_);
    facts.name = model;
    return facts;
  }

 private:
  void Fail(Error error) {
    for (Problem& problem : error.problems) problems_.push_back(std::move(problem));
  }

  void Take(std::expected<McdFacts, Error> facts, bool is_file) {
    if (!facts) return Fail(std::move(facts.error()));
    sources_.push_back({.facts = std::move(*facts), .is_file = is_file, .default_id = false});
  }

  void ReadJson(const std::string& path) {
    auto text = ReadWholeFile(path, kMaxJsonBytes);
    if (!text) return problems_.push_back(std::move(text.error()));
    Take(ReadMcdJson(*text, path, rules_), false);
  }

  void ReadSidecar(const std::string& path) {
    if (!options_.sidecar) return;
    const std::string sidecar = FindSidecar(path);
    if (!sidecar.empty()) ReadJson(sidecar);
  }

  void RefuseWeights(const std::string& path) {
    Error error = MakeError(ErrorKind::kInvalidMcd, "model-is-a-part",
                            "a safetensors file is a part of a model", {.file = path});
    error.problems[0].help = "name the directory with its config.json";
    Fail(std::move(error));
  }

  void ReadFile(const std::string& path) {
    switch (KindOfModel(path)) {
      case ModelKind::kMcdJson:
        return ReadJson(path);
      case ModelKind::kHuggingFace:
        return Take(ReadHuggingFace(DirectoryOf(path), rules_), true);
      case ModelKind::kWeights:
        return RefuseWeights(path);
      case ModelKind::kGguf:
        return Take(ReadGguf(path, rules_), true);
    }
  }

  static std::string DirectoryOf(const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return WithoutSlashes(path);
    const std::string parent = std::filesystem::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
  }

  void ReadPath(const std::string& path) {
    const ModelKind kind = KindOfModel(path);
    if (kind == ModelKind::kHuggingFace) {
      ReadSidecar(DirectoryOf(path));
    } else if (kind == ModelKind::kGguf) {
      ReadSidecar(path);
    }
    ReadFile(path);
  }

  void ReadFromCatalog(const std::string& id) {
    auto text = ReadWholeFile(options_.catalog, kMaxJsonBytes);
    if (!text) return problems_.push_back(std::move(text.error()));
    auto entry = FindInCatalog(*text, options_.catalog, id, rules_);
    if (!entry) {
      const bool unknown =
          entry.error().size() == 1 && entry.error()[0].code == "catalog-unknown-id";
      if (unknown && Exists(id)) return ReadPath(id);
      problems_.insert(problems_.end(), entry.error().begin(), entry.error().end());
      return;
    }
    ReadEntry(id, std::move(*entry));
  }

  // Sidecar, entry, file: the order of rank.
  void ReadEntry(const std::string& id, CatalogEntry entry) {
    const std::string path =
        entry.path.empty() ? "" : ResolveCatalogPath(options_.catalog, entry.path);
    const bool described = entry.facts.members.size() > 1;  // more than the id
    const bool readable = !path.empty() && (Exists(path) || !described);
    if (!path.empty()) ReadSidecar(WithoutSlashes(path));
    if (!path.empty() && !readable) {
      entry.facts.warnings.push_back(SourceWarning(
          "catalog-no-file",
          path + " is not there: what the catalog says of " + id + " is taken as it is"));
    }
    sources_.push_back(
        {.facts = std::move(entry.facts), .is_file = false, .default_id = !entry.stated_id});
    if (readable) ReadFile(path);
  }

  const RuleSet& rules_;
  const ModelOptions& options_;
  std::vector<Source> sources_;
  std::vector<Problem> problems_;
};

}  // namespace

ModelKind KindOfModel(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return ModelKind::kHuggingFace;
  if (std::filesystem::path(path).filename() == "config.json") return ModelKind::kHuggingFace;
  if (path.ends_with(".json")) return ModelKind::kMcdJson;
  if (path.ends_with(".safetensors")) return ModelKind::kWeights;
  return ModelKind::kGguf;
}

std::string FindSidecar(const std::string& path) {
  constexpr std::string_view kGgufSuffix = ".gguf";
  std::string beside = path + std::string(kSidecarSuffix);
  if (IsNamed(beside)) return beside;
  if (!path.ends_with(kGgufSuffix)) return {};
  std::string stem = path.substr(0, path.size() - kGgufSuffix.size()) + std::string(kSidecarSuffix);
  return IsNamed(stem) ? stem : std::string();
}

std::string ResolveCatalogPath(const std::string& catalog, const std::string& path) {
  const std::filesystem::path relative(path);
  if (relative.is_absolute()) return path;
  return (std::filesystem::path(catalog).parent_path() / relative).string();
}

}  // namespace internal

std::expected<McdFacts, Error> ReadModel(const std::string& model, const RuleSet& rules,
                                         const ModelOptions& options) {
  return internal::ModelReader(rules, options).Read(model);
}

std::expected<McdFacts, Error> ReadModelBytes(std::string_view bytes, std::string_view name,
                                              const RuleSet& rules) {
  if (bytes.starts_with("GGUF")) return ReadGgufBytes(bytes, name, rules);
  return ReadMcdJson(bytes, name, rules);
}

namespace internal {
namespace {

// Up to `most` bytes from the start; fewer where the source ends before.
std::expected<std::string, Error> TextOf(ByteSource& source, std::size_t most,
                                         const std::string& name) {
  std::string text;
  while (text.size() < most && text.size() < source.size()) {
    const Bytes bytes = source.At(text.size());
    if (bytes.empty() && source.error() != 0) {
      return std::unexpected(MakeError(
          ErrorKind::kInvalidMcd, "file-unreadable",
          "cannot read: " + std::generic_category().message(source.error()), {.file = name}));
    }
    if (bytes.empty()) break;
    const Bytes taken = bytes.first(std::min(bytes.size(), most - text.size()));
    text.append(taken.begin(), taken.end());
  }
  return text;
}

std::expected<McdFacts, Error> ReadFrom(ByteSource& source, const std::string& name,
                                        const RuleSet& rules) {
  constexpr std::string_view kGguf = "GGUF";
  const auto start = TextOf(source, kGguf.size(), name);
  if (!start) return std::unexpected(start.error());
  if (*start == kGguf) return ReadGgufFrom(source, name, rules);
  const auto text = TextOf(source, kMaxJsonBytes + 1, name);
  if (!text) return std::unexpected(text.error());
  return ReadMcdJson(*text, name, rules);
}

}  // namespace
}  // namespace internal

std::expected<McdFacts, Error> ReadModelStream(int fd, const std::string& name,
                                               const RuleSet& rules) {
  if (const auto file = internal::FileSource::Open(fd, name)) {
    return internal::ReadFrom(**file, name, rules);
  }
  internal::StreamSource stream(fd);
  return internal::ReadFrom(stream, name, rules);
}

}  // namespace cmatch
