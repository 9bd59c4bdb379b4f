// Rounding to decimal digits, half away from zero, as the digits of a number are written: 2.675 to
// two digits is 2.68.
#pragma once

#include <cstdint>
#include <optional>

#include "values/value.h"

namespace riffle {

// `number` to `digits` after the point (negative: before it). An integer stays one; a real becomes
// one where `digits` <= 0 and 64 bits hold it. Nothing: an integer result that they do not hold.
std::optional<Value> rounded(const Value& number, std::int64_t digits);

// A whole real as an integer where 64 bits hold it, or else itself.
Value whole_value(double whole);

}  // namespace riffle
