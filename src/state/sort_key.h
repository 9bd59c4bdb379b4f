// What `sort`, `top` and `bottom` compare: values in the total order of values/order.h, most of
// them by one number each.
#pragma once

#include <compare>
#include <cstdint>

#include "values/order.h"
#include "values/value.h"

namespace riffle {

// A value's place in the order as a number: of two, the value with the smaller number comes first.
// Its lowest bit says that the number is not the whole of the value.
std::uint64_t sort_number(const Value& decoded, bool descending);

// How many bytes of a text are in its number.
constexpr std::size_t bytes_in_sort_number = 7;

// The order of two decoded values that have these numbers.
inline std::weak_ordering order_by_number(std::uint64_t a_number, const Value& a,
                                          std::uint64_t b_number, const Value& b, bool descending,
                                          Memory& scratch) {
  if (a_number >> 1 != b_number >> 1) return a_number <=> b_number;
  if (((a_number | b_number) & 1) == 0) return std::weak_ordering::equivalent;
  return order_for_sort(a, b, descending, scratch);
}

}  // namespace riffle
