#include "formats/display/digits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace riffle {
namespace {

struct Unit {
  std::uint64_t nanoseconds;
  std::string_view name;
};
constexpr std::uint64_t second = 1000000000;

// Adds one to the last digit of a text of digits, with at most one point.
void increment(std::string& number) {
  for (std::size_t i = number.size(); i-- > 0;) {
    if (number[i] == '.') continue;
    if (number[i] != '9') {
      number[i]++;
      return;
    }
    number[i] = '0';
  }
  number.insert(0, "1");
}

// Digits with a point, cut to so many decimals, half away from zero; no zeros at the end.
std::string with_decimals(std::string_view number, std::size_t decimals) {
  const std::size_t end = number.find('.') + 1 + decimals;
  std::string out(number.substr(0, end));
  const bool up = end < number.size() && number[end] >= '5';
  if (up) increment(out);
  while (out.ends_with('0')) out.pop_back();
  if (out.ends_with('.')) out.pop_back();
  return out;
}

std::string trimmed_fraction(std::uint64_t whole, std::uint64_t fraction, std::size_t places,
                             std::size_t digits) {
  if (fraction == 0) return fmt::format("{}", whole);
  return rounded(with_decimals(fmt::format("{}.{:0{}}", whole, fraction, places), places), digits);
}

}  // namespace

std::size_t fraction_of(std::string_view number) {
  const std::size_t point = std::min(number.find_first_of(".eE"), number.size());
  return number.size() - point;
}

std::string rounded(std::string_view number, std::size_t digits) {
  const std::size_t sign = number.starts_with('-') ? 1 : 0;
  const std::string_view size = number.substr(sign, number.find_first_of("eE") - sign);
  const std::size_t point = size.find('.');
  const bool is_plain = size.find_first_not_of("0123456789.") == size.npos;
  if (digits == 0 || point == size.npos || !is_plain) return std::string(number);
  const std::string_view decimals = size.substr(point + 1);
  const bool has_whole = size.find_first_not_of('0') < point;
  const std::size_t zeros =
      has_whole ? 0 : std::min(decimals.find_first_not_of('0'), decimals.size());
  const std::size_t whole = has_whole ? point : 0;
  const std::size_t kept = zeros + (digits > whole ? digits - whole : 0);
  if (decimals.size() <= kept) return std::string(number);
  return fmt::format("{}{}{}", number.substr(0, sign), with_decimals(size, kept),
                     number.substr(sign + size.size()));
}

std::string duration_for_people(std::int64_t nanoseconds, std::size_t digits) {
  constexpr std::array<Unit, 3> units = {
      {{86400 * second, "d"}, {3600 * second, "h"}, {60 * second, "m"}}};
  std::string out = nanoseconds < 0 ? "-" : "";
  std::uint64_t left = nanoseconds < 0 ? 0 - static_cast<std::uint64_t>(nanoseconds)
                                       : static_cast<std::uint64_t>(nanoseconds);
  if (left == 0) return "0s";
  if (left < 1000) return out + fmt::format("{}ns", left);
  if (left < 1000000) return out + trimmed_fraction(left / 1000, left % 1000, 3, digits) + "us";
  if (left < second)
    return out + trimmed_fraction(left / 1000000, left % 1000000, 6, digits) + "ms";
  // What may be left out of the whole in seconds, counted in its digits.
  std::uint64_t step = 1;
  if (digits > 0) {
    const std::size_t whole = fmt::formatted_size("{}", left / second);
    for (std::size_t kept = whole; kept < whole + 9; kept++)
      if (kept >= digits) step *= 10;
  }
  left = left % second == 0 ? left : (left + step / 2) / step * step;
  for (const Unit& unit : units) {
    if (left >= unit.nanoseconds) out += fmt::format("{}{}", left / unit.nanoseconds, unit.name);
    left %= unit.nanoseconds;
  }
  if (left > 0) out += trimmed_fraction(left / second, left % second, 9, 0) + "s";
  return out;
}

}  // namespace riffle
