// Comparison of two values as expressions do it (language.md 2 and 3): what order.h says, and
// next to it untouched cells that take the kind of the other side, texts read as times, and kinds
// that have no order.
#pragma once

#include "expression/truth.h"
#include "time/zone.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

enum class Comparison { equal, different, less, at_most, greater, at_least };
// The operation with its sides exchanged.
Comparison mirrored(Comparison operation);

// Texts without an offset are times of `zone`. What is decoded on the way goes to `memory`.
Verdict compare(Comparison operation, const Value& a, const Value& b, Memory& memory,
                const Zone& zone);

// Whether an order of two values is what the operation asks for. Unordered (NaN): only `!=` holds.
inline bool holds(Comparison operation, std::partial_ordering order) {
  switch (operation) {
    case Comparison::equal:
      return order == 0;
    case Comparison::different:
      return order != 0;
    case Comparison::less:
      return order < 0;
    case Comparison::at_most:
      return order <= 0;
    case Comparison::greater:
      return order > 0;
    case Comparison::at_least:
      return order >= 0;
  }
  return false;
}

}  // namespace riffle
