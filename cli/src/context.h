#ifndef CMATCH_CLI_CONTEXT_H_
#define CMATCH_CLI_CONTEXT_H_

// What every verb has in common: the global options, the rule set, and where output goes.

#include <expected>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/mcd_source.h"
#include "cmatch/render.h"
#include "cmatch/rule_set.h"

namespace CLI {
class App;
}

namespace cmatch::cli {

// The exit codes of PRODUCT.md; the one place that names them.
enum class Exit { kGood = 0, kBad = 1, kCouldNotJudge = 2 };

// Of several answers the highest counts.
inline Exit Worst(Exit a, Exit b) { return a < b ? b : a; }

struct Globals {
  std::string format = "text";
  std::vector<std::string> rules;
  std::vector<std::string> rules_given;  // on the command line alone
  bool quiet = false;
  bool verbose = false;
  std::string color = "auto";
  std::string verb;  // that was asked for
  // From the environment or /etc/cmatch/cmatch.yaml, where the command line does not say.
  std::string default_engine, default_gpu;
};

class Context {
 public:
  explicit Context(Globals globals);

  const Globals& globals() const { return globals_; }
  bool json() const { return globals_.format == "json"; }

  // The rule set of --rules, or the built-in one; loaded at the first call.
  std::expected<std::shared_ptr<const RuleSet>, Error> Rules();
  // For reports on workers of `engine` alone: of the built-in set its rows, without those of other
  // engines. Empty: Rules(). One engine a run.
  std::expected<std::shared_ptr<const RuleSet>, Error> RulesOf(std::string_view engine);

  TextOptions out_text() const { return out_text_; }
  TextOptions err_text() const { return err_text_; }

  // An error as the answer: JSON on stdout, or text on stderr. `model` names what was asked about.
  Exit Fail(const Error& error, const std::string& model = {}) const;

 private:
  Globals globals_;
  TextOptions out_text_, err_text_;
  std::shared_ptr<const RuleSet> rules_, engine_rules_;
};

inline constexpr std::size_t kMaxDocument = 16U << 20;  // bytes of a JSON document

// Reads a regular file of at most `limit` bytes (file_io.h), or stdin for "-". The error's kind is
// `kind`.
std::expected<std::string, Error> ReadInput(const std::string& path, ErrorKind kind,
                                            std::size_t limit = kMaxDocument);

// CLI11 validator text for an option whose value, where it is given, says something: "" where it
// is good.
std::string ValidateGiven(const std::string& text);

// MODEL as its verbs take it: see ReadModel(); "-" is a GGUF file or an MCD on stdin, of which a
// pipe is read up to the end of the header.
std::expected<McdFacts, Error> ReadModelArgument(const std::string& model, const RuleSet& rules,
                                                 const ModelOptions& options);

// What could not be looked at where a GGUF file came through a pipe; nullopt otherwise.
std::optional<Skipped> UncheckedData(const std::string& model, const McdFacts& facts);

// Writes a file anew; where that fails, stderr says why and the result is false.
bool WriteOutput(const std::string& path, const std::string& text);

void Print(const std::string& text);       // stdout, as it is
void PrintError(const std::string& text);  // stderr

// A verb: adds its options to `app` and returns what runs it.
using Verb = std::function<Exit(Context&)>;
Verb AddCheck(CLI::App& app);
Verb AddInspect(CLI::App& app);
Verb AddProfile(CLI::App& app);
Verb AddGpus(CLI::App& app);
Verb AddLint(CLI::App& app);
Verb AddTest(CLI::App& app);
Verb AddDiff(CLI::App& app);
Verb AddLayers(CLI::App& app);
Verb AddExplain(CLI::App& app);
Verb AddExport(CLI::App& app);
Verb AddMatrix(CLI::App& app);
Verb AddFleet(CLI::App& app);
Verb AddWatch(CLI::App& app);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_CONTEXT_H_
