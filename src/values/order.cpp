#include "values/order.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "values/decode.h"
#include "values/name_index.h"
#include "values/number.h"

namespace riffle {
namespace {

// The kinds' places in the total order.
int rank(const Value& v) {
  switch (v.kind) {
    case Kind::boolean:
      return 0;
    case Kind::integer:
    case Kind::natural:
    case Kind::real:
      return 1;
    case Kind::time:
      return 2;
    case Kind::duration:
      return 3;
    case Kind::text:
      return 4;
    case Kind::list:
      return 5;
    case Kind::map:
      return 6;
    case Kind::null:
      return 7;
    default:
      return 8;
  }
}

std::weak_ordering order_numbers(const Value& a, const Value& b) {
  const std::partial_ordering o = compare_numbers(a, b);
  if (o == std::partial_ordering::less) return std::weak_ordering::less;
  if (o == std::partial_ordering::greater) return std::weak_ordering::greater;
  if (o == std::partial_ordering::equivalent) return std::weak_ordering::equivalent;
  const bool a_is_nan = std::isnan(as_real(a)), b_is_nan = std::isnan(as_real(b));
  return a_is_nan <=> b_is_nan;
}

std::weak_ordering order_decoded(const Value& a, const Value& b, Memory& scratch);

std::weak_ordering order_lists(const Value& a, const Value& b, Memory& scratch) {
  const std::uint32_t shared = std::min(a.size, b.size);
  for (std::uint32_t i = 0; i < shared; i++)
    if (const auto o = order(a.items[i], b.items[i], scratch); o != 0) return o;
  return a.size <=> b.size;
}

std::weak_ordering order_maps(const Value& a, const Value& b, Memory& scratch) {
  const std::uint32_t shared = std::min(a.size, b.size);
  for (std::uint32_t i = 0; i < shared; i++) {
    if (const int names = a.members[i].name.compare(b.members[i].name); names != 0)
      return names <=> 0;
    if (const auto o = order(a.members[i].value, b.members[i].value, scratch); o != 0) return o;
  }
  return a.size <=> b.size;
}

std::weak_ordering order_decoded(const Value& a, const Value& b, Memory& scratch) {
  const int a_rank = rank(a), b_rank = rank(b);
  if (a_rank != b_rank) return a_rank <=> b_rank;
  switch (a.kind) {
    case Kind::boolean:
      return a.boolean <=> b.boolean;
    case Kind::integer:
    case Kind::natural:
    case Kind::real:
      return order_numbers(a, b);
    case Kind::time:
    case Kind::duration:
      return a.integer <=> b.integer;
    case Kind::text:
      return a.view().compare(b.view()) <=> 0;
    case Kind::list:
      return order_lists(a, b, scratch);
    case Kind::map:
      return order_maps(a, b, scratch);
    default:
      return std::weak_ordering::equivalent;
  }
}

// Whether two untouched cells, or a cell and another kind, are equal: see language.md "CSV cells".
bool equal_cell(const Value& cell, const Value& other, Memory& scratch) {
  if (is_nothing(cell) || is_nothing(other)) return is_nothing(cell) && is_nothing(other);
  const Value number = number_of(cell);
  if (other.kind == Kind::cell) {
    const Value other_number = number_of(other);
    if (!number.is_missing() && !other_number.is_missing())
      return compare_numbers(number, other_number) == 0;
    return cell_text(cell, scratch) == cell_text(other, scratch);
  }
  const Value decoded = decode(other, scratch);
  if (decoded.is_number()) return !number.is_missing() && compare_numbers(number, decoded) == 0;
  if (decoded.kind == Kind::text) return cell_text(cell, scratch) == decoded.view();
  return order_decoded(decode(cell, scratch), decoded, scratch) == 0;
}

// Maps are equal when they say the same of each name, in any order.
bool equal_maps(const Value& a, const Value& b, Memory& scratch) {
  const std::span<const Member> own = distinct_members(a.map(), scratch);
  const std::span<const Member> others = distinct_members(b.map(), scratch);
  if (own.size() != others.size()) return false;
  NameIndex names;
  for (const Member& other : others) names.add(other.name);
  return std::all_of(own.begin(), own.end(), [&](const Member& member) {
    const std::size_t place = names.find(member.name);
    return place != NameIndex::none && equal(member.value, others[place].value, scratch);
  });
}

bool equal_decoded(const Value& a, const Value& b, Memory& scratch) {
  if (is_nothing(a) || is_nothing(b)) return is_nothing(a) && is_nothing(b);
  if (rank(a) != rank(b)) return false;
  if (a.is_number()) return compare_numbers(a, b) == 0;
  if (a.kind == Kind::list)
    return a.size == b.size &&
           std::equal(a.items, a.items + a.size, b.items,
                      [&](const Value& x, const Value& y) { return equal(x, y, scratch); });
  return a.kind == Kind::map ? equal_maps(a, b, scratch) : order_decoded(a, b, scratch) == 0;
}

}  // namespace

std::weak_ordering order(const Value& a, const Value& b, Memory& scratch) {
  return order_decoded(decode_for_order(a, scratch), decode_for_order(b, scratch), scratch);
}

Value decode_for_order(const Value& value, Memory& memory) {
  if (value.kind == Kind::cell && value.flags & Value::quoted)
    if (const Value number = number_of(value); !number.is_missing()) return number;
  return decode(value, memory);
}

std::weak_ordering order_for_sort(const Value& a, const Value& b, bool descending,
                                  Memory& scratch) {
  const Value x = decode_for_order(a, scratch), y = decode_for_order(b, scratch);
  if (!descending || x.is_nothing() || y.is_nothing()) return order_decoded(x, y, scratch);
  return order_decoded(y, x, scratch);
}

bool equal(const Value& a, const Value& b, Memory& scratch) {
  if (a.kind == Kind::cell) return equal_cell(a, b, scratch);
  if (b.kind == Kind::cell) return equal_cell(b, a, scratch);
  return equal_decoded(decode(a, scratch), decode(b, scratch), scratch);
}

}  // namespace riffle
