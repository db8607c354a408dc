#ifndef CMATCH_RENDER_FLEET_H_
#define CMATCH_RENDER_FLEET_H_

#include <string>

#include "cmatch/fleet_summary.h"
#include "cmatch/render.h"

namespace cmatch {

// `summary` is that of `fleet`. Text lists the first few models, workers and unlocks, or all with
// `verbose`. JSON: "cmatch.fleet/1" on one line, without a newline at the end.
std::string RenderText(const Fleet& fleet, const FleetSummary& summary,
                       const TextOptions& options = {});
std::string RenderJson(const Fleet& fleet, const FleetSummary& summary);

// One pair with the rules that failed, warned, were skipped or waived; a line of text with its
// newline, JSON without.
std::string RenderPairText(const Fleet& fleet, std::size_t model, std::size_t worker,
                           const Verdict& verdict);
std::string RenderPairJson(const Fleet& fleet, std::size_t model, std::size_t worker,
                           const Verdict& verdict);

}  // namespace cmatch

#endif  // CMATCH_RENDER_FLEET_H_
