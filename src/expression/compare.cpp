#include "expression/compare.h"

#include <compare>
#include <optional>

#include "time/text.h"
#include "values/decode.h"
#include "values/kinds.h"
#include "values/number.h"
#include "values/order.h"

namespace riffle {
namespace {

// The order of two values; nothing when their kinds have none.
using Order = std::optional<std::partial_ordering>;

Order order_of_times(const Value& a, const Value& b, Memory& memory, const Zone& zone) {
  const auto moment = [&](const Value& v) -> std::optional<std::int64_t> {
    if (v.kind == Kind::time) return v.integer;
    return is_textual(v) ? parse_time(text_of(v, memory), zone) : std::nullopt;
  };
  const auto x = moment(a), y = moment(b);
  if (!x || !y) return std::nullopt;
  return std::partial_ordering(*x <=> *y);
}

Order order_of_decoded(const Value& x, const Value& y, Memory& memory) {
  if (x.is_number() && y.is_number()) return compare_numbers(x, y);
  if (x.kind != y.kind) return std::nullopt;
  return std::partial_ordering(order(x, y, memory));
}

Order order_of(const Value& a, const Value& b, Memory& memory) {
  const bool a_is_cell = a.kind == Kind::cell, b_is_cell = b.kind == Kind::cell;
  if (!a_is_cell && !b_is_cell)
    return order_of_decoded(decode(a, memory), decode(b, memory), memory);
  if (a_is_cell && b_is_cell) {
    const Value x = number_of(a), y = number_of(b);
    if (x.is_number() && y.is_number()) return compare_numbers(x, y);
    return std::partial_ordering(cell_text(a, memory).compare(cell_text(b, memory)) <=> 0);
  }
  // A cell takes the kind of the other side.
  const Value other = decode(a_is_cell ? b : a, memory);
  const Value& cell = a_is_cell ? a : b;
  Value taken = decode(cell, memory);
  if (other.is_number())
    taken = number_of(cell);
  else if (other.kind == Kind::text)
    taken = text_value(cell_text(cell, memory));
  return a_is_cell ? order_of_decoded(taken, other, memory)
                   : order_of_decoded(other, taken, memory);
}

}  // namespace

Verdict compare(Comparison operation, const Value& a, const Value& b, Memory& memory,
                const Zone& zone) {
  const bool asks_equality = operation == Comparison::equal || operation == Comparison::different;
  if (is_nothing(a) || is_nothing(b)) {
    if (!asks_equality) return Verdict::unknown;
    return verdict((is_nothing(a) && is_nothing(b)) == (operation == Comparison::equal));
  }
  const bool with_time =
      (a.kind == Kind::time && is_textual(b)) || (b.kind == Kind::time && is_textual(a));
  if (asks_equality && !with_time)
    return verdict(equal(a, b, memory) == (operation == Comparison::equal));
  const Order order = with_time ? order_of_times(a, b, memory, zone) : order_of(a, b, memory);
  return order ? verdict(holds(operation, *order)) : Verdict::failed;
}

}  // namespace riffle
