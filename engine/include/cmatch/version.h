#ifndef CMATCH_VERSION_H_
#define CMATCH_VERSION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cmatch {

// How an engine numbers its releases.
enum class Versioning : std::uint8_t {
  kPep440,  // 0.10.1rc1 < 0.10.1 < 0.10.1.post1; packaging.python.org, "Version specifiers"
  kBuild,   // b4747: an integer
};

// A release, ordered within one numbering. Text is not kept.
class Version {
 public:
  // A leading "v" is accepted for pep440, a leading "b" is required for build. Epochs and local
  // versions ("+cu128") are accepted; the local part does not order.
  static std::optional<Version> Parse(Versioning versioning, std::string_view text);

  friend int Compare(const Version& a, const Version& b);  // < 0, 0, > 0
  friend bool operator==(const Version& a, const Version& b) { return Compare(a, b) == 0; }
  friend bool operator<(const Version& a, const Version& b) { return Compare(a, b) < 0; }

 private:
  // Epoch, up to kMaxRelease release numbers, then pre, post and dev as order keys.
  static constexpr int kMaxRelease = 6;
  std::int64_t release_[kMaxRelease] = {};
  std::int64_t epoch_ = 0, pre_kind_ = 0, pre_ = 0, post_ = 0, dev_ = 0;
};

// A set of releases: comparators that must all hold, ">=0.8.0 <0.11.0". No comparator: every
// release.
struct VersionRange {
  enum class Op : std::uint8_t { kLess, kLessEqual, kEqual, kGreaterEqual, kGreater };
  struct Comparator {
    Op op;
    Version version;
  };
  // Shared by copies: few ranges stand in many rows. nullptr: no comparator.
  std::shared_ptr<const std::vector<Comparator>> held;
  std::string_view text;  // as written; lives as long as the tables

  std::span<const Comparator> comparators() const {
    return held ? std::span<const Comparator>(*held) : std::span<const Comparator>();
  }
  bool Contains(const Version& version) const;
  bool Everything() const { return held == nullptr; }
};

// `text` must outlive the result. nullopt where malformed.
std::optional<VersionRange> ParseVersionRange(Versioning versioning, std::string_view text);

// True where some release can be in both (exact for ranges of comparators over one numbering).
bool Overlap(const VersionRange& a, const VersionRange& b);

}  // namespace cmatch

#endif  // CMATCH_VERSION_H_
