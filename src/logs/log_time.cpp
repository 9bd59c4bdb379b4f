#include "logs/log_time.h"

namespace riffle {
namespace {

constexpr std::int64_t day_length = std::int64_t{86400} * 1000000000;

bool is_date(const Civil& date) {
  if (date.month < 1 || date.month > 12 || date.day < 1) return false;
  const std::int64_t first = days_from_civil(date.year, date.month, 1);
  const std::int64_t next = date.month == 12 ? days_from_civil(date.year + 1, 1, 1)
                                             : days_from_civil(date.year, date.month + 1, 1);
  return date.day <= next - first;
}

}  // namespace

std::optional<std::int64_t> moment_without_year(Civil local, const LogSettings& settings) {
  constexpr int longest_without_leap_day = 8;  // 1896 to 1904
  constexpr int last_hour = 23, last_minute = 59, leap_second = 60;
  if (local.hour > last_hour || local.minute > last_minute || local.second > leap_second)
    return std::nullopt;
  local.year = settings.zone.civil(settings.now).year + 1;
  for (int back = 0; back <= longest_without_leap_day + 1; back++, local.year--) {
    if (!is_date(local)) continue;
    const auto moment = settings.zone.moment(local);
    if (moment && *moment - day_length <= settings.now) return moment;
  }
  return std::nullopt;
}

int nanoseconds_of_fraction(std::string_view digits) {
  int nanoseconds = 0;
  for (std::size_t i = 0; i < 9; i++)
    nanoseconds = 10 * nanoseconds + (i < digits.size() ? digits[i] - '0' : 0);
  return nanoseconds;
}

int two_digits(std::string_view text) {
  return (text[0] == ' ' ? 0 : text[0] - '0') * 10 + text[1] - '0';
}

}  // namespace riffle
