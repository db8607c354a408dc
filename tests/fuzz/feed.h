#ifndef CMATCH_TESTS_FUZZ_FEED_H_
#define CMATCH_TESTS_FUZZ_FEED_H_

// Bytes as a row of choices, for targets whose input is no text: at its end everything is 0 and
// empty. FeedWriter makes inputs for seeds.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cmatch::fuzz {

class Feed {
 public:
  explicit Feed(std::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  std::size_t Byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  std::size_t Below(std::size_t limit) { return Byte() % limit; }
  // Small ones, and the ends of the range.
  std::int64_t Number() {
    const auto byte = static_cast<std::int64_t>(Byte());
    if (byte < 200) return byte;
    if (byte < 210) return -(byte - 199);
    if (byte < 230) return std::int64_t{1} << (byte - 170);
    return byte % 2 == 0 ? INT64_MAX - (byte - 230) / 2 : INT64_MIN + (byte - 231) / 2;
  }
  // A length of one byte and that many bytes, or what is left.
  std::string_view View() {
    const std::size_t wanted = Byte();
    const std::size_t length = std::min(wanted, rest_.size());
    const std::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return text;
  }
  std::string Text() { return std::string(View()); }

 private:
  std::string_view rest_;
};

class FeedWriter {
 public:
  FeedWriter& Byte(int value) {
    bytes_ += static_cast<char>(value);
    return *this;
  }
  FeedWriter& Text(std::string_view text) {
    Byte(static_cast<int>(text.size()));
    bytes_ += text.substr(0, 255);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace cmatch::fuzz

#endif  // CMATCH_TESTS_FUZZ_FEED_H_
