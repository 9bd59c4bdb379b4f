#include "values/number.h"

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace riffle {
namespace {

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// 10^0 to 10^22 are doubles without error, so one multiplication or division by them rounds
// correctly.
constexpr double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// What the grammar's walk over a number found.
struct Scan {
  bool valid = false, negative = false, whole = true;
  int digits = 0;              // significant ones gathered in `mantissa`
  std::uint64_t mantissa = 0;  // exact while digits <= 19
  int fraction = 0;            // digits after the point
  int exponent = 0;            // as written; clamped far outside a double's range
};

const char* scan_digits(const char* at, const char* end, Scan& scan) {
  for (; at < end && is_digit(*at); at++) {
    if (scan.digits < 19)
      scan.mantissa = scan.mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
    if (scan.mantissa != 0 || scan.digits > 0) scan.digits++;
  }
  return at;
}

Scan scan_number(std::string_view text) {
  Scan scan;
  const char* at = text.data();
  const char* const end = at + text.size();
  if (at < end && *at == '-') scan.negative = true, at++;
  if (at == end || !is_digit(*at)) return scan;
  if (*at == '0')
    at++;
  else
    at = scan_digits(at, end, scan);
  if (at < end && *at == '.') {
    scan.whole = false;
    const char* const first = ++at;
    at = scan_digits(at, end, scan);
    scan.fraction = static_cast<int>(at - first);
    if (at == first) return scan;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    scan.whole = false;
    const bool minus = ++at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end || !is_digit(*at)) return scan;
    int exponent = 0;
    for (; at < end && is_digit(*at); at++)
      exponent = std::min(exponent * 10 + (*at - '0'), 100000);
    scan.exponent = minus ? -exponent : exponent;
  }
  scan.valid = at == end;
  return scan;
}

const char* skip_digits(const char* at, const char* end) {
  while (at < end && is_digit(*at)) at++;
  return at;
}

double correctly_rounded(std::string_view text) {
  double result = 0;
  const auto answer = fast_float::from_chars(text.data(), text.data() + text.size(), result);
  if (answer.ec == std::errc()) return result;
  // Out of range: an infinity or zero, by sign.
  return std::strtod(std::string(text).c_str(), nullptr);
}

char* write_text(std::string_view text, char* to) {
  return std::copy(text.begin(), text.end(), to);
}

// Digits, with or without commas between thousands: 1,234,567.
bool add_thousands(std::string_view text, std::string& digits) {
  const std::size_t comma = text.find(',');
  digits = text.substr(0, comma);
  if (comma == text.npos) return true;
  if (comma == 0 || comma > 3) return false;
  for (text.remove_prefix(comma); !text.empty(); text.remove_prefix(4)) {
    if (text.size() < 4 || text.substr(1, 3).find(',') != text.npos || text[0] != ',') return false;
    digits += text.substr(1, 3);
  }
  return true;
}

}  // namespace

Value parse_loose_number(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  if (text.ends_with('%')) text.remove_suffix(1);
  std::string spelled(text.starts_with('-') ? "-" : "");
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t end = std::min(text.find_first_not_of("0123456789,"), text.size());
  std::string digits;
  if (!add_thousands(text.substr(0, end), digits)) return {};
  std::string_view rest = text.substr(end);
  std::string_view fraction;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    fraction = rest.substr(0, std::min(rest.find_first_not_of("0123456789"), rest.size()));
    rest.remove_prefix(fraction.size());
  }
  if (digits.empty() && fraction.empty()) return {};
  spelled += digits.empty() ? "0" : digits;
  if (!fraction.empty()) spelled.append(".").append(fraction);
  return parse_number(spelled.append(rest));  // an exponent, or what is no number
}

bool is_number(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (at < end && *at == '-') at++;
  if (at == end || !is_digit(*at)) return false;
  at = *at == '0' ? at + 1 : skip_digits(at, end);
  if (at < end && *at == '.') {
    if (++at == end || !is_digit(*at)) return false;
    at = skip_digits(at, end);
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    if (++at < end && (*at == '-' || *at == '+')) at++;
    if (at == end || !is_digit(*at)) return false;
    at = skip_digits(at, end);
  }
  return at == end;
}

Value parse_number(std::string_view text) {
  const Scan scan = scan_number(text);
  if (!scan.valid) return {};
  if (scan.whole && scan.digits <= 19) {
    constexpr std::uint64_t least = std::uint64_t{1} << 63;
    if (!scan.negative) return natural_value(scan.mantissa);
    if (scan.mantissa <= least) return integer_value(static_cast<std::int64_t>(0 - scan.mantissa));
  } else if (scan.whole && scan.digits == 20 && !scan.negative) {
    std::uint64_t n = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), n).ec == std::errc())
      return natural_value(n);
  }
  const int power = scan.exponent - scan.fraction;
  if (scan.digits <= 15 && power >= -22 && power <= 22) {
    const double digits = static_cast<double>(scan.mantissa);
    const double d = power < 0 ? digits / powers_of_ten[-power] : digits * powers_of_ten[power];
    return real_value(scan.negative ? -d : d);
  }
  return real_value(correctly_rounded(text));
}

