#ifndef CMATCH_ENGINE_KIND_TABLE_H_
#define CMATCH_ENGINE_KIND_TABLE_H_

// Names to dense numbers: one hash and, of most names, one comparison a look-up. Both are of two
// words, which are all of a name of up to 16 characters.

#include <cstdint>
#include <cstring>
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
  const std::uint32_t* Find(std::string_view name) const {
    if (entries_.empty()) return nullptr;
    if (name.size() > kWhole) return FindLong(name);
    const Entry& entry = entries_[At(KeyOf(name), [](const Entry&) { return true; })];
    return entry.Free() ? nullptr : &entry.number;
  }
  bool contains(std::string_view name) const { return Find(name) != nullptr; }

 private:
  static constexpr std::size_t kWhole = 16;
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};

  // Up to kWhole characters these are equal just where the names are.
  struct Key {
    std::size_t size = 0;
    std::uint64_t head = 0, tail = 0;

    friend bool operator==(const Key&, const Key&) = default;
    // The upper bits depend on every bit of the three. The names are those of the tables: nobody
    // gains by having them collide.
    std::uint64_t Hash() const { return (Mixed((head ^ size) * kMultiplier) ^ tail) * kMultiplier; }
  };

  struct Entry {
    bool Free() const { return number == kFree; }

    Key key;
    const char* name = nullptr;
    std::uint32_t number = kFree;
  };

  static constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15U;
  static constexpr std::uint64_t Mixed(std::uint64_t word) { return word ^ word >> 32; }

  template <typename Word>
  static std::uint64_t Load(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }

  // The first and the last eight characters, which may overlap; of fewer than eight likewise four.
  static Key KeyOf(std::string_view name) {
    const char* at = name.data();
    const char* end = at + name.size();
    if (name.size() >= 8)
      return {name.size(), Load<std::uint64_t>(at), Load<std::uint64_t>(end - 8)};
    if (name.size() >= 4)
      return {name.size(), Load<std::uint32_t>(at), Load<std::uint32_t>(end - 4)};
    Key key{.size = name.size()};
    for (; at != end; ++at) key.head = key.head << 8 | Load<std::uint8_t>(at);
    return key;
  }

  // Where a name is or would be; `same` compares what its key leaves out.
  template <typename Same>
  std::size_t At(const Key& key, const Same& same) const {
    const std::size_t mask = ~std::uint64_t{0} >> shift_;
    std::size_t at = key.Hash() >> shift_;
    while (!entries_[at].Free() && !(entries_[at].key == key && same(entries_[at]))) {
      at = (at + 1) & mask;
    }
    return at;
  }
  static Key KeyOfAny(std::string_view name);
  std::size_t AtAny(const Key& key, const char* name) const;
  const std::uint32_t* FindLong(std::string_view name) const;
  void Grow();

  std::vector<Entry> entries_;  // open addressing; a power of two, at most half in use
  std::uint32_t size_ = 0;
  int shift_ = 0;  // of a hash to an index
};

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_KIND_TABLE_H_
