#ifndef CMATCH_ARCHITECTURE_NAME_H_
#define CMATCH_ARCHITECTURE_NAME_H_

#include <string>
#include <string_view>

#include "cmatch/rule_set.h"

namespace cmatch::internal {

// "did you mean "llama"? " where the tables have a name like this one, GGUF's or Hugging Face's;
// else
// "".
std::string DidYouMean(std::string_view architecture, const RuleSet& rules, bool hf);

}  // namespace cmatch::internal

#endif  // CMATCH_ARCHITECTURE_NAME_H_
