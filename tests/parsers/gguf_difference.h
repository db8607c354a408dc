#ifndef CMATCH_TESTS_PARSERS_GGUF_DIFFERENCE_H_
#define CMATCH_TESTS_PARSERS_GGUF_DIFFERENCE_H_

#include <string>
#include <string_view>

namespace cmatch::internal {

// What the reader of GGUF containers and the one of support/gguf_reference.h do not say alike of
// `bytes`: the problem's code and place, or every value, tensor, size and warning. "" where they
// agree; `refused` is then whether both refuse.
std::string GgufDifference(std::string_view bytes, bool& refused);

}  // namespace cmatch::internal

#endif  // CMATCH_TESTS_PARSERS_GGUF_DIFFERENCE_H_
