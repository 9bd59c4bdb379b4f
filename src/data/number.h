// Numbers as text, both ways: JSON's grammar in, JSON's and ECMAScript's spelling out.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "data/value.h"

namespace riffle {

// The number that the whole of `text` is by JSON's grammar: an integer where it has neither fraction nor exponent and
// fits in 64 bits (signed or unsigned), else the nearest real (an infinity past its range). Missing when it is none.
Value parse_number(std::string_view text);
// The same of a scalar of JSON, whose grammar has been looked at already.
Value parse_checked_number(std::string_view scalar);
// Whether it is one.
bool is_number(std::string_view text);

void write_integer(std::int64_t n, std::string& out);
void write_natural(std::uint64_t n, std::string& out);
// As ECMAScript's Number::toString: shortest digits that read back, no ".0", an exponent from 1e21 and below 1e-6.
// NaN and the infinities, which JSON lacks, are "null".
void write_real(double d, std::string& out);
// A duration: its seconds, exactly, as a decimal number.
void write_duration(std::int64_t nanoseconds, std::string& out);

// Exact order of two numbers of any kinds; unordered when one is NaN.
std::partial_ordering compare_numbers(const Value& a, const Value& b);
double as_real(const Value& number);

}  // namespace riffle
