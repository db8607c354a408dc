#ifndef CMATCH_MCD_H_
#define CMATCH_MCD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cmatch/value.h"

namespace cmatch {

// Model Capability Descriptor (CMATCH-8010): what a model needs of an engine. A plain value;
// checked when it is bound to a rule set (check.h). Kinds keep the spelling they came with.
struct Mcd {
  std::string model_id;            // not empty
  std::string positional;          // a kind: "rope_llama", "alibi", ...
  std::string attention;           // a kind: "gqa", "mla", ...
  std::vector<std::string> quant;  // formats in which the model can be had; one supported is enough
  std::int64_t context_max = 0;    // tokens the model was trained for, > 0
  std::int64_t vocab_size = 0;     // tokens in the vocabulary, > 0

  // Extension attributes by name ("head_dim", "tensor_types", ...): whatever the rule set declares
  // as `mcd.NAME`. Others are kept and ignored.
  std::map<std::string, Value, std::less<>> attributes;
};

}  // namespace cmatch

#endif  // CMATCH_MCD_H_
