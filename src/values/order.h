// The total order of sort, min and max: false < true < numbers < times < durations < text (by code
// point) < list < map, null after them, missing last. Numbers by value, NaN after the other
// numbers; lists item by item; maps by their members.
#pragma once

#include <compare>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// A value as the order sees it: decoded, and a quoted cell that is JSON's number as that number.
Value decode_for_order(const Value& value, Memory& memory);

std::weak_ordering order(const Value& a, const Value& b, Memory& scratch);

// The same, but for null and missing, which come last in both directions.
std::weak_ordering order_for_sort(const Value& a, const Value& b, bool descending, Memory& scratch);

// ==: as `order`, but untouched cells take the kind of the other side, and a list or map is
// compared item by item.
bool equal(const Value& a, const Value& b, Memory& scratch);

}  // namespace riffle
