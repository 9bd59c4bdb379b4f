// A time as text: RFC 3339, with the calendar's arithmetic (Howard Hinnant, "chrono-Compatible
// Low-Level Date Algorithms"). Time zones are time/'s matter; of them this file knows one function.
#pragma once

#include <cstdint>
#include <string>

namespace riffle {

struct Civil {
  std::int64_t year = 1970;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int nanosecond = 0;
};

std::int64_t days_from_civil(std::int64_t year, int month, int day);
// The calendar's reading of a time in UTC.
Civil civil_from_time(std::int64_t nanoseconds);

// Seconds that local time is ahead of UTC at a moment.
using ZoneOffset = std::int32_t (*)(std::int64_t nanoseconds);
// The zone in which times are printed (--tz); null, the default, is UTC. Set once, before the run
// starts.
void print_times_in(ZoneOffset offset);

// RFC 3339: "2026-01-31T10:00:00Z", or the zone's offset; 0, 3, 6 or 9 fraction digits as needed.
// At `to`, where number_room bytes (number.h) are; where it ends.
char* write_time(std::int64_t nanoseconds, char* to);
std::string time_text(std::int64_t nanoseconds);

}  // namespace riffle
