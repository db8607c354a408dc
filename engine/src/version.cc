#include "cmatch/version.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace cmatch {
namespace {

constexpr std::int64_t kMaxNumber = 999'999'999;

bool TakeNumber(std::string_view& text, std::int64_t& number) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc() || number < 0 || number > kMaxNumber || text[0] == '-') return false;
  text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
  return true;
}

bool TakeWord(std::string_view& text, std::string_view word) {
  std::string_view rest = text;
  if (!rest.empty() && (rest[0] == '.' || rest[0] == '-' || rest[0] == '_')) rest.remove_prefix(1);
  if (!rest.starts_with(word)) return false;
  rest.remove_prefix(word.size());
  if (rest.size() > 1 && (rest[0] == '.' || rest[0] == '-' || rest[0] == '_') && rest[1] >= '0' &&
      rest[1] <= '9') {
    rest.remove_prefix(1);
  }
  text = rest;
  return true;
}

// "rc1", ".post2": the number may be left out (0).
bool TakeTagged(std::string_view& text, std::string_view word, std::int64_t& number) {
  if (!TakeWord(text, word)) return false;
  number = 0;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') return TakeNumber(text, number);
  return true;
}

struct PreWord {
  std::string_view word;
  std::int64_t order;
};
// PEP 440: a < b < rc; the long spellings are the same.
constexpr PreWord kPreWords[] = {{"alpha", 1}, {"beta", 2}, {"preview", 3}, {"pre", 3},
                                 {"rc", 3},    {"a", 1},    {"b", 2},       {"c", 3}};

constexpr std::int64_t kFinal = 4;  // after every pre-release

}  // namespace

std::optional<Version> Version::Parse(Versioning versioning, std::string_view text) {
  Version version;
  version.pre_kind_ = kFinal;
  version.dev_ = std::numeric_limits<std::int64_t>::max();
  version.post_ = -1;
  if (versioning == Versioning::kBuild) {
    if (text.size() < 2 || text[0] != 'b') return std::nullopt;
    text.remove_prefix(1);
    if (!TakeNumber(text, version.release_[0]) || !text.empty()) return std::nullopt;
    return version;
  }
  if (text.starts_with('v')) text.remove_prefix(1);
  if (text.empty() || text.size() > 64) return std::nullopt;
  if (const std::size_t local = text.find('+'); local != std::string_view::npos) {
    if (local + 1 == text.size()) return std::nullopt;
    text = text.substr(0, local);
  }
  if (const std::size_t epoch = text.find('!'); epoch != std::string_view::npos) {
    std::string_view head = text.substr(0, epoch);
    if (!TakeNumber(head, version.epoch_) || !head.empty()) return std::nullopt;
    text.remove_prefix(epoch + 1);
  }
  int parts = 0;
  if (!TakeNumber(text, version.release_[parts])) return std::nullopt;
  while (text.size() > 1 && text[0] == '.' && text[1] >= '0' && text[1] <= '9') {
    text.remove_prefix(1);
    ++parts;
    if (parts == kMaxRelease || !TakeNumber(text, version.release_[parts])) return std::nullopt;
  }
  for (const PreWord& pre : kPreWords) {
    if (TakeTagged(text, pre.word, version.pre_)) {
      version.pre_kind_ = pre.order;
      break;
    }
  }
  TakeTagged(text, "post", version.post_);
  const bool dev = TakeTagged(text, "dev", version.dev_);
  // X.devN stands before X's pre-releases.
  if (dev && version.pre_kind_ == kFinal && version.post_ < 0) version.pre_kind_ = 0;
  if (!text.empty()) return std::nullopt;
  return version;
}

int Compare(const Version& a, const Version& b) {
  const auto order = [](std::int64_t x, std::int64_t y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (const int c = order(a.epoch_, b.epoch_)) return c;
  for (int i = 0; i < Version::kMaxRelease; ++i) {
    if (const int c = order(a.release_[i], b.release_[i])) return c;
  }
  if (const int c = order(a.pre_kind_, b.pre_kind_)) return c;
  if (const int c = order(a.pre_, b.pre_)) return c;
  if (const int c = order(a.post_, b.post_)) return c;
  return order(a.dev_, b.dev_);
}

bool VersionRange::Contains(const Version& version) const {
  return std::ranges::all_of(comparators(), [&](const Comparator& c) {
    const int order = Compare(version, c.version);
    switch (c.op) {
      case Op::kLess:
        return order < 0;
      case Op::kLessEqual:
        return order <= 0;
      case Op::kEqual:
        return order == 0;
      case Op::kGreaterEqual:
        return order >= 0;
      case Op::kGreater:
        return order > 0;
    }
    return false;
  });
}

std::optional<VersionRange> ParseVersionRange(Versioning versioning, std::string_view text) {
  using Op = VersionRange::Op;
  struct Spelling {
    std::string_view text;
    Op op;
  };
  static constexpr Spelling kOps[] = {{">=", Op::kGreaterEqual},
                                      {"<=", Op::kLessEqual},
                                      {"==", Op::kEqual},
                                      {">", Op::kGreater},
                                      {"<", Op::kLess}};
  VersionRange range;
  range.text = text;
  std::vector<VersionRange::Comparator> comparators;
  comparators.reserve(static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1);
  while (true) {
    const std::size_t start = text.find_first_not_of(' ');
    if (start == std::string_view::npos) break;
    text.remove_prefix(start);
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    const auto* op = std::find_if(std::begin(kOps), std::end(kOps),
                                  [&](const Spelling& s) { return word.starts_with(s.text); });
    if (op == std::end(kOps)) return std::nullopt;
    const auto version = Version::Parse(versioning, word.substr(op->text.size()));
    if (!version) return std::nullopt;
    comparators.push_back({op->op, *version});
  }
  if (comparators.empty()) return std::nullopt;
  range.held =
      std::make_shared<const std::vector<VersionRange::Comparator>>(std::move(comparators));
  return range;
}

bool Overlap(const VersionRange& a, const VersionRange& b) {
  using Op = VersionRange::Op;
  if (a.Everything() || b.Everything()) return true;
  const Version* low = nullptr;
  const Version* high = nullptr;
  bool low_open = false;
  bool high_open = false;
  const auto narrow = [&](const VersionRange::Comparator& c) {
    if (c.op != Op::kLess && c.op != Op::kLessEqual) {
      const int order = low == nullptr ? 1 : Compare(c.version, *low);
      const bool open = c.op == Op::kGreater;
      if (order > 0 || (order == 0 && open)) low_open = open;
      if (order > 0) low = &c.version;
    }
    if (c.op != Op::kGreater && c.op != Op::kGreaterEqual) {
      const int order = high == nullptr ? -1 : Compare(c.version, *high);
      const bool open = c.op == Op::kLess;
      if (order < 0 || (order == 0 && open)) high_open = open;
      if (order < 0) high = &c.version;
    }
  };
  std::ranges::for_each(a.comparators(), narrow);
  std::ranges::for_each(b.comparators(), narrow);
  if (low == nullptr || high == nullptr) return true;
  const int order = Compare(*low, *high);
  return order < 0 || (order == 0 && !low_open && !high_open);
}

}  // namespace cmatch
