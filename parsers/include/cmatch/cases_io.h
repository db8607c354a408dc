#ifndef CMATCH_CASES_IO_H_
#define CMATCH_CASES_IO_H_

// Regression cases of rule tables (rules/cases/): a model, a worker, and the rules that must fail.
//
//   auto cases = LoadCases({"/etc/cmatch/rules"});
//   for (const Case& c : cases->cases) {
//     const Mcd& mcd = cases->mcds[c.mcd].mcd;
//     const CaseEcp& worker = cases->ecps[c.ecp];    // whole, or to be built from the tables
//   }

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "cmatch/build_ecp.h"
#include "cmatch/ecp.h"
#include "cmatch/error.h"
#include "cmatch/location.h"
#include "cmatch/mcd.h"
#include "cmatch/rules_io.h"

namespace cmatch {

// A named model. What the file leaves out stays empty: a case may be about an invalid MCD.
struct CaseMcd {
  std::string name;
  Mcd mcd;
  Location where;
};

// A named worker: a whole ECP, or an engine and a GPU.
struct CaseEcp {
  std::string name;
  bool whole = false;
  Ecp ecp;              // where whole
  EngineChoice choice;  // else: for BuildEcp(), with
  std::string gpu;      // what ParseGpu() takes
  Location where;
};

struct Case {
  std::string id;
  std::size_t mcd = 0;                                 // into Cases::mcds
  std::size_t ecp = 0;                                 // into Cases::ecps
  std::vector<std::string> fails;                      // ids of the failing rules, exactly these
  std::optional<std::vector<std::string>> warns;       // likewise, where stated
  std::optional<std::vector<std::string>> skipped;     // likewise, where stated
  std::optional<std::vector<std::string>> advisories;  // likewise; `warns` has none of them
  std::string error;  // "InvalidMcd" or "InvalidEcp": it cannot be judged; empty otherwise
  std::string source;
  Location where;
};

struct Cases {
  std::vector<CaseMcd> mcds;
  std::vector<CaseEcp> ecps;
  std::vector<Case> cases;  // ids are unique
};

// Errors: kInvalidRules with every problem: the YAML, unknown names, an id stated twice, a file of
// another kind.
std::expected<Cases, Error> ReadCases(const std::vector<RuleFile>& files);

// The files of `cases/` in each directory, in order; a directory without one has no cases.
std::expected<Cases, Error> LoadCases(const std::vector<std::string>& directories);

}  // namespace cmatch

#endif  // CMATCH_CASES_IO_H_
