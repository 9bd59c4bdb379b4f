#include "functions/rounding.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include "values/number.h"

namespace riffle {
namespace {

__extension__ using Wide = __int128;

// The shortest decimal digits that read back as a real: 0.d1d2d3... * 10^exponent.
struct Decimal {
  std::string digits;
  int exponent = 0;
};

Decimal decimal_of(double magnitude) {
  char text[40] = {};
  std::to_chars(text, text + sizeof text, magnitude, std::chars_format::scientific);
  Decimal decimal;
  const char* at = text;
  for (; *at != 'e'; at++)
    if (*at != '.') decimal.digits += *at;
  decimal.exponent = std::atoi(at + 1) + 1;
  return decimal;
}

double rounded_as_written(double number, int digits) {
  Decimal decimal = decimal_of(std::abs(number));
  const int kept = decimal.exponent + digits;
  if (kept >= static_cast<int>(decimal.digits.size())) return number;
  if (kept < 0) return 0;
  const bool up = decimal.digits[static_cast<std::size_t>(kept)] >= '5';
  decimal.digits.resize(static_cast<std::size_t>(kept));
  std::size_t at = decimal.digits.size();
  for (; up && at > 0 && decimal.digits[at - 1] == '9'; at--) decimal.digits[at - 1] = '0';
  if (up && at > 0) decimal.digits[at - 1]++;
  if (up && at == 0) decimal.digits.insert(decimal.digits.begin(), '1');
  if (decimal.digits.empty()) return 0;
  const double magnitude = as_real(parse_number(decimal.digits + "e" + std::to_string(-digits)));
  return number < 0 ? -magnitude : magnitude;
}

// Far from a tie the scaled number decides, and one division by an exact power of ten rounds
// correctly.
double rounded_real(double number, int digits) {
  constexpr double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  if (digits > 0 && digits <= 9) {
    const double power = powers[digits], scaled = std::abs(number) * power;
    constexpr double enough = 0x1p-10;  // below 2^40 the product is off by less
    if (scaled < 0x1p40 && std::abs(scaled - std::floor(scaled) - 0.5) > enough)
      return std::copysign(std::round(scaled) / power, number);
  }
  return rounded_as_written(number, digits);
}

std::optional<Value> rounded_whole(const Value& number, int places) {
  if (places > 20) return integer_value(0);
  Wide power = 1;
  for (int i = 0; i < places; i++) power *= 10;
  const bool negative = number.kind == Kind::integer && number.integer < 0;
  const Wide magnitude = number.kind == Kind::natural ? Wide{number.natural}
                         : negative                   ? -Wide{number.integer}
                                                      : Wide{number.integer};
  const Wide result = (magnitude + power / 2) / power * power;
  if (negative && result > -Wide{INT64_MIN}) return std::nullopt;
  if (result > Wide{UINT64_MAX}) return std::nullopt;
  return negative ? integer_value(static_cast<std::int64_t>(-result))
                  : natural_value(static_cast<std::uint64_t>(result));
}

}  // namespace

Value whole_value(double whole) {
  if (whole >= -0x1p63 && whole < 0x1p63) return integer_value(static_cast<std::int64_t>(whole));
  if (whole >= 0x1p63 && whole < 0x1p64) return natural_value(static_cast<std::uint64_t>(whole));
  return real_value(whole);
}

std::optional<Value> rounded(const Value& number, std::int64_t digits) {
  const int places = static_cast<int>(std::clamp<std::int64_t>(digits, -400, 400));
  if (number.kind != Kind::real) return places >= 0 ? number : rounded_whole(number, -places);
  if (!std::isfinite(number.real)) return number;
  if (places == 0) return whole_value(std::round(number.real));
  const double result = rounded_real(number.real, places);
  return places > 0 ? real_value(result) : whole_value(result);
}

}  // namespace riffle
