// How far a number is from a first one, exactly: variances of integers past 2^53 come from it, and
// those of numbers that are close to each other lose nothing.
#pragma once

#include "values/number.h"
#include "values/value.h"

namespace riffle {

// The difference of two numbers, rounded once.
inline double distance_between(const Value& from, const Value& to) {
  __extension__ using Wide = __int128;
  const auto wide = [](const Value& n) {
    return n.kind == Kind::natural ? static_cast<Wide>(n.natural) : static_cast<Wide>(n.integer);
  };
  if (from.kind == Kind::real && to.kind == Kind::real) return to.real - from.real;
  if (from.kind != Kind::real && to.kind != Kind::real)
    return static_cast<double>(wide(to) - wide(from));
  const auto longer = [&](const Value& n) {
    return n.kind == Kind::real ? static_cast<long double>(n.real)
                                : static_cast<long double>(wide(n));
  };
  return static_cast<double>(longer(to) - longer(from));
}

}  // namespace riffle
