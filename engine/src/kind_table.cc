#include "kind_table.h"

#include <algorithm>
#include <bit>

namespace cmatch::internal {

// Of a longer name the head comes to depend on all but the last eight characters.
KindTable::Key KindTable::KeyOfAny(std::string_view name) {
  Key key = KeyOf(name);
  if (name.size() <= kWhole) return key;
  for (std::size_t at = 8; at + 8 < name.size(); at += 8) {
    key.head = Mixed(key.head * kMultiplier) ^ Load<std::uint64_t>(name.data() + at);
  }
  return key;
}

std::size_t KindTable::AtAny(const Key& key, const char* name) const {
  return At(key, [&](const Entry& entry) {
    return key.size <= kWhole || std::memcmp(entry.name, name, key.size) == 0;
  });
}

const std::uint32_t* KindTable::FindLong(std::string_view name) const {
  const Entry& entry = entries_[AtAny(KeyOfAny(name), name.data())];
  return entry.Free() ? nullptr : &entry.number;
}

std::pair<std::uint32_t, bool> KindTable::Add(std::string_view name) {
  if (2 * (std::size_t{size_} + 1) > entries_.size()) Grow();
  const Key key = KeyOfAny(name);
  Entry& entry = entries_[AtAny(key, name.data())];
  if (!entry.Free()) return {entry.number, false};
  entry = {key, name.data(), size_++};
  return {entry.number, true};
}

void KindTable::Grow() {
  std::vector<Entry> old(std::max<std::size_t>(8, 2 * entries_.size()));
  old.swap(entries_);
  shift_ = 64 - std::countr_zero(entries_.size());
  for (const Entry& entry : old) {
    if (!entry.Free()) entries_[AtAny(entry.key, entry.name)] = entry;
  }
}

}  // namespace cmatch::internal
