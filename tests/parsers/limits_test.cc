// The limits as a table: each has a reason, and the document shows them all.

#include <doctest/doctest.h>

#include <string>

#include "files/read_limits.h"
#include "support/command.h"
#include "support/files.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kHead = "| input | what | at most | beyond it | because |\n";

std::string Grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

// "512 MiB", "4 KiB", "63 bytes", "65,536".
std::string Shown(const Limit& limit) {
  if (limit.unit != "bytes") return Grouped(limit.most);
  const struct {
    unsigned shift;
    const char* unit;
  } units[] = {{30, " GiB"}, {20, " MiB"}, {10, " KiB"}};
  for (const auto& u : units) {
    if (limit.most % (std::uint64_t{1} << u.shift) == 0) {
      return Grouped(limit.most >> u.shift) + u.unit;
    }
  }
  return Grouped(limit.most) + " bytes";
}

std::string Table() {
  std::string text = std::string(kHead) + "|---|---|---|---|---|\n";
  for (const Limit& limit : kLimits) {
    text += "| " + std::string(limit.input) + " | " + std::string(limit.what) + " | " +
            Shown(limit) + " | " + std::string(limit.beyond) + " | " + std::string(limit.because) +
            " |\n";
  }
  return text;
}

TEST_CASE("limits: each has a bound and a reason, and is there once") {
  for (std::size_t i = 0; i < std::size(kLimits); ++i) {
    const Limit& limit = kLimits[i];
    CAPTURE(std::string(limit.what));
    CHECK(limit.most > 0);
    CHECK_FALSE(limit.beyond.empty());
    CHECK_FALSE(limit.because.empty());
    for (std::size_t k = 0; k < i; ++k) {
      CHECK_FALSE((kLimits[k].input == limit.input && kLimits[k].what == limit.what));
    }
  }
}

TEST_CASE("limits: docs/reference/limits.md shows this table (CMATCH_UPDATE_GOLDEN=1 writes it)") {
  const std::filesystem::path page = CMATCH_SOURCE_DIR "/docs/reference/limits.md";
  const std::string text = testing::ReadFile(page);
  const std::size_t begin = std::min(text.find(kHead), text.size());
  // The table is followed by an empty line, or ends the page.
  const std::size_t end = std::min(text.find("\n\n", begin), text.size());
  const std::string after = end == text.size() ? "" : text.substr(end + 1);
  CHECK(testing::GoldenDifference(page, text.substr(0, begin) + Table() + after) == "");
}

}  // namespace
}  // namespace cmatch::internal
