#ifndef CMATCH_RENDER_KUBERNETES_H_
#define CMATCH_RENDER_KUBERNETES_H_

#include <string>

#include "cmatch/requirement.h"

namespace cmatch {

// A requirement as Kubernetes understands it, in YAML: `affinity` of a pod, by the labels that
// NVIDIA's GPU feature discovery gives to nodes, and a ResourceClaimTemplate
// (resource.k8s.io/v1) with a CEL selector over the attributes of NVIDIA's DRA driver
// gpu.nvidia.com. Only capabilities that were checked are named, none by a range. `strict`: memory
// below which a rule only warns is required too, else preferred. There must be such GPUs.
// Sources: NVIDIA/k8s-device-plugin docs/gpu-feature-discovery/README.md "Generated Labels";
// NVIDIA/k8s-dra-driver-gpu@22407113 cmd/gpu-kubelet-plugin/deviceinfo.go; Kubernetes "Common
// Expression Language in Kubernetes", the quantity and semver libraries.
std::string RenderKubernetes(const Requirement& required, bool strict);

// "cmatch.kubernetes/1": the same two objects with what they rest on, on one line without a newline
// at the end. Where no GPU would do, `compute` is empty and the two are not there.
std::string RenderKubernetesJson(const Requirement& required, bool strict);

}  // namespace cmatch

#endif  // CMATCH_RENDER_KUBERNETES_H_
