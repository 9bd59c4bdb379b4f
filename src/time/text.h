// Times and durations as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "time/zone.h"

namespace riffle {

// The range of times: 1677-09-22T00:00:00Z to 2262-04-11T23:47:16.854775807Z.
constexpr std::int64_t least_time = std::int64_t{-106751} * 86400 * 1000000000;
constexpr std::int64_t greatest_time = INT64_MAX;

// RFC 3339 / ISO 8601: a date alone, 'T', 't' or a blank before the time, seconds optional, 0-9
// fraction digits ('.' or ','), 'Z' or an offset (+02:00, +0200, +02); without one it is local time
// of `zone`. The basic form (20260131T100000Z) needs its 'T' and its minutes: 20260131 is a number.
// The whole text must be a time, and lie in 1677-09-22 to 2262-04-11. Nothing: it is none.
// Hot path: no allocation, some 20 ns.
std::optional<std::int64_t> parse_time(std::string_view text, const Zone& zone);

// Nanoseconds in "s", "ms", "us", "ns". 0: no such unit.
std::int64_t nanoseconds_in(std::string_view unit);

// The moment `number` units after 1970; nothing when outside the range of times.
std::optional<std::int64_t> time_from_number(double number, std::int64_t unit);
std::optional<std::int64_t> time_from_number(std::int64_t number, std::int64_t unit);

// `number` units in nanoseconds, for a real as the shortest decimal number that reads back as it
// says: 0.1 s is 100 ms sharp. Nothing: more than 64 bits hold.
std::optional<std::int64_t> nanoseconds_from_number(double number, std::int64_t unit);

// The same of a text that is a decimal number ("1714500411.107", "-5"; no exponent), rounded to
// nanoseconds. Nothing: it is none.
std::optional<std::int64_t> nanoseconds_from_text(std::string_view number, std::int64_t unit);

// "250ms", "1h30m", "2d", "1w" (units ns us ms s m h d w, each at most once, largest first; "1.5h"
// is none). Nothing: it is no duration, or more than 64 bits of nanoseconds hold.
std::optional<std::int64_t> parse_duration(std::string_view text);

// A duration as programs write it: the units of parse_duration and "µs" with fractions and blanks
// ("5.4ms", "1h 2m 3.5s"), ISO 8601 of weeks, days and shorter ("PT26.481S", "P1DT2H"), or hours,
// minutes and seconds ("00:01:30", "36:00:00.5"). A sign may stand before it. Fractions of a
// nanosecond are rounded. Nothing: it is none, or more than 64 bits of nanoseconds hold.
std::optional<std::int64_t> read_duration(std::string_view text);

}  // namespace riffle
