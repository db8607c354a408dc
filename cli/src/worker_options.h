#ifndef CMATCH_CLI_WORKER_OPTIONS_H_
#define CMATCH_CLI_WORKER_OPTIONS_H_

// The options that say which worker is meant: --engine, --build, --gpu, --launch, --max-context,
// --worker-id, --ecp.

#include <expected>
#include <string>

#include "cmatch/build_ecp.h"
#include "cmatch/ecp.h"
#include "context.h"

namespace cmatch::cli {

struct WorkerOptions {
  std::string engine, build, gpu, launch, worker_id, ecp;
  std::string max_context;

  // `whole`: --ecp FILE is offered too.
  void Add(CLI::App& app, bool whole);
  // The profile that the options describe.
  std::expected<Ecp, Error> Build(const RuleSet& rules, const Globals& globals) const;
};

// A number of tokens > 0; CLI11 validator text, empty where it is good.
std::string ValidateTokens(const std::string& text);
std::int64_t ParseTokens(const std::string& text);

// --gpu: an index or UUID of this machine, "@FILE[#INDEX]", a product name, or "cc=...".
std::expected<GpuFacts, Error> ResolveGpu(const std::string& text, const RuleSet& rules);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_WORKER_OPTIONS_H_
