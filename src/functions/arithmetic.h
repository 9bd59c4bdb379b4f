// Arithmetic on two values (language.md 3 and 4): integers exactly, or not at all.
#pragma once

#include <optional>
#include <string_view>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

enum class Arithmetic { add, subtract, multiply, divide, divide_whole, remainder, power };

// Null when one operand is null or missing. Nothing when it cannot be done: kinds that do not go
// together, a text of more than 64 MiB, an integer result that 64 bits do not hold, a division by
// zero, a real result that is not finite.
std::optional<Value> apply(Arithmetic operation, const Value& a, const Value& b, Memory& memory);
// -a.
std::optional<Value> negative(const Value& a);

}  // namespace riffle
