#ifndef CMATCH_ENGINE_KIND_TABLE_H_
#define CMATCH_ENGINE_KIND_TABLE_H_

// Names to dense numbers: one hash and, of most names, one comparison a look-up.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace cmatch::internal {

class KindTable {
 public:
  // The number of `name`, whose characters must outlive the table; the next free one, and true,
  // where it is new.
  std::pair<std::uint32_t, bool> Add(std::string_view name);
  // nullptr: it is not there.
  const std::uint32_t* Find(std::string_view name) const;
  bool contains(std::string_view name) const { return Find(name) != nullptr; }

 private:
  struct Entry {
    std::string_view name;  // data() is nullptr: free
    std::uint32_t number = 0;
  };

  std::size_t At(std::string_view name) const;  // where it is or would be
  void Grow();

  std::vector<Entry> entries_;  // open addressing; a power of two, at most half in use
  std::uint32_t size_ = 0;
  int shift_ = 0;  // of a hash to an index
};

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_KIND_TABLE_H_
