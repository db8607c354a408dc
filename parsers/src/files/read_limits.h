#ifndef CMATCH_READ_LIMITS_H_
#define CMATCH_READ_LIMITS_H_

// Every bound on what an input may make this library do, for all readers. The constants come first;
// kLimits has each with its reason, and docs/reference/limits.md shows that table (a test compares
// them). Nothing is allocated from a count that a file states.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cmatch::internal {

inline constexpr std::size_t kGgufBlockBytes = std::size_t{128} << 10;
inline constexpr std::uint64_t kGgufMaxHeaderBytes = std::uint64_t{512} << 20;
inline constexpr std::uint64_t kGgufMaxKeys = 65'536;
inline constexpr std::uint64_t kGgufMaxTensors = 65'536;
inline constexpr std::uint64_t kGgufMaxStringBytes = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kGgufMaxArrayElements = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kGgufMaxTensorNameBytes = 63;
inline constexpr std::uint32_t kGgufMaxDimensions = 4;
inline constexpr std::uint64_t kGgufSpecKeyBytes = 65'535;
inline constexpr std::size_t kGgufKeptKeyBytes = 255;
inline constexpr std::uint64_t kGgufKeptStringBytes = 1'024;
inline constexpr std::uint64_t kGgufKeptArrayElements = 4'096;
inline constexpr std::uint64_t kGgufKeptElementsInAll = 8'192;
inline constexpr std::size_t kGgufWarningsOfACode = 4;
inline constexpr std::int64_t kGgufMaxLayers = 512;
inline constexpr std::int64_t kGgufMaxExperts = 1'024;
inline constexpr std::int64_t kGgufMaxShards = 65'535;
inline constexpr std::int64_t kGgufMaxMissingShards = 8;
inline constexpr std::int64_t kGgufOddContext = std::int64_t{1} << 30;

inline constexpr std::size_t kMaxJsonBytes = std::size_t{16} << 20;
inline constexpr int kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonValues = 2'000'000;
inline constexpr std::size_t kMaxJsonDuplicates = 100;
inline constexpr std::size_t kMaxElementProblems = 20;
inline constexpr std::size_t kMaxJsonText = std::size_t{64} << 10;  // of a declared member

inline constexpr std::size_t kMaxInventoryGpus = 4'096;

inline constexpr std::size_t kMaxWeightFiles = 4'096;
inline constexpr std::size_t kMaxMissingWeights = 10;

struct YamlLimits {
  std::size_t bytes = std::size_t{8} << 20;
  std::size_t nodes = 1'000'000;
  std::size_t depth = 16;           // nested collections; the root mapping is one
  std::size_t scalar_bytes = 4096;  // of one value, escapes resolved
  std::size_t problems = 100;       // reported for one file; the rest is counted out in one more
};
inline constexpr YamlLimits kYamlLimits;

inline constexpr std::size_t kMaxDirectoryEntries = 65'536;
inline constexpr int kMaxRuleFolderDepth = 8;
inline constexpr std::size_t kMaxRuleFolders = 1'024;
inline constexpr std::size_t kMaxRuleFiles = 4'096;
inline constexpr std::size_t kMaxRuleBytes = std::size_t{64} << 20;

struct Limit {
  std::string_view input;
  std::string_view what;
  std::uint64_t most;
  std::string_view unit;    // "bytes": shown as KiB, MiB where it is a multiple; "" for a count
  std::string_view beyond;  // what happens
  std::string_view because;
};

