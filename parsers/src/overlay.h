#ifndef CMATCH_OVERLAY_H_
#define CMATCH_OVERLAY_H_

// kind: cmatch.overlay/v1. An overlay changes what other files say; it is applied when all of them
// are read, so its values stay YAML until then: what they must be depends on the target.

#include "cmatch/tables.h"
#include "yaml_reader.h"

namespace cmatch::internal {

// Checks the shape of an overlay file and adds its waivers. `root` has been asked for `kind`.
void ReadOverlayFile(YamlMap& root, Tables& tables);

// Applies the `set` of an overlay file that ReadOverlayFile() found nothing wrong with. Every
// change is recorded in Tables::overrides.
void ApplyOverlayFile(YamlInput& in, const YamlNode& root, Tables& tables);

}  // namespace cmatch::internal

#endif  // CMATCH_OVERLAY_H_
