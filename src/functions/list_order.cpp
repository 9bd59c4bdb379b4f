#include "functions/list_order.h"

#include <algorithm>
#include <numeric>

#include "values/order.h"

namespace riffle {

std::vector<std::size_t> ordered_positions(std::span<const Value> list, bool descending,
                                           Memory& memory) {
  std::vector<Value> decoded;
  for (const Value& item : list) decoded.push_back(decode_for_order(item, memory));
  std::vector<std::size_t> positions(list.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  std::stable_sort(positions.begin(), positions.end(), [&](std::size_t a, std::size_t b) {
    return order_for_sort(decoded[a], decoded[b], descending, memory) < 0;
  });
  return positions;
}

}  // namespace riffle
