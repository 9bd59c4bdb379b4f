#include "stages/sort_key.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "data/number.h"

namespace riffle {
namespace {

// From the top: 4 bits for the kind's place in the order, 59 for the value, 1 for "not the whole value".
constexpr int value_bits = 59;
constexpr std::uint64_t value_mask = (std::uint64_t{1} << value_bits) - 1;

struct Part {
  std::uint64_t rank = 0, value = 0;
  bool whole = true;
};

constexpr int lost_bits = 64 - value_bits;

bool fits(std::uint64_t bits) { return (bits & ((1 << lost_bits) - 1)) == 0; }

// Rounding to a double keeps the order; only within 2^53 it keeps the value.
Part of_number(const Value& number) {
  constexpr std::int64_t limit = std::int64_t{1} << 53;
  double d = as_real(number);
  if (std::isnan(d)) return {1, value_mask, true};
  if (d == 0) d = 0;  // -0 equals 0
  const auto bits = std::bit_cast<std::uint64_t>(d);
  const std::uint64_t ordered = bits >> 63 ? ~bits : bits | std::uint64_t{1} << 63;
  const bool exact = number.kind == Kind::real ||
                     (number.kind == Kind::integer && number.integer >= -limit && number.integer <= limit);
  return {1, ordered >> lost_bits, exact && fits(bits)};
}

Part of_nanoseconds(std::uint64_t rank, std::int64_t n) {
  const std::uint64_t ordered = static_cast<std::uint64_t>(n) ^ std::uint64_t{1} << 63;
  return {rank, ordered >> lost_bits, fits(ordered)};
}

// Seven bytes, and how many of them there are.
Part of_text(std::string_view text) {
  constexpr std::size_t bytes = 7;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; i++)
    value = value << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return {4, value << 3 | std::min(text.size(), bytes), text.size() <= bytes};
}

Part part_of(const Value& value) {
  switch (value.kind) {
    case Kind::boolean:
      return {0, value.boolean, true};
    case Kind::integer:
    case Kind::natural:
    case Kind::real:
      return of_number(value);
    case Kind::time:
      return of_nanoseconds(2, value.integer);
    case Kind::duration:
      return of_nanoseconds(3, value.integer);
    case Kind::text:
      return of_text(value.view());
    case Kind::list:
      return {5, 0, false};
    case Kind::map:
      return {6, 0, false};
    case Kind::null:
      return {7, 0, true};
    default:
      return {8, 0, true};
  }
}

}  // namespace

std::uint64_t sort_number(const Value& decoded, bool descending) {
  Part part = part_of(decoded);
  if (descending && !decoded.is_nothing()) part = {6 - part.rank, ~part.value & value_mask, part.whole};
  return part.rank << (value_bits + 1) | part.value << 1 | !part.whole;
}

}  // namespace riffle
