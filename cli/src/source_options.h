#ifndef CMATCH_CLI_SOURCE_OPTIONS_H_
#define CMATCH_CLI_SOURCE_OPTIONS_H_

// How a MODEL is read, as every verb that takes one has it.

#include <string>

#include "cmatch/mcd_source.h"

namespace CLI {
class App;
}

namespace cmatch::cli {

inline constexpr const char* kModelHelp =
    "GGUF file, *.mcd.json, Hugging Face directory, or with --catalog an id";

struct SourceOptions {
  std::string catalog;
  bool no_sidecar = false;

  void Add(CLI::App& app);
  ModelOptions ForModel() const { return {.catalog = catalog, .sidecar = !no_sidecar}; }
};

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_SOURCE_OPTIONS_H_
