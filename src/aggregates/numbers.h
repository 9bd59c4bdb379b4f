// The number that a value is, for the loops that add up a column: number_of() with its usual case in line.
#pragma once

#include "data/decode.h"

namespace riffle {

// A short untouched JSON number without an exponent is read here: up to 15 digits a double holds them, and a power of
// ten that is a double without error divides them with one rounding.
inline Value number_in(const Value& value) {
  constexpr std::uint32_t longest = 15;
  constexpr double powers_of_ten[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  if (value.kind != Kind::json || value.size > longest) return number_of(value);
  const char* at = value.text;
  const char* const end = at + value.size;
  const bool negative = *at == '-';
  at += negative;
  std::int64_t digits = 0;
  const char* point = nullptr;
  for (; at < end; at++) {
    const auto digit = static_cast<unsigned char>(*at - '0');
    if (digit < 10)
      digits = digits * 10 + digit;
    else if (*at == '.')
      point = at;
    else
      return number_of(value);
  }
  if (negative) digits = -digits;
  if (!point) return integer_value(digits);
  const double whole = negative && digits == 0 ? -0.0 : static_cast<double>(digits);
  return real_value(whole / powers_of_ten[end - point - 1]);
}

}  // namespace riffle
