// Times as logs write them.
#pragma once

#include <optional>
#include <string_view>

#include "logs/log_forms.h"
#include "values/calendar.h"

namespace riffle {

// The moment of a local time whose year is not written: in the latest year that makes it a date and
// is not after settings.now by more than a day. Nothing: there is none.
std::optional<std::int64_t> moment_without_year(Civil local, const LogSettings& settings);

// Nanoseconds of the digits of a fraction of a second; those past the ninth are dropped.
int nanoseconds_of_fraction(std::string_view digits);

// A number of two digits. REQUIRES: they are digits, or a blank and one.
int two_digits(std::string_view text);

}  // namespace riffle
