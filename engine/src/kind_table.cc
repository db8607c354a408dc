#include "kind_table.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace cmatch::internal {
namespace {

template <typename Word>
std::uint64_t Load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// The upper bits of the product depend on every bit of the word.
constexpr std::uint64_t Mixed(std::uint64_t hash, std::uint64_t word) {
  return ((hash >> 32) ^ hash ^ word) * 0x9E3779B97F4A7C15U;
}

// The names are those of the tables: nobody gains by having them collide.
std::uint64_t HashOf(std::string_view name) {
  const char* at = name.data();
  const char* end = at + name.size();
  std::uint64_t hash = name.size();
  if (name.size() >= 8) {
    for (; end - at > 8; at += 8) hash = Mixed(hash, Load<std::uint64_t>(at));
    return Mixed(hash, Load<std::uint64_t>(end - 8));
  }
  if (name.size() >= 4) {
    return Mixed(hash, Load<std::uint32_t>(at) << 32 | Load<std::uint32_t>(end - 4));
  }
  for (; at != end; ++at) hash = hash << 8 | static_cast<unsigned char>(*at);
  return Mixed(hash, 0);
}

}  // namespace

inline std::size_t KindTable::At(std::string_view name) const {
  const std::size_t mask = entries_.size() - 1;
  std::size_t at = HashOf(name) >> shift_;
  while (entries_[at].name.data() != nullptr && entries_[at].name != name) at = (at + 1) & mask;
  return at;
}

const std::uint32_t* KindTable::Find(std::string_view name) const {
  if (entries_.empty()) return nullptr;
  const Entry& entry = entries_[At(name)];
  return entry.name.data() == nullptr ? nullptr : &entry.number;
}

std::pair<std::uint32_t, bool> KindTable::Add(std::string_view name) {
  if (2 * (std::size_t{size_} + 1) > entries_.size()) Grow();
  Entry& entry = entries_[At(name)];
  if (entry.name.data() != nullptr) return {entry.number, false};
  entry = {name.data() == nullptr ? std::string_view("") : name, size_++};
  return {entry.number, true};
}

void KindTable::Grow() {
  std::vector<Entry> old(std::max<std::size_t>(8, 2 * entries_.size()));
  old.swap(entries_);
  shift_ = 64 - std::countr_zero(entries_.size());
  for (const Entry& entry : old) {
    if (entry.name.data() != nullptr) entries_[At(entry.name)] = entry;
  }
}

}  // namespace cmatch::internal
