#ifndef CMATCH_RENDER_REMEDY_TEXT_H_
#define CMATCH_RENDER_REMEDY_TEXT_H_

#include <string>

#include "cmatch/report.h"

namespace cmatch::internal {

// "as q6_k (or q5_k_m, q5_k_s, 12 more)", "with build cuda12: --build cuda12"; not escaped.
std::string Describe(const Remedy& remedy);

}  // namespace cmatch::internal

#endif  // CMATCH_RENDER_REMEDY_TEXT_H_