// Most are short and have no exponent: up to 15 digits a double holds them.
Value parse_checked_number(std::string_view scalar) {
  constexpr std::size_t longest = 15;
  if (scalar.size() > longest) return parse_number(scalar);
  const char* at = scalar.data();
  const char* const end = at + scalar.size();
  const bool negative = *at == '-';
  at += negative;
  std::int64_t digits = 0;
  const char* point = nullptr;
  for (; at < end; at++) {
    if (is_digit(*at))
      digits = digits * 10 + (*at - '0');
    else if (*at == '.')
      point = at;
    else
      return parse_number(scalar);
  }
  if (negative) digits = -digits;
  if (!point) return integer_value(digits);
  const double whole = negative && digits == 0 ? -0.0 : static_cast<double>(digits);
  return real_value(whole / powers_of_ten[end - point - 1]);
}

char* write_integer(std::int64_t n, char* to) {
  const fmt::format_int text(n);
  return write_text({text.data(), text.size()}, to);
}

char* write_natural(std::uint64_t n, char* to) {
  const fmt::format_int text(n);
  return write_text({text.data(), text.size()}, to);
}

char* write_real(double d, char* to) {
  if (!std::isfinite(d)) return write_text("null", to);
  const double magnitude = std::abs(d);
  if (magnitude == 0) return write_text("0", to);
  // Where fmt and ECMAScript agree.
  if (magnitude >= 1e-4 && magnitude < 1e16) return fmt::format_to(to, "{}", d);
  const std::string shortest = fmt::format("{}", magnitude);  // d.ddde+XX
  const std::size_t e = shortest.find('e');
  std::string digits = shortest.substr(0, std::min(e, shortest.size()));
  std::erase(digits, '.');
  const int exponent = std::atoi(shortest.c_str() + e + 1);  // of the first digit
  const int count = static_cast<int>(digits.size());
  if (d < 0) *to++ = '-';
  if (exponent >= 21 || exponent < -6) {
    *to++ = digits[0];
    if (count > 1) *to++ = '.';
    to = write_text(std::string_view(digits).substr(1), to);
    to = write_text(exponent < 0 ? "e-" : "e+", to);
    return write_integer(std::abs(exponent), to);
  }
  if (exponent < 0) {
    to = write_text("0.", to);
    to = std::fill_n(to, -exponent - 1, '0');
    return write_text(digits, to);
  }
  to = write_text(digits, to);
  return std::fill_n(to, exponent + 1 - count, '0');
}

char* write_duration(std::int64_t nanoseconds, char* to) {
  const bool negative = nanoseconds < 0;
  const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(nanoseconds)
                                           : static_cast<std::uint64_t>(nanoseconds);
  if (negative) *to++ = '-';
  to = write_natural(magnitude / 1000000000, to);
  const std::uint64_t fraction = magnitude % 1000000000;
  if (fraction == 0) return to;
  to = fmt::format_to(to, ".{:09}", fraction);
  while (to[-1] == '0') to--;
  return to;
}

double as_real(const Value& number) {
  switch (number.kind) {
    case Kind::integer:
      return static_cast<double>(number.integer);
    case Kind::natural:
      return static_cast<double>(number.natural);
    case Kind::real:
      return number.real;
    default:
      return std::numeric_limits<double>::quiet_NaN();
  }
}

namespace {

// A whole number against a real, exactly: a double outside the integers' range decides by itself;
// inside it, its floor is an integer without error.
std::partial_ordering compare_whole_with_real(const Value& whole, double d) {
  if (std::isnan(d)) return std::partial_ordering::unordered;
  if (whole.kind == Kind::natural) {
    if (d >= 0x1p64) return std::partial_ordering::less;
    if (d < 0x1p63) return std::partial_ordering::greater;
    return whole.natural <=> static_cast<std::uint64_t>(d);
  }
  if (d >= 0x1p63) return std::partial_ordering::less;
  if (d < -0x1p63) return std::partial_ordering::greater;
  const double floor = std::floor(d);
  const auto rough = whole.integer <=> static_cast<std::int64_t>(floor);
  return rough == 0 && d > floor ? std::partial_ordering::less : std::partial_ordering(rough);
}

std::partial_ordering reversed(std::partial_ordering o) { return 0 <=> o; }

}  // namespace

std::partial_ordering compare_numbers(const Value& a, const Value& b) {
  if (a.kind == Kind::real) {
    if (b.kind == Kind::real) return a.real <=> b.real;
    return reversed(compare_whole_with_real(b, a.real));
  }
  if (b.kind == Kind::real) return compare_whole_with_real(a, b.real);
  if (a.kind != b.kind)
    return a.kind == Kind::natural ? std::partial_ordering::greater : std::partial_ordering::less;
  return a.kind == Kind::natural ? a.natural <=> b.natural : a.integer <=> b.integer;
}

}  // namespace riffle
