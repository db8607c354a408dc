#include "overlay.h"
namespace cmatch::internal {
void ReadOverlayFile(YamlMap& root, Tables&) { (void)root; }
void ApplyOverlayFile(YamlInput&, const YamlNode&, Tables&) {}
}  // namespace cmatch::internal
