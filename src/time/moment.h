// Moments as people name them: a time, or one that is told from now.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "time/zone.h"

namespace riffle {

// RFC 3339 as parse_time() reads it; "14:30" or "14:30:05" of today; "today" and "yesterday": their
// midnights; "now"; a duration ("2h", "1h30m"): so long ago. Local times are of `zone`. Nothing: it
// is none of these, or outside the range of times.
std::optional<std::int64_t> parse_moment(std::string_view text, std::int64_t now, const Zone& zone);

}  // namespace riffle
