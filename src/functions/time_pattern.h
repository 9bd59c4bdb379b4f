// Times by a pattern as strftime and strptime have them, through Abseil.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "time/zone.h"

namespace riffle {

// The pattern as Abseil wants it: %f, %L and %N (micro-, milli- and nanoseconds, as Python, Ruby and date have them)
// become its own. Throws std::invalid_argument for a conversion that means nothing.
std::string time_pattern(std::string_view pattern);

// Both take what time_pattern made.
std::string format_by_pattern(std::int64_t time, const std::string& pattern, const Zone& zone);
// Nothing: the text is not so, or the time is outside the range of times.
std::optional<std::int64_t> parse_by_pattern(std::string_view text, const std::string& pattern, const Zone& zone);

}  // namespace riffle
