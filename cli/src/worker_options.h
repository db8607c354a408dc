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

// Which of the options a verb has.
enum class Offers {
  kGpu,           // all but --ecp
  kGpuOrProfile,  // all
  kAnyGpu,        // neither --gpu nor --worker-id nor --ecp
};

struct WorkerOptions {
  std::string engine, build, gpu, launch, worker_id, ecp;
  std::string max_context;
  bool offers_ecp = false;

  void Add(CLI::App& app, Offers offers);
  // The engine that is asked about; empty where none is given, or a whole profile.
  std::string EngineName(const Globals& globals) const;
  // The engine and how it is launched; what is wrong with the launch settings goes to `problems`.
  std::expected<EngineChoice, Error> Choose(const Globals& globals,
                                            std::vector<Problem>* problems) const;
  // What the options ask for, as remedy.h takes it; no model yet. Of an inventory document the
  // other GPUs are kept in `inventory`.
  std::expected<RemedyRequest, Error> Request(const RuleSet& rules, const Globals& globals,
                                              std::vector<GpuFacts>* inventory) const;
  // ", or --ecp FILE" where that is offered.
  std::string OrProfile() const;
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

// --engine NAME[@VERSION]; errors: an `@` with nothing behind it.
std::expected<EngineChoice, Error> ChooseEngine(const std::string& text);

// The products whose names have all the words of `text`, without case and maker; those with just
// these words, where there are any. MIG slices are left out.
std::vector<const Gpu*> GpusNamed(const RuleSet& rules, std::string_view text);

// The profile of a request.
std::expected<Ecp, Error> ProfileOf(const RuleSet& rules, const RemedyRequest& request);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_WORKER_OPTIONS_H_
