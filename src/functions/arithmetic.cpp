#include "functions/arithmetic.h"

#include <cmath>
#include <cstring>

#include "functions/arguments.h"
#include "functions/lambda_scope.h"
#include "values/decode.h"
#include "values/kinds.h"
#include "values/number.h"

namespace riffle {
namespace {

// Sums of two 64-bit numbers, signed or not, always fit; products nearly so.
__extension__ using Wide = __int128;

using Outcome = std::optional<Value>;

bool is_whole(const Value& v) { return v.kind == Kind::integer || v.kind == Kind::natural; }
Wide wide(const Value& v) {
  return v.kind == Kind::natural ? static_cast<Wide>(v.natural) : static_cast<Wide>(v.integer);
}

Outcome narrow(Wide n) {
  if (n >= INT64_MIN && n <= INT64_MAX) return integer_value(static_cast<std::int64_t>(n));
  if (n > 0 && n <= static_cast<Wide>(UINT64_MAX))
    return natural_value(static_cast<std::uint64_t>(n));
  return std::nullopt;
}

Wide floor_quotient(Wide a, Wide b) {
  const Wide quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

Outcome whole_power(Wide base, Wide exponent) {
  Wide result = 1;
  while (exponent > 0) {
    if (exponent % 2 != 0 && __builtin_mul_overflow(result, base, &result)) return std::nullopt;
    if (result > static_cast<Wide>(UINT64_MAX) || result < INT64_MIN) return std::nullopt;
    exponent /= 2;
    // A base past 128 bits would meet another factor, unless the exponent is used up.
    if (exponent > 0 && __builtin_mul_overflow(base, base, &base)) return std::nullopt;
  }
  return narrow(result);
}

Outcome whole_numbers(Arithmetic operation, const Value& a, const Value& b) {
  const Wide x = wide(a), y = wide(b);
  Wide product = 0;
  switch (operation) {
    case Arithmetic::add:
      return narrow(x + y);
    case Arithmetic::subtract:
      return narrow(x - y);
    case Arithmetic::multiply:
      return __builtin_mul_overflow(x, y, &product) ? std::nullopt : narrow(product);
    case Arithmetic::divide:
      break;
    case Arithmetic::divide_whole:
      return y == 0 ? std::nullopt : narrow(floor_quotient(x, y));
    case Arithmetic::remainder:
      return y == 0 ? std::nullopt : narrow(x - floor_quotient(x, y) * y);
    case Arithmetic::power:
      return whole_power(x, y);
  }
  return std::nullopt;
}

// An answer that no JSON number can say is a failure, as is a number too large to compute with
// (1e400).
Outcome real_answer(double d) { return std::isfinite(d) ? Outcome(real_value(d)) : std::nullopt; }

double floored_remainder(double x, double y) {
  const double remainder = std::fmod(x, y);
  return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder;
}

// What x is without its remainder, in wholes of y: the rounded quotient may be one too many.
double floored_quotient(double x, double y) {
  const double quotient = (x - floored_remainder(x, y)) / y;
  const double floor = std::floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

Outcome real_numbers(Arithmetic operation, double x, double y) {
  switch (operation) {
    case Arithmetic::add:
      return real_answer(x + y);
    case Arithmetic::subtract:
      return real_answer(x - y);
    case Arithmetic::multiply:
      return real_answer(x * y);
    case Arithmetic::divide:
      return y == 0 ? std::nullopt : real_answer(x / y);
    case Arithmetic::divide_whole:
      return y == 0 ? std::nullopt : real_answer(floored_quotient(x, y));
    case Arithmetic::remainder:
      return y == 0 ? std::nullopt : real_answer(floored_remainder(x, y));
    case Arithmetic::power:
      return x == 0 && y < 0 ? std::nullopt : real_answer(std::pow(x, y));
  }
  return std::nullopt;
}

Outcome numbers(Arithmetic operation, const Value& a, const Value& b) {
  const bool negative_power =
      operation == Arithmetic::power && b.kind == Kind::integer && b.integer < 0;
  if (is_whole(a) && is_whole(b) && operation != Arithmetic::divide && !negative_power)
    return whole_numbers(operation, a, b);
  return real_numbers(operation, as_real(a), as_real(b));
}

Outcome rounded_duration(double nanoseconds) {
  const double rounded = std::nearbyint(nanoseconds);
  if (!(rounded >= -0x1p63 && rounded < 0x1p63)) return std::nullopt;
  return duration_value(static_cast<std::int64_t>(rounded));
}

Outcome of_kind(Kind kind, const Outcome& number) {
  if (!number || number->kind != Kind::integer) return std::nullopt;
  Value v = *number;
  v.kind = kind;
  return v;
}

// A duration with a number.
Outcome scaled(Arithmetic operation, const Value& duration, const Value& number) {
  if (operation == Arithmetic::multiply) {
    if (is_whole(number)) return of_kind(Kind::duration, narrow(wide(duration) * wide(number)));
    return rounded_duration(static_cast<double>(duration.integer) * number.real);
  }
  if (as_real(number) == 0) return std::nullopt;
  if (operation == Arithmetic::divide)
    return rounded_duration(static_cast<double>(duration.integer) / as_real(number));
  if (operation != Arithmetic::divide_whole) return std::nullopt;
  if (is_whole(number))
    return of_kind(Kind::duration, narrow(floor_quotient(wide(duration), wide(number))));
  return rounded_duration(std::floor(static_cast<double>(duration.integer) / number.real));
}

Outcome durations(Arithmetic operation, const Value& a, const Value& b) {
  const Wide x = a.integer, y = b.integer;
  switch (operation) {
    case Arithmetic::add:
      return of_kind(Kind::duration, narrow(x + y));
    case Arithmetic::subtract:
      return of_kind(Kind::duration, narrow(x - y));
    case Arithmetic::divide:
      return y == 0 ? std::nullopt
                    : Outcome(real_value(static_cast<double>(a.integer) /
                                         static_cast<double>(b.integer)));
    case Arithmetic::divide_whole:
      return y == 0 ? std::nullopt : narrow(floor_quotient(x, y));
    case Arithmetic::remainder:
      return y == 0 ? std::nullopt : of_kind(Kind::duration, narrow(x - floor_quotient(x, y) * y));
    default:
      return std::nullopt;
  }
}

Outcome times(Arithmetic operation, const Value& a, const Value& b) {
  const Wide x = a.integer, y = b.integer;
  const bool time_first = a.kind == Kind::time, time_second = b.kind == Kind::time;
  if (time_first && time_second)
    return operation == Arithmetic::subtract ? of_kind(Kind::duration, narrow(x - y))
                                             : std::nullopt;
  if (operation == Arithmetic::add) return of_kind(Kind::time, narrow(x + y));
  return operation == Arithmetic::subtract && time_first ? of_kind(Kind::time, narrow(x - y))
                                                         : std::nullopt;
}

Outcome joined(const Value& a, const Value& b, Memory& memory) {
  const std::string_view x = text_of(a, memory), y = text_of(b, memory);
  if (x.size() + y.size() > longest_text) return std::nullopt;
  char* const to = LambdaScope::grown(std::span(x), y.size(), memory);
  if (!y.empty()) std::memcpy(to + x.size(), y.data(), y.size());
  return text_value({to, x.size() + y.size()});
}

bool is_span(const Value& v) { return v.kind == Kind::time || v.kind == Kind::duration; }

Outcome by_kinds(Arithmetic operation, const Value& a, const Value& b, Memory& memory) {
  if (is_nothing(a) || is_nothing(b)) return null_value();
  const Value x = number_of(a), y = number_of(b);
  if (x.is_number() && y.is_number()) return numbers(operation, x, y);
  if (operation == Arithmetic::add && is_textual(a) && is_textual(b)) return joined(a, b, memory);
  if (is_span(a) && is_span(b))
    return a.kind == Kind::duration && b.kind == Kind::duration ? durations(operation, a, b)
                                                                : times(operation, a, b);
  if (a.kind == Kind::duration && y.is_number()) return scaled(operation, a, y);
  if (b.kind == Kind::duration && x.is_number() && operation == Arithmetic::multiply)
    return scaled(operation, b, x);
  return std::nullopt;
}

}  // namespace

std::optional<Value> apply(Arithmetic operation, const Value& a, const Value& b, Memory& memory) {
  if (a.is_number() && b.is_number()) return numbers(operation, a, b);
  return by_kinds(operation, a, b, memory);
}

std::optional<Value> negative(const Value& a) {
  if (is_nothing(a)) return null_value();
  if (a.kind == Kind::duration)
    return of_kind(Kind::duration, narrow(-static_cast<Wide>(a.integer)));
  const Value number = number_of(a);
  if (is_whole(number)) return narrow(-wide(number));
  if (number.kind == Kind::real) return real_answer(-number.real);
  return std::nullopt;
}

}  // namespace riffle
