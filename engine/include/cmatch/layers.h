#ifndef CMATCH_LAYERS_H_
#define CMATCH_LAYERS_H_

// Every override and waiver of a rule set, for `cmatch layers`. Pure; safe from any thread.

#include <string>
#include <string_view>
#include <vector>

#include "cmatch/location.h"
#include "cmatch/rule_set.h"

namespace cmatch {

enum class LayerState {
  kApplies,
  kEndsSoon,  // within the time that was asked about
  kExpired,   // past its date: a change still applies, a waiver does not
};

// One change or waiver of an overlay.
struct LayerItem {
  bool waiver = false;
  std::string layer, owner, reason;
  std::string expires;        // "YYYY-MM-DD", or empty: for ever
  std::string target;         // a change: as its overlay names it; a waiver: the rule
  std::string value;          // a change
  std::string model, worker;  // a waiver: patterns
  Location where;
  std::string replaced;  // a change: what was below, as one line; empty: nothing
  Location replaced_where;
  Location superseded_by;  // a later change of the same value; no file: none
  LayerState state = LayerState::kApplies;
};

// In order of application. `today` and `until` are "YYYY-MM-DD": what ends after today and up to
// `until` ends soon. An empty day: nothing is past its date, or ends soon.
std::vector<LayerItem> LayersOf(const RuleSet& rules, std::string_view today,
                                std::string_view until);

std::string_view ToString(LayerState state);  // "applies", "ends soon", "expired"

}  // namespace cmatch

#endif  // CMATCH_LAYERS_H_
