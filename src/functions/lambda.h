// Lambda: the function that a call of map, filter, any or all was given, bound to the current
// record.
#pragma once

#include <span>

#include "values/value.h"

namespace riffle {

class Lambda {
 public:
  virtual ~Lambda() = default;
  // Its value for these arguments (as many as Function::lambda_parameters says). It lives as long
  // as the batch. A failure inside gives null, and is counted there.
  virtual Value operator()(std::span<const Value> arguments) const = 0;
  // Whether its value is the first argument, or what set() and merge() made of that, and nothing
  // else keeps the argument.
  virtual bool changes_alone() const { return false; }
};

}  // namespace riffle
