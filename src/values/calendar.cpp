#include "values/calendar.h"

#include <fmt/format.h>

#include <cstdlib>

#include "values/number.h"

namespace riffle {
namespace {

ZoneOffset print_zone = nullptr;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

constexpr std::int64_t second = 1000000000;

// Nanoseconds past the whole second; the product of the seconds before it may not fit in 64 bits.
int fraction_of(std::int64_t nanoseconds) {
  return static_cast<int>((nanoseconds % second + second) % second);
}

// Year, month and day, this many days after 1970-01-01.
Civil date_of(std::int64_t days) {
  days += 719468;  // after 0000-03-01
  const std::int64_t era = floor_divide(days, 146097);
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;  // March is 0
  Civil civil;
  civil.day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  civil.month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  civil.year = year_of_era + era * 400 + (civil.month <= 2);
  return civil;
}

}  // namespace

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  // Years begin in March, and are counted from so long before 0 that none is negative.
  constexpr std::int64_t eras = std::int64_t{1} << 40;
  const auto years = static_cast<std::uint64_t>(year + 400 * eras - (month <= 2));
  const std::uint64_t centuries = years / 100;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return static_cast<std::int64_t>(365 * years + years / 4 - centuries + centuries / 4) +
         day_of_year - (eras * 146097 + 719468);
}

Civil civil_from_time(std::int64_t nanoseconds) {
  const std::int64_t seconds = floor_divide(nanoseconds, second);
  const std::int64_t days = floor_divide(seconds, 86400);
  const int of_day = static_cast<int>(seconds - days * 86400);
  Civil civil = date_of(days);
  civil.hour = of_day / 3600;
  civil.minute = of_day / 60 % 60;
  civil.second = of_day % 60;
  civil.nanosecond = fraction_of(nanoseconds);
  return civil;
}

void print_times_in(ZoneOffset offset) { print_zone = offset; }

namespace {

// Up to the seconds and their fraction, without the offset.
char* write_local_time(std::int64_t nanoseconds, std::int32_t offset, char* to) {
  // Local time may lie outside the range of times by some hours: seconds and their fraction are
  // shifted apart.
  const std::int64_t seconds = floor_divide(nanoseconds, second);
  const int fraction = fraction_of(nanoseconds);
  const std::int64_t local_days = floor_divide(seconds + offset, 86400);
  const int of_day = static_cast<int>(seconds + offset - local_days * 86400);
  const Civil date = date_of(local_days);
  to = fmt::format_to(to, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", date.year, date.month, date.day,
                      of_day / 3600, of_day / 60 % 60, of_day % 60);
  if (fraction % 1000 != 0) return fmt::format_to(to, ".{:09}", fraction);
  if (fraction % 1000000 != 0) return fmt::format_to(to, ".{:06}", fraction / 1000);
  if (fraction != 0) return fmt::format_to(to, ".{:03}", fraction / 1000000);
  return to;
}

}  // namespace

// RFC 3339 has no seconds in an offset, and zones had them (Paris until 1911: +00:09:21): the
// offset and the local time are those of the nearest minute.
char* write_time(std::int64_t nanoseconds, char* to) {
  const int minutes =
      print_zone ? static_cast<int>(floor_divide(print_zone(nanoseconds) + 30, 60)) : 0;
  to = write_local_time(nanoseconds, minutes * 60, to);
  if (print_zone)
    return fmt::format_to(to, "{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                          std::abs(minutes) % 60);
  *to++ = 'Z';
  return to;
}

std::string time_text(std::int64_t nanoseconds) {
  char text[number_room];
  return {text, write_time(nanoseconds, text)};
}

}  // namespace riffle
