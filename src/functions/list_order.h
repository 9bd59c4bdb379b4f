// The order of a list's elements.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// Positions of a list's elements in the order of sort; of equals the first comes first.
std::vector<std::size_t> ordered_positions(std::span<const Value> list, bool descending,
                                           Memory& memory);

}  // namespace riffle
