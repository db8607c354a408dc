#ifndef CMATCH_CLI_WORKER_OPTIONS_H_
#define CMATCH_CLI_WORKER_OPTIONS_H_

// The options that say which worker is meant: --engine, --build, --gpu, --launch, --max-context,
// --worker-id, --ecp.

#include <expected>
#include <string>
#include <vector>

#include "cmatch/build_ecp.h"
#include "cmatch/ecp.h"
#include "cmatch/remedy.h"
#include "context.h"

namespace cmatch::cli {

struct WorkerOptions {
  std::string engine, build, gpu, launch, worker_id, ecp;
  std::string max_context;

  // `whole`: --ecp FILE is offered too.
  void Add(CLI::App& app, bool whole);
  // What the options ask for, as remedy.h takes it; no model yet. Of an inventory document the
  // other GPUs are kept in `inventory`.
  std::expected<RemedyRequest, Error> Request(const RuleSet& rules, const Globals& globals,
                                              std::vector<GpuFacts>* inventory) const;
  // The profile that the options describe.
  std::expected<Ecp, Error> Build(const RuleSet& rules, const Globals& globals) const;
};

// A number of tokens > 0; CLI11 validator text, empty where it is good.
std::string ValidateTokens(const std::string& text);
std::int64_t ParseTokens(const std::string& text);

// --gpu: an index or UUID of this machine, "@FILE[#INDEX]", a product name, or "cc=...".
// `inventory`, where it is not null: every GPU of the document.
std::expected<GpuFacts, Error> ResolveGpu(const std::string& text, const RuleSet& rules,
                                          std::vector<GpuFacts>* inventory = nullptr);

// The profile of a request.
std::expected<Ecp, Error> ProfileOf(const RuleSet& rules, const RemedyRequest& request);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_WORKER_OPTIONS_H_
