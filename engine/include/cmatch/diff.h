#ifndef CMATCH_DIFF_H_
#define CMATCH_DIFF_H_

// What changes between two rule sets (`cmatch diff`): what the tables say of every engine release,
// build, compute capability and kind; the verdicts of cases; and what was added, removed or set
// otherwise. Pure; safe from any thread.
//
//   RuleSetDiff diff = Compare(*before, *after, {.allow = {"engines/vllm/*"}});
//   diff.cases = CompareCases(old_verdicts, new_verdicts, options);
//   if (diff.GetsWorse()) ...

#include <cstddef>
#include <string>
#include <vector>

#include "cmatch/location.h"
#include "cmatch/rule_set.h"

namespace cmatch {

// What a change does to verdicts.
enum class Effect : std::uint8_t {
  kNone,     // no verdict changes: a name, a message
  kBetter,   // what failed passes, what ran degraded runs native, what was not covered is
  kWorse,    // the other way round
  kUnclear,  // it may make some verdicts worse: a rule's check, the order of kernel paths
};

// The cells of one engine and one thing that change alike. A cell is one range of releases between
// two boundaries that either set states, on one compute capability.
struct GridChange {
  std::string engine;
  std::string subject;             // "supports/quant", "floor", "builds", "launch", ...
  std::vector<std::string> names;  // kinds, builds, launch keys; none for `floor`
  std::string versions;            // as a table writes it: ">=0.6.0 <0.9.0"
  std::string compute;             // likewise: "8.0..9.0, 12.0"; empty: does not depend on it
  std::string from, to;            // "native", "unsupported", "not covered", or a value
  std::vector<Location> old_rows, new_rows;  // that decided; none where no row applies
  std::string because;                       // of the new row
  std::size_t cells = 0;
  Effect effect = Effect::kNone;
  bool allowed = false;

  // What --allow is compared with: "engines/vllm/supports/quant/bf16", one for each name.
  std::vector<std::string> Targets() const;
};

// A row or value that one of the sets alone has, or that differs. Named as the target of an overlay
// would be: "rules/CMATCH-8131/severity", "gpus/NVIDIA L4/memory", "kinds/quant/fp8".
struct TableChange {
  std::string target;
  std::string from, to;  // empty: not there
  Location old_where, new_where;
  Effect effect = Effect::kNone;
  bool allowed = false;
};

// What one rule set says of a case (cases_io.h).
struct CaseVerdict {
  std::string id;
  Location where;
  std::string error;               // "InvalidMcd", "InvalidEcp": not judged
  std::vector<std::string> fails;  // ids of rules
  std::vector<std::string> warns;
};

struct CaseChange {
  std::string id;
  Location where;
  std::string from, to;  // "compatible", "not compatible: CMATCH-8030.3", "InvalidEcp"
  Effect effect = Effect::kNone;
  bool allowed = false;
};

struct RuleSetDiff {
  std::string old_digest, new_digest;
  std::size_t grid_cells = 0;    // that were compared
  std::vector<GridChange> grid;  // by engine, worst first
  std::vector<TableChange> tables;
  std::size_t case_count = 0;  // cases that were judged by both sets
  std::vector<CaseChange> cases;

  std::size_t ChangedCells() const;
  // A change that is not allowed makes a verdict worse, or may.
  bool GetsWorse() const;
};

struct DiffOptions {
  // Patterns with `*` for targets whose changes may be worse; "cases/ID" for cases.
  std::vector<std::string> allow = {};
  // "YYYY-MM-DD": waivers that are past their date do not count. Empty: none is.
  std::string today = {};
};

// Everything but the cases.
RuleSetDiff Compare(const RuleSet& before, const RuleSet& after, const DiffOptions& options = {});

// The cases, by id, of which the two sets say different things. A case that only one list has is
// left out.
std::vector<CaseChange> CompareCases(const std::vector<CaseVerdict>& before,
                                     const std::vector<CaseVerdict>& after,
                                     const DiffOptions& options = {});

std::string_view ToString(Effect effect);  // "none", "better", "worse", "unclear"

}  // namespace cmatch

#endif  // CMATCH_DIFF_H_
