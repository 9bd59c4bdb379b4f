// A date's day of the week, of the year, and its week by ISO 8601.
#pragma once

#include <cstdint>

#include "values/calendar.h"

namespace riffle {

// Days from 1970-01-01 to a date.
std::int64_t days_of(const Civil& date);
// 1 is Monday, 7 Sunday.
int weekday_of(std::int64_t days);
// 1 to 366.
int yearday_of(const Civil& date);

// ISO 8601: week 1 has the year's first Thursday, so that a week belongs to the year of its
// Thursday.
struct IsoWeek {
  std::int64_t year;
  int week;
};
IsoWeek iso_week_of(const Civil& date);
// The days from 1970-01-01 to the Monday of an ISO year's week 1.
std::int64_t first_iso_monday(std::int64_t year);

}  // namespace riffle
