#ifndef CMATCH_RENDER_LAYERS_H_
#define CMATCH_RENDER_LAYERS_H_

#include <string>
#include <vector>

#include "cmatch/layers.h"
#include "cmatch/render.h"

namespace cmatch {

// For people: overlay by overlay, in order of application.
std::string RenderText(const std::vector<LayerItem>& layers, const TextOptions& options = {});

// "cmatch.layers/1", one document on one line without a newline at the end.
std::string RenderJson(const std::vector<LayerItem>& layers);

}  // namespace cmatch

#endif  // CMATCH_RENDER_LAYERS_H_
