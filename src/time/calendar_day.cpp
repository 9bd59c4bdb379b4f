#include "time/calendar_day.h"

namespace riffle {

std::int64_t days_of(const Civil& date) { return days_from_civil(date.year, date.month, date.day); }

// 1970-01-01 was a Thursday.
int weekday_of(std::int64_t days) { return static_cast<int>(((days + 3) % 7 + 7) % 7) + 1; }

int yearday_of(const Civil& date) {
  return static_cast<int>(days_of(date) - days_from_civil(date.year, 1, 1)) + 1;
}

std::int64_t first_iso_monday(std::int64_t year) {
  const std::int64_t in_first_week = days_from_civil(year, 1, 4);
  return in_first_week - (weekday_of(in_first_week) - 1);
}

IsoWeek iso_week_of(const Civil& date) {
  const std::int64_t days = days_of(date);
  std::int64_t year = date.year + 1;
  while (days < first_iso_monday(year)) year--;
  return {year, static_cast<int>((days - first_iso_monday(year)) / 7) + 1};
}

}  // namespace riffle
