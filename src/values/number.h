// Numbers as text, both ways: JSON's grammar in, JSON's and ECMAScript's spelling out.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "values/value.h"

namespace riffle {

// The number that the whole of `text` is by JSON's grammar: an integer where it has neither
// fraction nor exponent and fits in 64 bits (signed or unsigned), else the nearest real (an
// infinity past its range). Missing when it is none.
Value parse_number(std::string_view text);
// The same of a scalar of JSON, whose grammar has been looked at already.
Value parse_checked_number(std::string_view scalar);
// The number that people may have meant, where parse_number() says that it is none: blanks around
// it, a plus sign, leading zeros, no digits on one side of the point, commas between thousands, or
// a percent sign at the end, which is left out (12% is 12).
Value parse_loose_number(std::string_view text);
// Whether it is one.
bool is_number(std::string_view text);

// A number as text at `to`, where `number_room` bytes are; where it ends.
constexpr std::size_t number_room = 48;
char* write_integer(std::int64_t n, char* to);
char* write_natural(std::uint64_t n, char* to);
// As ECMAScript's Number::toString: shortest digits that read back, no ".0", an exponent from 1e21
// and below 1e-6. NaN and the infinities, which JSON lacks, are "null".
char* write_real(double d, char* to);
// A duration: its seconds, exactly, as a decimal number.
char* write_duration(std::int64_t nanoseconds, char* to);

// Exact order of two numbers of any kinds; unordered when one is NaN.
std::partial_ordering compare_numbers(const Value& a, const Value& b);
double as_real(const Value& number);

}  // namespace riffle
