#include "dates.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string_view>

namespace cmatch::cli {
namespace {

constexpr int kMostDays = 36'500;

std::optional<int> Number(std::string_view text) {
  int value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc() && result.ptr == text.data() + text.size();
  if (!whole || value < 0 || text.starts_with('-')) return std::nullopt;
  return value;
}

std::optional<std::chrono::year_month_day> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = Number(text.substr(0, 4));
  const auto month = Number(text.substr(5, 2));
  const auto day = Number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year{*year},
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<int> ParseDays(std::string_view text) {
  if (text.ends_with('d')) text.remove_suffix(1);
  const auto days = Number(text);
  if (!days || *days > kMostDays) return std::nullopt;
  return days;
}

std::string ToText(std::chrono::year_month_day day) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text.data();
}

}  // namespace

std::string Today() {
  return ToText(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
}

std::string ValidateDate(const std::string& text) {
  return ParseDate(text) ? "" : "must be a day as YYYY-MM-DD, not \"" + text + "\"";
}

std::string ValidateDays(const std::string& text) {
  return ParseDays(text) ? "" : "must be a number of days as 30d, not \"" + text + "\"";
}

std::string DaysAfter(const std::string& date, const std::string& days) {
  const auto from = ParseDate(date);
  const auto count = ParseDays(days);
  if (!from || !count) return date;
  return ToText(std::chrono::sys_days(*from) + std::chrono::days(*count));
}

}  // namespace cmatch::cli
