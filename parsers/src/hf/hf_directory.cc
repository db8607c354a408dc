// A Hugging Face model directory: config.json, hf_quant_config.json, safetensors headers.

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "cmatch/mcd_source.h"
#include "files/directory_edge.h"
#include "files/file_edge.h"
#include "hf/hf_config.h"
#include "hf/hf_reader.h"
#include "hf/hf_weights.h"
#include "json/json_edge.h"

namespace cmatch {
namespace {

using internal::HfConfig;
using internal::HfWriter;
using internal::JsonDocument;
using internal::JsonType;

// A link that leads nowhere is there too: reading it says what is wrong.
bool Exists(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(path, error));
}

// What else the directory holds, where it is no model directory.
std::string HelpFor(const std::filesystem::path& directory) {
  std::error_code error;
  for (const internal::DirectoryEntry& entry : internal::ListDirectory(directory.string(), error)) {
    if (entry.name.ends_with(".gguf")) return "it holds GGUF files: name one, " + entry.name;
  }
  if (Exists(directory / "params.json")) return "it is in Mistral's own format: convert it";
  return "a model directory holds a config.json";
}

std::unexpected<Error> NotAModel(const std::filesystem::path& directory) {
  Error error;
  if (Exists(directory / "adapter_config.json")) {
    error = MakeError(ErrorKind::kInvalidMcd, "hf-adapter",
                      "the directory holds an adapter, which is not a model by itself",
                      {.file = directory.string()});
    error.problems[0].help = "check the model it was trained for";
    return std::unexpected(std::move(error));
  }
  error = MakeError(ErrorKind::kInvalidMcd, "hf-no-config", "the directory holds no config.json",
                    {.file = directory.string()});
  error.problems[0].help = HelpFor(directory);
  return std::unexpected(std::move(error));
}

// hf_quant_config.json, where config.json says nothing of quantisation.
void ReadQuantFile(const std::filesystem::path& path, const RuleSet& rules, HfWriter* writer,
                   std::vector<Problem>* problems) {
  if (!Exists(path)) return;
  auto text = internal::ReadWholeFile(path.string(), internal::kMaxJsonBytes);
  if (!text) {
    problems->push_back(std::move(text.error()));
    return;
  }
  const JsonDocument document = JsonDocument::Parse(*text, path.string());
  problems->insert(problems->end(), document.problems().begin(), document.problems().end());
  if (document.root() == nullptr) return;
  internal::WriteQuant(document, *document.root(), "hf_quant_config.json", rules, writer);
}

bool StatesQuant(const McdFacts& facts) {
  if (facts.members.contains("quant")) return true;
  for (const Problem& problem : facts.blocking) {
    if (problem.path == "/quant") return true;
  }
  return false;
}

// Weights that no one has quantised are had in the type they are kept in.
void QuantFromDtype(HfWriter* writer) {
  const Value dtype = writer->Get("dtype");
  const auto* kind = std::get_if<std::string>(&dtype);
  if (kind == nullptr) return;
  writer->Set("quant", std::vector<std::string>{*kind}, "dtype: the weights are not quantised");
}

}  // namespace

std::expected<McdFacts, Error> ReadHuggingFace(const std::string& directory, const RuleSet& rules) {
  const std::filesystem::path root(directory);
  const std::filesystem::path config_path = root / "config.json";
  if (!Exists(config_path)) return NotAModel(root);
  auto text = internal::ReadWholeFile(config_path.string(), internal::kMaxJsonBytes);
  if (!text) {
    return std::unexpected(MakeError(ErrorKind::kInvalidMcd, {std::move(text.error())}));
  }
  const JsonDocument document = JsonDocument::Parse(*text, config_path.string());
  std::vector<Problem> problems = document.problems();
  if (document.root() != nullptr && document.root()->type != JsonType::kObject) {
    problems.push_back(
        document.MakeProblem(*document.root(), "hf-wrong-type", "config.json must be an object"));
  }
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidMcd, std::move(problems)));
  }

  McdFacts facts;
  facts.name = directory;
  const HfConfig config(document);
  HfWriter writer(config, &facts);
  std::string where;
  std::string model_id = internal::HfModelId(config, directory, &where);
  if (!model_id.empty()) writer.Set("model_id", std::move(model_id), std::move(where));
  internal::WriteConfig(config, rules, &writer);
  if (const auto* quantization = config.Find("quantization_config")) {
    internal::WriteQuant(document, *quantization, "config.json: quantization_config", rules,
                         &writer);
  } else {
    ReadQuantFile(root / "hf_quant_config.json", rules, &writer, &problems);
  }
  internal::WriteWeights(root, rules, &writer);
  if (!StatesQuant(facts)) QuantFromDtype(&writer);
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidMcd, std::move(problems)));
  }
  return facts;
}

}  // namespace cmatch
