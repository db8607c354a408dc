#ifndef CMATCH_TESTS_SUPPORT_GGUF_REFERENCE_H_
#define CMATCH_TESTS_SUPPORT_GGUF_REFERENCE_H_

// A second reader of the GGUF container, written from docs/gguf.md and docs/errors-gguf.md and not
// from the first: the whole file is in memory, every pair and every tensor is kept, nothing is
// skipped, nothing is fast. Tests compare the two.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cmatch::testing {

struct ReferencePair {
  std::string key;
  std::uint64_t at = 0;  // byte where the pair begins
  std::uint64_t value_at = 0;
  std::uint32_t type = 0;  // of an array: of its elements
  bool array = false;
  std::uint64_t count = 1;             // elements of an array, bytes of a text
  std::vector<std::uint64_t> numbers;  // the bits, not sign-extended; one, or one an element
  std::vector<std::string> texts;      // one, or one an element
};

struct ReferenceTensor {
  std::string name;  // whole, a NUL and what follows it too
  std::uint64_t at = 0;
  std::vector<std::uint64_t> shape;
  std::uint32_t type = 0;
  std::uint64_t bytes = 0;
};

struct ReferenceFile {
  std::string refused;         // the problem's code; empty: it was read
  std::uint64_t wrong_at = 0;  // the byte that is wrong, where the code has one of its own
  bool placed = false;         // whether it has
  std::uint32_t version = 0;
  std::vector<ReferencePair> pairs;
  std::vector<ReferenceTensor> tensors;
  std::uint64_t header_bytes = 0;
  std::uint64_t data_end = 0;                 // of the last tensor, without its padding
  std::map<std::string, std::size_t> warned;  // by code: how many

  const ReferencePair* Find(std::string_view key) const;
  // general.architecture where it is a clean text, else empty.
  std::string Architecture() const;
};

ReferenceFile ReadReference(std::string_view bytes);

// Whether a text may be used: UTF-8, no control characters; of `general.` keys, not a path.
bool CleanText(std::string_view text, bool general);

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_SUPPORT_GGUF_REFERENCE_H_
