#include "source_options.h"

#include <CLI/CLI.hpp>

#include "worker_options.h"

namespace cmatch::cli {

void SourceOptions::Add(CLI::App& app) {
  app.add_option("--catalog", catalog, "Model catalog, a JSON object of id -> entry")
      ->check(ValidateGiven);
  app.add_flag("--no-sidecar", no_sidecar, "Leave out the .mcd.json beside the model");
}

}  // namespace cmatch::cli
