#include "state/sort_key.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "values/number.h"

namespace riffle {
namespace {

// From the top: 4 bits for the kind's place in the order, 59 for the value, 1 for "not the whole
// value".
constexpr int value_bits = 59;
constexpr std::uint64_t value_mask = (std::uint64_t{1} << value_bits) - 1;

// Numbers have several places: those whose exponent fits in 7 bits are whole.
enum Rank : std::uint64_t {
  boolean,
  huge_negative,
  negative,
  tiny_negative,
  zero,
  tiny_positive,
  positive,
  huge_positive,  // and what is no number
  time,
  duration,
  text,
  list,
  map,
  null,
  missing
};

struct Part {
  std::uint64_t rank = 0, value = 0;
  bool whole = true;
};

constexpr int lost_bits = 64 - value_bits;

bool fits(std::uint64_t bits) { return (bits & ((1 << lost_bits) - 1)) == 0; }

Part of_double(double d) {
  constexpr int mantissa_bits = 52, least_exponent = 1023 - 64, most_exponent = 1023 + 63;
  if (std::isnan(d)) return {huge_positive, value_mask, true};
  if (d == 0) return {zero, 0, true};
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(d) & ~(std::uint64_t{1} << 63);
  const auto exponent = static_cast<int>(bits >> mantissa_bits);
  Part part{positive, bits - (std::uint64_t{least_exponent} << mantissa_bits), true};
  if (exponent < least_exponent || exponent > most_exponent)
    part = {exponent < least_exponent ? tiny_positive : huge_positive, bits >> lost_bits,
            fits(bits)};
  return d > 0 ? part : Part{2 * zero - part.rank, ~part.value & value_mask, part.whole};
}

// Rounding to a double keeps the order; only within 2^53 it keeps the value.
Part of_number(const Value& number) {
  constexpr std::int64_t limit = std::int64_t{1} << 53;
  Part part = of_double(as_real(number));
  const bool exact =
      number.kind == Kind::real ||
      (number.kind == Kind::integer && number.integer >= -limit && number.integer <= limit);
  part.whole = part.whole && exact;
  return part;
}

Part of_nanoseconds(std::uint64_t rank, std::int64_t n) {
  const std::uint64_t ordered = static_cast<std::uint64_t>(n) ^ std::uint64_t{1} << 63;
  return {rank, ordered >> lost_bits, fits(ordered)};
}

// The first bytes, and how many of them there are.
Part of_text(std::string_view characters) {
  constexpr std::size_t bytes = bytes_in_sort_number;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; i++)
    value = value << 8 | (i < characters.size() ? static_cast<unsigned char>(characters[i]) : 0);
  return {text, value << 3 | std::min(characters.size(), bytes), characters.size() <= bytes};
}

Part part_of(const Value& value) {
  switch (value.kind) {
    case Kind::boolean:
      return {boolean, value.boolean, true};
    case Kind::integer:
    case Kind::natural:
    case Kind::real:
      return of_number(value);
    case Kind::time:
      return of_nanoseconds(time, value.integer);
    case Kind::duration:
      return of_nanoseconds(duration, value.integer);
    case Kind::text:
      return of_text(value.view());
    case Kind::list:
      return {list, 0, false};
    case Kind::map:
      return {map, 0, false};
    case Kind::null:
      return {null, 0, true};
    default:
      return {missing, 0, true};
  }
}

}  // namespace

std::uint64_t sort_number(const Value& decoded, bool descending) {
  Part part = part_of(decoded);
  if (descending && !decoded.is_nothing())
    part = {map - part.rank, ~part.value & value_mask, part.whole};
  return part.rank << (value_bits + 1) | part.value << 1 | !part.whole;
}

}  // namespace riffle
