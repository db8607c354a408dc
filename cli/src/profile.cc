// cmatch profile: the ECP of a worker that is to be started, as JSON.

#include <CLI/CLI.hpp>

#include "worker_options.h"

namespace cmatch::cli {
namespace {

struct ProfileVerb {
  WorkerOptions worker;

  Exit Run(Context& run) const {
    const auto rules = run.Rules();
    if (!rules) return run.Fail(rules.error());
    const auto ecp = worker.Build(**rules, run.globals());
    if (!ecp) return run.Fail(ecp.error());
    if (!ecp->vram_bytes) return run.Fail(MemoryError(**rules, run.globals()));
    Print(RenderJson(*ecp) + '\n');
    return Exit::kGood;
  }

  // A profile names a memory size; a product that comes with several does not say which.
  Error MemoryError(const RuleSet& rules, const Globals& globals) const {
    const auto gpu = ResolveGpu(worker.gpu.empty() ? globals.default_gpu : worker.gpu, rules);
    std::string sizes;
    for (const std::int64_t bytes : gpu ? gpu->memory_choices : std::vector<std::int64_t>()) {
      sizes += (sizes.empty() ? "" : ", ") + std::to_string(bytes >> 20) + "MiB";
    }
    Error error = MakeError(
        ErrorKind::kInvalidEcp, "ecp-memory-not-known",
        "the memory of the GPU is not known" + (sizes.empty() ? "" : ": it may be " + sizes));
    error.problems[0].path = "/vram_bytes";
    error.problems[0].help = "say which: --gpu \"NAME,vram=SIZE\"";
    return error;
  }
};

}  // namespace

Verb AddProfile(CLI::App& app) {
  auto verb = std::make_shared<ProfileVerb>();
  verb->worker.Add(app, Offers::kGpu);
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