// Figures of ggml are those of ggml-org/ggml@d99724f2 (include/gguf.h, include/ggml.h), of
// llama.cpp those of src/llama-hparams.h as in ggml-org/whisper.cpp@4834a2327 examples/talk-llama.
inline constexpr Limit kLimits[] = {
    {"GGUF", "header", kGgufMaxHeaderBytes, "bytes", "refused",
     "the largest real one known has 14 MB (201k tokens, 446k merges); time is linear in it"},
    {"GGUF", "keys", kGgufMaxKeys, "", "refused",
     "real files have some 50; a hash of 8 bytes is kept for each"},
    {"GGUF", "tensors", kGgufMaxTensors, "", "refused",
     "real files have a few thousand; a hash of 8 bytes is kept for each name"},
    {"GGUF", "text", kGgufMaxStringBytes, "bytes", "refused", "ggml's own limit"},
    {"GGUF", "elements of an array", kGgufMaxArrayElements, "", "refused", "ggml's own limit"},
    {"GGUF", "name of a tensor", kGgufMaxTensorNameBytes, "bytes", "refused", "ggml's own limit"},
    {"GGUF", "dimensions of a tensor", kGgufMaxDimensions, "", "refused", "ggml's own limit"},
    {"GGUF", "key", kGgufSpecKeyBytes, "bytes", "warned of",
     "the format's limit (docs/gguf.md); ggml reads longer ones"},
    {"GGUF", "key that is kept", kGgufKeptKeyBytes, "bytes", "skipped",
     "no name that is looked for is longer"},
    {"GGUF", "text that is kept", kGgufKeptStringBytes, "bytes", "skipped",
     "names, organisations, addresses; one under `general.` is warned of"},
    {"GGUF", "elements of an array that is kept", kGgufKeptArrayElements, "", "skipped",
     "arrays of numbers have an element a layer, or few"},
    {"GGUF", "elements that are kept, all arrays together", kGgufKeptElementsInAll, "", "skipped",
     "64 KiB of memory"},
    {"GGUF", "bytes that are read at once", kGgufBlockBytes, "bytes", "read in parts",
     "some tens of reads for 128k tokens, and small enough for the second-level cache"},
    {"GGUF", "warnings of one code", kGgufWarningsOfACode, "", "counted, not listed",
     "a hostile file must not fill a report"},
    {"GGUF", "layers", static_cast<std::uint64_t>(kGgufMaxLayers), "", "refused",
     "llama.cpp's LLAMA_MAX_LAYERS; it aborts beyond"},
    {"GGUF", "experts", static_cast<std::uint64_t>(kGgufMaxExperts), "", "refused",
     "llama.cpp's LLAMA_MAX_EXPERTS; it aborts beyond"},
    {"GGUF", "shards of a split model", static_cast<std::uint64_t>(kGgufMaxShards), "", "refused",
     "`split.count` is a u16"},
    {"GGUF", "missing shards", static_cast<std::uint64_t>(kGgufMaxMissingShards), "",
     "the search ends", "a file may claim 65,535"},
    {"GGUF", "context length", static_cast<std::uint64_t>(kGgufOddContext), "", "warned of",
     "a larger one is a mistake"},
    {"JSON", "document", kMaxJsonBytes, "bytes", "refused",
     "catalogs of thousands of models; the headers of safetensors files too"},
    {"JSON", "nesting", static_cast<std::uint64_t>(kMaxJsonDepth), "", "refused",
     "nlohmann_json has no limit of its own; descriptors need 4"},
    {"JSON", "values", kMaxJsonValues, "", "refused",
     "memory: 16 MiB of `[[],[],...` would be 5 million"},
    {"JSON", "keys stated twice", kMaxJsonDuplicates, "", "not listed",
     "as many as a person would read"},
    {"JSON", "wrong elements of one list", kMaxElementProblems, "", "not listed",
     "as many as a person would read"},
    {"JSON", "text of a declared member", kMaxJsonText, "bytes", "refused",
     "names and kinds: it goes into every report"},
    {"inventory", "GPUs", kMaxInventoryGpus, "", "refused",
     "a host has up to some hundred with its MIG slices; each name is looked up in the table"},
    {"Hugging Face", "weight files", kMaxWeightFiles, "", "not looked at",
     "the largest models have some hundreds of shards"},
    {"Hugging Face", "missing shards", kMaxMissingWeights, "", "not listed",
     "as many as a person would read"},
    {"YAML", "file", kYamlLimits.bytes, "bytes", "refused", "the largest table has 0.2 MB"},
    {"YAML", "keys and values", kYamlLimits.nodes, "", "refused",
     "memory: yaml-cpp takes many times the bytes of a file"},
    {"YAML", "nesting", kYamlLimits.depth, "", "refused", "tables need 9"},
    {"YAML", "value", kYamlLimits.scalar_bytes, "bytes", "refused",
     "a longer one has lost its closing quote"},
    {"YAML", "problems of one file", kYamlLimits.problems, "", "counted, not listed",
     "as many as a person would read"},
    {"directory", "entries", kMaxDirectoryEntries, "", "refused",
     "they are sorted in memory; model and rules directories have some hundreds at most"},
    {"rules directory", "folders in each other", static_cast<std::uint64_t>(kMaxRuleFolderDepth),
     "", "not entered", "a link that leads back must end"},
    {"rules directory", "folders", kMaxRuleFolders, "", "refused",
     "links that lead back in several ways would be followed 8 levels deep"},
    {"rules directory", "YAML files", kMaxRuleFiles, "", "refused", "they are read into memory"},
    {"rules directory", "YAML files, all together", kMaxRuleBytes, "bytes", "refused",
     "they are read into memory"},
};

}  // namespace cmatch::internal

#endif  // CMATCH_READ_LIMITS_H_
