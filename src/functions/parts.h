// Parts: what functions make of arguments that are mostly constant (a unit, a zone, a pattern).
#pragma once

#include <stdexcept>

#include "functions/arguments.h"
#include "values/decode.h"

namespace riffle {

// Argument `i` as a zone, or else --tz. Throws std::invalid_argument: no zone is called so.
Zone zone_argument(FunctionCall& call, std::size_t i);

// What a function makes of arguments that are mostly constant: of constants once, before any
// record, or else record by record, where an argument that means nothing is a failure. `Parts` is
// made by `Parts::of(call)`.
template <typename Parts, Value (*function)(FunctionCall&, const Parts&)>
Value with_parts(FunctionCall& call) {
  if (call.prepared) return function(call, *static_cast<const Parts*>(call.prepared));
  try {
    return function(call, Parts::of(call));
  } catch (const std::invalid_argument&) {
    return call.fail();
  }
}

template <typename Parts, std::size_t first>
std::shared_ptr<const void> prepare_parts(const Preparation& preparation) {
  std::vector<Value> arguments;
  for (std::size_t i = 0; i < preparation.arguments.size(); i++) {
    const Value* const argument = preparation.arguments[i];
    if (i >= first && (!argument || is_nothing(*argument))) return nullptr;
    arguments.push_back(argument ? *argument : Value{});
  }
  FunctionCall call{arguments, preparation.memory, preparation.settings};
  return std::make_shared<Parts>(Parts::of(call));
}

struct ZonePart {
  Zone zone;
  static ZonePart of(FunctionCall& call) { return {zone_argument(call, 1)}; }
};

}  // namespace riffle
