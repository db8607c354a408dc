// cmatch gpus: this machine's GPUs, or the products the tables know.

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cmatch/gpu.h"
#include "context.h"
#include "table.h"

namespace cmatch::cli {
namespace {

std::string MiB(std::int64_t bytes) { return std::to_string(bytes >> 20) + "MiB"; }

Exit PrintKnown(Context& run) {
  const auto rules = run.Rules();
  if (!rules) return run.Fail(rules.error());
  Listing listing({"name", "compute", "memory", "source"});
  for (const Gpu& gpu : (*rules)->tables().gpus) {
    std::string memory;
    for (const std::int64_t bytes : gpu.memory) memory += (memory.empty() ? "" : ", ") + MiB(bytes);
    listing.Add({std::string(gpu.name), ToString(gpu.compute), memory, std::string(gpu.source)});
  }
  Print(run.json() ? listing.Json("cmatch.gpus/1", "gpus") : listing.Text(run.out_text()));
  return Exit::kGood;
}

Exit PrintHere(Context& run) {
  const auto gpus = QueryGpus();
  if (!gpus) return run.Fail(gpus.error());
  Listing listing({"index", "name", "compute", "memory", "driver", "uuid"});
  for (const GpuFacts& gpu : *gpus) {
    listing.Add({gpu.index ? std::to_string(*gpu.index) : "", gpu.name,
                 gpu.compute ? ToString(*gpu.compute) : "",
                 gpu.memory_bytes ? MiB(*gpu.memory_bytes) : "", gpu.driver, gpu.uuid});
  }
  Print(run.json() ? listing.Json("cmatch.gpus/1", "gpus") : listing.Text(run.out_text()));
  return Exit::kGood;
}

}  // namespace

Verb AddGpus(CLI::App& app) {
  auto known = std::make_shared<bool>(false);
  app.add_flag("--known", *known, "The products that the tables know, instead of this machine's");
  return [known](Context& run) { return *known ? PrintKnown(run) : PrintHere(run); };
}

}  // namespace cmatch::cli
