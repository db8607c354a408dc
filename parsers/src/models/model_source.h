#ifndef CMATCH_MODEL_SOURCE_H_
#define CMATCH_MODEL_SOURCE_H_

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "cmatch/mcd_source.h"
#include "files/byte_source.h"

namespace cmatch::internal {

// What a MODEL is, by its name and by what lies there; nothing is opened.
enum class ModelKind : std::uint8_t {
  kMcdJson,      // *.json: an MCD by itself
  kHuggingFace,  // a directory, or the config.json in one
  kWeights,      // *.safetensors: a part of a directory
  kGguf,         // any other file
};
ModelKind KindOfModel(const std::string& path);

// The sidecar beside a model: PATH.mcd.json, else PATH without `.gguf` and with `.mcd.json`. Empty
// where there is none.
std::string FindSidecar(const std::string& path);

// `path` as an entry of `catalog` means it: relative to the catalog's own directory.
std::string ResolveCatalogPath(const std::string& catalog, const std::string& path);

// A GGUF file by itself; nothing is beside it.
std::expected<McdFacts, Error> ReadGgufFrom(ByteSource& source, std::string_view name,
                                            const RuleSet& rules);

}  // namespace cmatch::internal

#endif  // CMATCH_MODEL_SOURCE_H_
