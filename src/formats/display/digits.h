// Numbers and durations as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace riffle {

// A number's text with at most that many significant digits (0: all of them), the digits of its
// whole part kept: "17.099999999999998" is "17.1" with 6, "1234567.89" "1234568". Integers, and
// numbers with no more digits, stay as they are written.
std::string rounded(std::string_view number, std::size_t digits);

// The bytes of a number's text from its point, or its exponent, on; 0 of an integer.
std::size_t fraction_of(std::string_view number);

// "1h30m", "31d", "2m5.25s", "5.4ms", "0s"; parts of a second with at most that many significant
// digits of the whole in seconds (0: all of them).
std::string duration_for_people(std::int64_t nanoseconds, std::size_t digits);

}  // namespace riffle
