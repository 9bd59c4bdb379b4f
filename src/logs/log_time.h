// Times as logs write them.
#pragma once

#include <optional>
#include <string_view>

#include "logs/log_forms.h"
#include "logs/text_pieces.h"
#include "values/calendar.h"
#include "values/value.h"

namespace riffle {

// The moment of a local time whose year is not written: in the latest year that makes it a date and
// is not after settings.now by more than a day. Nothing: there is none.
std::optional<std::int64_t> moment_without_year(Civil local, const LogSettings& settings);

// Nanoseconds of the digits of a fraction of a second; those past the ninth are dropped.
int nanoseconds_of_fraction(std::string_view digits);

// A number of two digits. REQUIRES: they are digits, or a blank and one.
int two_digits(std::string_view text);

// Whether it is a date of the calendar, and a time of the day.
bool is_moment(const Civil& local);

// Takes a date and a time off: 2026-01-31 10:00:00.123 (or with slashes, T, a comma, an offset, Z,
// or, where `has_zone_name`, a blank and the name of a zone), 26/01/31 10:00:00, 260131 100000.
// Without an offset it is local time of settings.zone. Its text, where the zone's name is not
// known. Missing when there is none; nothing is taken then.
Value take_stamp(TextPieces& pieces, const LogSettings& settings, bool has_zone_name = false);

}  // namespace riffle
