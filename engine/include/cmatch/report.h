#ifndef CMATCH_REPORT_H_
#define CMATCH_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmatch/location.h"
#include "cmatch/tables.h"
#include "cmatch/value.h"

namespace cmatch {

// The row that decided, and where its fact is from.
struct Source {
  Location where;    // engines/vllm.yaml:12
  std::string text;  // "vllm-project/vllm ...@commit"
};

// A rule that failed, or something the reader of the report must know.
struct Finding {
  std::string rule;   // "CMATCH-8030.1"
  std::string error;  // "IncompatiblePositional", ..., "RuleFailed", "Degraded", "SourceWarning"
  Severity severity = Severity::kError;
  Value required;  // what the model needs: a kind, kinds, a number
  // The other side, by the relation that failed: a list (in, eq, runs_on), or a number.
  std::vector<std::string> supported;
  bool has_supported = false;
  std::optional<std::int64_t> max;  // le, lt
  std::optional<std::int64_t> min;  // ge, gt
  std::optional<std::int64_t> multiple_of;
  std::string message;
  std::string hint;  // what would help; may be empty
  std::optional<Source> source;
};

struct Skipped {
  std::string rule;
  std::string because;  // "mcd.head_dim is not known"
};

// A rule as evaluated, passes and rules that do not apply included; only when a trace was asked
// for.
struct TraceStep {
  std::string rule;
  std::string outcome;  // "pass", "degraded", "fail", "skipped", "does not apply", "off", "waived"
  std::string values;  // "mcd.positional = rope_llama; ecp.supports_positional = rope_llama, alibi"
};

// One thing to change about a request, by itself or together with another one.
struct RemedyChange {
  // "context", "launch", "build", "driver", "format", "quant", "release", "gpu", "engine"
  std::string what = {};
  std::string from = {};    // what was asked for; empty where nothing was
  std::string to = {};      // what would do instead
  std::string option = {};  // of `cmatch check`, quoted for a shell; empty where none says it
  std::vector<std::string> also = {};  // the next ones that do just as well
  std::size_t more = 0;                // how many there are beyond those
};

// What would turn a "no" into a "yes"; tried by a check, see remedy.h.
struct Remedy {
  std::vector<RemedyChange> changes;   // one, or two that are both needed
  bool compatible = false;             // nothing fails then
  std::vector<std::string> remaining;  // rules that still fail
  std::vector<std::string> unchecked;  // rules that fail as asked and cannot be checked then
  std::vector<std::string> warnings;   // rules that warn then and do not as asked
};

// The answer for one model and one worker (CMATCH-8030, 8031). `compatible` is false exactly where
// `violations` is not empty. Every list is in the order of the rules.
struct Report {
  bool compatible = false;
  std::string model_id;
  std::string worker_id;
  std::string ruleset_version;
  std::string ruleset_digest;
  std::vector<Finding> violations;
  std::vector<Finding> warnings;  // do not change `compatible`
  std::vector<Finding> waived;    // failures that a waiver lets pass
  std::vector<Skipped> skipped;   // checks that could not be made
  std::vector<TraceStep> trace;
  std::optional<std::vector<Remedy>> remedies;  // where they were looked for; the smallest first
};

}  // namespace cmatch

#endif  // CMATCH_REPORT_H_
